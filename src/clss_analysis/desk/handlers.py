"""What the desk answers to; every page and every change is asked for by this machine, with the token of this start."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any, TypeVar
from urllib.parse import urlsplit

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.extension.handler import ExtensionHandlerJinjaMixin, ExtensionHandlerMixin
from tornado.web import HTTPError, RequestHandler, authenticated

from clss_analysis.desk.draft import COLLECTIVE, WAYS, ChangedError
from clss_analysis.desk.forms import interview, section
from clss_analysis.desk.look import TREES, picture
from clss_analysis.desk.state import IDLE, Opened
from clss_analysis.records.descriptor import ID

Found = TypeVar("Found")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin", "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "same-origin",
}  # fmt: skip
ASSETS = {
    "desk.js": ("clss_analysis.desk", "static/desk.js", "text/javascript"),
    "review.js": ("clss_analysis.desk", "static/review.js", "text/javascript"),
    "desk.css": ("", "", "text/css"),
    "icon.svg": ("clss_analysis.desk", "static/icon.svg", "image/svg+xml"),
    "inline.js": ("clss_analysis.figures", "inline.js", "text/javascript"),
    "inline.css": ("clss_analysis.figures", "inline.css", "text/css"),
    "sans.ttf": ("clss_analysis.fonts", "ClssSans-Regular.ttf", "font/ttf"),
    "semibold.ttf": ("clss_analysis.fonts", "ClssSans-Semibold.ttf", "font/ttf"),
    "serif.ttf": ("clss_analysis.fonts", "ClssSerif-Regular.ttf", "font/ttf"),
}


class Answer(ExtensionHandlerJinjaMixin, ExtensionHandlerMixin, JupyterHandler):
    """What all answers have in common: who may ask, and what a browser may do with them."""

    wakes = False
    """Whether it answers at a desk that closed itself."""

    @property
    def desk(self) -> Opened:
        """The open desk."""
        found: Opened = self.settings["desk"]
        return found

    @property
    def content_security_policy(self) -> str:
        """Nothing but what this desk serves."""
        return CSP

    def set_default_headers(self) -> None:
        """Nothing is kept by the browser, nothing is framed."""
        super().set_default_headers()
        for name, value in HEADERS.items():
            self.set_header(name, value)

    async def prepare(self, **_: Any) -> Awaitable[None] | None:  # type: ignore[override]  # noqa: ANN401
        """Refuse who asks from elsewhere; take the token out of the address."""
        origin = self.request.headers.get("Origin")
        site = self.request.headers.get("Sec-Fetch-Site", "none")
        if (origin and urlsplit(origin).netloc != self.request.host) or site == "cross-site":
            raise HTTPError(403)
        done = await super().prepare()
        if self.desk.looking:
            if self.request.method != "GET" and not self.wakes:
                raise HTTPError(423)
            self.desk.look_again()
        closed = self.desk.is_closed() and not self.wakes
        if closed and self.request.method != "GET":
            raise HTTPError(423)
        if closed or (self.request.method == "GET" and "token" in self.request.query_arguments):
            self.redirect("/clss/idle" if closed else self.request.path)
        return done

    def set_cors_headers(self) -> None:
        """No other origin reads anything."""

    def check_xsrf_cookie(self) -> None:
        """Every change carries it, whoever asks."""
        if hasattr(self, "_jupyter_current_user"):
            RequestHandler.check_xsrf_cookie(self)

    def get_login_url(self) -> str:
        """There is no form to log in: the token comes with the address that opens the desk."""
        raise HTTPError(403)

    def write_error(self, status_code: int, **_: object) -> None:
        """A page that says what to do, and nothing of what went wrong inside."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.get_template("error.html").render(status=status_code))

    def page(self, template: str, /, **values: object) -> None:
        """A page of the desk."""
        said = {"xsrf": self.xsrf_token.decode(), "here": self.request.path, "looking": self.desk.looking,
                "idle": self.desk.house.settings.passphrase and IDLE}  # fmt: skip
        self.finish(self.get_template(template).render(**said, **values))

    async def slowly(self, do: Callable[..., Found], *values: object) -> Found:
        """Something that takes time, without holding up who else asks."""
        return await asyncio.get_running_loop().run_in_executor(self.desk.thread, do, *values)

    def household(self, key: str) -> dict[str, Any]:
        """The household of an address."""
        row = self.desk.draft.tables["households"].get(int(key))
        if row is None:
            raise HTTPError(404)
        return row

    def said(self) -> dict[str, Any]:
        """What a script posts."""
        try:
            said = json.loads(self.request.body)
        except ValueError:
            raise HTTPError(400) from None
        if not isinstance(said, dict) or str(said.get("table")) not in self.desk.draft.tables:
            raise HTTPError(400)
        return said


class Asset(Answer):
    """Style, script, typeface."""

    wakes = True

    @authenticated
    def get(self, name: str) -> None:
        """One of those there are."""
        if name not in ASSETS:
            raise HTTPError(404)
        package, file, kind = ASSETS[name]
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.set_header("Cache-Control", "private, max-age=3600")
        if package:
            self.finish(files(package).joinpath(file).read_bytes())
        else:
            self.finish(self.get_template(name).render())


class Households(Answer):
    """The list of households, by name."""

    @authenticated
    def get(self) -> None:
        """The list."""
        self.desk.note_book()
        self.page("households.html", households=self.desk.households())

    @authenticated
    def post(self) -> None:
        """A new household, with the grid of its criteria."""
        draft = self.desk.draft
        key = draft.add("households", {})
        home = draft.tables["households"][key]["id"]
        for criterion in self.desk.criteria:
            draft.add("criteria", {"household": home, "criterion": criterion})
        self.redirect(f"/clss/household/{key}")


class Household(Answer):
    """One household: its forms, and beside them its drawing."""

    @authenticated
    def get(self, key: str) -> None:
        """The page."""
        home = str(self.household(key).get("id", ""))
        title = home if ID.fullmatch(home) and any(map(str.isdigit, home)) else ""
        sections = interview(self.desk.draft, home, self.desk.lang)
        name = next((each["name"] for each in self.desk.households() if each["key"] == int(key)), home)
        self.page("household.html", key=key, home=home, title=title, name=name, sections=sections)


class State(Answer):
    """What a household's page shows besides its rows."""

    @authenticated
    async def get(self, key: str) -> None:
        """Faults, drawing, verdict."""
        home = str(self.household(key).get("id", ""))
        self.finish(await self.slowly(self.desk.state, home))


class Whole(Answer):
    """The drawing as it should be, where the state had a sketch of it."""

    @authenticated
    async def get(self, key: str) -> None:
        """Once it is made."""
        home = str(self.household(key).get("id", ""))
        self.finish({"drawing": await asyncio.to_thread(self.desk.whole, home)})


class Picture(Answer):
    """Another drawing of a household, as an image that runs nothing."""

    @authenticated
    async def get(self, key: str, kind: str) -> None:
        """The SVG."""
        home = str(self.household(key).get("id", ""))
        now = await self.slowly(self.desk.seen, home)
        made = await self.slowly(picture, now.case, kind, self.desk.lang) if now.case and kind in TREES else ""
        if not made:
            raise HTTPError(404)
        self.set_header("Content-Type", "image/svg+xml")
        self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; font-src data:")
        self.finish(made)


class Tables(Answer):
    """Rows of no household: consents, and what is told of the whole."""

    @authenticated
    async def get(self, what: str) -> None:
        """The page."""
        draft, lang, asked = self.desk.draft, self.desk.lang, what == "consents"
        tables = ("consents",) if asked else COLLECTIVE
        homes = section(draft, "households", lang).forms if asked else ()
        leaves = await self.slowly(self.desk.consequences) if asked else {}
        self.page(
            "tables.html", what=what, sections=[section(draft, each, lang) for each in tables], homes=homes,
            every=self.desk.households() if asked else (), leaves=leaves,
        )  # fmt: skip


class Change(Answer):
    """One cell changed, a row added or taken away, or the last of these taken back."""

    @authenticated
    def post(self, what: str) -> None:
        """Do it; it is on the disk when this answers."""
        draft = self.desk.draft
        if what in WAYS:
            self.finish({"done": draft.step(what)})
            return
        said = self.said()
        table = str(said["table"])
        try:
            if what == "cell":
                draft.change(table, int(said["key"]), str(said["column"]), str(said["value"]), str(said["seen"]))
            elif what == "row":
                self.finish({"key": draft.add(table, dict(said.get("cells", {})))})
                return
            else:
                draft.drop(table, int(said["key"]))
        except ChangedError as error:
            self.set_status(409)
            self.finish({"now": error.now})
            return
        except (KeyError, ValueError, TypeError):
            raise HTTPError(400) from None
        self.finish({"saved": True})


class Nothing(Answer):
    """Every other address: this server has no files, no kernels and no other pages."""

    @authenticated
    def get(self) -> None:
        """Not there."""
        raise HTTPError(404)

    post = put = delete = patch = get


HANDLERS: list[tuple[str, type[Answer]]] = [
    (r"/clss/?", Households),
    (r"/clss/asset/([a-z.]+)", Asset),
    (r"/clss/household/([0-9]{1,9})", Household),
    (r"/clss/household/([0-9]{1,9})/state", State),
    (r"/clss/household/([0-9]{1,9})/whole", Whole),
    (r"/clss/household/([0-9]{1,9})/([a-z-]+)\.svg", Picture),
    (r"/clss/(consents|collective)", Tables),
    (r"/clss/change/(cell|row|drop|undo|redo)", Change),
    (r".*", Nothing),
]

"""What is done from the desk: the draft taken into the records, and things made by the command."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tornado.web import HTTPError, authenticated

from clss_analysis.desk.draft import Row, named
from clss_analysis.desk.handlers import Answer
from clss_analysis.desk.look import misfits
from clss_analysis.desk.making import Job
from clss_analysis.desk.state import Offer
from clss_analysis.figures.registry import KINDS
from clss_analysis.privacy.importing import Import, import_pages, refuse_open
from clss_analysis.privacy.updating import Differences
from clss_analysis.publish.brief.theme import BUILT_IN
from clss_analysis.records import InvalidRecordsError
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.clock import this_month
from clss_analysis.records.formats import EXPORTS
from clss_analysis.records.workbook.plan import CITED

FORMATS = ("html,pdf,epub", "html")
"""What the book may be made as."""
_SENT = "classeur.xlsx"
"""What faults call a workbook that was chosen in the browser."""


class Make(Answer):
    """What would change in the records, and what can be made of them."""

    @authenticated
    async def get(self) -> None:
        """The page."""
        desk = self.desk
        left = desk.left_out()
        taken, faults = await self.slowly(self.ready)
        themes = [(each, desk.say(f"desk.theme.{each}") if each in BUILT_IN else each) for each in self.themes()]
        kinds = [(name, desk.say(f"desk.kind.{name}")) for name, each in KINDS.items() if each.about.per_case]
        people = [(each["id"], each["name"]) for each in desk.households() if each["id"] not in left]
        self.page(
            "make.html", taken=taken, faults=faults, count=desk.draft.count, job=desk.job, themes=themes, kinds=kinds,
            people=people,
            formats=[(each, each.replace(",", ", ").upper()) for each in FORMATS],
            endings=[(each, each) for each in (".xlsx", *EXPORTS)], told=desk.told,
            gone=sum(len(each.gone) for each in taken.differences) if taken else 0,
            changes=[self.named(each) for each in taken.differences] if taken else (), left=left,
            offer=desk.offer if desk.offer and desk.offer.count == desk.draft.count else None,
        )  # fmt: skip
        desk.told = []

    def themes(self) -> list[str]:
        """Themes of a pack: those that come with the program, then the house's own."""
        return [*BUILT_IN, *sorted(path.stem for path in self.desk.house.themes.glob("*.yml"))]

    def named(self, each: Differences, coming: Iterable[Row] = ()) -> str:
        """What changes in a table, by the names that only this page knows, or how many rows that have none."""
        rows = (*self.desk.draft.tables[each.table].values(), *coming)
        names = {str(row.get("id", "")): named(row) for row in rows}
        if each.table == "households":
            names |= {home["id"]: home["name"] for home in self.desk.households()}
        found = (tuple(names.get(one, one) for one in ids) if each.table in CITED else (f"({len(ids)})",) * bool(ids)
                 for ids in (each.new, each.changed, each.gone))  # fmt: skip
        return Differences(each.table, *found).told(self.desk.lang)

    def ready(self) -> tuple[Import | None, list[dict[str, Any]]]:
        """The import that the draft would be, or where it has faults."""
        desk = self.desk
        if not desk.draft.tables["households"]:
            return None, [{"told": desk.say("desk.empty"), "href": "/clss/"}]
        pages, places = desk.draft.pages(desk.lang, without=desk.left_out())
        try:
            return import_pages(pages, desk.house.records, lang=desk.lang, emptied=True), []
        except InvalidRecordsError as error:
            found = []
            names = {each["key"]: str(each["name"]) for each in desk.households()}
            homes = {str(row.get("id", "")): key for key, row in desk.draft.tables["households"].items()}
            for each in misfits(error.faults, pages, places):
                row = desk.draft.tables[each.table].get(each.key or 0, {}) if each.table else {}
                home = homes.get(str(row.get("id" if each.table == "households" else "household", "")))
                page = f"household/{home}" if home else "consents" if each.table == "consents" else "collective"
                parts = [names.get(home or 0, ""), pages.tables[each.table].name if each.table else ""]
                across = pages.across(each.table) if each.table else {}
                parts.append(across[each.column].title if each.column else "")
                told = desk.say("desk.take.fault", where=" › ".join(filter(None, parts)), rule=each.rule)
                at = f"{each.table}-{each.key}{'-' if each.column else ''}{each.column or ''}"
                found.append({"told": told, "href": f"/clss/{page}#{at}"})
            return None, found


class Take(Make):
    """The draft taken into the records."""

    @authenticated
    async def post(self) -> None:
        """Do it, where what was shown is what there is, and rows may go where some would."""
        if self.get_body_argument("seen", "") == str(self.desk.draft.count):
            self.desk.told = await self.slowly(self.take, self.get_body_argument("gone", "") == "yes")
            if self.desk.told:
                self.desk.draft.mark("taken", self.desk.left_out())
        self.redirect("/clss/make")

    def take(self, gone: bool) -> list[str]:  # noqa: FBT001 - what the form says
        """Take the draft; gives what to say."""
        taken, _ = self.ready()
        if taken is None or (any(each.gone for each in taken.differences) and not gone):
            return []
        taken.write()
        return [self.desk.say("desk.take.done"), *(change.told(self.desk.lang) for change in taken.changes)]


class Workbook(Make):
    """The draft as a workbook, and a workbook in place of the draft: what it would change, then the change."""

    @authenticated
    async def post(self, way: str) -> None:
        """Write the workbook of the house; look at it, or at one that is sent; take up what was looked at."""
        desk, path = self.desk, self.desk.house.workbook
        try:
            if way == "write":
                refuse_open(path, desk.lang)
                await self.slowly(desk.draft.write_workbook)
                desk.told = [desk.say("desk.workbook.write.done", file=path.name)]
            elif way == "read":
                sent = self.request.files.get("file", [])
                desk.offer = await self.slowly(self.look, path, sent[0]["body"] if sent else b"")
            elif desk.offer is not None and desk.offer.count == desk.draft.count:
                desk.draft.replace(desk.offer.said)
                desk.told = [desk.say("desk.workbook.read.done", file=desk.offer.file)]
            else:
                desk.told = [desk.say("desk.workbook.stale")]
        except InvalidRecordsError as error:
            desk.told = [fault.told(error.lang or desk.lang) for fault in error.faults]
        self.redirect("/clss/make#t-workbook")

    def look(self, path: Path, sent: bytes) -> Offer:
        """What a workbook would change in the draft."""
        desk = self.desk
        with TemporaryDirectory() as folder:
            if sent:
                path = write_file(Path(folder) / _SENT, sent, PRIVATE)
            said, found = desk.draft.offered(path)
        changes = tuple(self.named(each, said["tables"].get(each.table, {}).values()) for each in found)
        return Offer(desk.draft.count, path.name, said, changes)


class Run(Make):
    """A run of the command begun, ended before its time, told of, or shown."""

    @authenticated
    async def get(self, what: str) -> None:
        """How far it is."""
        job = self.desk.job
        if what != "job" or job is None:
            raise HTTPError(404)
        self.desk.note_book()
        self.finish({"what": job.what, "lines": job.lines, "code": job.code, "done": job.done, "total": job.total})

    @authenticated
    def post(self, what: str) -> None:
        """Begin, end or show."""
        desk = self.desk
        if what == "cancel" and desk.job is not None:
            desk.job.cancel()
        elif what == "show" and desk.job is not None and desk.job.code == 0:
            desk.job.open()
        elif what not in ("cancel", "show", "job") and (desk.job is None or desk.job.code is not None):
            words, out = self.words(what)
            desk.job = Job(desk.house, what, words, out, desk.lang)
        self.redirect("/clss/make")

    def words(self, what: str) -> tuple[list[str], Path]:
        """The words of the command, each of them one that the page offers, and what it makes."""
        house, lang = self.desk.house, self.desk.lang
        homes = [home for home in self.desk.scopes() if home not in self.desk.left_out()]
        if what == "build":
            formats = self.one_of("formats", ["", *FORMATS])
            return ["build", "--json", "--lang", lang, *(["--formats", formats] if formats else [])], house.made(
                "book"
            ) / "index.html"
        if what == "brief":
            theme = self.one_of("theme", self.themes())
            case = self.one_of("case", ["", *homes])
            out = house.made("brief") / f"{theme}-{lang}"
            words = ["brief", theme, "--lang", lang, "--date", this_month()]
            return [*words, *(["--case", case] if case else [])], out
        if what == "figure":
            kind, case = self.one_of("kind", list(KINDS)), self.one_of("case", homes)
            out = house.made("figures") / f"{kind}-{case}.svg"
            return ["figure", kind, "--case", case, "--lang", lang, "--out", str(out)], out
        if what == "export":
            out = house.made("exports") / f"dossiers{self.one_of('ending', ['.xlsx', *EXPORTS])}"
            return ["export", "--out", str(out)], out
        return ["check"], house.folder

    def one_of(self, name: str, allowed: list[str]) -> str:
        """What the form says, where the page offered it."""
        said = self.get_body_argument(name, "")
        if said not in allowed:
            raise HTTPError(400)
        return said


MAKE: list[tuple[str, type[Answer]]] = [
    (r"/clss/make", Make),
    (r"/clss/take", Take),
    (r"/clss/run/(job|build|brief|figure|export|check|cancel|show)", Run),
    (r"/clss/workbook/(write|read|apply)", Workbook),
]

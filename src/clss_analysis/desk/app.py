"""The desk as an application of Jupyter Server: its security and its templates, and none of its services."""

from __future__ import annotations

import gc
import secrets
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from filelock import FileLock, Timeout
from jupyter_server.auth import IdentityProvider
from jupyter_server.extension.application import ExtensionApp, ExtensionAppJinjaMixin
from jupyter_server.serverapp import ServerApp
from traitlets.config import Config

from clss_analysis import palette
from clss_analysis.desk.association import Association
from clss_analysis.desk.handlers import HANDLERS
from clss_analysis.desk.idle import Idle
from clss_analysis.desk.leaving import Leaves
from clss_analysis.desk.make import MAKE
from clss_analysis.desk.review import Review
from clss_analysis.desk.state import Opened
from clss_analysis.privacy.key_file import open_key
from clss_analysis.privacy.register import prepare_folder, register_of
from clss_analysis.records.house import House

HERE = Path(__file__).parent
TONES = {**palette.colours(), "sheets": palette.SHEETS, "cells": palette.CELLS}
_SILENT = 50  # what goes wrong is told on the page, and no log can quote a record


class Identity(IdentityProvider):
    """Who asks is known by the token of the address; there is no form to log in."""

    def get_handlers(self) -> list[tuple[str, object]]:
        """None."""
        return []


class Server(ServerApp):
    """A server without files, kernels or settings of its user: the desk alone answers."""

    default_services = ()  # type: ignore[assignment]  # the parent's are counted in its type
    tell: ClassVar[Callable[[str], object]]

    def load_config_file(self, *_: object, **__: object) -> None:
        """Nothing that is written elsewhere opens the desk wider."""

    def write_server_info_file(self) -> None:
        """No file says the token."""

    def write_browser_open_files(self) -> None:
        """Nor does one that a browser opens."""

    def start_app(self) -> None:
        """Say where the desk is once it answers there, and serve."""
        shows, self.open_browser = self.open_browser, False
        address = f"http://127.0.0.1:{self.port}/clss/?token={self.identity_provider.token}"
        self.io_loop.add_callback(type(self).tell, address)
        if shows:
            self.io_loop.add_callback(webbrowser.open, address)
        super().start_app()


class Desk(ExtensionAppJinjaMixin, ExtensionApp):
    """The desk of one house."""

    name = "clss"
    extension_url = "/clss/"
    load_other_extensions = False
    serverapp_class = Server
    opened: ClassVar[Opened]

    @classmethod
    def get_extension_package(cls) -> str:
        """Where Jupyter finds it."""
        return "clss_analysis.desk"

    def initialize_settings(self) -> None:
        """What the pages need."""
        self.settings.update({"desk": self.opened})

    def initialize_templates(self) -> None:
        """The pages."""
        self.template_paths = [str(HERE / "templates"), str(HERE / "static")]
        self.jinja2_options = {"trim_blocks": True, "lstrip_blocks": True}

    def initialize_handlers(self) -> None:
        """What it answers to."""
        environment: Any = self.jinja2_env  # type: ignore[has-type]  # the parent is untyped
        environment.globals.update(say=self.opened.say, lang=self.opened.lang, palette=TONES)
        own = {"review": Review, "leaving(/copy)?": Leaves, "house": Association, "idle": Idle}
        self.handlers.extend([*MAKE, *((f"/clss/{path}", answer) for path, answer in own.items()), *HANDLERS])


def open_desk(
    house: House, lang: str | None = None, *, port: int = 0, browser: bool = True, tell: Callable[[str], object]
) -> None:
    """Serve the desk of a house on 127.0.0.1 until it is stopped; where another one is open on it, only to look.

    Args:
        house: whose records are kept.
        lang: fr, nl or en; default: that of the house.
        port: where it listens; 0 for any that is free.
        browser: whether a browser is opened on it.
        tell: told the address, with the token of this start.

    Raises:
        InvalidRecordsError: workbook and records of the house cannot be taken up, or its register stays shut.
    """
    lock = FileLock(prepare_folder(house.records) / ".desk.lock", timeout=0, mode=0o600)
    with ExitStack() as held:
        looking = False
        try:
            held.enter_context(lock)
        except Timeout:
            looking = True
        if house.settings.passphrase and (register := register_of(house.records)):
            open_key(register, house.records)  # its passphrase is asked for here, not behind a page
        Desk.opened = Opened(house, lang or house.settings.language, looking=looking)
        said_so = "desk.open_looking" if looking else "desk.open"
        Server.tell = lambda address: tell(Desk.opened.say(said_so, address=address))
        said: dict[str, Any] = {
            "ip": "127.0.0.1", "port": port, "open_browser": browser, "allow_root": True, "answer_yes": True,
            "allow_remote_access": False, "allow_unauthenticated_access": False,
            "cookie_secret": secrets.token_bytes(32), "root_dir": str(house.folder), "log_level": _SILENT,
            "identity_provider_class": Identity,
        }  # fmt: skip
        Desk.serverapp_config = said
        token = {"token": secrets.token_urlsafe(32), "cookie_options": {"samesite": "Strict"}}
        config = Config({"ServerApp": said, "Desk": {"log_level": _SILENT}, "Identity": token})
        server = Desk.initialize_server(argv=[], config=config)  # type: ignore[no-untyped-call]
        gc.freeze()  # what is loaded by now stays: looking through it again takes 0.2 s in the midst of a drawing
        try:
            server.start()
        finally:
            Desk.opened.close()

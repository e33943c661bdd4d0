"""The desk from JupyterLab: a tile of the launcher leads to it, in a process, on a port and with a token of its own."""

from __future__ import annotations

import asyncio
import re
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp
from tornado.web import HTTPError, authenticated

from clss_analysis.records.house import House, find_house, house_at
from clss_analysis.records.vocabulary import message
from clss_analysis.runs.worker_pool import end_with_parent


class Beside:
    """The desk of a house, opened when it is first asked for; it ends with the server that it stands beside."""

    def __init__(self, house: House) -> None:
        self._house, self._lock, self._said = house, Lock(), ""
        self._process: Any = None

    def address(self) -> str:
        """Where it answers, with the token of its start.

        Raises:
            EOFError: it could not be opened.
        """
        with self._lock:
            if self._process is None or not self._process.is_alive():
                context = get_context("spawn")
                ours, theirs = context.Pipe(duplex=False)
                self._process = context.Process(target=_serve, args=(self._house.folder, theirs), daemon=True)
                self._process.start()
                theirs.close()
                self._said = ours.recv()
            return self._said


class Door(JupyterHandler):
    """What the tile opens."""

    @authenticated
    async def get(self) -> None:
        """Lead to the desk."""
        try:
            self.redirect(await asyncio.to_thread(self.settings["clss_beside"].address))
        except EOFError:
            raise HTTPError(503) from None


def _serve(folder: Path, told: Connection) -> None:
    from clss_analysis.desk.app import open_desk

    end_with_parent()
    open_desk(house_at(folder), browser=False, tell=lambda said: told.send(re.findall(r"http://\S+", said)[0]))


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    return [{"module": "clss_analysis.desk.lab"}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Put the door beside JupyterLab, where it stands in a house."""
    if house := find_house(server.root_dir):
        server.web_app.settings["clss_beside"] = Beside(house)
        said = server.web_app.settings.setdefault("page_config_data", {})
        said["clssDesk"] = message("desk.title", house.settings.language)
        handlers = [(f"{server.base_url}clss/desk", Door)]
        server.web_app.add_handlers(".*$", handlers)  # type: ignore[no-untyped-call]  # the parent is untyped

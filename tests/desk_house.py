"""A house with its desk open, as tests ask it: the real command, in a process of its own."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from clss_analysis.publish.new_house import new_house
from clss_analysis.records import Records
from clss_analysis.records.house import House
from clss_analysis.records.workbook import write_workbook


class Asked:
    """A browser without a window: keeps cookies, sends what it is told."""

    def __init__(self, address: str) -> None:
        self.address, self.host = address, urlsplit(address).netloc
        self.cookies: dict[str, str] = {}

    def open(self) -> Asked:
        status, _, _ = self("GET", "/clss/?" + urlsplit(self.address).query)
        assert status == 302
        assert self("GET", "/clss/")[0] == 200
        return self

    def __call__(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        line = http.client.HTTPConnection(self.host, timeout=300)
        text = body if isinstance(body, str | bytes) or body is None else json.dumps(body)
        line.request(method, path, text, sent)
        answer = line.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        found = answer.status, dict(answer.headers), answer.read().decode("utf-8", "replace")
        line.close()
        return found

    def form(self, path: str, **said: str) -> int:
        text = urlencode({**said, "_xsrf": self.cookies["_xsrf"]})
        return self("POST", path, text, {"Content-Type": "application/x-www-form-urlencoded"})[0]

    def send(self, path: str, name: str, content: bytes) -> int:
        """A form with a file in it."""
        edge = b"edge-of-a-part"
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = b"--" + edge + b"\r\n" + head + content + b"\r\n--" + edge + b"--\r\n"
        sent = {"Content-Type": f"multipart/form-data; boundary={edge.decode()}", "X-XSRFToken": self.cookies["_xsrf"]}
        return self("POST", path, body, sent)[0]

    def change(self, what: str, **said: object) -> tuple[int, dict[str, object]]:
        status, _, text = self("POST", f"/clss/change/{what}", said, {"X-XSRFToken": self.cookies["_xsrf"]})
        return status, json.loads(text) if text.startswith("{") else {}

    def add(self, table: str, **cells: str) -> int:
        status, said = self.change("row", table=table, cells=cells)
        assert status == 200, said
        return int(str(said["key"]))


def finished(asked: Asked) -> dict[str, object]:
    """What the run that was begun last said, once it ended."""
    for _ in range(1500):
        said: dict[str, object] = json.loads(asked("GET", "/clss/run/job")[2])
        if said["code"] is not None:
            return said
        time.sleep(0.2)
    raise AssertionError(said)


@contextmanager
def opened(house: House, *, log: Path | None = None) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Address and process of the desk of a house; killed at the end.  What it says of faults goes to the log."""
    words = [sys.executable, "-m", "clss_analysis", "desk", "--no-browser"]
    with (
        log.open("w", encoding="utf-8") if log else nullcontext(subprocess.PIPE) as faults,
        subprocess.Popen(words, cwd=house.folder, stdout=subprocess.PIPE, stderr=faults, text=True) as process,
    ):
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/clss/\?token=\S+", process.stdout.readline())
        try:
            assert found, process.stderr.read() if process.stderr else ""
            yield found[0], process
        finally:
            process.kill()


def empty_house(folder: Path) -> House:
    return new_house(folder / "maison")


def house_of(folder: Path, records: Records) -> House:
    """A new house below a folder, with some records in its workbook."""
    folder.mkdir()
    house = empty_house(folder)
    write_workbook(records, house.workbook)
    return house

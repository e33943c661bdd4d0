"""The desk from JupyterLab, in a real browser."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from desk_house import empty_house
from lab_server import answering

from clss_analysis.desk.handlers import CSP


def kernel_of(address: str, runtime: Path) -> dict[str, object]:
    """How a kernel that is started through this address is reached, as its own file says."""
    place, token = urlsplit(address), parse_qs(urlsplit(address).query)["token"][0]
    line = http.client.HTTPConnection(str(place.netloc), timeout=120)
    line.request("POST", "/api/kernels", "{}", {"Authorization": f"token {token}"})
    answer = line.getresponse()
    assert answer.status == 201
    name = json.loads(answer.read())["id"]
    line.close()
    found: dict[str, object] = json.loads((runtime / f"kernel-{name}.json").read_text("utf-8"))
    return found


def test_a_tile_of_the_launcher_opens_the_desk(browser, tmp_path: Path) -> None:
    said = {"ServerApp": {"open_browser": False, "allow_root": True}}
    (tmp_path / "jupyter_server_config.json").write_text(json.dumps(said), encoding="utf-8")
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    words = [sys.executable, "-m", "clss_analysis", "lab"]
    house = empty_house(tmp_path).folder
    with subprocess.Popen(
        words, cwd=house, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        context = browser.new_context()
        context.set_default_timeout(60_000)
        try:
            assert process.stderr is not None
            told = (re.search(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\S+", line) for line in process.stderr)
            page = context.new_page()
            address = answering(next(found[0] for found in told if found), process)
            page.goto(address)
            with context.expect_page() as opened:
                page.locator(".jp-LauncherCard", has_text="Le bureau").click()
            desk = opened.value
            desk.wait_for_url(re.compile("/clss/$"))
            assert desk.title() == "Le bureau"
            assert desk.url.partition("/clss/")[0] != page.url.partition("/lab")[0], "a server of its own"
            answer = desk.reload()
            assert answer.header_value("content-security-policy") == CSP
            reached = kernel_of(address, tmp_path / "runtime")
            assert reached["transport"] == "ipc", "what a kernel prints could be read at a port by anybody"
            assert stat.S_IMODE(Path(str(reached["ip"])).parent.stat().st_mode) == 0o700
        finally:
            context.close()
            os.killpg(process.pid, signal.SIGKILL)

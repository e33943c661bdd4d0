"""The wheel alone, in an empty folder, with no repository anywhere: a house is made and worked in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest
from lab_server import served
from test_interview import SMALL, typed

ROOT = Path(__file__).parents[1]
PORT_CHOSEN_BY_THE_SYSTEM = 0


@pytest.fixture(scope="module")
def clss(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of the wheel, installed in an environment that borrows only what the wheel needs."""
    uv = Path(sys.executable).with_name("uv")
    if not uv.is_file():
        if os.environ.get("CLSS_REQUIRE_ALL"):
            pytest.fail("uv is missing")
        pytest.skip("uv is missing")
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run([uv, "build", "--offline", "--quiet", "--wheel", "-o", place, ROOT], check=True)
    (wheel,) = place.glob("*.whl")
    venv.create(place / "env", with_pip=False, symlinks=os.name != "nt")
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = place / "env" / scripts / Path(sys.executable).name
    quiet = [uv, "pip", "install", "--offline", "--quiet", "--no-deps", "--python", python, wheel]
    subprocess.run(quiet, check=True)
    site = next((place / "env").rglob("site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")  # its own .pth are not read
    return [str(place / "env" / scripts / "clss")]


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL", "JUPYTER"))}
    return kept | {"JUPYTER_PATH": str(Path(sysconfig.get_path("data")) / "share" / "jupyter")}  # borrowed too


def run(clss: list[str], folder: Path, *words: str, ends: int = 0) -> str:
    done = subprocess.run(
        [*clss, *words], cwd=folder, env=environment(), capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == ends, (words, done.stderr)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def house(clss: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new house that says who it is, with one household typed into its workbook and imported."""
    place = tmp_path_factory.mktemp("empty")
    run(clss, place, "new", "seuil")
    house = place / "seuil"
    said = (house / "clss.toml").read_text(encoding="utf-8")
    said = said.replace('name = ""', 'name = "Le Seuil"').replace("# year = 2026", "year = 2031")
    (house / "clss.toml").write_text(said.replace('licence = ""', 'licence = "CC BY-SA 4.0"'), encoding="utf-8")
    note = (
        "Parcours",
        "M1",
        3,
        {"Quand": "05/2024", "Quoi": "rencontre", "Précision": "Vu M. Verhaegen, le bailleur."},
    )
    typed(house / "dossiers.xlsx", house / "dossiers.xlsx", [*(each for each in SMALL if each[1] == "M1"), note])
    run(clss, house, "import", "dossiers.xlsx")
    return house


def test_a_house_is_made_filled_and_worked_in_with_the_wheel_alone(clss: list[str], house: Path) -> None:
    python = Path(clss[0]).with_name(Path(sys.executable).name)
    asked = [python, "-c", "import clss_analysis; print(clss_analysis.__file__)"]
    where = subprocess.run(asked, cwd=house, capture_output=True, text=True, check=True)
    assert str(ROOT / "src") not in where.stdout
    assert "Mme A" in (house / "records" / "persons.csv").read_text(encoding="utf-8")
    below = house / "book"
    run(clss, below, "check", ends=1)
    assert "Verhaegen" not in run(clss, below, "review", "--mask-all")
    assert "Vu M. [nom], le bailleur." in (house / "records" / "events.csv").read_text(encoding="utf-8")
    run(clss, below, "figure", "sociogenogram", "--case", "M1")
    assert (house / "out" / "figures" / "sociogenogram-M1.svg").is_file()
    run(clss, below, "brief", "compter-les-expulsions", "--case", "M1", "--date", "2026-11")
    assert (house / "out" / "brief" / "compter-les-expulsions-fr" / "brief.pdf").is_file()
    run(clss, below, "build", "--formats", "html")
    pages = {path.name: path.read_text(encoding="utf-8") for path in (house / "out" / "book").glob("*.html")}
    for word in ("Le Seuil", "2031", "CC BY-SA 4.0"):
        assert word in pages["index.html"]
    assert "Mme A" in pages["02-travail.html"]
    assert {"01-contexte.html", "04-recommandations.html"} <= set(pages)
    for name, page in pages.items():
        for word in ("La Rue", "Molenbeek", "larueasbl", "Madame Y", "Contrat Local"):
            assert word not in page, (name, word)


def test_old_calls_go_on_from_an_empty_folder(clss: list[str], tmp_path: Path) -> None:
    run(clss, tmp_path, "figure", "trajectory", "--case", "Y", "--out", "Y.svg")
    assert "Madame Y" in (tmp_path / "Y.svg").read_text(encoding="utf-8")
    run(clss, tmp_path, "new", "exemple", "--like", "publication")
    assert 'name = "La Rue asbl"' in (tmp_path / "exemple" / "clss.toml").read_text(encoding="utf-8")
    run(clss, tmp_path / "exemple", "check")
    assert {path.name for path in tmp_path.iterdir()} == {"Y.svg", "exemple"}


def test_notebooks_of_a_house_that_has_none_open_in_the_laboratory(
    clss: list[str], house: Path, tmp_path: Path
) -> None:
    """JupyterLab starts on a port, shows itself to whoever has its token, and ends when it is told to."""
    place = tmp_path / "jupyter"
    place.mkdir()
    settings = {"allow_root": True, "open_browser": False, "port": PORT_CHOSEN_BY_THE_SYSTEM}
    (place / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": settings}), encoding="utf-8")
    own = {f"JUPYTER_{name}_DIR": str(place) for name in ("CONFIG", "DATA", "RUNTIME")}
    with (place / "log").open("w") as log:
        lab = subprocess.Popen([*clss, "lab"], cwd=house, env=environment() | own, stdout=log, stderr=log)
    try:
        about = served(place, lab)
        assert Path(about["root_dir"]) == house
        assert about["token"]

        def answer(path: str, token: str, **more: object) -> tuple[int, str, str]:
            asked = urllib.request.Request(f"{about['url']}{path}", headers={"Authorization": f"token {token}"}, **more)  # noqa: S310 our own server
            with urllib.request.urlopen(asked, timeout=60) as given:  # noqa: S310 our own server
                return given.status, given.url, given.read().decode()

        status, _, page = answer("lab/tree/out/notebooks", about["token"])
        assert status == 200
        assert "jupyter-config-data" in page
        notebook = json.loads(answer("api/contents/out/notebooks/01_menage.ipynb", about["token"])[2])
        (cell,) = [each for each in notebook["content"]["cells"] if "parameters" in each["metadata"].get("tags", ())]
        assert 'dataset = "../../records"\ncase = "M1"\n' in cell["source"]
        assert "/login" in answer("lab", "another")[1]
        with pytest.raises(urllib.error.HTTPError, match="403"):
            answer("api/contents", "another")
        answer("api/shutdown", about["token"], method="POST")
        assert lab.wait(60) == 0
    finally:
        if lab.poll() is None:
            lab.terminate()
            lab.wait(30)
    assert not list(place.glob("jpserver-*.json"))

"""The wheel alone, in an empty folder, with no repository anywhere: a house is made and worked in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from clss_analysis.records import synthesise
from clss_analysis.records.workbook import write_workbook

ROOT = Path(__file__).parents[1]


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


def run(clss: list[str], folder: Path, *words: str) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL"))}
    environment["JUPYTER_PATH"] = str(Path(sysconfig.get_path("data")) / "share" / "jupyter")  # borrowed too
    done = subprocess.run(
        [*clss, *words], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def test_a_house_is_made_filled_and_worked_in_with_the_wheel_alone(clss: list[str], tmp_path: Path) -> None:
    python = Path(clss[0]).with_name(Path(sys.executable).name)
    asked = [python, "-c", "import clss_analysis; print(clss_analysis.__file__)"]
    where = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert str(ROOT / "src") not in where.stdout
    run(clss, tmp_path, "new", "seuil")
    house = tmp_path / "seuil"
    said = (house / "clss.toml").read_text(encoding="utf-8")
    said = said.replace('name = ""', 'name = "Le Seuil"').replace("# year = 2026", "year = 2031")
    (house / "clss.toml").write_text(said, encoding="utf-8")
    write_workbook(synthesise(1, 7), house / "dossiers.xlsx")
    shutil.rmtree(house / "records")
    run(clss, house, "import", "dossiers.xlsx", "--out", "records")
    assert "households.csv" in {path.name for path in (house / "records").iterdir()}
    below = house / "book"
    run(clss, below, "check")
    run(clss, below, "review")
    run(clss, below, "figure", "sociogenogram", "--case", "S001")
    assert (house / "out" / "figures" / "sociogenogram-S001.svg").is_file()
    run(clss, below, "brief", "compter-les-expulsions", "--case", "S001")
    assert (house / "out" / "brief" / "compter-les-expulsions-fr" / "brief.pdf").is_file()
    run(clss, below, "build", "--formats", "html")
    pages = {path.name: path.read_text(encoding="utf-8") for path in (house / "out" / "book").glob("*.html")}
    assert "Le Seuil" in pages["index.html"]
    assert "2031" in pages["index.html"]
    assert {"01-contexte.html", "02-travail.html", "04-recommandations.html"} <= set(pages)
    for name, page in pages.items():
        for word in ("La Rue", "Molenbeek", "larueasbl", "Madame Y", "Contrat Local"):
            assert word not in page, (name, word)


def test_old_calls_go_on_from_an_empty_folder(clss: list[str], tmp_path: Path) -> None:
    run(clss, tmp_path, "figure", "trajectory", "--case", "Y", "--out", "Y.svg")
    assert "Madame Y" in (tmp_path / "Y.svg").read_text(encoding="utf-8")
    run(clss, tmp_path, "new", "exemple", "--like", "publication")
    assert "asbl La Rue" in (tmp_path / "exemple" / "clss.toml").read_text(encoding="utf-8")
    run(clss, tmp_path / "exemple", "check")
    assert {path.name for path in tmp_path.iterdir()} == {"Y.svg", "exemple"}

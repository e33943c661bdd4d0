"""The project's own promises: locked, permissive, self-contained, the same for make and conda."""

import re
import subprocess
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
DUAL_LICENSED = {
    "text-unidecode": "Artistic",  # its own text: Artistic License or GPL, at choice
    "pyphen": "Mozilla Public License 1.1",  # its own text: GPL/LGPL/MPL tri-license
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 git is on PATH
    return [ROOT / name for name in listed.split("\0") if name]


def runtime_distributions() -> dict[str, str]:
    licences: dict[str, str] = {}
    todo = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
    while todo:
        requirement = todo.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        found = distribution(requirement.name)
        if found.metadata["Name"] in licences:
            continue
        classifiers = [c for c in found.metadata.get_all("Classifier", []) if c.startswith("License")]
        stated = (
            found.metadata.get("License-Expression") or " ".join(classifiers) or found.metadata.get("License") or ""
        )
        licences[found.metadata["Name"]] = stated
        todo += [Requirement(line) for line in found.requires or []]
    return licences


def is_gpl(licence: str) -> bool:
    strong = re.search(r"(?<![A-Za-z])(A?GPL|GNU (Affero )?General Public)", licence)
    return bool(strong) and not re.search(r"\bOR\b", licence)


def test_no_runtime_dependency_is_gpl():
    licences = runtime_distributions()
    assert len(licences) > 50
    assert is_gpl("GPL-3.0-or-later")
    assert not is_gpl("LGPL-2.1")
    gpl = {name: licence for name, licence in licences.items() if is_gpl(licence)}
    assert [name for name, licence in gpl.items() if DUAL_LICENSED.get(name, "no choice") not in licence] == []


def test_conda_environment_is_the_same_project():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    plain = [entry for entry in conda["dependencies"] if isinstance(entry, str)]
    assert "python" + PROJECT["project"]["requires-python"] in plain
    assert any(entry.startswith("quarto") for entry in plain)
    assert {"pip": ["-e ."]} in conda["dependencies"]


def test_make_installs_the_uv_of_the_lock():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    version = re.search(r"^UV_VERSION := (\S+)$", makefile, re.MULTILINE).group(1)
    assert f"uv=={version}" in PROJECT["dependency-groups"]["dev"]
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    assert {p["name"]: p.get("version") for p in lock["package"]}["uv"] == version


def test_every_dependency_says_what_it_is_for():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if re.match(r'  "[A-Za-z][\w-]*[><=]=', line)]
    assert len(named) > 20
    assert [line for line in named if not re.search(r"# \w+", line)] == []


@pytest.mark.parametrize("pattern", [r"\.\./shared", r"/work/", r"/root/", r"/home/[a-z]", r"/opt/[a-z]"])
def test_no_tracked_text_names_a_place_outside(pattern):
    found = []
    for path in tracked():
        if path == Path(__file__) or path.suffix in {".ttf", ".png", ".lock"} or not path.is_file():
            continue
        if re.search(pattern, path.read_text(encoding="utf-8", errors="replace")):
            found.append(str(path.relative_to(ROOT)))
    assert found == []

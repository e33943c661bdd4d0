"""The command keeps its contract: 0 done, 1 something named failed, 2 bad usage or bad input; one line per fault."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clss_analysis.cli import main
from clss_analysis.cli.arguments import parser
from clss_analysis.figures.registry import KINDS
from clss_analysis.publish.brief import BUILT_IN
from clss_analysis.records import message

ROOT = Path(__file__).parents[1]
PUBLICATION = ROOT / "data" / "publication"


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("CLSS_LANG", raising=False)


@pytest.fixture
def dataset(tmp_path):
    folder = tmp_path / "jeu"
    shutil.copytree(PUBLICATION, folder)
    return folder


def lines_of(capsys):
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err.splitlines()


def edit(dataset: Path, table: str, before: str, after: str) -> None:
    path = dataset / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize(
    "words", [["--help"], *([name, "--help"] for name in ("build", "check", "figure", "synth", "lab"))]
)
def test_help_is_french_and_has_examples(words, capsys):
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Usage\u202f: clss")
    assert "Exemples\u202f:" in shown
    assert "Codes de sortie" in shown
    for english in ("usage:", "options:", "show this", "positional"):
        assert english not in shown


def test_the_command_speaks_dutch_when_asked(monkeypatch, capsys):
    monkeypatch.setenv("CLSS_LANG", "nl")
    assert main(["build", "--help"]) == 0
    assert "Gebruik:" in capsys.readouterr().out


def test_in_a_dutch_house_the_command_speaks_dutch_and_so_do_its_refusals(tmp_path, monkeypatch, capsys):
    assert main(["new", str(tmp_path / "huis"), "--lang", "nl"]) == 0
    assert "is klaar" in capsys.readouterr().out
    monkeypatch.chdir(tmp_path / "huis" / "book")
    for lang, said in (("nl", ""), ("en", "en"), ("nl", "")):
        monkeypatch.setenv("CLSS_LANG", said)
        assert main(["brief", "niets"]) == 2
        assert lines_of(capsys) == [message("brief.unknown_theme", lang, themes=", ".join(BUILT_IN))]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["publier"],
        ["build", "--nope"],
        ["build", "--jobs", "0"],
        ["build", "--jobs", "-1"],
        ["build", "--jobs", "deux"],
        ["build", "--formats", "html,odt"],
        ["build", "--formats", ""],
        ["build", "--engine", "latex"],
        ["build", "--lang", "de"],
        ["build", "--out", ""],
        ["buil"],
        ["figure"],
        ["figure", "sociogenogram", "--case", "Y", "--out"],
        ["synth", "--households", "3"],
        ["synth", "--households", "0", "--seed", "1", "--out", "x"],
        ["synth", "--households", "3", "--seed", "un", "--out", "x"],
        ["lab", "en trop"],
    ],
)
def test_bad_usage_is_one_line_and_2(words, capsys):
    assert main(words) == 2
    assert len(lines_of(capsys)) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["review"],
        ["migrate"],
        ["export"],
        ["figure", "sociogenogram", "--case", "Y"],
        ["brief", "expulsion"],
    ],
)
def test_outside_a_house_what_only_a_house_knows_must_be_said(words, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    (line,) = lines_of(capsys)
    assert "clss new" in line
    assert list(tmp_path.iterdir()) == []


def test_a_cluster_that_does_not_answer_is_one_line_and_2(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("clss_analysis.runs.cluster.SECONDS", 1)  # nobody is there however long one waits
    data, book = str(tmp_path / "donnees"), tmp_path / "livre"
    assert main(["synth", "--households", "1", "--seed", "404", "--out", data]) == 0
    capsys.readouterr()
    asked = ["--cluster", "tcp://localhost:1", "--formats", "docx", "--dataset", data, "--out", str(book)]
    assert main(["build", *asked]) == 2
    assert len(lines_of(capsys)) == 1
    assert not book.exists()


def test_control_characters_of_the_asker_are_not_echoed(capsys):
    assert main(["build", "--\x1b[31mrouge\n"]) == 2
    assert len(lines_of(capsys)) == 1


def refused_figures(out: Path) -> list[list[str]]:
    base = ["figure", "relevance-tree", "--out", str(out / "x.svg")]
    return [
        ["figure", "camembert", "--case", "Y", "--out", str(out / "x.svg")],
        base,
        ["figure", "axes", "--case", "Y", "--out", str(out / "x.svg")],
        [*base, "--case", "Z"],
        *([*base, "--case", bad] for bad in ("", "../Y", "Y;rm", "é", "-Y", "Y" * 33, "Y\nA", " Y")),
        [*base, "--case", "N"],
        [*base, "--case", "Y", "--lang", "de"],
        [*base, "--case", "Y", "--dataset", str(out / "absent")],
        [*base, "--case", "Y", "--layout", str(out / "x.txt")],
        *([*base, "--case", "Y", "--date", bad] for bad in ("2022", "2022-13", "2022-06-30", "juin", "2022-6")),
        *([*base[:2], "--case", "Y", "--out", str(out / name)] for name in ("x", "x.jpg", "x.svgz", "")),
    ]


def test_a_refused_figure_is_one_line_and_2_and_nothing_is_written(tmp_path, capsys):
    for words in refused_figures(tmp_path):
        assert main(words) == 2, words
        assert len(lines_of(capsys)) == 1, words
        assert list(tmp_path.iterdir()) == [], words


def test_an_unknown_kind_is_told_the_kinds(tmp_path, capsys):
    assert main(["figure", "camembert", "--out", str(tmp_path / "x.svg")]) == 2
    line = capsys.readouterr().err
    assert all(kind in line for kind in KINDS)


def test_the_help_names_the_kinds_there_are(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["figure", "--help"])
    words = " ".join(capsys.readouterr().out.split()).replace("- ", "-")
    assert all(kind in words for kind in KINDS)


def test_a_figure_is_written_with_its_geometry_and_without_a_word(tmp_path, capsys):
    picture, layout = tmp_path / "new" / "Y.svg", tmp_path / "Y.json"
    assert main(["figure", "relevance-tree", "--case", "Y", "--out", str(picture), "--layout", str(layout)]) == 0
    assert capsys.readouterr() == ("", "")
    assert picture.read_text(encoding="utf-8").startswith("<?xml")
    geometry = json.loads(layout.read_text(encoding="utf-8"))
    assert geometry["unit"] == "mm"
    assert {"width", "height", "items", "quality"} <= set(geometry)
    assert {item["kind"] for item in geometry["items"]} >= {"node", "label", "edge"}
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["Y.json", "Y.svg", "new"]


def test_a_date_that_a_figure_cannot_show_is_said(tmp_path, capsys):
    words = ["figure", "criteria-grid", "--case", "A", "--date", "2024-01", "--out", str(tmp_path / "A.svg")]
    assert main(words) == 0
    assert len(lines_of(capsys)) == 1
    assert main(["figure", "sociogenogram", "--case", "C1", "--date", "2024-01", "--out", str(tmp_path / "C.svg")]) == 0
    assert lines_of(capsys) == []


@pytest.mark.parametrize(("ending", "start"), [("pdf", b"%PDF"), ("png", b"\x89PNG"), ("SVG", b"<?xml")])
def test_formats_go_by_file_ending_and_bytes_repeat(tmp_path, ending, start):
    files = [tmp_path / f"{name}.{ending}" for name in ("one", "two")]
    for file in files:
        assert main(["figure", "criteria-grid", "--case", "A", "--lang", "nl", "--out", str(file)]) == 0
    assert files[0].read_bytes().startswith(start)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_quality_is_reported_when_asked(tmp_path, capsys):
    assert main(["figure", "sociogenogram", "--case", "N", "--out", str(tmp_path / "N.svg"), "--report"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "éléments qui se recouvrent\u202f: 0" in said
    assert "croisements de flèches entre elles\u202f: 0" in said


def test_a_page_that_is_too_small_grows_and_says_so(tmp_path, capsys):
    words = ["figure", "sociogenogram", "--case", "C1", "--page", "a4-landscape", "--labels"]
    assert main([*words, "--out", str(tmp_path / "C1.svg"), "--layout", str(tmp_path / "C1.json")]) == 0
    made = json.loads((tmp_path / "C1.json").read_text(encoding="utf-8"))
    assert lines_of(capsys) == ([message("cli.page_grown", asked="a4-landscape", used=made["quality"]["page"]["used"])]
                                if made["quality"]["page"]["grown"] else [])  # fmt: skip
    assert main(["figure", "sociogenogram", "--case", "N", "--page", "a5", "--out", str(tmp_path / "N.svg")]) == 2
    assert len(lines_of(capsys)) == 1
    assert main(["figure", "criteria-grid", "--case", "A", "--page", "16:9", "--out", str(tmp_path / "A.svg")]) == 0
    assert len(lines_of(capsys)) == 1


def test_check_of_a_sound_dataset(capsys):
    assert main(["check", str(PUBLICATION)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.strip()
    assert main(["check", str(PUBLICATION), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["sound"], report["faults"], report["gate"]["open"]) == (True, [], True)


def test_a_chapter_that_speaks_of_a_row_that_is_gone_is_a_failure_of_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = tmp_path / "jeu"
    shutil.copytree(PUBLICATION, dataset)
    table = dataset / "context_statistics.csv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if "menages-permanence" not in line), encoding="utf-8")
    assert main(["check", str(dataset)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert any(re.match(r"01-introduction\.md, ligne\s\d+", line) for line in said)


def test_check_names_the_household_without_consent(dataset, capsys):
    edit(dataset, "households", ",recits,", ",,")
    assert main(["check", str(dataset)]) == 1
    assert "A" in capsys.readouterr().out
    picture = str(dataset.parent / "A.svg")
    assert main(["figure", "criteria-grid", "--case", "A", "--dataset", str(dataset), "--out", picture]) == 2
    assert len(lines_of(capsys)) == 1
    assert main(["build", "--dataset", str(dataset), "--out", str(dataset.parent / "livre")]) == 2
    assert len(lines_of(capsys)) == 1
    assert sorted(path.name for path in dataset.parent.iterdir()) == ["jeu"]


def bad_datasets():
    return {
        "a missing folder": shutil.rmtree,
        "nothing in it": lambda d: [path.unlink() for path in d.iterdir()],
        "a missing table": lambda d: (d / "ties.csv").unlink(),
        "a missing column": lambda d: edit(d, "households", "label,", "lavel,"),
        "a wrong type": lambda d: edit(d, "persons", ",14,", ",quatorze-Zola,"),
        "an unknown code": lambda d: edit(d, "households", "couple_children", "couple_Zola"),
        "a dangling key": lambda d: edit(d, "criteria", "A-k1,A,", "A-k1,Zola,"),
        "a duplicate id": lambda d: edit(d, "criteria", "A-k2,", "A-k1,"),
        "a cycle": lambda d: edit(d, "relevance_nodes", *cycle(d)),
        "no UTF-8": lambda d: (d / "actors.csv").write_bytes((d / "actors.csv").read_bytes() + b"\xff\xfe\n"),
    }


def cycle(dataset: Path) -> tuple[str, str]:
    lines = (dataset / "relevance_nodes.csv").read_text(encoding="utf-8").splitlines()
    action = next(line for line in lines if ",action," in line)
    name, household, level, _, rest = action.split(",", 4)
    return action, f"{name},{household},{level},{name},{rest}"


@pytest.mark.parametrize("name", bad_datasets())
def test_a_bad_dataset_is_2_with_a_line_per_fault_and_nothing_written(name, dataset, capsys):
    bad_datasets()[name](dataset)
    out = dataset.parent / "out"
    for words in (
        ["check", str(dataset)],
        ["figure", "relevance-tree", "--case", "Y", "--dataset", str(dataset), "--out", str(out / "x.svg")],
        ["build", "--dataset", str(dataset), "--out", str(out)],
    ):
        assert main(words) == 2, words
        lines = lines_of(capsys)
        assert lines
        assert "Zola" not in "".join(lines)
    assert not out.exists()
    assert main(["check", str(dataset), "--json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert report["sound"] is False
    assert set(report["faults"][0]) == {"file", "row", "column", "rule"}


def test_synth_makes_what_check_accepts_and_fills_no_folder(tmp_path, capsys):
    words = ["synth", "--households", "2", "--seed", "7", "--out", str(tmp_path / "a")]
    assert main(words) == 0
    assert main(["synth", "--households", "2", "--seed", "7", "--out", str(tmp_path / "b")]) == 0
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    assert main(["check", str(tmp_path / "a")]) == 0
    capsys.readouterr()
    assert main(words) == 2
    assert len(lines_of(capsys)) == 1


def test_a_folder_that_is_no_book_is_not_replaced(tmp_path, capsys):
    (tmp_path / "precieux.txt").write_text("à garder")
    assert main(["build", "--out", str(tmp_path)]) == 2
    assert len(lines_of(capsys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["precieux.txt"]


def test_what_nobody_foresaw_is_one_line_and_1(monkeypatch, tmp_path, capsys):
    import clss_analysis.runs.figure_command

    def broken(*_, **__):
        raise RuntimeError("Madame Zola")

    monkeypatch.setattr(clss_analysis.runs.figure_command, "figure_file", broken)
    words = ["figure", "relevance-tree", "--case", "Y", "--out", str(tmp_path / "x.svg")]
    assert main(words) == 1
    lines = lines_of(capsys)
    assert len(lines) == 1
    assert "RuntimeError" in lines[0]
    assert "Zola" not in lines[0]
    with pytest.raises(RuntimeError):
        main([*words, "--debug"])


def test_it_runs_as_a_module(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-m", "clss_analysis", "--version"],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout.split()[0]) == (0, "clss")


def test_the_grammar_that_commands_go_without_is_still_compiled_wherever_it_is_there():
    """Otherwise what keeps it out is no longer needed."""
    meanwhile = (
        "from clss_analysis.runs.notebook import without_grammar\nwith without_grammar():\n    import jsonschema"
    )
    told = []
    for imports in ("import jsonschema", meanwhile):
        code = f"{imports}\nimport gc, lark; print(sum(isinstance(each, lark.Lark) for each in gc.get_objects()))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        told.append(int(done.stdout))
    assert told[0] > 1
    assert told[1] == 0

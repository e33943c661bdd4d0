"""A register behind a passphrase: opened by it alone, and told clearly where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from clss_analysis.cli import main
from clss_analysis.privacy import lock
from clss_analysis.privacy.key_file import new_key, open_key, save_key
from clss_analysis.privacy.register import FILE
from clss_analysis.records import InvalidRecordsError, read, synthesise
from clss_analysis.records.workbook import write_workbook


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lock, "_told", {})
    monkeypatch.setattr(lock, "_ask", [])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clss.toml").write_text("passphrase = true\n", encoding="utf-8")
    write_workbook(synthesise(1, 3), tmp_path / "dossiers.xlsx")
    return tmp_path


def fault(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = capsys.readouterr().err.splitlines()
    return line.replace("\u202f", " ")


def test_a_locked_register_is_opened_by_its_passphrase_alone(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "dossiers.xlsx"]) == 2
    assert lock.VARIABLE in fault(capsys)
    assert not (house / "records").exists()
    monkeypatch.setenv(lock.VARIABLE, "trois chats gris")
    assert main(["import", "dossiers.xlsx"]) == 0
    content = (house / "register" / FILE).read_bytes()
    assert content.startswith(lock.MARK)
    assert b"salt" not in content
    monkeypatch.setenv(lock.VARIABLE, "trois chats gras")
    capsys.readouterr()
    before = {path: path.read_bytes() for path in house.rglob("*") if path.is_file()}
    assert main(["import", "dossiers.xlsx", "--yes"]) == 2
    assert "rien ne la remplace" in fault(capsys)
    assert {path: path.read_bytes() for path in house.rglob("*") if path.is_file()} == before
    monkeypatch.setenv(lock.VARIABLE, "trois chats gris")
    assert main(["import", "dossiers.xlsx"]) == 0
    assert read("records").persons["label"].tolist() == synthesise(1, 3).persons["label"].tolist()


@pytest.mark.parametrize("place", [len(lock.MARK), len(lock.MARK) + 20, -1])
def test_a_byte_changed_or_a_file_cut_is_never_taken(place: int, house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(lock.VARIABLE, "mot")
    key, path = new_key(), house / FILE
    key.people["persons/M1-1"] = "A"
    save_key(key, path)
    content = bytearray(path.read_bytes())
    assert open_key(path, house / "records") == key
    path.write_bytes(content[:-1])
    with pytest.raises(InvalidRecordsError):
        open_key(path, house / "records")
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(InvalidRecordsError):
        open_key(path, house / "records")


def test_two_writings_of_the_same_have_nothing_in_common() -> None:
    one, other = (lock.lock(b"x" * 640, "mot")[len(lock.MARK) :] for _ in range(2))
    assert sum(a == b for a, b in zip(one, other, strict=True)) < 30
    assert len({one[at : at + 32] for at in range(48, 688, 32)}) == 20, "no block like another"


def test_a_passphrase_is_asked_once_and_a_new_one_twice(house: Path) -> None:
    asked: list[bool] = []
    lock.ask_with(lambda new: asked.append(new) or "mot")
    assert main(["import", "dossiers.xlsx"]) == 0
    assert main(["import", "dossiers.xlsx"]) == 0
    assert asked == [True]
    (house / "clss.toml").write_text("passphrase = false\n", encoding="utf-8")
    assert main(["import", "dossiers.xlsx"]) == 0
    assert (house / "register" / FILE).read_text(encoding="utf-8").startswith("{")

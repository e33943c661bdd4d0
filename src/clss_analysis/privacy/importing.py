"""A workbook with names in it made into a dataset without: read, pseudonymised, checked, written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clss_analysis.privacy.key_file import KeyFile, new_key, open_key, save_key
from clss_analysis.privacy.pseudonyms import Change, know_people, pseudonymise
from clss_analysis.privacy.register import keep_previous, prepare_folder, register_of, report_of
from clss_analysis.privacy.remembrance import with_remembered
from clss_analysis.privacy.review import decide
from clss_analysis.privacy.updating import Differences, dataset_before, differences, refuse_emptied
from clss_analysis.records import Fault, InvalidRecordsError, Records, write
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.escape import csv_text
from clss_analysis.records.house import own_house
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook import Pages, is_open, read_workbook, records_of_pages


@dataclass(frozen=True)
class Import:
    """An import that is ready to be written: the records, what was changed in them, and what they change.

    `before` says whether a dataset is updated in place; `write` does it.
    """

    records: Records
    changes: tuple[Change, ...]
    differences: tuple[Differences, ...]
    before: bool
    out: Path
    key: KeyFile | None
    register: Path | None
    lang: str

    def write(self) -> None:
        """Write all or nothing: the dataset, its register, and what was changed by rule (see `report_of`)."""
        if self.before:
            keep_previous(self.out, self.register)
        write(self.records, self.out, overwrite=self.before)
        if self.key is not None and self.register is not None:
            prepare_folder(self.out, self.register)
            save_key(self.key, self.register)
        if self.key is not None:
            write_file(report_of(self.out), _table(self.changes, self.lang), PRIVATE)


def import_workbook(
    path: str | Path,
    out: str | Path,
    *,
    key: str | Path | None = None,
    bands: bool = False,
    lang: str = "fr",
    mapping: str | Path | None = None,
    join: Iterable[tuple[str, str]] = (),
    emptied: bool = False,
) -> Import:
    """A dataset made of a workbook that was filled in, or of an export of its form from KoboToolbox.

    Args:
        path: the workbook (.xlsx).
        out: the dataset folder to write: empty, not there, or the dataset that an earlier state of the same workbook
            made; pseudonyms and decisions of its register hold.
        key: file that keeps pseudonyms and decisions from one import to the next; default: the register of the house,
            or of the dataset that is there; else none, and letters hold for this import.
        bands: age bands in place of ages.
        lang: language of the table of changes.
        mapping: of a workbook with columns of its own, the file that says which is which of ours; default:
            `mapping.toml` beside the folder.  One that is not there is written, and the import refused.
        join: pairs of ids of persons who turned out to be one: the second takes the letter of the first.
        emptied: whether a table may lose all its rows.

    Returns:
        The import, of which nothing is written yet.

    Raises:
        InvalidRecordsError: the workbook is open in another program, cannot be read or is not sound; the register may
            not lie where it is or is another house's; or a table would lose all its rows.
    """
    path, out = Path(path), Path(out)
    refuse_open(path, lang)
    own = Path(mapping) if mapping else out.resolve().with_name("mapping.toml")
    return import_pages(
        read_workbook(path, own, lang), out, key=key, bands=bands, lang=lang, join=join, emptied=emptied
    )


def import_pages(
    read: Pages,
    out: Path,
    *,
    key: str | Path | None = None,
    bands: bool = False,
    lang: str = "fr",
    join: Iterable[tuple[str, str]] = (),
    emptied: bool = False,
) -> Import:
    """A dataset made of the rows of a workbook, wherever they were edited; see `import_workbook`."""
    register = register_of(out, Path(key) if key else None)
    if register is not None and not key:
        prepare_folder(out)
    kept = open_key(register, out) if register else new_key()
    homes = (
        [line.cells.get("id", "") for line in read.tables["households"].lines] if "households" in read.tables else []
    )
    before = dataset_before(out, homes, own=own_house(out) is not None)
    if before is not None:
        know_people(kept, read, before, read.file)
    for first, second in join:
        if f"persons/{first}" not in kept.people:
            raise InvalidRecordsError([Fault(read.file, None, None, message("update.join", lang))], lang)
        kept.people[f"persons/{second}"] = kept.people[f"persons/{first}"]
    pages, changes = pseudonymise(read, kept, bands=bands)
    records = with_remembered(records_of_pages(pages), kept)
    return ready(records, out, before, read.file, lang, changes=changes, key=kept, register=register, emptied=emptied)


def ready(
    records: Records,
    out: Path,
    before: Records | None,
    file: str,
    lang: str,
    *,
    changes: Iterable[Change] = (),
    key: KeyFile | None = None,
    register: Path | None = None,
    emptied: bool = False,
) -> Import:
    """Records of any file made ready to be written into a dataset folder.

    Args:
        records: what the file says.
        out: the dataset folder.
        before: the dataset that it updates, if there is one; its decisions are kept where their texts stand.
        file: the file, for faults.
        lang: language of sentences.
        changes: what was changed in the records.
        key: pseudonyms and decisions.
        register: where they are kept.
        emptied: whether a table may lose all its rows.

    Raises:
        InvalidRecordsError: a table would lose all its rows.
    """
    found: list[Differences] = []
    if before is not None:
        records = decide(records, before.decisions, {})
        if not emptied:
            refuse_emptied(before, records, file, lang)
        found = differences(before, records)
    return Import(records, tuple(changes), tuple(found), before is not None, out, key, register, lang)


def refuse_open(path: Path, lang: str) -> None:
    """Refuse a workbook that another program has open.

    Raises:
        InvalidRecordsError: it is open.
    """
    if is_open(path):
        raise InvalidRecordsError([Fault(path.name, None, None, message("update.open", lang))], lang)


def _table(changes: Iterable[Change], lang: str) -> str:
    heads = [message(f"pseudonyms.column.{name}", lang) for name in ("rule", "count")]
    return csv_text([heads, *([message(f"pseudonyms.rule.{each.rule}", lang), each.count] for each in changes)])

"""Import and export of one file, by its ending."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.exchange.foreign import ForeignFile, NotCarried, Report, Tally, Why, content_of, refuse, stop
from clss_analysis.records.exchange.gedcom_lines import unpacked
from clss_analysis.records.exchange.gedcom_reading import read_gedcom
from clss_analysis.records.exchange.gedcom_writing import gedcom_text
from clss_analysis.records.exchange.graphml_reading import read_graphml, read_stream
from clss_analysis.records.exchange.graphml_writing import graphml_text, node_link_text
from clss_analysis.records.exchange.household import records_from
from clss_analysis.records.exchange.network_canvas import has_interviews, interviews, names_interviews
from clss_analysis.records.exchange.pedigree import read_pedigree
from clss_analysis.records.exchange.qda import LIMIT_PACKAGE_MB
from clss_analysis.records.exchange.qda_reading import read_qdc, read_qdpx, records_of
from clss_analysis.records.exchange.qda_writing import qdc_bytes, qdpx_bytes
from clss_analysis.records.faults import InvalidRecordsError
from clss_analysis.records.formats import EXPORTS, IMPORTS, TABLES
from clss_analysis.records.private import owned_folder
from clss_analysis.records.rules import SEVERAL
from clss_analysis.records.schema import MONTHS, table_names
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.tables import Records, Row
from clss_analysis.records.validation import validate
from clss_analysis.records.writing import write
from clss_analysis.records.years import is_told

_CARRIED: dict[str, dict[str, tuple[str, ...]]] = {
    ".ged": {
        "households": (),
        "persons": ("gender", "life", "birth_order"),
        "couples": ("partner_a", "partner_b", "state"),
        "filiations": ("parent", "child", "kind"),
        "ties": ("from_person", "to_person"),
    },
    ".graphml": {
        "households": (),
        "persons": (
            "role",
            "gender",
            "age_band",
            "life",
            "index",
            "residence",
            "birth_order",
            "twin_group",
            "identical",
        ),
        "couples": ("partner_a", "partner_b", "state"),
        "filiations": ("parent", "child", "kind"),
        "actors": ("kind", "sector"),
        "ties": ("from_person", "from_actor", "to_person", "to_actor", "direction", "quality", "strength"),
    },
    ".qdpx": {
        "households": (),
        "statements": ("text",),
        "codes": ("parent", "label", "definition"),
        "codings": ("statement", "code", "coder", "start", "end"),
    },
    ".qdc": {"codes": ("parent", "label", "definition")},
}


def is_foreign(path: Path) -> bool:
    """Whether a file is one of another program, rather than a workbook, or tables that somebody filled in."""
    return not path.suffix.lower().startswith((".xls", ".ods", *TABLES)) or has_interviews(path)


def import_file(
    path: str | Path, *, index: str | None = None, year: int | None = None, lang: str = "fr", strict: bool = False
) -> tuple[Records, Report]:
    """Records from a file of another program: GEDCOM, PED, GraphML, GEXF, REFI-QDA, interviews of Network Canvas.

    GEDCOM is 5.5 to 7 (.ged, .gdz), PED .ped or .fam, REFI-QDA .qdpx or .qdc; interviews are .graphml, or a .zip of
    the tables that Network Canvas writes.

    No name, place or date comes in, but for the months of a union that changed its state, of a death, an adoption, a
    placement or a stay in hospital or prison: persons and coders get neutral designations.  No free text does either,
    but for passages and codes of REFI-QDA, which are what it is for and may name people.  The result has no consents,
    so that no household of it can be told before an entry is made.
    At most 16 MB, 32,768 characters a line, 400,000 lines of GEDCOM, 99 levels, 200 attributes of GraphML, 5,000
    persons and actors, 20,000 links; a package of REFI-QDA 64 MB with 32 MB of text.

    Args:
        path: the file; its ending says what it is.
        index: key of the index person in the file (GEDCOM cross-reference, PED individual id, GraphML node id);
            default: whom the file marks, else nobody.
        year: year at which ages are taken from birth years that a GEDCOM gives exactly; default: no ages.
        lang: language of the designations: fr, nl or en.
        strict: refuse a file that has any line that is not sound.

    Returns:
        Records that pass validation, and what was not carried; its `doubts` are the lines that are not sound, of which
        a family loses no more than what they say.

    Raises:
        InvalidRecordsError: the ending is unknown, or the file unsound or hostile; its faults name file and line and
            never repeat content.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in (*IMPORTS, ".zip"):
        raise stop(str(path), None, "ending", endings=", ".join((*TABLES, *IMPORTS)))
    content = b"" if ending == ".zip" else content_of(path, *[LIMIT_PACKAGE_MB] * (ending == ".qdpx"))
    if ending in (".qdpx", ".qdc"):
        project = (read_qdpx if ending == ".qdpx" else read_qdc)(content, str(path))
        return _sound(records_of(project, lang=lang)), Report(project.tally.listed())
    if ending == ".gdz":
        content = unpacked(content, str(path))
    readers: dict[str, Callable[[], ForeignFile]] = {
        **dict.fromkeys((".ged", ".gdz"), lambda: read_gedcom(content, str(path), year=year)),
        **dict.fromkeys((".ped", ".fam"), lambda: read_pedigree(content, str(path))),
        **dict.fromkeys((".graphml", ".gexf"), lambda: read_graphml(content, str(path))),
        ".zip": lambda: _interviews(path),
    }
    found = readers[ending]()
    if strict:
        refuse(each.fault for each in found.doubts)
    records = records_from(found, index=index, lang=lang)
    if strict:
        refuse(each.fault for each in found.doubts)
    return _sound(records), Report(found.tally.listed(), found.doubts)


def _interviews(path: Path) -> ForeignFile:
    from clss_analysis.records.workbook import open_workbook  # the room of tables knows this one

    found = ForeignFile(file=str(path), format="Network Canvas")
    tables = {sheet.name: sheet.rows for sheet in open_workbook(path)}
    if not names_interviews(tables):
        raise stop(str(path), None, "ending", endings=", ".join((*TABLES, *IMPORTS)))
    read_stream(interviews(tables, found), found)
    return found


def _sound(records: Records) -> Records:
    with owned_folder() as folder:
        if faults := validate(write(records, folder / "records")):
            raise InvalidRecordsError(faults)
    return records


_BOOKKEEPING = ("id", "household", "source", "reading")


class Releases(Protocol):
    """What the gate gives (`privacy.Clearance`): it stops what may not be told."""

    def require_told(self, household: str) -> None:
        """Stop unless the household may be told."""

    def require(self, *, case: str | None, rows: Iterable[Row], synthetic: bool) -> None:
        """Stop unless a thing made of these rows may leave."""


def export_file(records: Records, path: str | Path, clearance: Releases) -> list[NotCarried]:
    """Write for another program: persons, families and ties (.graphml, .json, .ged), or coded statements (.qdpx, .qdc).

    Ids are numbered anew; no designation, note, neighbourhood, institution, month or exact age goes out.  What is left
    is still the shape of a family, which those who know it may recognise.  REFI-QDA carries what was said, as it stands
    in `statements`, the codes and who gave them.  The same records give the same bytes.

    Args:
        records: a dataset, or a case of it.
        path: the file; its ending says what it becomes.  A file that is there is replaced.
        clearance: what `privacy.clear(records)` gave; the shape of a family can be recognised, so that every household
            must be one that may be told.

    Returns:
        What was not carried.

    Raises:
        InvalidRecordsError: the ending is unknown.
        NotClearedError: a household may not be told, or its words not quoted; nothing is written.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in EXPORTS:
        raise stop(str(path), None, "ending", endings=", ".join(EXPORTS))
    for household in records.households["id"]:
        clearance.require_told(household)
    said = (Row("statements", each) for each in records.statements["id"])
    clearance.require(case=None, rows=said, synthetic=is_made_up(records))
    writers: dict[str, Callable[[], bytes]] = {
        ".ged": lambda: gedcom_text(records).encode("utf-8"),
        ".graphml": lambda: graphml_text(records).encode("utf-8"),
        ".json": lambda: node_link_text(records).encode("utf-8"),
        ".qdpx": lambda: qdpx_bytes(records),
        ".qdc": lambda: qdc_bytes(records),
    }
    write_file(path, writers[ending](), PRIVATE)
    return left_behind(records, _CARRIED[".graphml" if ending == ".json" else ending])


def left_behind(records: Records, carried: dict[str, tuple[str, ...]]) -> list[NotCarried]:
    """What an export leaves: tables it has no place for, and cells filled in columns that it does not carry.

    Args:
        records: the dataset.
        carried: the columns that go out, by table; bookkeeping columns are not counted.
    """
    tally = Tally()
    for table in table_names():
        frame = records.table(table)
        if table not in carried:
            tally.add(table, Why.NO_PLACE, len(frame))
            continue
        if table == "persons" and "role" not in carried[table]:
            tally.add(table, Why.NO_PLACE, int((frame["role"] == SEVERAL).sum()))
        for each in records.fields(table):
            name = str(each["name"])
            if name not in carried[table] and name not in _BOOKKEEPING:
                identifies = each["type"] in MONTHS or name in ("label", "age", "note", "summary", "institution")
                identifies = identifies or name == "neighbourhood"
                tally.add(
                    f"{table}.{name}", Why.IDENTIFIER if identifies else Why.NO_PLACE, int(is_told(frame, name).sum())
                )
    return tally.listed()

"""Reading REFI-QDA (version 1.5, 2019): the project of a .qdpx, or the codebook of a .qdc.

Positions count Unicode code points from 0 (section 10.2), the end being the first one after the passage, as in the
standard's own example.  A byte order mark is not a character; CR and LF are one each.  NVivo for Windows counts UTF-16
units instead: where the texts show it, its positions are translated and the report says so.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element

from clss_analysis.records.exchange.foreign import Why, stop
from clss_analysis.records.exchange.household import made_of
from clss_analysis.records.exchange.qda import (
    INTERNAL,
    ORIGIN,
    QdaCode,
    QdaProject,
    QdaSelection,
    QdaSource,
    code_points_of,
    counted_in_utf16,
    open_package,
    parse,
)
from clss_analysis.records.schema import table_names
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.tables import Records
from clss_analysis.records.vocabulary import message

LIMIT_CODES = 20_000  # codes: a codebook that people use has some hundreds
_GRAPHIC = ("Variable", "VariableValue", "Note", "Link", "Set", "Graph", "PictureSource", "AudioSource", "VideoSource",
            "PDFSelection", "NoteRef")  # fmt: skip


def read_qdpx(content: bytes, file: str) -> QdaProject:
    """What a package holds of codes and coded text.

    Raises:
        InvalidRecordsError: the package or its project is unsound or hostile.
    """
    root, texts = open_package(content, file)
    project = _begun(root, "Project", file)
    _count_the_rest(root, project)
    cases = _cases(root)
    found = [
        (each, text) for each in _text_sources(root, project) if (text := _text_of(each, texts, project)) is not None
    ]
    places = {id(each): _places(each, project) for each, _ in found}
    utf16 = root.get("origin") != ORIGIN and counted_in_utf16((text, places[id(each)]) for each, text in found)
    for source, text in found:
        point_of = code_points_of(text) if utf16 else int
        spans = [(point_of(start), point_of(end)) for start, end in places[id(source)]]
        project.tally.add("PlainTextSelection.startPosition", Why.ASSUMED, utf16 and len(spans))
        key = _guid(source, "guid")
        passages = tuple(_selections(source, text, spans, project))
        project.sources.append(QdaSource(key, text, passages, cases.get(key, "")))
    return project


def read_qdc(content: bytes, file: str) -> QdaProject:
    """The codes of a codebook.

    Raises:
        InvalidRecordsError: it is unsound or hostile.
    """
    root = parse(content, file)
    project = _begun(root, "CodeBook", file)
    project.tally.add("Set", Why.NO_PLACE, sum(_tag(each) == "Set" for each in root.iter()))
    return project


def _begun(root: Element, tag: str, file: str) -> QdaProject:
    """A project with the codes that stand below a root, which has to be of this tag."""
    if _tag(root) != tag:
        raise stop(file, None, "qda_root", tag=tag)
    project = QdaProject(file=file, format="REFI-QDA")
    _codes(root, project)
    return project


def _tag(element: Element) -> str:
    """The local name: programs write the namespace in more than one way."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _guid(element: Element, attribute: str) -> str:
    return element.get(attribute, "").strip("{}").lower()


def _children(element: Element, tag: str) -> Iterator[Element]:
    return (each for each in element if _tag(each) == tag)


def _said(element: Element, tag: str) -> str:
    return next((each.text or "" for each in _children(element, tag)), "").strip()


def _codes(root: Element, project: QdaProject) -> None:
    tops = [each for each in root.iter() if _tag(each) == "Codes"]
    left = [(code, "") for top in reversed(tops) for code in reversed(list(_children(top, "Code")))]
    seen: set[str] = set()
    while left:
        code, parent = left.pop()
        key = _guid(code, "guid")
        if not key or key in seen:
            raise stop(project.file, None, "qda_guid")
        if len(seen) >= LIMIT_CODES:
            raise stop(project.file, None, "qda_codes", limit=LIMIT_CODES)
        seen.add(key)
        project.codes.append(QdaCode(key, parent, code.get("name", ""), _said(code, "Description")))
        project.tally.add("Code.color", Why.NO_PLACE, "color" in code.attrib)
        project.tally.add("Code.isCodable", Why.NO_PLACE, code.get("isCodable", "true").lower() in ("false", "0"))
        left += [(child, key) for child in reversed(list(_children(code, "Code")))]


def _count_the_rest(root: Element, project: QdaProject) -> None:
    found = Counter(_tag(each) for each in root.iter())
    for tag in _GRAPHIC:
        project.tally.add(tag, Why.NO_PLACE, found[tag])
    for tag in ("User", "TextSource", "PDFSource", "Case"):
        named = sum(_tag(each) == tag and bool(each.get("name")) for each in root.iter())
        project.tally.add(f"{tag}.name", Why.IDENTIFIER, named)
    dated = sum(bool(each.get("creationDateTime") or each.get("modifiedDateTime")) for each in root.iter())
    project.tally.add("creationDateTime", Why.IDENTIFIER, dated)
    for parent in ("TextSource", "PlainTextSelection", "Case", "Project"):
        told = sum(bool(_said(each, "Description")) for each in root.iter() if _tag(each) == parent)
        project.tally.add(f"{parent}.Description", Why.NO_PLACE, told)


def _cases(root: Element) -> dict[str, str]:
    """Source → the one case that holds it."""
    holding: dict[str, set[str]] = {}
    for case in (each for each in root.iter() if _tag(each) == "Case"):
        for reference in _children(case, "SourceRef"):
            holding.setdefault(_guid(reference, "targetGUID"), set()).add(_guid(case, "guid"))
    return {source: next(iter(cases)) for source, cases in holding.items() if len(cases) == 1}


def _text_sources(root: Element, project: QdaProject) -> Iterable[Element]:
    """Texts, and the text that stands for a PDF."""
    for sources in (each for each in root.iter() if _tag(each) == "Sources"):
        for source in sources:
            if _tag(source) == "TextSource":
                yield source
            elif _tag(source) == "PDFSource":
                for text in _children(source, "Representation"):
                    text.set("guid", source.get("guid", ""))
                    yield text
            else:
                project.tally.add("Coding", Why.NO_PLACE, sum(_tag(each) == "Coding" for each in source.iter()))


def _text_of(source: Element, texts: Mapping[str, bytes], project: QdaProject) -> str | None:
    content = next(_children(source, "PlainTextContent"), None)
    if content is not None:
        return content.text or ""
    path = source.get("plainTextPath", "")
    name = path.removeprefix(INTERNAL).replace("\\", "/").rpartition("/")[2].lower()
    if "://" in path.removeprefix(INTERNAL) or name not in texts:
        project.tally.add("TextSource", Why.UNCLEAR)
        return None
    wide = texts[name].startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        return texts[name].decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise stop(project.file, None, "encoding") from None


def _places(source: Element, project: QdaProject) -> list[tuple[int, int]]:
    """Start and end of the passages of a source, as the file counts them."""
    try:
        return [
            (int(each.get("startPosition", "")), int(each.get("endPosition", "")))
            for each in _children(source, "PlainTextSelection")
        ]
    except ValueError:
        raise stop(project.file, None, "qda_position") from None


def _selections(
    source: Element, text: str, spans: list[tuple[int, int]], project: QdaProject
) -> Iterable[QdaSelection]:
    """Passages in their order; a coding of the source itself is one of its whole text."""
    known = {code.key for code in project.codes}
    whole = tuple(_codings(source, known, "", project))
    if whole and text:
        yield QdaSelection(0, len(text), whole)
    for selection, (start, end) in zip(_children(source, "PlainTextSelection"), spans, strict=True):
        codings = tuple(_codings(selection, known, _guid(selection, "creatingUser"), project))
        if 0 <= start < end <= len(text):
            yield QdaSelection(start, end, codings)
        else:
            project.tally.add("PlainTextSelection", Why.UNCLEAR)


def _codings(element: Element, known: set[str], user: str, project: QdaProject) -> Iterable[tuple[str, str]]:
    for coding in _children(element, "Coding"):
        coder = _guid(coding, "creatingUser") or user
        for reference in _children(coding, "CodeRef"):
            code = _guid(reference, "targetGUID")
            if code in known:
                yield code, coder
            else:
                project.tally.add("Coding", Why.UNCLEAR)


_LINE_END = re.compile("\r\n?")


def records_of(project: QdaProject, *, lang: str = "fr") -> Records:
    """Records that hold what a project says.

    Passages that overlap are one statement, whose codings keep their places in it; so coders who marked the same lines
    a word apart spoke of the same statement.  A passage that nobody coded is a statement without coding.  Text outside
    every passage stays where it is.  The sources of one case are one household; a source in none, or in several, is a
    household of its own.

    Args:
        project: what was read.
        lang: language of the designations.
    """
    return _Making(project, lang).records()


class _Making:
    def __init__(self, project: QdaProject, lang: str) -> None:
        self.project, self.lang = project, lang
        self.rows: dict[str, list[dict[str, str]]] = {name: [] for name in table_names()}
        self.source = message("exchange.source", lang, format=project.format)
        self.codes = {code.key: f"K{n}" for n, code in enumerate(project.codes, start=1)}
        self.homes: dict[str, str] = {}
        self.coders: dict[str, str] = {}

    def records(self) -> Records:
        for code in self.project.codes:
            label = _clean(code.name).replace("\n", " ").strip()
            self.project.tally.add("Code.name", Why.ASSUMED, not label)
            parent = self.codes.get(code.parent, "")
            label = label or self.codes[code.key]
            self.add(
                "codes",
                id=self.codes[code.key],
                parent=parent,
                label=label,
                definition=_clean(code.description).strip(),
            )
        for source in self.project.sources:
            self.statements(source)
        if not self.homes:
            self.project.tally.add("households", Why.ASSUMED)
            self.home_of("")
        return made_of(self.rows, self.project.format, self.project.tally, self.lang, "description_coding")

    def statements(self, source: QdaSource) -> None:
        outside = len(source.text)
        for start, end, selections in _merged(source.selections):
            outside -= end - start
            text = _clean(source.text[start:end])
            if not text.strip():
                self.project.tally.add("PlainTextSelection", Why.UNCLEAR)
                continue
            home = self.home_of(source.case or f"source {source.key}")
            statement = f"ST{len(self.rows['statements']) + 1}"
            self.project.tally.add("statements.context", Why.ASSUMED)
            self.add("statements", id=statement, household=home, speaker=message("coding.speaker", self.lang),
                     context="individual", wording="verbatim", text=text)  # fmt: skip
            given: set[tuple[str, ...]] = set()
            for selection in selections:
                span = _span(source.text, start, selection, text)
                for code, user in selection.codings:
                    coding = (self.codes[code], self.coder_of(user), *span)
                    if coding not in given:
                        given.add(coding)
                        self.coding(home, statement, coding)
                    else:
                        self.project.tally.add("Coding", Why.UNCLEAR)
        self.project.tally.add("characters", Why.NO_PLACE, outside)

    def coding(self, home: str, statement: str, coding: tuple[str, ...]) -> None:
        code, coder, start, end = coding
        number = len(self.rows["codings"]) + 1
        self.add("codings", id=f"G{number}", household=home, statement=statement, code=code, coder=coder, start=start,
                 end=end)  # fmt: skip

    def home_of(self, key: str) -> str:
        if key not in self.homes:
            number = len(self.homes) + 1
            self.homes[key] = f"H{number}"
            self.add("households", id=f"H{number}", label=message("exchange.household", self.lang, n=number))
        return self.homes[key]

    def coder_of(self, user: str) -> str:
        if user not in self.coders:
            self.project.tally.add("Coding.creatingUser", Why.ASSUMED, not user)
            self.coders[user] = f"C{len(self.coders) + 1}"
        return self.coders[user]

    def add(self, table: str, **cells: str) -> None:
        self.rows[table].append({"source": self.source, "reading": "false"} | cells)


def _merged(selections: Iterable[QdaSelection]) -> list[tuple[int, int, list[QdaSelection]]]:
    """Stretches of text covered by passages that overlap, in order, with those passages."""
    stretches: list[tuple[int, int, list[QdaSelection]]] = []
    for each in sorted(selections, key=lambda found: (found.start, -found.end)):
        if stretches and each.start < stretches[-1][1]:
            start, end, among = stretches[-1]
            stretches[-1] = (start, max(end, each.end), [*among, each])
        else:
            stretches.append((each.start, each.end, [each]))
    return stretches


def _clean(text: str) -> str:
    """Text as a cell may hold it: lines end in LF, and control characters are gone."""
    return FORBIDDEN.sub("", _LINE_END.sub("\n", text))


def _span(text: str, start: int, selection: QdaSelection, whole: str) -> tuple[str, str]:
    """Where a passage lies in its statement; empty for all of it."""
    first = len(_clean(text[start : selection.start]))
    last = len(_clean(text[start : selection.end]))
    if (first == 0 and last == len(whole)) or first >= last:
        return "", ""
    return str(first), str(last)

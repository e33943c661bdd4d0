"""A theme: what is asked, which numbers, which household, what was done and what can be done, as a YAML file."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from clss_analysis.privacy.texts import THEME, Text
from clss_analysis.records import Fault, Row, message, typography
from clss_analysis.records.context import TABLE as CONTEXT
from clss_analysis.records.descriptor import ID
from clss_analysis.records.faults import LinesError
from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.sheet import FORBIDDEN, decode, read_bytes
from clss_analysis.records.vocabulary import LANGUAGES

BUILT_IN = ("expulsion", "insalubrite", "sante-mentale", "relogement", "perennisation")
DRAWN = ("trajectory", "sociogenogram")
LONGEST = {"title": 90, "demand": 280, "says": 420, "number": 170}
_LIMIT = 65_536  # characters: a theme is a page of words, and what is longer is no theme
_KEYS = {
    "": ("title", "demand", "numbers", "dataset", "case", "figures", "story", "services", "recommendations"),
    "demand": ("rows", "says", "name", "decides", "missing"),
    "numbers": ("row", "count", "about", "says", "missing"),
    "count": ("table", "where"),
    "story": ("rows", "says"),
    "services": ("rows", "says"),
    "recommendations": ("rows", "says", "serves", "missing"),
}
_NEEDED = {
    "": ("title", "demand", "numbers", "recommendations"),
    "demand": ("rows", "says"),
    "count": ("table",),
    "numbers": ("says",),
    "recommendations": ("rows", "says"),
}
_NUMBERS = 3  # numbers that a theme gives, no fewer and none more but what stands in for one
MISSING = ("skip", "keep")
_FORMS = ("one", "many", *typography.FORMS)
DECIDES = ("council", "college", "region", "federal", "other")


class BriefError(LinesError):
    """A pack that cannot be made; the text has one line per reason."""


@dataclass(frozen=True)
class Count:
    """Households with a row in `table` whose cells are those of `where`."""

    table: str
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Said:
    """A sentence in each language, with the rows that it rests on, or the count that it tells; `about`: a round one.

    `forms` has, for a count, the sentence by language and form (`one`, `many`, …); `missing` says what a row that is
    not there does in another dataset than the theme's own: nothing said refuses the theme, `skip` leaves the sentence
    out, `keep` says it without the row.
    """

    place: str
    says: Mapping[str, str]
    rows: tuple[Row, ...] = ()
    count: Count | None = None
    about: bool = False
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: str = ""

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Each of its texts with its language."""
        forms = [(lang, text) for lang, each in self.forms.items() for text in each.values()]
        return list(dict.fromkeys([*self.says.items(), *forms]))


_UNSAID = Said("demand", {})


@dataclass(frozen=True)
class Theme:
    """One theme, read and sound in itself; whether its rows exist, only a dataset can tell.

    `story` and `services` tell the household `case` of the dataset named `dataset`, where one is named; of another
    household they say nothing.
    """

    name: str
    file: str
    title: Mapping[str, str]
    demand: Said
    numbers: tuple[Said, ...]
    recommendations: tuple[Said, ...]
    story: tuple[Said, ...] = ()
    services: tuple[Said, ...] = ()
    case: str | None = None
    figures: tuple[str, ...] = DRAWN
    decides: str = ""
    dataset: str = ""

    @property
    def sentences(self) -> tuple[Said, ...]:
        """All that it says, but for the title."""
        return (self.demand, *self.numbers, *self.story, *self.services, *self.recommendations)

    def texts(self, *langs: str) -> dict[Text, list[str]]:
        """The theme's own words as the review reads texts: table « theme », language and text, and where they stand.

        What a built-in theme says word for word is left out: it was read when it was written.

        Args:
            langs: languages; default: all.
        """
        shipped = _shipped()
        texts: dict[Text, list[str]] = {}
        said_by_place = [(f"{each.place}.says", each.texts) for each in self.sentences]
        for place, said in (("title", list(self.title.items())), *said_by_place):
            for lang, text in said:
                if text not in shipped and (not langs or lang in langs):
                    texts.setdefault((THEME, lang, text), []).append(f"{place}.{lang}")
        return texts


def read_theme(theme: str) -> Theme:
    """Read a theme.

    Args:
        theme: the name of a built-in theme, or the path of a YAML file of the same form.

    Returns:
        The theme.

    Raises:
        BriefError: no such theme, or the file has faults: one line for each, never what it holds.

    >>> read_theme("expulsion").case
    'C1'
    """
    if theme in BUILT_IN:
        path = files("clss_analysis.publish.brief").joinpath("themes", f"{theme}.yml")
        return _theme(path.read_text(encoding="utf-8"), theme, f"{theme}.yml")
    path = Path(theme)
    if not path.name.endswith((".yml", ".yaml")):
        raise BriefError(message("brief.unknown_theme", themes=", ".join(BUILT_IN)))
    content = read_bytes(path, path.name)
    text = content if isinstance(content, Fault) else decode(content, path.name)
    if isinstance(text, Fault):
        raise BriefError(text)
    if len(text) > _LIMIT:
        raise BriefError(Fault(path.name, None, None, message("brief.too_long", n=_LIMIT)))
    return _theme(text, path.stem, path.name)


@cache
def _shipped() -> frozenset[str]:
    """Every sentence of the built-in themes, in every language."""
    themes = map(read_theme, BUILT_IN)
    return frozenset(
        text
        for theme in themes
        for text in (*theme.title.values(), *(text for each in theme.sentences for _, text in each.texts))
    )


def theme_fault(file: str, place: str, key: str, **values: object) -> str:
    """One line on what is wrong with a theme: file, key and rule, never what it holds."""
    rule = message(f"brief.theme.{key}", "fr", **values)
    return message("brief.theme.line", file=file, place=place or "–", rule=rule)


class _Mapping(dict[Any, Any]):
    """A mapping of the file, and the line of each of its keys."""

    lines: tuple[int, ...] = ()


class _Loader(yaml.SafeLoader):
    """YAML without aliases and without a key said twice, whose mappings know their lines."""

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - yaml is untyped here
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("alias")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - yaml's own
        keys = [key.value for key, _ in node.value]
        if len(set(map(str, keys))) < len(keys):
            raise yaml.YAMLError("twice")
        return super().construct_mapping(node, deep)

    def construct_yaml_map(self, node: Any) -> Generator[dict[Any, Any], None, None]:  # noqa: ANN401 - yaml is untyped here
        made = _Mapping()
        yield made
        made.update(self.construct_mapping(node))
        made.lines = tuple(key.start_mark.line + 1 for key, _ in node.value)


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_yaml_map)


def _theme(text: str, name: str, file: str) -> Theme:
    if match := FORBIDDEN.search(text):
        raise BriefError(Fault(file, text.count("\n", 0, match.start()) + 1, None, message("fault_control")))
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader, narrowed
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        raise BriefError(Fault(file, line, None, message("brief.no_yaml"))) from None
    reader = _Reader(file)
    theme = reader.theme(content, name)
    if reader.faults:
        raise BriefError(*dict.fromkeys(reader.faults))
    return theme


class _Reader:
    """Takes a parsed file apart and remembers every fault by the place of its key."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[str] = []

    def fault(self, place: str, key: str, **values: object) -> None:
        self.faults.append(theme_fault(self.file, place, key, **values))

    def theme(self, content: object, name: str) -> Theme:
        said = self.mapping(content, "", "")
        numbers = self.many(said, "numbers")
        spare = sum(each.missing == "skip" for each in numbers)
        if "numbers" in said and not _NUMBERS <= len(numbers) <= _NUMBERS + spare:
            self.fault("numbers", "three", n=_NUMBERS)
        if not isinstance(said.get("dataset", ""), str):
            self.fault("dataset", "text")
        case = said.get("case")
        if case is not None and not (isinstance(case, str) and ID.fullmatch(case)):
            self.fault("case", "case")
            case = None
        drawn = said.get("figures", list(DRAWN))
        if not isinstance(drawn, list) or not all(isinstance(kind, str) for kind in drawn):
            self.fault("figures", "list")
            drawn = []
        for section in ("story", "services"):
            if section in said and case is None:
                self.fault(section, "story")
        demand = self.said(said["demand"], "demand", "demand", LONGEST["demand"]) if "demand" in said else _UNSAID
        recommendations = self.many(said, "recommendations")
        self.serving(said, demand, recommendations)
        return Theme(
            name=name,
            file=self.file,
            title=self.words(said.get("title"), "title", LONGEST["title"]) if "title" in said else {},
            demand=demand,
            numbers=numbers,
            recommendations=recommendations,
            story=self.many(said, "story"),
            services=self.many(said, "services"),
            case=case,
            figures=tuple(dict.fromkeys(drawn)),
            decides=self.decides(said.get("demand")),
            dataset=str(said.get("dataset", "")),
        )

    def serving(self, said: Mapping[str, Any], demand: Said, recommendations: tuple[Said, ...]) -> None:
        """Fault the recommendations that neither name the demand nor rest on a row of it."""
        asked = said.get("demand")
        name = asked.get("name") if isinstance(asked, _Mapping) else None
        if name is not None and not (isinstance(name, str) and ID.fullmatch(name)):
            self.fault("demand.name", "name")
        for content, each in zip(said.get("recommendations") or (), recommendations, strict=bool(recommendations)):
            if not isinstance(content, _Mapping) or "demand" not in said:
                continue
            serves = content.get("serves")
            if serves != name if serves is not None else not set(each.rows) & set(demand.rows):
                line = message("brief.theme.at", line=content.lines[0])
                self.fault(f"{line}, {each.place}", "serves")

    def decides(self, demand: object) -> str:
        found = demand.get("decides", "") if isinstance(demand, _Mapping) else ""
        if found in ("", *DECIDES):
            return str(found)
        self.fault("demand.decides", "decides", allowed=", ".join(DECIDES))
        return ""

    def mapping(self, content: object, place: str, kind: str) -> dict[str, Any]:
        if not isinstance(content, _Mapping):
            self.fault(place, "mapping")
            return {}
        for line, key in zip(content.lines, content, strict=True):
            if key not in _KEYS[kind]:
                at = ", ".join(part for part in (message("brief.theme.at", line=line), place) if part)
                self.fault(at, "unknown_key", allowed=", ".join(_KEYS[kind]))
        for key in _NEEDED.get(kind, _KEYS[kind]):
            if key not in content:
                self.fault(f"{place}.{key}".lstrip("."), "needed")
        return {str(key): value for key, value in content.items()}

    def many(self, said: Mapping[str, Any], section: str) -> tuple[Said, ...]:
        if section not in said:
            return ()
        if not isinstance(said[section], list) or not said[section]:
            self.fault(section, "list")
            return ()
        return tuple(
            self.said(each, f"{section}[{n}]", section, LONGEST["number" if section == "numbers" else "says"])
            for n, each in enumerate(said[section], 1)
        )

    def said(self, content: object, place: str, kind: str, longest: int) -> Said:
        found = self.mapping(content, place, kind)
        rows, count = found.get("rows", []), None
        if kind == "numbers":
            if ("row" in found) == ("count" in found):
                self.fault(place, "row_or_count")
            rows = [found["row"]] if "row" in found else []
            count = self.count(found["count"], f"{place}.count") if "count" in found else None
        elif "rows" in found and (not isinstance(rows, list) or not rows):
            self.fault(f"{place}.rows", "list")
            rows = []
        known = tuple(row for each in rows if (row := self.row(each, place)) is not None)
        says, forms = found.get("says"), {}
        if count is not None and isinstance(says, dict):
            forms = {lang: self.forms(each, f"{place}.says.{lang}", longest) for lang, each in says.items()
                     if isinstance(each, dict)}  # fmt: skip
            says = {lang: forms[lang].get("many") if lang in forms else each for lang, each in says.items()}
        says = self.words(says, f"{place}.says", longest) if "says" in found else {}
        missing = found.get("missing", "")
        if missing not in ("", *MISSING):
            self.fault(f"{place}.missing", "missing", allowed=", ".join(MISSING))
        if not isinstance(found.get("about", False), bool):
            self.fault(f"{place}.about", "boolean")
        about = found.get("about") is True
        return Said(place, says, known, count, about=about, forms=forms, missing=str(missing))

    def forms(self, content: dict[Any, Any], place: str, longest: int) -> dict[str, str]:
        """A sentence by the form that a number takes."""
        if not {"one", "many"} <= set(content) <= set(_FORMS):
            self.fault(place, "forms", allowed=", ".join(_FORMS))
        return {
            str(form): self.words({"fr": text}, f"{place}.{form}", longest).get("fr", "")
            for form, text in content.items()
        }

    def row(self, content: object, place: str) -> Row | None:
        table, _, row = content.partition("/") if isinstance(content, str) else ("", "", "")
        if table not in (*table_names(), CONTEXT) or not ID.fullmatch(row):
            self.fault(place, "row")
            return None
        return Row(table, row)

    def count(self, content: object, place: str) -> Count | None:
        found = self.mapping(content, place, "count")
        table, where = found.get("table"), found.get("where", {})
        if not isinstance(table, str) or table not in table_names() or table == "consents":
            self.fault(place, "count_table")
            return None
        columns = {str(field["name"]) for field in fields(table)}
        if not ({"household"} <= columns or table == "households"):
            self.fault(place, "count_table")
            return None
        if not isinstance(where, dict) or not set(map(str, where)) <= columns - {"id"}:
            self.fault(f"{place}.where", "count_where")
            return None
        return Count(table, tuple((str(key), _cell(value)) for key, value in where.items()))

    def words(self, content: object, place: str, longest: int) -> dict[str, str]:
        if not isinstance(content, dict) or not content or not set(content) <= set(LANGUAGES):
            self.fault(place, "languages", allowed=", ".join(LANGUAGES))
            return {}
        for lang, text in content.items():
            if not isinstance(text, str) or not text.strip():
                self.fault(f"{place}.{lang}", "text")
            elif len(text) > longest:
                self.fault(f"{place}.{lang}", "longest", n=longest)
        return {lang: re.sub(r"\s*\n\s*", " ", str(text)).strip() for lang, text in content.items()}


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

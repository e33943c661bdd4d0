"""Pages set by Typst: content goes in as data, never as code; what does not fit is cut at the end of a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

from clss_analysis.publish.fonts import showable
from clss_analysis.publish.pdf import TypstError
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.private import owned_folder

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Cut:
    """What one page lost so that it fits: the section, and how many sentences."""

    page: int
    section: str
    sentences: int


@dataclass(frozen=True)
class Section:
    """A list of the content that a page may shorten, sentence by sentence from its end, down to `least`."""

    name: str
    page: int
    least: int = 1


class Sheets:
    """A folder in which Typst sets one template again and again; what a killed process left of it, the next clears."""

    def __init__(self, template: str, epoch: int, pictures: Mapping[str, bytes] | None = None) -> None:
        self.template, self.epoch = template, epoch
        self._owned = ExitStack()
        self.folder = self._owned.enter_context(owned_folder())
        theme = files("clss_analysis.publish").joinpath("theme")
        for name in ("brief.typ", "diapos.typ", "planche.typ", "salle.typ"):
            (self.folder / name).write_text(theme.joinpath(name).read_text(encoding="utf-8"), encoding="utf-8")
        for name, picture in (pictures or {}).items():
            write_file(self.folder / name, picture, PRIVATE)

    def __enter__(self) -> Sheets:
        """The folder is there until the end of the `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left behind."""
        self._owned.close()

    def overflowing(self, content: Content) -> set[int]:
        """The pages, from 1, whose content runs on to another sheet."""
        import typst

        found = self._typst(typst.query, content, "<feuille>", field="value")
        places: dict[int, list[int]] = {}
        for each in json.loads(found):
            places.setdefault(int(each["rang"]), []).append(int(each["page"]))
        return {rank for rank, sheets in places.items() if max(sheets) > min(sheets)}

    def pdf(self, content: Content) -> bytes:
        """The PDF, accessible after PDF/UA-1; the same bytes for the same content."""
        import typst

        out: bytes = self._typst(typst.compile, content, format="pdf", pdf_standards=["ua-1"], timestamp=self.epoch)
        return out

    def picture(self, content: Content, ending: str) -> bytes:
        """The only sheet as svg, pdf or png at 300 dots an inch."""
        import typst

        more: dict[str, Any] = {"ppi": 300.0} if ending == "png" else {}
        if ending == "pdf":
            more = {"pdf_standards": ["ua-1"], "timestamp": self.epoch}
        out = self._typst(typst.compile, content, format=ending, **more)
        return bytes(out[0] if isinstance(out, list) else out)

    def _typst(self, do: Callable[..., Any], content: Content, *more: object, **options: object) -> Any:  # noqa: ANN401 - typst is untyped
        import typst

        text = json.dumps(_shown(content), ensure_ascii=False, sort_keys=True)
        write_file(self.folder / "contenu.json", text, PRIVATE)
        with as_file(files("clss_analysis.fonts")) as fonts:
            try:
                return do(str(self.folder / self.template), *more, root=str(self.folder), font_paths=[str(fonts)],
                          ignore_system_fonts=True, **options)  # fmt: skip
            except (RuntimeError, typst.TypstError) as error:
                hints = (str(hint) for hint in getattr(error, "hints", ()))
                raise TypstError("\n".join([str(error), *hints])) from error


def roomy(content: Content, choices: Sequence[Content], overflowing: Callable[[Content], set[int]]) -> Content:
    """The content with the first of some settings of the template at which no page runs over; else with the last.

    Args:
        content: what the template wants.
        choices: settings, such as the scale of the type, the roomiest first.
        overflowing: which pages of a content run over.
    """
    for choice in choices[:-1]:
        if not overflowing({**content, **choice}):
            return {**content, **choice}
    return {**content, **choices[-1]}


def enlarged(
    content: Content, scales: Sequence[float], pages: int, overflowing: Callable[[Content], set[int]]
) -> Content:
    """The content with `scales`, one for each page: the largest at which that page does not run over, else the last.

    Args:
        content: what the template wants.
        scales: the scales to try, the largest first.
        pages: how many pages the template has.
        overflowing: which pages of a content run over.
    """
    low, high = [0] * pages, [len(scales) - 1] * pages
    while True:
        tried = [(least + most) // 2 for least, most in zip(low, high, strict=True)]
        content = {**content, "scales": [scales[rank] for rank in tried]}
        if low == high:
            return content
        over = overflowing(content)
        for page, rank in enumerate(tried):
            if page + 1 in over and rank < high[page]:
                low[page] = rank + 1
            elif page + 1 not in over:
                high[page] = rank


def fitted(
    content: Content, sections: Sequence[Section], overflowing: Callable[[Content], set[int]]
) -> tuple[Content, tuple[Cut, ...]]:
    """Shorten the sections of each page until it fits on its sheet, by as few sentences as that takes.

    On each page the section with most sentences loses its last one first (of equals the one further down).

    Args:
        content: lists by the name of their section, and whatever else the template wants.
        sections: what may be shortened, and on which page.
        overflowing: which pages of a content run over.

    Returns:
        The content that fits, and what was cut.

    Raises:
        TypstError: a page does not fit even with the least.
    """
    pages = sorted({section.page for section in sections})
    orders = {page: _order(content, [each for each in sections if each.page == page]) for page in pages}
    low = dict.fromkeys(pages, 0)
    high = {page: len(orders[page]) for page in pages}
    tried = dict(low)
    while True:
        over = overflowing(_without(content, orders, tried))
        for page in pages:
            if page in over:
                low[page] = tried[page] + 1
            else:
                high[page] = tried[page]
        if any(low[page] > len(orders[page]) for page in pages):
            raise TypstError("a page does not fit even with the least")
        if all(low[page] >= high[page] for page in pages) and tried == high:
            break
        tried = {page: (low[page] + high[page]) // 2 if low[page] < high[page] else high[page] for page in pages}
    cuts = []
    for page in pages:
        gone = orders[page][: high[page]]
        cuts += [Cut(page, name, gone.count(name)) for name in dict.fromkeys(gone)]
    return _without(content, orders, high), tuple(cuts)


def _order(content: Content, sections: Sequence[Section]) -> list[str]:
    """The names of the sections in the order in which they lose a sentence."""
    left = {section.name: len(content[section.name]) for section in sections}
    least = {section.name: section.least for section in sections}
    order: list[str] = []
    while spare := [name for name in left if left[name] > least[name]]:
        most = max(left[name] for name in spare)
        name = [name for name in spare if left[name] == most][-1]
        left[name] -= 1
        order.append(name)
    return order


def _without(content: Content, orders: Mapping[int, Sequence[str]], cut: Mapping[int, int]) -> Content:
    shorter = dict(content)
    for page, order in orders.items():
        gone = order[: cut[page]]
        for name in set(gone):
            shorter[name] = content[name][: len(content[name]) - gone.count(name)]
    return shorter


def _shown(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, Mapping):
        return {key: _shown(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shown(inner) for inner in value]
    return value

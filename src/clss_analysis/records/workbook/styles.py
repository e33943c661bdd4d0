"""The styles of a workbook: a colour per family of sheets, a format per role of cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clss_analysis.palette import CELLS, SHEETS
from clss_analysis.records.workbook.plan import Column

_FONT = {"font_name": "Calibri", "font_size": 11}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401  # xlsxwriter is untyped
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}
        self.about = self._format(font_color=CELLS["about"], italic=True)
        grey = {
            "font_color": CELLS["example"],
            "bg_color": CELLS["example_fill"],
            "bottom_color": CELLS["example_rule"],
        }
        self.example = self._format(italic=True, num_format="@", valign="top", text_wrap=True, bottom=1, **grey)
        self.private = self._format(font_color=CELLS["private"], bold=True)
        self.plain = self._format(valign="top", text_wrap=True, num_format="@")
        self.key = self._format(valign="top", bold=True, num_format="@")
        self.link = self._format(font_color=CELLS["link"], underline=1, valign="top")
        self.bare = self._format()
        self.big = self._format(font_size=20, bold=True)
        self.verdict = self._format(bg_color=CELLS["verdict_fill"], bold=True, valign="top", font_color=CELLS["about"])
        self.ruled = book.add_format({"top": 1, "top_color": CELLS["about"]})
        self.good = self._format(font_color=CELLS["good"], bg_color=CELLS["good_fill"])
        self.bad = self._format(font_color=CELLS["bad"], bg_color=CELLS["bad_fill"])
        self.open = self._format(font_color=CELLS["open"], bg_color=CELLS["open_fill"])

    @staticmethod
    def height(texts: Iterable[tuple[str, int]]) -> float:
        """Points that a row needs for texts in columns of a width (in characters), wrapped; at most ten lines."""
        lines = [sum(1 + int(len(part) / (1.15 * width)) for part in text.split("\n")) for text, width in texts if text]
        return 15.0 * min(10, max(lines, default=1)) + 1

    def title(self, family: str) -> Any:  # noqa: ANN401
        """The name of a sheet, on its first row."""
        return self._format(font_size=18, bold=True, font_color=SHEETS[family], valign="vcenter")

    def title_small(self, family: str) -> Any:  # noqa: ANN401
        """The name of a family of sheets, in the list of contents."""
        return self._format(font_size=12, bold=True, font_color=SHEETS[family])

    def header(self, family: str, *, required: bool, private: bool) -> Any:  # noqa: ANN401
        """The title of a column."""
        look: dict[str, object] = {"text_wrap": True, "valign": "vcenter", "border": 1, "border_color": CELLS["paper"]}
        look |= {"bold": required, "bg_color": SHEETS[family], "font_color": CELLS["paper"]}
        if private:
            look |= {"bg_color": CELLS["private_head_fill"], "font_color": CELLS["private_head"]}
        return self._format(**look)

    def cell(self, column: Column, family: str) -> Any:  # noqa: ANN401
        """A cell to fill in; all but numbers are text, so that months and leading zeros stay as typed."""
        look: dict[str, object] = {"valign": "top", "bottom": 4, "bottom_color": CELLS["rule"]}
        if column.kind not in ("integer", "number"):
            look["num_format"] = "@"
        else:
            look["align"] = "left"
        if column.kind == "string":
            look["text_wrap"] = True
        if column.kind == "id":
            look |= {"bold": True, "font_color": SHEETS[family]}
        if column.kind == "identifying":
            look["bg_color"] = CELLS["private_fill"]
        if column.kind == "verdict":
            return self.verdict
        return self._format(**look)

    def group(self, *, first: bool) -> Any:  # noqa: ANN401
        """A criterion in a grid of five; a line stands above the first."""
        line: dict[str, object] = {"top": 1, "top_color": CELLS["private"]} if first else {}
        return self._format(valign="top", num_format="@", font_color=CELLS["about"], **line)

    def _format(self, **look: object) -> Any:  # noqa: ANN401
        key = tuple(sorted({**_FONT, **look}.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(key))
        return self._made[key]

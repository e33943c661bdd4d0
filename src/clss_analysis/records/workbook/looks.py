"""The looks of a workbook: a colour per family of sheets, a format per role of cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clss_analysis.records.workbook.plan import Column

_COLOURS = {
    "family": "#3B4A54", "housing": "#8A5A2B", "criteria": "#A23B3B", "life": "#6B4A7D", "network": "#2F6B4F",
    "course": "#2C5F8A", "tree": "#4F6B2F", "voice": "#7D5A6B", "consent": "#1F1F1F", "collective": "#3F7272",
    "project": "#6B6B6B",
}  # fmt: skip
_FONT = {"font_name": "Calibri", "font_size": 11}


class Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401  # xlsxwriter is untyped
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}
        self.about = self._format(font_color="#555555", italic=True)
        self.example = self._format(font_color="#8C8C8C", italic=True, bg_color="#F2F2F2", num_format="@", valign="top",
                                    text_wrap=True, bottom=1, bottom_color="#BFBFBF")  # fmt: skip
        self.private = self._format(font_color="#A23B3B", bold=True)
        self.plain = self._format(valign="top", text_wrap=True, num_format="@")
        self.key = self._format(valign="top", bold=True, num_format="@")
        self.link = self._format(font_color="#2C5F8A", underline=1, valign="top")
        self.bare = self._format()
        self.big = self._format(font_size=20, bold=True)
        self.verdict = self._format(bg_color="#F7F7F7", bold=True, valign="top", font_color="#555555")
        self.good = self._format(font_color="#1E6B3A", bg_color="#E3F1E7")
        self.bad = self._format(font_color="#A23B3B", bg_color="#F8E6E6")
        self.open = self._format(font_color="#8A6100", bg_color="#FBF1D9")

    @staticmethod
    def height(texts: Iterable[tuple[str, int]]) -> float:
        """Points that a row needs for texts in columns of a width (in characters), wrapped; at most ten lines."""
        lines = [sum(1 + int(len(part) / (1.15 * width)) for part in text.split("\n")) for text, width in texts if text]
        return 15.0 * min(10, max(lines, default=1)) + 1

    def colour(self, family: str) -> str:
        """The colour of a family of sheets."""
        return _COLOURS[family]

    def title(self, family: str) -> Any:  # noqa: ANN401
        """The name of a sheet, on its first row."""
        return self._format(font_size=18, bold=True, font_color=_COLOURS[family], valign="vcenter")

    def title_small(self, family: str) -> Any:  # noqa: ANN401
        """The name of a family of sheets, in the list of contents."""
        return self._format(font_size=12, bold=True, font_color=_COLOURS[family])

    def header(self, family: str, *, required: bool, private: bool) -> Any:  # noqa: ANN401
        """The title of a column."""
        look: dict[str, object] = {"text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#FFFFFF",
                                   "bold": required, "bg_color": _COLOURS[family], "font_color": "#FFFFFF"}  # fmt: skip
        if private:
            look |= {"bg_color": "#F3D9D9", "font_color": "#7A2626"}
        return self._format(**look)

    def cell(self, column: Column, family: str) -> Any:  # noqa: ANN401
        """A cell to fill in; all but numbers are text, so that months and leading zeros stay as typed."""
        look: dict[str, object] = {"valign": "top", "bottom": 4, "bottom_color": "#D9D9D9"}
        if column.kind not in ("integer", "number"):
            look["num_format"] = "@"
        else:
            look["align"] = "left"
        if column.kind == "string":
            look["text_wrap"] = True
        if column.kind == "id":
            look |= {"bold": True, "font_color": _COLOURS[family]}
        if column.kind == "identifying":
            look["bg_color"] = "#FBF0F0"
        if column.kind == "verdict":
            return self.verdict
        return self._format(**look)

    def group(self, *, first: bool) -> Any:  # noqa: ANN401
        """A criterion in a grid of five; a line stands above the first."""
        line: dict[str, object] = {"top": 1, "top_color": "#A23B3B"} if first else {}
        return self._format(valign="top", num_format="@", font_color="#555555", **line)

    def _format(self, **look: object) -> Any:  # noqa: ANN401
        key = tuple(sorted({**_FONT, **look}.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(key))
        return self._made[key]

"""What charts share: numbers as a language writes them, a scale in millimetres, and a horizontal axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clss_analysis.layout.geometry import Label, Mark
from clss_analysis.layout.page import SMALL, Part
from clss_analysis.layout.text import block_size


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to millimetres, linearly: `low` sits at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value sits."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def decimal(value: float, places: int, lang: str = "fr") -> str:
    r"""A number with its decimals, the sign before it a true minus.

    >>> decimal(-0.25, 2), decimal(0.25, 1, "en")
    ('−0,25', '0.2')
    """
    text = f"{abs(value):.{places}f}"
    sign = "−" if value < 0 and float(text) else ""
    return sign + (text if lang == "en" else text.replace(".", ","))


def word(name: str, text: str, x: float, middle: float, *, align: str = "left", of: str = "figure") -> Label:
    """One line of small text beside, over or before a point, centred on a height."""
    broad, high = block_size((text,), SMALL.size)
    left = x - {"left": 0.0, "center": broad / 2, "right": broad}[align]
    box = (left, middle - high / 2, left + broad, middle + high / 2)
    return Label(name, box, (text,), of, SMALL.size, SMALL.face, align, SMALL.role)


def axis(scale: Scale, ticks: Sequence[tuple[float, str]], y: float, title: str, *, grid: float | None = None) -> Part:
    """A horizontal axis at a height, its ticks with their words below, its title under them, and grid lines from above.

    Args:
        scale: of the values.
        ticks: values and their words.
        y: height of the axis in millimetres.
        title: what is on the axis, with its unit.
        grid: upper end of the grid lines; none where not given.
    """
    marks = [Mark(((scale.start, y), (scale.end, y)), "axis")]
    labels = []
    for number, (value, text) in enumerate(ticks):
        x = scale(value)
        marks.append(Mark(((x, y), (x, y + 1.2)), "tick"))
        if grid is not None:
            marks.insert(0, Mark(((x, grid), (x, y)), "hairline"))
        labels.append(word(f"tick-{number}", text, x, y + 3.2, align="center"))
    name = word("axis-title", title, (scale.start + scale.end) / 2, y + 7.2, align="center")
    return Part(name.box[3], labels=(*labels, name), marks=tuple(marks))

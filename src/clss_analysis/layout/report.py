"""What a layout says of its own quality, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clss_analysis.records import message
from clss_analysis.records.vocabulary import message_keys


def report(quality: Mapping[str, Any], lang: str = "fr") -> list[str]:
    r"""One line for each figure of a layout's `quality`.

    Args:
        quality: as in the layout; what is nested is named by the words for its whole path.
        lang: fr, nl or en.

    Returns:
        Lines in the order of the keys.

    >>> report({"overlaps": 0, "arrow_length": {"variation": 0.42}})
    ['éléments qui se recouvrent\u202f: 0', 'longueur des flèches, coefficient de variation\u202f: 0,42']
    """
    return [
        message("quality.line", lang, what=message(f"quality.{key}", lang) if key in known else key, value=said)
        for known in [{name.removeprefix("quality.") for name in message_keys() if name.startswith("quality.")}]
        for key, value in _flat(quality, "")
        for said in [_said(value, lang)]
    ]


def _flat(values: Mapping[str, Any], path: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in values.items():
        found += _flat(value, f"{path}{key}.") if isinstance(value, Mapping) and value else [(f"{path}{key}", value)]
    return found


def _said(value: Any, lang: str) -> str:  # noqa: ANN401  # whatever a layout holds
    if value is None or value == {}:
        return message("quality.none", lang)
    if isinstance(value, bool):
        return message("quality.yes" if value else "quality.no", lang)
    if isinstance(value, Mapping):
        return f"{', '.join(value['ids'])} ({value['reason']})"
    if isinstance(value, (list, tuple)):
        return ", ".join(_said(each, lang) for each in value) or message("quality.none", lang)
    return str(value).replace(".", ",") if isinstance(value, float) and lang != "en" else str(value)

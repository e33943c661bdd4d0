"""The words of synthetic cohorts: what `words.toml` lists, generic services and short French sentences for them."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def _fixed(said: Any) -> Any:  # noqa: ANN401  # whatever TOML holds
    """Lists as tuples, however deep, since they are drawn from and never changed."""
    if isinstance(said, dict):
        return {key: _fixed(each) for key, each in said.items()}
    return tuple(map(_fixed, said)) if isinstance(said, list) else said


_SAID = _fixed(tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8")))

Words = tuple[str, ...]
SERVICES: dict[str, tuple[str, str, str, str]] = _SAID["SERVICES"]
SUPPORT: dict[str, Words] = _SAID["SUPPORT"]
OTHERS: tuple[tuple[str, str], ...] = _SAID["OTHERS"]
REQUESTS: Words = _SAID["REQUESTS"]
NEIGHBOURHOODS: Words = _SAID["NEIGHBOURHOODS"]
PLIGHTS: dict[str, str] = _SAID["PLIGHTS"]
PROBLEMS: dict[str, Words] = _SAID["PROBLEMS"]
SYMPTOMS: Words = _SAID["SYMPTOMS"]
EVIDENCE: dict[str, Words] = _SAID["EVIDENCE"]
EVENTS: dict[str, Words] = _SAID["EVENTS"]
AIMS: Words = _SAID["AIMS"]
OBJECTIVES: dict[str, Words] = _SAID["OBJECTIVES"]
MEANS: Words = _SAID["MEANS"]
NOTES: dict[str, Words] = _SAID["NOTES"]
STATEMENTS: dict[str, str] = _SAID["STATEMENTS"]
CODES: dict[str, tuple[str, str, str]] = _SAID["CODES"]
WORKSHOPS: dict[str, tuple[str, str, int]] = _SAID["WORKSHOPS"]
PARTNERSHIPS: tuple[tuple[str, str, str], ...] = _SAID["PARTNERSHIPS"]

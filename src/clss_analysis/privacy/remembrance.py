"""What was decided about a passage once, known again in any text while the passage and its sentence stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from clss_analysis.privacy.identifiers import Finding, Memory
from clss_analysis.privacy.identifiers.finding import PLACEHOLDER, plain
from clss_analysis.privacy.key_file import KeyFile, Remembered
from clss_analysis.privacy.names_in_text import squeezed
from clss_analysis.privacy.review import MASK, Undecided, decide, undecided
from clss_analysis.privacy.texts import Text
from clss_analysis.records import Records
from clss_analysis.records.decisions import Decision

_END = re.compile(r"\n\s*|[.!?…]+[»”\")]*\s+")
_SHORT = re.compile(r"\b(?:[^\W\d_]{1,3}|mlle|mevr)$", re.IGNORECASE)
"""What before a full stop is an abbreviation rather than the end of a sentence."""
_WORD = re.compile(r"\w+")
_LONGEST = 8
"""Words of the longest passage that is looked for in other texts."""
_SHORTEST = 3  # letters: what is shorter stands within other words
_ROUNDS = 50
"""A masked word changes the sentence that the next one stands in, so that decisions are applied in rounds."""


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence begins and ends that holds a stretch of a text.

    >>> text = "Vu hier. Reçu de M. Bey, le bailleur. Elle attend."
    >>> text[slice(*sentence(text, 20, 23))]
    'Reçu de M. Bey, le bailleur. '
    """
    ends = _END.finditer(text)
    full = (
        each.end() for each in ends if "\n" in each[0] or each[0][0] != "." or not _SHORT.search(text[: each.start()])
    )
    cuts = [0, *full, len(text)]
    return max(cut for cut in cuts if cut <= start), min(cut for cut in cuts if cut >= end)


def remember(key: KeyFile, text: str, found: Finding, told: Remembered) -> None:
    """Keep a decision in the register, without a word of the text."""
    key.decisions[_hash(key, text, found)] = told
    passage = text[found.start : found.end]
    if told.decision == MASK and len(squeezed(passage)) >= _SHORTEST:
        key.strings[_string(key, passage)] = (found.kind, told.word)


def proposals(key: KeyFile) -> Callable[[str], list[Finding]]:
    """What in a text was masked in another one, whether or not the search for identifiers finds it."""

    def find(text: str) -> list[Finding]:
        words = list(_WORD.finditer(text)) if key.strings else []
        held = [each.span() for each in PLACEHOLDER.finditer(text)] if words else []
        words = [each for each in words if not any(a < each.start() < b for a, b in held)]
        found = []
        for first in range(len(words)):
            for last in range(first, min(first + _LONGEST, len(words))):
                start, end = words[first].start(), words[last].end()
                if told := key.strings.get(_string(key, text[start:end])):
                    found.append(Finding(start, end, told[0], 1.0, "masked_before"))
        return found

    return find


def proposed(key: KeyFile, each: Undecided) -> tuple[str, str] | None:
    """Kind and word of a passage that was masked elsewhere."""
    return key.strings.get(_string(key, each.text[each.finding.start : each.finding.end]))


def with_remembered(records: Records, key: KeyFile, memory: Memory | None = None) -> Records:
    """The dataset as the decisions of the register have it: words masked or replaced again, others left."""
    if not key.decisions:
        return records
    find = proposals(key)
    for _ in range(_ROUNDS):
        decisions, masks = _recalled(undecided(records, memory, proposed=find), key)
        if not decisions and not masks:
            break
        records = decide(records, decisions, masks)
    return records


def _recalled(findings: Iterable[Undecided], key: KeyFile) -> tuple[list[Decision], dict[Text, dict[Finding, str]]]:
    decisions: list[Decision] = []
    masks: dict[Text, dict[Finding, str]] = {}
    for each in findings:
        told = key.decisions.get(_hash(key, each.text, each.finding))
        if told is not None and told.decision == MASK:
            masks.setdefault(each.key, {})[each.finding] = told.word
        elif told is not None:
            decisions.append(each.kept(told.decision, told.reason, told.role, told.month))
    return decisions, masks


def _hash(key: KeyFile, text: str, found: Finding) -> str:
    start, end = sentence(text, found.start, found.end)
    parts = (text[start : found.start], text[found.start : found.end], text[found.end : end])
    return key.hashed("passage|" + "\0".join(" ".join(plain(part)[0].split()) for part in parts))


def _string(key: KeyFile, passage: str) -> str:
    return key.hashed(f"string|{squeezed(passage)}")

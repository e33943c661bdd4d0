"""A line of its own says that somebody has it: what few have who may only be counted changes no line of any table."""

from __future__ import annotations

import pandas as pd
import pytest
from test_privacy_ledger import homes_of, of_rows, told_and_counted

from clss_analysis import measures
from clss_analysis.measures.ties import tie_network
from clss_analysis.records import Records

TOLD, SIZE, THRESHOLD = 7, 19, 5
RARE = {"symptom": "hallucinations", "problem": "destroyed", "service": "rare", "code": "isolement"}
MEASURES = {
    "codes": lambda records: measures.incidence(records, "health_impacts"),
    "pairs": lambda records: measures.cooccurrence(records, "housing_problems", "health_impacts"),
    "rows of pairs": lambda records: measures.cooccurrence(records, "health_impacts", "housing_problems"),
    "statistics": lambda records: measures.association(records, "housing_problems", "health_impacts"),
    "change": lambda records: measures.before_after(records, "health_impacts"),
    "codebook": measures.code_cooccurrence,
    "statements": lambda records: measures.code_cooccurrence(records, "statement"),
    "services": lambda records: pd.DataFrame(measures.service_dependence(records)[["actor", "households"]].to_numpy()),
    "actors": lambda records: tie_network(records).actors,
    "links": lambda records: tie_network(records).links,
}


def cohort(rare: str | None = None, *, many: bool = False) -> Records:
    """Seven told and twelve counted households; `rare` has what no other has; four others too where `many`."""
    homes = homes_of(SIZE).assign(closing="2025-01")
    having = [rare, *(f"H{n}" for n in range(8, 12))] if many else [rare]
    rows: dict[str, list[dict[str, str]]] = {
        "health_impacts": [
            {"household": each, "symptom": "insomnia", "domain": "mental_health"} for each in homes["id"]
        ],
        "housing_problems": [{"household": each, "problem": "health_damp"} for each in homes["id"]],
        "actors": [{"id": each, "label": f"Service {each}", "kind": "service"} for each in ("often", "rare")],
        "ties": [{"household": each, "from_actor": "often", "direction": "one_way"} for each in homes["id"]],
        "codes": [{"id": each, "label": each} for each in ("peur", RARE["code"])],
        "statements": [
            {"id": f"p-{each}", "household": each, "text": "Rien.", "wording": "paraphrase"} for each in homes["id"]
        ],
        "codings": [{"statement": f"p-{each}", "code": "peur", "coder": "a"} for each in homes["id"]],
    }
    for each in filter(None, having):
        rows["health_impacts"].append({"household": each, "symptom": RARE["symptom"], "domain": "mental_health"})
        rows["housing_problems"].append({"household": each, "problem": RARE["problem"]})
        rows["ties"].append({"household": each, "from_actor": RARE["service"], "direction": "one_way"})
        rows["codings"].append({"statement": f"p-{each}", "code": RARE["code"], "coder": "a"})
    return told_and_counted(of_rows(homes, rows), TOLD, THRESHOLD)


@pytest.mark.parametrize("name", MEASURES)
def test_what_one_household_has_that_is_only_counted_adds_no_line_and_no_withheld_number(name: str) -> None:
    shown = [MEASURES[name](cohort(rare)) for rare in (None, "H7", "H18")]
    for other in shown[1:]:
        pd.testing.assert_frame_equal(shown[0], other)
        assert shown[0].attrs == other.attrs


def test_what_a_told_household_has_is_a_line_that_may_be_withheld_and_what_enough_have_is_one() -> None:
    told = measures.incidence(cohort("H0"), "health_impacts").set_index("code")["households"]
    assert told.to_dict() == {"insomnia": 19, RARE["symptom"]: 1}
    enough = measures.incidence(cohort("H7", many=True), "health_impacts").set_index("code")["households"]
    assert enough.to_dict() == {"insomnia": 19, RARE["symptom"]: 5}


def test_the_networks_say_no_more_of_links_that_only_the_counted_have() -> None:
    before, after = (tie_network(cohort(rare)) for rare in (None, "H7"))
    assert (before.withheld_actors, before.withheld_links) == (after.withheld_actors, after.withheld_links) == (0, 0)
    assert measures.partner_network(cohort("H7")).graph["withheld"] == 0

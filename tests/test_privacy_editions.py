"""What an edition counted is part of what the next one may say: nobody is told of by the difference of the two."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from brief_packs import real_house
from records_sample import accepted
from test_measures_suppression import public
from test_privacy_ledger import association, homes_of, of_rows, same, told_and_counted

import clss_analysis as clss
from clss_analysis import measures
from clss_analysis.cli import main
from clss_analysis.figures import KINDS, save
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.measures.counts import numbers_by_code
from clss_analysis.privacy import NotClearedError, check, clear, publishable_counts, withhold
from clss_analysis.privacy.editions import as_published, read_for_others
from clss_analysis.privacy.gate import part_of
from clss_analysis.privacy.given_out import give_out
from clss_analysis.privacy.ledger import ledger
from clss_analysis.privacy.passages import require_decided, undecided_beside
from clss_analysis.publish.brief import tell
from clss_analysis.records import Records, message, read, synthesise, write
from clss_analysis.records.descriptor import EDITIONS, edition_groups
from clss_analysis.records.tables import load
from clss_analysis.runs.tellable import tellable

TOML = 'name = "Le Seuil"\n[edition]\nyear = 2026\n'
Edit = Callable[[Records], Records]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "clss.toml").write_text(TOML, encoding="utf-8")
    return tmp_path


def cohort(told: int, size: int, threshold: int = 5) -> Records:
    """Households of which all traits are told, the first of them to be told, the others only to be counted."""
    whole = association(5)
    homes = list(whole.households["id"])[:size]
    return told_and_counted(replace(whole, threshold=threshold).among(homes), told, threshold)


def edition(records: Records, house: Path, *, given: bool = False) -> Records:
    """The records as a book of this house has them; kept as given out where that is said."""
    folder = write(records, house / "records", overwrite=True)
    shown = as_published(read(folder), folder)
    if given:
        give_out(shown, folder, pd.Period("2025-12", "M"))
    return shown


def test_what_leaves_is_held_to_the_threshold_that_the_house_says(house: Path) -> None:
    folder = write(cohort(3, 6), house / "records")
    assert as_published(read(folder), folder).threshold == 5
    (house / "clss.toml").write_text(f"threshold = 8\n{TOML}", encoding="utf-8")
    assert as_published(read(folder), folder).threshold == 8
    assert clear(read_for_others(folder)).threshold == 8


def counted_in(records: Records) -> set[str]:
    return set(ledger(records).only_counted)


def scope(records: Records, home: str, consent: str | None) -> Records:
    homes = records.households
    homes.loc[homes["id"] == home, "consent"] = consent
    return records.with_tables(households=homes)


def numbers(records: Records) -> pd.DataFrame:
    return measures.incidence(records, "housing_problems")


def test_a_trial_is_no_edition_and_outside_a_house_there_is_none(house: Path, tmp_path: Path) -> None:
    records = cohort(6, 20)
    assert edition(records, house).extra == records.extra
    assert not (house / "register").exists()
    elsewhere = write(records, tmp_path / "ailleurs")
    give_out(read(elsewhere), elsewhere, None)
    assert not (tmp_path / "ailleurs-register").exists()
    assert as_published(records, elsewhere) is records


def test_what_is_kept_is_the_users_alone_and_holds_the_counted_alone(house: Path) -> None:
    edition(cohort(6, 20), house, given=True)
    kept = house / "register" / "editions"
    assert set(read(kept).households["id"]) == {f"H{n}" for n in range(6, 20)}
    assert {path.stat().st_mode & 0o077 for path in (kept, *kept.iterdir())} == {0}
    assert (house / "register" / ".gitignore").read_text() == "*\n"


def test_too_few_new_ones_wait_and_enough_come_in_together(house: Path) -> None:
    first = edition(cohort(6, 20), house, given=True)
    before = counted_in(first)
    waits = edition(cohort(6, 24), house)
    assert counted_in(waits) == before
    assert ledger(waits).left_out
    pd.testing.assert_frame_equal(numbers(waits), numbers(first))
    assert message("privacy_waiting", threshold=5) in check(waits)[0].lines
    enough = edition(cohort(6, 25), house)
    assert counted_in(enough) == before | {f"H{n}" for n in range(20, 25)}
    assert message("privacy_waiting", threshold=5) not in check(enough)[0].lines


def test_no_edition_shows_the_consent_of_who_may_only_be_counted(house: Path) -> None:
    records = cohort(6, 20)
    homes, consents = records.households, records.consents.set_index("id")
    own = consents.loc[homes["consent"]].reset_index(drop=True).assign(id=[f"k{n}" for n in range(20)])
    records = records.with_tables(households=homes.assign(consent=own["id"]), consents=own)
    mine = {f"k{n}" for n in range(6)}
    edition(records, house, given=True)
    for shown in (records, edition(records, house)):
        assert set(tellable(shown).consents["id"]) == mine
    gone = records.among([f"H{n}" for n in range(6)])
    assert set(gone.consents["id"]) > mine
    assert set(tellable(gone).consents["id"]) == mine


def test_newcomers_are_judged_by_themselves(house: Path) -> None:
    records = cohort(6, 31)
    problems = records.housing_problems.iloc[:0]
    start, late = [f"H{n}" for n in range(19)], [f"H{n}" for n in range(19, 25)]
    rows = [
        {"id": f"p{n}", "household": f"H{n}", "problem": "health_damp" if n < 19 or n == 30 else "none", "source": "x"}
        for n in range(31)
    ]
    raw = pd.DataFrame(rows).reindex(columns=problems.columns).assign(reading=False).astype(problems.dtypes)
    records = records.with_tables(housing_problems=raw)
    edition(records.among(start), house, given=True)
    damp = numbers(edition(records.among([*start, *late, "H30"]), house))
    assert damp.set_index("code")["households"].isna()["health_damp"], "one of those who are new has it"
    assert (
        numbers(edition(records.among([*start, *late]), house)).set_index("code").loc["health_damp", "households"] == 19
    )


def corrected(records: Records) -> Records:
    problems = records.housing_problems
    problems.loc[problems["household"] == "H9", "problem"] = "destroyed"
    return records.with_tables(housing_problems=problems)


def renumbered(records: Records) -> Records:
    """Rows of the told bear the ids that those of others had, as after a row was put in above."""
    ties, problems = (records.table(name) for name in ("ties", "housing_problems"))
    return records.with_tables(
        ties=ties.assign(id=list(ties["id"])[::-1]), housing_problems=problems.assign(id=list(problems["id"])[::-1])
    )


@pytest.mark.parametrize("change", [corrected, renumbered, lambda records: scope(records, "H9", "t")])
def test_who_was_counted_stays_as_it_was_and_is_not_told(change: Edit, house: Path) -> None:
    first = edition(cohort(6, 20), house, given=True)
    second = edition(change(cohort(6, 20)), house)
    pd.testing.assert_frame_equal(numbers(second), numbers(first))
    pd.testing.assert_frame_equal(
        measures.cooccurrence(second, "housing_problems", "health_impacts"),
        measures.cooccurrence(first, "housing_problems", "health_impacts"),
    )
    assert measures.partner_network(second).nodes(data=True) == measures.partner_network(first).nodes(data=True)
    with pytest.raises(NotClearedError):
        clear(second).require_told("H9")
    clear(second).require_told("H3")
    again = write(second, house / "copie")
    assert counted_in(read(again)) == counted_in(first)


@pytest.mark.parametrize("change", [
    lambda records: records.among(set(records.households["id"]) - {"H9"}),
    lambda records: scope(records.with_tables(consents=pd.concat([records.consents, records.consents.assign(
        id=records.consents["id"] + "w", scope="working")], ignore_index=True)), "H9", "cw"),
], ids=["left", "withdrew"])  # fmt: skip
def test_a_group_that_lost_one_is_in_no_count_any_more(change: Edit, house: Path) -> None:
    edition(cohort(6, 20), house, given=True)
    second = edition(change(cohort(6, 20)), house)
    gone = second.extra["counted_in_editions"][0]
    assert gone["out"]
    left = second.among(set(second.households["id"]) - {"H9"})
    assert counted_in(left) == set()
    assert ledger(left).left_out
    give_out(left, house / "records", None)
    assert load(house / "register" / "editions").households.empty
    assert counted_in(edition(cohort(6, 20), house)) == set(), "coming back does not bring the others back"
    assert counted_in(edition(cohort(6, 25), house)) == {f"H{n}" for n in range(20, 25)}


def test_what_is_read_without_a_command_is_held_against_the_edition_too(house: Path) -> None:
    """A row was corrected and a household may be told since: measures, figures and files are as those of a command."""
    first = edition(cohort(6, 20), house, given=True)
    beside = edition(scope(corrected(cohort(6, 20)), "H12", "t"), house)
    plain = clss.read(house / "records")
    assert plain.housing_problems.equals(beside.housing_problems) is False
    for name in set(public()) - {"negative_cases"}:  # of codes, which these records have none of
        same(name, plain, beside)
    pd.testing.assert_frame_equal(numbers(plain), numbers(first))
    cleared = clear(plain)
    for household in ("H9", "H12"):
        with pytest.raises(NotClearedError):
            cleared.require_told(household)
    for kind in [kind for kind, about in KINDS.items() if about.about.counts]:
        made, command = house / f"{kind}.svg", house / f"{kind}-command.svg"
        try:
            save(KINDS[kind].draw(plain), made, cleared)
        except NothingToDrawError:
            continue
        assert main(["figure", kind, "--dataset", str(house / "records"), "--out", str(command)]) == 0
        assert made.read_text(encoding="utf-8") == command.read_text(encoding="utf-8"), kind
    homes = beside.households["id"]
    by_hand = pd.Series([9, 11], index=pd.Index(["oui", "non"], name="x"))
    assert publishable_counts(by_hand, homes, plain).isna().all()
    assert withhold([by_hand], homes, plain)[0][0]["households"].isna().all()
    assert plain == read(house / "records"), "what is read stays as it was written"


def test_a_group_all_of_which_may_be_told_is_told(house: Path) -> None:
    edition(cohort(6, 20), house, given=True)
    assert clear(edition(cohort(20, 20), house)).told == {f"H{n}" for n in range(20)}


def test_who_was_told_hides_nobody(house: Path) -> None:
    """A narrowed consent: readers of the edition before know the household, and take it out of every count."""
    first = edition(cohort(6, 20), house, given=True)
    for size in (20, 24):
        narrowed = edition(scope(cohort(6, size), "H3", "c"), house)
        assert counted_in(narrowed) == counted_in(first), "four others and one who is known are four"
        with pytest.raises(NotClearedError):
            clear(narrowed).require_told("H3")
    grown = edition(scope(cohort(6, 25), "H3", "c"), house)
    assert counted_in(grown) == counted_in(first) | {f"H{n}" for n in range(20, 25)}


def test_a_pack_that_is_given_out_is_kept_and_listed_when_a_consent_is_withdrawn(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records = accepted(cohort(6, 20))
    edition(records, house)
    monkeypatch.chdir(house)
    pack = ["brief", "expulsion", "--case", "H0", "--date", "2025-12"]
    assert main([*pack, "--edition"]) == 0
    assert set(read(house / "register" / "editions").households["id"]) == {f"H{n}" for n in range(6, 20)}
    listed = message("cli.check.made")
    main(["check"])
    assert listed not in capsys.readouterr().out
    write(scope(records, "H0", None), house / "records", overwrite=True)
    assert main(["check"]) == 1
    assert message("cli.check.made_of", place="out/brief/expulsion-fr", households="H0") in capsys.readouterr().out
    write(records.among(set(records.households["id"]) - {"H0"}), house / "records", overwrite=True)
    shutil.rmtree(house / "out" / "brief" / "expulsion-fr" / "figures")  # a pack in which nothing was drawn
    main(["check"])
    assert message("cli.check.made_of", place="out/brief/expulsion-fr", households="H0") in capsys.readouterr().out


def test_what_was_written_of_a_household_is_named_when_it_is_gone_wherever_it_lies(
    house: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    records = real_house(3, "told")
    edition(records, house)
    monkeypatch.chdir(house)
    outside = tmp_path_factory.mktemp("ailleurs") / "jeu.ged"
    for words in (
        ["figure", "trajectory", "--case", "S001", "--out", "out/a.svg"],
        ["figure", "trajectory", "--case", "S002", "--out", "b.svg"],
        ["export", "--out", "out/jeu.xlsx"],
        ["export", "--out", str(outside)],
        ["review", "--out", "relire.csv"],
    ):
        assert main(words) == 0, words
    (house / "register" / "previous").mkdir()
    shutil.copytree(house / "records", house / "register" / "previous" / "records")
    gone = records.among(set(records.households["id"]) - {"S001"})
    write(gone, house / "records", overwrite=True)
    capsys.readouterr()
    main(["check"])
    said = capsys.readouterr().out
    for place in ("out/a.svg", "out/jeu.xlsx", str(outside), "relire.csv", "register/previous/records"):
        assert message("cli.check.made_of", place=place, households="S001") in said
    assert "b.svg" not in said
    outside.unlink()
    main(["check"])
    assert str(outside) not in capsys.readouterr().out, "what was deleted is named no more"


def test_a_curve_shows_them_while_nobody_came_in_after(house: Path) -> None:
    first = edition(cohort(6, 20), house, given=True)
    assert len(set(ledger(edition(cohort(6, 20), house)).came)) == 1
    later = edition(cohort(6, 25), house)
    assert len(set(ledger(later).came)) == 2
    assert ledger(later).until["H9"] == pd.Period("2025-12", "M")
    assert len(first.households) + 5 == len(later.households)


GROUPS = {"one": 60, "two": 40}


@pytest.fixture(scope="module", params=GROUPS)
def grown(request: pytest.FixtureRequest) -> tuple[Records, Records, int]:
    """A mixture of whom an edition counted some: the records, those who may be told alone, and how many groups."""
    records = told_and_counted(synthesise(60, 3), 12)
    homes = list(records.households["id"])
    group = {"households": homes[12 : GROUPS[request.param]], "until": "2025-12", "out": False}
    records = replace(records, extra={**records.extra, EDITIONS: [group]})
    return records, part_of(records, homes[:12]), len(set(ledger(records).came))


def few(records: Records, trait: pd.Series) -> bool:
    """Whether a trait is had by few of those of one group who may only be counted."""
    entered = ledger(records)
    mine = trait.reindex(entered.only_counted)
    sizes = pd.DataFrame({"came": entered.came, "trait": mine.to_numpy()}).groupby(["came", "trait"]).size()
    return bool((sizes < entered.threshold).any())


@pytest.mark.parametrize("event", ["rehousing", "closing"])
def test_a_curve_counts_one_group_or_the_told_alone(event: str, grown: tuple[Records, Records, int]) -> None:
    records, told, groups = grown
    curve, alone = (measures.kaplan_meier(each, event) for each in (records, told))
    if groups > 1:
        assert curve.attrs["left_out"]
        pd.testing.assert_frame_equal(curve.assign(earliest=0), alone.assign(earliest=0))
        return
    assert curve.attrs["binned"]
    waits = measures.durations(records, event).set_index("household")
    steps = pd.Series(np.searchsorted(curve["months"], waits["months"]) * 2 + waits["happened"], index=waits.index)
    beyond = waits["months"] > curve["months"].max()
    assert not few(records, steps.mask(beyond, 99)), "a step shows few"


def test_changes_are_shown_where_no_group_shows_few(grown: tuple[Records, Records, int]) -> None:
    records, _, _ = grown
    rows = records.situations.sort_values("order").groupby("household")["ethos"]
    moments = (rows.first(), rows.last())
    for line in measures.before_after(records, "situations").itertuples():
        if pd.notna(line.stayed):
            before, after = ((held == line.code).reindex(records.households["id"]) for held in moments)
            states = before.astype("string").fillna("?") + after.astype("string").fillna("?")
            assert not few(records, states), line.code


def test_codes_and_memberships_are_those_of_the_told(grown: tuple[Records, Records, int]) -> None:
    records, told, _ = grown
    for unit in ("household", "statement"):
        one, other = (measures.code_cooccurrence(each, unit) for each in (records, told))
        pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(measures.qca.memberships(records), measures.qca.memberships(told))


def test_an_edition_is_asked_for_in_a_house(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(cohort(6, 20), tmp_path / "jeu")
    assert main(["build", "--dataset", str(folder), "--out", str(tmp_path / "livre"), "--edition"]) == 2
    assert message("house.edition") in capsys.readouterr().err
    assert not (tmp_path / "livre").exists()
    assert main(["brief", "expulsion", "--dataset", str(folder), "--out", str(tmp_path / "dossier"), "--edition"]) == 2
    assert not (tmp_path / "dossier").exists()


ASKED = """title: {{fr: "Compter"}}
demand:
  rows: [context/expulsions-region]
  says: {{fr: "Nous demandons de publier le nombre d’expulsions."}}
numbers:
{}
  - row: context/expulsions-region
    says: {{fr: "{{value}} jugements d’expulsion en un an."}}
  - row: context/attente-logement-social
    about: true
    says: {{fr: "{{value}} ménages attendent."}}
recommendations:
  - rows: [context/expulsions-region]
    says: {{fr: "Relever chaque année les jugements d’expulsion."}}
"""
COUNT = """  - count: {{table: {}, where: {{{}}}}}
    missing: skip
    says: {{fr: "{{value}} des {{households}} ménages ({})."}}
"""
DAMP = ("housing_problems", "problem: health_damp", "humide")
LATE = ("events", "kind: notice", "préavis")
OWN = ("ties", "direction: one_way", "suivi")


@pytest.fixture
def nested(house: Path) -> Path:
    """A house of one told and 22 counted: 15 of these live in damp, 14 of them have a notice, 13 of them are followed.

    So each number lies in another of which it misses one.
    """
    damp = [{"household": f"H{n}", "problem": "health_damp", "domain": "health"} for n in range(16)]
    late = [{"household": f"H{n}", "kind": "notice", "label": "préavis", "lane": "housing", "order": "1"}
            for n in range(15)]  # fmt: skip
    ties = [{"household": f"H{n}", "from_actor": "x0", "direction": "one_way"} for n in range(14)]
    raw = {"housing_problems": damp, "events": late, "ties": ties}
    raw["actors"] = [{"id": "x0", "label": "Service", "kind": "service"}]
    write(accepted(told_and_counted(of_rows(homes_of(23), raw), 1)), house / "records")
    return house


def printed(house: Path, *counts: tuple[str, str, str]) -> list[int]:
    theme = house / "theme.yml"
    theme.write_text(ASKED.format("".join(COUNT.format(*each) for each in counts)), encoding="utf-8")
    return [each.value for each in tell(str(theme), house / "records", case="H0", date="2025-12").facts.counted]


def test_what_a_pack_printed_is_held_against_the_next_one(nested: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [printed(nested, each) for each in (DAMP, LATE, OWN)] == [[16], [15], [14]], "each could be shown alone"
    assert printed(nested, DAMP, LATE) == [16], "but not beside the other"
    monkeypatch.chdir(nested)
    printed(nested, LATE)
    assert main(["brief", "theme.yml", "--case", "H0", "--date", "2025-12", "--edition"]) == 0
    assert [printed(nested, each) for each in (DAMP, LATE, OWN)] == [[], [15], []], "nor after it"
    records = read_for_others(nested / "records")
    assert measures.incidence(records, "housing_problems")["households"].isna().all(), "nor in the book after it"
    assert dict(measures.incidence(records, "events").to_numpy())["notice"] == 15


def test_what_a_book_printed_is_held_against_a_pack(nested: Path) -> None:
    records = read_for_others(nested / "records")
    give_out(records, nested / "records", None, numbers_by_code(records))
    before, after = measures.incidence(records, "events"), read_for_others(nested / "records")
    pd.testing.assert_frame_equal(measures.incidence(after, "events"), before)
    assert printed(nested, OWN) == []
    give_out(after, nested / "records", None, numbers_by_code(after))
    (groups, *_) = edition_groups(read_for_others(nested / "records").extra)
    assert len(groups["said"]) == 2, "what was printed again is kept once"


def group(**said: object) -> dict[str, object]:
    return {"households": ["H1"], "until": "", "out": False} | said


@pytest.mark.parametrize(
    "wrote",
    [
        "x",
        ["x"],
        [{}],
        [group(households="H1")],
        [group(until="2024-13")],
        [group(out=1)],
        [group(said=[["somebody"]])],
        [group(said="x")],
    ],
)
def test_a_key_of_that_name_that_a_stranger_wrote_is_no_edition(wrote: object) -> None:
    records = replace(synthesise(6, 1), extra={EDITIONS: wrote})
    assert edition_groups(records.extra) == ()
    assert edition_groups({EDITIONS: [group()]}) == (group(),)
    assert check(records)


def test_a_review_of_the_book_reads_what_the_book_prints(house: Path) -> None:
    """Words of a household that is told by now but that an edition counted: asked at the door, and in a review."""
    records = cohort(6, 20)
    homes = records.households
    homes.loc[homes["id"] == "H6", "label"] = "Ménage Vanpoucke"
    records = accepted(records.with_tables(households=homes))
    passages = {("book", "fr", "Vu madame Vanpoucke."): ["02.md, ligne 3"]}
    edition(records, house, given=True)
    told = scope(records, "H6", "t")
    alone = write(told, house.parent / f"{house.name}-ailleurs")
    assert undecided_beside(read(alone), alone, passages) == ()
    shown = edition(told, house)
    assert len(undecided_beside(read(house / "records"), house / "records", passages)) == 1
    with pytest.raises(NotClearedError, match=r"02\.md"):
        require_decided(passages, clear(shown))

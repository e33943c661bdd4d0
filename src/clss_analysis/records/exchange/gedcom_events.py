"""What the events of a GEDCOM say of a life and of a union: they count only where the file asserts them."""

from __future__ import annotations

import re

from clss_analysis.records.exchange.foreign import Tally, Why, foreign_words
from clss_analysis.records.exchange.gedcom_lines import (
    COPARENTS,
    COUPLE_UNSTATED,
    Structure,
    day_of,
    is_about,
    month_of,
)
from clss_analysis.records.residence import at_once

BORN = re.compile(
    r"(?:@#DGREGORIAN@ |GREGORIAN )?(?:(?:[0-9]{1,2} )?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC) )?([0-9]{4})"
)
"""A date of birth that gives the year exactly."""
_TAG = re.compile("_?[A-Z][A-Z0-9]{1,14}")
_NUMBER = re.compile("[1-9]")
_NEVER = re.compile("never|not |no |unmarried|jamais|pas |non|sans |nooit|niet |geen|ongehuwd|ongetrouwd")
"""How words begin that say that two are not married: they need no event to be so."""
_YES, _NO = ("y", "yes", "oui", "ja"), ("n", "no", "non", "nee", "neen")
_PERIOD = re.compile(r"(?:FROM ([^()]+?))?(?:(?:^| )TO ([^()]+))?")
_ANNULLED, _RECONCILED, _UNSURE = "annulled", "reconciled", "unsure"
_COURSE = ("", "unmarried", "married", _UNSURE, "separated", "divorced", _ANNULLED)
"""States of a union in the order in which they follow each other; one annulled is neither married nor divorced, and of
one whose end is named but not asserted nobody knows whether it lasts."""
_OVER = ("separated", "divorced", _UNSURE)
_ENDS = {"DIV": "divorced", "SEPR": "separated", "_SEPR": "separated", "_SEPARATED": "separated", "ANUL": _ANNULLED}
_SAID = {"_NMR": "unmarried", "_NOMR": "unmarried", "_COML": "unmarried", "_CML": "unmarried"}
"""Tags of other programs which say by themselves, or by `Y`, that two are not married."""
_STATED = ("EVEN", "_STAT", "_MSTAT", "_EVENT", "EVENT")
_AFTER_DEATH = ("BURI", "CREM", "PROB", "_FNRL", "_FUN", "_INTE")
"""Events that the file can assert of the dead only."""
_LIVED = 110
"""Years after which somebody without an event of death is taken for dead, where ages are asked for."""


class Events:
    """Reads events and counts what of them is left.

    Args:
        tally: takes the counts.
    """

    def __init__(self, tally: Tally) -> None:
        self.count = tally.add

    def leave(self, where: str, structure: Structure) -> None:
        """Count a structure that has no place in records."""
        tag = structure.tag if _TAG.fullmatch(structure.tag) else "_…"
        reason = Why.IDENTIFIER if tag in foreign_words("gedcom.identifying") else Why.NO_PLACE
        self.count(f"{where}.{tag}" if where else tag, reason)

    def leave_below(self, where: str, structure: Structure, *but: str) -> None:
        """Count what stands below a structure, but for some tags."""
        for child in structure.children:
            if child.tag not in but:
                self.leave(where, child)

    def asserted(self, where: str, event: Structure, *by: str) -> bool:
        """Whether the file says that the event took place: `Y`, a place, `by`, or a date that is more than a phrase.

        A date without a number and words such as « inconnu » or « living » say nothing of it.
        """
        said, date, unsaid = _word(event.value), event.text("DATE"), foreign_words("gedcom.unsaid")
        dated = not date.startswith("(") and (
            bool(_NUMBER.search(date)) or _word(date) in (*_YES, *foreign_words("gedcom.death"))
        )
        told = any(_word(event.text(tag)) not in unsaid for tag in ("PLAC", "ADDR", *by))
        if said in _YES or (said not in _NO and (dated or told)):
            return True
        self.count(where, Why.UNCLEAR)
        return False

    def life(self, person: Structure, born: int | None, year: int | None) -> tuple[str, str]:
        """Code of `life`, and the month or year of a death; empty where the file asserts neither it nor that none was.

        A death counts by its age or cause too, a stillbirth is a pregnancy lost, and a burial, cremation or probate
        are of the dead only, dated by their year, since days may lie between.

        Args:
            person: an `INDI` record.
            born: the year of birth, where it is known.
            year: the year for which it is asked, where there is one.
        """
        no = {event.value.strip() for event in person.all("NO") if not event.first("DATE")}
        unborn, living, dead = "BIRT" in no, "DEAT" in no, False
        dates: dict[bool, list[str]] = {True: [], False: []}
        for event in person.children:
            death, named = event.tag == "DEAT", self._named(event)
            if not death and event.tag not in _AFTER_DEATH and not named:
                continue
            stillborn = (death and event.text("AGE").upper() == "STILLBORN") or named == "lost"
            unborn = unborn or stillborn
            living = living or (death and _word(event.value) in _NO and not event.first("DATE"))
            if self.asserted(f"INDI.{event.tag}", event, *(("AGE", "CAUS") if death else ())):
                dead = True
                dates[death] += [event.text("DATE")] if event.first("DATE") else []
            if death:
                self.leave_below("INDI.DEAT", event, "DATE", *(("AGE",) if stillborn else ()))
        if dead or unborn:
            life = "lost" if dead and unborn else "deceased" if dead else "expected"
            if life == "deceased":
                return life, self._died(dates)
            self.count("INDI.DEAT.DATE", Why.IDENTIFIER, len(dates[True]))
            return life, ""
        if year is not None and born is not None and year - born > _LIVED:
            self.count("INDI.DEAT (−)", Why.ASSUMED)
            return "deceased", ""
        return ("alive" if living else ""), ""

    def born(self, person: Structure, year: int | None) -> int | None:
        """The birth year, where one event gives it exactly; the date itself goes no further.

        Args:
            person: an `INDI` record.
            year: the year for which ages are asked, where there is one.
        """
        years: set[int] = set()
        for birth in person.all("BIRT"):
            self.leave_below("INDI.BIRT", birth, "FAMC")
            date = " ".join(birth.text("DATE").upper().split())
            if exact := BORN.fullmatch(date):
                years.add(int(exact[1]))
            elif date and year is not None:
                self.count("INDI.BIRT.DATE (?)", Why.UNCLEAR)
        return years.pop() if len(years) == 1 else None

    def stays(self, person: Structure) -> tuple[tuple[str, str, str], ...]:
        """Kind, first and last month or year of each placement and each stay in hospital or in prison.

        An event of a name only counts where its date is a period: a single date does not say until when, and none
        would be every month.  Of two at once the first is taken.
        """
        found: list[tuple[str, str, str]] = []
        for event in (*person.all("EVEN"), *person.all("FACT")):
            kind, period = foreign_words("gedcom.stay").get(_word(event.text("TYPE")), ""), _period(event.text("DATE"))
            said = {"start": period[0], "end": period[1]} if period else {}
            if not kind:
                self.leave("INDI", event)
            elif period is None or any(at_once(said, {"start": start, "end": end}) for _, start, end in found):
                self.count(f"INDI.{event.tag}", Why.UNCLEAR)
            else:
                found.append((kind, *period))
                self.leave_below(f"INDI.{event.tag}", event, "TYPE", "DATE")
        return tuple(found)

    def _died(self, dates: dict[bool, list[str]]) -> str:
        """The moment of a death by its own dates, else the year of what follows it; empty where they do not agree."""
        told = {month_of(date) for date in dates[True]} or {month_of(date)[:4] for date in dates[False]}
        when = told.pop() if len(told) == 1 else ""
        if not when:
            self.count("INDI.DEAT.DATE", Why.IDENTIFIER, len(dates[True]))
        elif not dates[True] or any(map(is_about, dates[True])):
            self.count("INDI.DEAT.DATE (?)", Why.ASSUMED)
        return when

    def _named(self, event: Structure) -> str:
        """What an event without a tag of its own says of a life by its name: `deceased`, `lost` or nothing."""
        return foreign_words("gedcom.death").get(_word(event.text("TYPE")), "") if event.tag == "EVEN" else ""

    def course(self, families: list[Structure]) -> list[tuple[str, str, str]]:
        """What a union was, one after the other: state, first and last month; one without months where it is one state.

        The event with the last date counts; one without a date counts where it comes later in the course of a union,
        but for an end that stands in the file between two times together.
        Months, or years, are told where the file dates every state, but for a life together before its dated end:
        then a picture of a month can show what held in it.

        Args:
            families: the records of these two, in the order of the file.
        """
        told: list[tuple[tuple[int, int, int] | None, str, str]] = []
        dates: list[str] = []
        about: list[str] = []
        for event in (each for family in families for each in family.children):
            if state := self._union(event):
                date = event.text("DATE")
                told.append((day_of(date), state, month_of(date)))
                dates += [event.tag] * int(event.first("DATE") is not None)
                about += [event.tag] * int(is_about(date))
        states = [state for _, state, _ in told]
        past = {
            n for n, (when, state, _) in enumerate(told)
            if state in _OVER and "married" in states[:n]
            and {"married", _RECONCILED} & {each for later, each, _ in told[n + 1 :] if not (when and later)}
        }  # fmt: skip
        undated = ["", *(state for n, (when, state, _) in enumerate(told) if not when and n not in past)]
        kept = [each for n, each in enumerate(told) if n not in past]
        dated = _resumed(in_time([(when, state, month) for when, state, month in kept if when]))
        if _RECONCILED in undated:
            undated = [_UNSURE if dated and not past else "" if each == _RECONCILED else each for each in undated]
        before = next(iter(undated[1:]), "")
        alone = before in ("married", "unmarried") and {*undated} == {"", before} and dated and dated[0][0] in _OVER
        if (
            dated
            and not past
            and (alone or not any(undated))
            and all(month for state, month in dated if state != _ANNULLED)
        ):
            for tag in about:
                self.count(f"FAM.{tag}.DATE (?)", Why.ASSUMED)
            return _periods([(before, ""), *dated] if alone else dated)
        for tag in dates:
            self.count(f"FAM.{tag}.DATE", Why.IDENTIFIER)
        state = max([*undated, *(state for state, _ in dated[-1:])], key=_COURSE.index)
        return [("" if state in (_ANNULLED, _UNSURE) else state, "", "")]

    def _union(self, event: Structure) -> str:
        """The state that an event leaves a union in; empty where it says none."""
        words, where, tag = foreign_words("gedcom.union"), f"FAM.{event.tag}", event.tag
        kind, value, phrase = (_word(text) for text in (event.text("TYPE"), event.value, event.text("DATE")))
        if tag == "MARR":
            place = _word(event.text("PLAC"))
            said = next((words[each] for each in (value, phrase, place, kind) if words.get(each) == "unmarried"), "")
            if said and (words.get(kind) != said or _NEVER.match(kind)):
                return said
            if not self.asserted(where, event):
                return ""
            self.leave_below(where, event, "DATE", *(("TYPE",) if said else ()))
            return said or "married"
        if tag in _ENDS:
            if self.asserted(where, event):
                self.leave_below(where, event, "DATE")
                return words[kind] if words.get(kind) in _OVER else _ENDS[tag]
            return _UNSURE if {value, phrase} <= {*foreign_words("gedcom.unsaid")} - {"n", "no"} else ""
        if (tag == "NO" and value == "marr" and not phrase) or (tag in _SAID and value not in _NO):
            self.leave_below(where, event, "DATE")
            return "unmarried"
        if tag in _STATED and value not in _NO and (said := words.get(kind) or words.get(value, "")):
            self.leave_below(where, event, "TYPE", "DATE")
            return said
        if tag in ("NO", *_SAID) or (tag in _STATED and event.text("TYPE") not in (COUPLE_UNSTATED, COPARENTS)):
            self.leave("FAM", event)
        return ""


def in_time(told: list[tuple[tuple[int, int, int], str, str]]) -> list[tuple[tuple[int, int, int], str, str]]:
    """Events in the order of their dates; as the file has them, where the months or days of one year are not all told.

    >>> [state for _, state, _ in in_time([((2010, 5, 5), "married", ""), ((2010, 0, 0), "divorced", "")])]
    ['married', 'divorced']
    """
    coarse = {(when[0], place) for when, _, _ in told for place in (1, 2) if not all(when[1 : place + 1])}
    return sorted(told, key=lambda each: [each[0][0], *(each[0][n] * ((each[0][0], n) not in coarse) for n in (1, 2))])


def _resumed(dated: list[tuple[tuple[int, int, int], str, str]]) -> list[tuple[str, str]]:
    """States and months in the order of time; who are reconciled are again what they were together."""
    found: list[tuple[str, str]] = []
    for _, state, month in dated:
        before = next((each for each, _ in reversed(found) if each in ("married", "unmarried")), "")
        if state != _RECONCILED or before:
            found.append((before if state == _RECONCILED else state, month))
    return found


def _periods(told: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Unions of the same two: one begins with each state of living together, and ends with what ends it.

    Of one whose end alone is told nobody knows when it began.

    >>> _periods([("married", "2001-04"), ("divorced", "2010-05"), ("married", "2015-07")])
    [('divorced', '2001-04', '2010-05'), ('married', '2015-07', '')]
    >>> _periods([("divorced", "2010")])
    [('divorced', '', '2010')]
    """
    if len(told) == 1 and told[0][0] in ("separated", "divorced"):
        return [(told[0][0], "", told[0][1])]
    periods: list[tuple[str, str, str]] = []
    for state, month in told:
        going = periods[-1] if periods and not periods[-1][2] else None
        if state in ("married", "unmarried"):
            periods[-1:] = ([(going[0], going[1], month)] if going else periods[-1:]) + [(state, month, "")]
        elif going:
            periods[-1] = ("" if state == _ANNULLED else state, going[1], month)
        elif state != _ANNULLED:
            periods.append((state, month, month))
    return periods or [("", "", "")]


UNION_TAGS = ("MARR", "NO", *_STATED, *_ENDS, *_SAID)
"""What stands below a family and says something of the union."""


def _period(date: str) -> tuple[str, str] | None:
    """The first and last month or year of a period, empty where it is open; None of any other date.

    >>> _period("FROM 4 MAR 2019 TO SEP 2020"), _period("from 2019"), _period("MAR 2019"), _period("FROM 2020 TO 2019")
    (('2019-03', '2020-09'), ('2019', ''), None, None)
    """
    told = _PERIOD.fullmatch(" ".join(date.upper().split()))
    if told is None or told[0] == "":
        return None
    start, end = (month_of(each or "") for each in told.groups())
    shared = min(len(start), len(end))
    sound = bool(start) == bool(told[1]) and bool(end) == bool(told[2]) and start[:shared] <= end[:shared]
    return (start, end) if sound else None


def _word(text: str) -> str:
    """Words of a program as the lists have them: lower case, one space, without signs around them."""
    return " ".join(text.lower().strip("()[].,;:?- ").removeprefix("myheritage:rel_").split())

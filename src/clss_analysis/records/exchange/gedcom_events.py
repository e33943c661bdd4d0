"""What the events of a GEDCOM say of a life and of a union: they count only where the file asserts them."""

from __future__ import annotations

import re

from clss_analysis.records.exchange.foreign import ASSUMED, IDENTIFIER, NO_PLACE, UNCLEAR, Tally, foreign_words
from clss_analysis.records.exchange.gedcom_lines import COPARENTS, COUPLE_UNSTATED, Structure, day_of, month_of

_TAG = re.compile("_?[A-Z][A-Z0-9]{1,14}")
_ANNULLED = "annulled"
_COURSE = ("", "unmarried", "married", "separated", "divorced", _ANNULLED)
"""States of a union in the order in which they follow each other; one annulled is neither married nor divorced."""
_ENDS = {"DIV": "divorced", "SEPR": "separated", "_SEPR": "separated", "_SEPARATED": "separated", "ANUL": _ANNULLED}
_SAID = {"_NMR": "unmarried", "_NOMR": "unmarried", "_COML": "unmarried", "_CML": "unmarried"}
"""Tags of other programs which say by themselves, or by `Y`, that two are not married."""
_STATED = ("EVEN", "_STAT", "_MSTAT", "_EVENT", "EVENT")
_AFTER_DEATH = ("BURI", "CREM", "PROB")
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
        reason = IDENTIFIER if tag in foreign_words("gedcom.identifying") else NO_PLACE
        self.count(f"{where}.{tag}" if where else tag, reason)

    def leave_below(self, where: str, structure: Structure, *but: str) -> None:
        """Count what stands below a structure, but for some tags."""
        for child in structure.children:
            if child.tag not in but:
                self.leave(where, child)

    def asserted(self, where: str, event: Structure, *by: str) -> bool:
        """Whether the file says that the event took place: `Y`, a place, `by`, or a date that is more than a phrase."""
        said, date = event.value.strip().upper(), event.text("DATE")
        dated = bool(date) and not date.startswith("(")
        if said == "Y" or (said != "N" and (dated or any(event.text(tag) for tag in ("PLAC", *by)))):
            return True
        self.count(where, UNCLEAR)
        return False

    def life(self, person: Structure, born: int | None, year: int | None) -> str:
        """Code of `life`; empty where the file asserts neither a death nor that there was none.

        A death counts by its age or cause too, a stillbirth is a pregnancy lost, and a burial, cremation or probate
        are of the dead only.

        Args:
            person: an `INDI` record.
            born: the year of birth, where it is known.
            year: the year for which it is asked, where there is one.
        """
        no = {event.value.strip() for event in person.all("NO")}
        unborn, living, dead = "BIRT" in no, "DEAT" in no, False
        for event in person.children:
            death = event.tag == "DEAT"
            if not death and event.tag not in _AFTER_DEATH and not self._is_death(event):
                continue
            stillborn = death and event.text("AGE").upper() == "STILLBORN"
            unborn = unborn or stillborn
            living = living or (death and event.value.strip().upper() == "N")
            if self.asserted(f"INDI.{event.tag}", event, *(("AGE", "CAUS") if death else ())):
                dead = True
            if death:
                self.leave_below("INDI.DEAT", event, *(("AGE",) if stillborn else ()))
        if dead or unborn:
            return "lost" if dead and unborn else "deceased" if dead else "expected"
        if year is not None and born is not None and year - born > _LIVED:
            self.count("INDI.DEAT (−)", ASSUMED)
            return "deceased"
        return "alive" if living else ""

    def _is_death(self, event: Structure) -> bool:
        return event.tag == "EVEN" and _word(event.text("TYPE")) in foreign_words("gedcom.death")

    def course(self, family: Structure) -> list[tuple[str, str, str]]:
        """What a union was, one after the other: state, first and last month; one without months where it is one state.

        The event with the last date counts; one without a date counts where it comes later in the course of a union.
        Months are told only where the file dates two states or more, each to a month: then a picture of a month
        can show what held in it.
        """
        dated: list[tuple[tuple[int, int, int], str, str]] = []
        undated, dates = [""], list[str]()
        for event in family.children:
            state = self._union(event)
            dates += [event.tag] * int(bool(state) and event.first("DATE") is not None)
            if state and (when := day_of(event.text("DATE"))):
                dated.append((when, state, month_of(event.text("DATE"))))
            else:
                undated.append(state)
        dated.sort(key=lambda each: each[0])
        if len(dated) > 1 and not any(undated) and all(month for _, state, month in dated if state != _ANNULLED):
            return _periods([(state, month) for _, state, month in dated])
        for tag in dates:
            self.count(f"FAM.{tag}.DATE", IDENTIFIER)
        state = max([*undated, *(state for _, state, _ in dated[-1:])], key=_COURSE.index)
        return [("" if state == _ANNULLED else state, "", "")]

    def _union(self, event: Structure) -> str:
        """The state that an event leaves a union in; empty where it says none."""
        words, where, tag = foreign_words("gedcom.union"), f"FAM.{event.tag}", event.tag
        kind, value, phrase = (_word(text) for text in (event.text("TYPE"), event.value, event.text("DATE")))
        if tag == "MARR":
            said = next((words[each] for each in (value, phrase, kind) if words.get(each) == "unmarried"), "")
            if said and words.get(kind) != said:
                return said
            if not self.asserted(where, event):
                return ""
            self.leave_below(where, event, "DATE", *(("TYPE",) if said else ()))
            return said or "married"
        if tag in _ENDS and self.asserted(where, event):
            self.leave_below(where, event, "DATE")
            return _ENDS[tag]
        if (tag == "NO" and value == "marr") or (tag in _SAID and value not in ("n", "no")):
            self.leave_below(where, event, "DATE")
            return "unmarried"
        if tag in _STATED and (said := words.get(kind) or words.get(value, "")):
            self.leave_below(where, event, "TYPE", "DATE")
            return said
        if tag in ("NO", *_SAID) or (tag in _STATED and event.text("TYPE") not in (COUPLE_UNSTATED, COPARENTS)):
            self.leave("FAM", event)
        return ""


def _periods(told: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Unions of the same two: one begins with each state of living together, and ends with what ends it.

    >>> _periods([("married", "2001-04"), ("divorced", "2010-05"), ("married", "2015-07")])
    [('divorced', '2001-04', '2010-05'), ('married', '2015-07', '')]
    """
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


def _word(text: str) -> str:
    """Words of a program as the lists have them: lower case, one space, without signs around them."""
    return " ".join(text.lower().strip("()[]. ").removeprefix("myheritage:rel_").split())

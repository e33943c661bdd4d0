"""The disclosure gate: nothing of a household leaves without a consent on record."""

from __future__ import annotations

from dataclasses import dataclass

from clss_analysis.records import Records, label, message

TOLD, COUNTED = "told", "counted"


class NotClearedError(ValueError):
    """Something would leave the house that nobody has released; the text says what to do, one line per household."""


@dataclass(frozen=True)
class Clearance:
    """What may leave: households that may be told (and counted), and those that may only be counted."""

    told: frozenset[str]
    counted: frozenset[str]
    synthetic: bool

    def require_told(self, household: str) -> None:
        """Stop unless the household may be told.

        Raises:
            NotClearedError: it may only be counted, or is not in the dataset.
        """
        if household not in self.told:
            scope = label("consent_scope", TOLD)
            raise NotClearedError(message("privacy_not_told", household=household, scope=scope))


def clear(records: Records) -> Clearance:
    """Ask the gate what of a dataset may leave the house.

    It fails closed: every household needs an entry of `consents`, whose scope says whether it may be told or only
    counted.  Synthetic households are nobody's, and may be told.

    This gate looks at consents only.  Names in free text and the risk of recognition through a combination of traits
    are not looked at here.

    Returns:
        The households that may be told and those that may only be counted.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> sorted(clear(clss.read("data/publication")).told)
    ['A', 'C1', 'C2', 'C3', 'N', 'Y']
    """
    scopes = _scopes(records)
    if missing := [household for household, scope in scopes.items() if scope is None]:
        raise NotClearedError("\n".join(message("privacy_unreleased", household=each) for each in missing))
    return Clearance(
        told=frozenset(household for household, scope in scopes.items() if scope == TOLD),
        counted=frozenset(household for household, scope in scopes.items() if scope == COUNTED),
        synthetic=records.synthetic,
    )


def check_report(records: Records, lang: str = "fr") -> list[str]:
    """What the gate found, in plain words: what it is, why it matters, what to do.

    Returns:
        One line per finding, the households without consent last, each by name.
    """
    scopes = _scopes(records)
    if records.synthetic:
        return [message("privacy_synthetic", lang, n=len(scopes))]
    found = list(scopes.values())
    lines = []
    if told := found.count(TOLD):
        lines.append(message("privacy_told", lang, n=told, scope=label("consent_scope", TOLD, lang)))
    if counted := found.count(COUNTED):
        lines.append(message("privacy_counted", lang, n=counted))
    return lines + [message("privacy_unreleased", lang, household=each) for each in scopes if scopes[each] is None]


def _scopes(records: Records) -> dict[str, str | None]:
    households = records.households
    if records.synthetic:
        return dict.fromkeys(households["id"], TOLD)
    scope_of = dict(zip(records.consents["id"], records.consents["scope"], strict=True))
    consents = households["consent"].astype(object).where(households["consent"].notna(), None)
    return {each: scope_of.get(consent) for each, consent in zip(households["id"], consents, strict=True)}

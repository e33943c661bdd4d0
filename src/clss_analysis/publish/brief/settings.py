"""What a dataset says for its briefs: as of which month its numbers are read, and whom to write to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from clss_analysis.publish.brief.theme import BriefError
from clss_analysis.records import Fault, message
from clss_analysis.records.descriptor import FILE
from clss_analysis.records.house import own_house
from clss_analysis.records.house_settings import Settings
from clss_analysis.records.schema import MONTH_FORM
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.vocabulary import LANGUAGES

KEY = "brief"
_MONTH = len("YYYY-MM")
_LONGEST = 160  # characters: a line at the foot of a page


@dataclass(frozen=True)
class BriefSettings:
    """As of which month numbers are old or young, that of the dataset's own counts, the contact line by language."""

    as_of: pd.Period
    counted: pd.Period
    contact: dict[str, str]


def settings(folder: Path, date: str | None = None) -> BriefSettings:
    """The dataset's settings for briefs, from the key `brief` of its `datapackage.json`, else from its house.

    Args:
        folder: the dataset.
        date: a month, YYYY-MM, instead of the dataset's own, or a day, on which its counts stay of its own month; the
            clock is never asked.

    Raises:
        BriefError: no month is given anywhere, or a setting is not what it must be.

    >>> str(settings(Path("data/publication")).as_of)
    '2025-12'
    """
    found = json.loads((folder / FILE).read_text(encoding="utf-8-sig")).get(KEY, {})
    if not isinstance(found, dict) or not set(found) <= {"as_of", "contact"}:
        raise BriefError(Fault(FILE, None, KEY, message("brief.settings.keys")))
    house = own_house(folder)
    said = Settings() if house is None else house.settings
    own = found.get("as_of", said.date and f"{said.date:%Y-%m}")
    month = date[:_MONTH] if date else own
    if month is None:
        raise BriefError(message("brief.settings.no_month"))
    if not isinstance(month, str) or not MONTH_FORM.fullmatch(month):
        raise BriefError(message("cli.bad_month") if date else Fault(FILE, None, KEY, message("fault_yearmonth")))
    contact = found.get("contact", dict.fromkeys(LANGUAGES, said.contact) if said.contact else {})
    if not isinstance(contact, dict) or not set(contact) <= set(LANGUAGES) or not all(map(_sound, contact.values())):
        raise BriefError(Fault(FILE, None, KEY, message("brief.settings.contact", n=_LONGEST)))
    as_of = pd.Period(month, freq="M")
    stays = isinstance(own, str) and MONTH_FORM.fullmatch(own) and date and len(date) > _MONTH
    return BriefSettings(as_of, min(as_of, pd.Period(own, freq="M")) if stays else as_of, contact)


def _sound(text: object) -> bool:
    return isinstance(text, str) and len(text.strip()) > 0 and len(text) <= _LONGEST and not FORBIDDEN.search(text)

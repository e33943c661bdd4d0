"""Birth dates made into ages, and days into months."""

from __future__ import annotations

import datetime as dt
import re

from babel.dates import get_month_names

from clss_analysis.records.typography import month_begun
from clss_analysis.records.vocabulary import LANGUAGES, age_band

_OLDEST = 120  # years: a birth further back is a slip of the pen
_FORMS = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[T ].*)?"),
    re.compile(r"(?P<d>\d{1,2})\s*[/.\-]\s*(?P<m>\d{1,2})\s*[/.\-]\s*(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})"),
    re.compile(r"(?P<m>\d{1,2})[/.\-](?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})"),
    re.compile(r"((?P<d>\d{1,2})(er)?\s+)?(?P<m>[^\W\d_]{3,})\.?\s+(?P<y>\d{4})"),
)


def born(text: str) -> tuple[int, int | None] | None:
    """Year and, where it is given, month of a birth date; None where it cannot be read.

    >>> born("03/11/1991"), born("1991-11-03"), born("1991"), born("vers 1991")
    ((1991, 11), (1991, 11), (1991, None), None)
    """
    found = _date(text)
    return None if found is None or not 1900 <= found[0] <= 2099 else found[:2]


def day_to_month(text: str) -> tuple[str, bool]:
    """A month as a dataset writes it, and whether a day was cut off; what is no date stays as it is.

    >>> day_to_month("12/11/2023"), day_to_month("11/2023"), day_to_month("2023-11"), day_to_month("hiver 2023")
    (('2023-11', True), ('2023-11', False), ('2023-11', False), ('hiver 2023', False))
    >>> day_to_month("janv. 2024"), day_to_month("1er août 2023"), day_to_month("maart 2024"), day_to_month("jui 2024")
    (('2024-01', False), ('2023-08', True), ('2024-03', False), ('jui 2024', False))
    >>> day_to_month("12 mrt. 2024")
    ('2024-03', True)
    """
    found = _date(text)
    if found is None or found[1] is None:
        return text, False
    year, month, day = found
    return f"{year:04d}-{month:02d}", day is not None


def forms_of(text: str) -> tuple[str, ...]:
    """How else a birth date may stand in a text: in digits of every order, and in words; none where no day is told.

    >>> forms_of("30/07/1979")[:5]
    ('30071979', '19790730', '790730', '300779', '3071979')
    >>> "30 juillet 1979" in forms_of("1979-07-30"), forms_of("07/1979")
    (True, ())
    """
    found = _date(text)
    if found is None or found[1] is None or found[2] is None:
        return ()
    year, month, day = found
    short = f"{year % 100:02d}"
    digits = (f"{day:02d}{month:02d}{year}", f"{day}{month:02d}{year}", f"{year}{month:02d}{day:02d}",
              f"{short}{month:02d}{day:02d}", f"{day:02d}{month:02d}{short}", f"{day}{month}{year}")  # fmt: skip
    named = (f"{day} {get_month_names('wide', locale=lang)[month]} {year}" for lang in LANGUAGES)
    return (*dict.fromkeys(digits), *dict.fromkeys(named))


def age_cells(birth: tuple[int, int | None], intake: str, *, bands: bool) -> dict[str, str]:
    """What the columns `age` and `age_band` may hold of a birth date, at a month of intake (YYYY-MM).

    In the month of birth itself, and where the year alone is given, nobody knows whether the birthday is over: that
    gives a band only, and only where one year more or less makes no difference to it.

    >>> age_cells((1991, 11), "2023-10", bands=False), age_cells((1991, 11), "2023-12", bands=False)
    ({'age': '31'}, {'age': '32'})
    >>> age_cells((1991, 11), "2023-11", bands=False), age_cells((1993, 11), "2023-11", bands=False)
    ({'age_band': '30-44'}, {})
    >>> age_cells((1991, None), "2023-11", bands=False), age_cells((1991, 11), "", bands=False)
    ({'age_band': '30-44'}, {})
    """
    if not re.fullmatch(r"\d{4}-\d{2}", intake):
        return {}
    year, month = int(intake[:4]), int(intake[5:])
    since = month - birth[1] if birth[1] is not None else 0
    lowest, highest = year - birth[0] - (since <= 0), year - birth[0] - (since < 0)
    if birth[1] is not None and highest == 0:
        lowest = 0  # born in this very month
    if not 0 <= lowest <= highest <= _OLDEST or age_band(lowest) != age_band(highest):
        return {}
    return {"age_band": age_band(lowest)} if bands or lowest != highest else {"age": str(lowest)}


def birth_month(birth: tuple[int, int | None], intake: str) -> str:
    """The month of birth, or its year, of who is born after the month of intake; empty for all others.

    >>> birth_month((2024, 7), "2024-06"), birth_month((2025, None), "2024-06"), birth_month((2024, None), "2024-06")
    ('2024-07', '2025', '')
    """
    year, month = birth
    said = f"{year:04d}" if month is None else f"{year:04d}-{month:02d}"
    return said if re.fullmatch(r"\d{4}-\d{2}", intake) and said > intake[: len(said)] else ""


def _date(text: str) -> tuple[int, int | None, int | None] | None:
    for form in _FORMS:
        if found := form.fullmatch(text.strip()):
            parts = found.groupdict()
            year, month, day = int(parts["y"]), parts.get("m"), parts.get("d")
            if month and not month.isdecimal() and not (month := month_begun(month)):
                return None
            try:
                dt.date(year, int(month or 1), int(day or 1))
            except ValueError:
                return None
            return year, int(month) if month else None, int(day) if day else None
    return None

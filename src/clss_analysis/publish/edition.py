"""What a book says of itself: title, author, date, dataset, and the banner of synthetic data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clss_analysis.publish.project import BookError, Project
from clss_analysis.records import Fault, Records
from clss_analysis.records.house_settings import FILE, Settings
from clss_analysis.records.schema import table_names
from clss_analysis.records.typography import region, typeset
from clss_analysis.records.vocabulary import message


@dataclass(frozen=True)
class Edition:
    """The book as it stands on its cover.

    `lang` is a language tag such as fr-BE, `around` the language of the words around the text: fr, nl or en;
    `licence` is empty where none is given; `banner` is None for real data; `identifier` names this very book; `volume`
    names the volume and `other` says which one goes with it, both empty where the book is one; `support` says with
    whose support it is made, `made` from what, which the publication leaves to the technical volume; `original` is the
    language and title of the book that this one is an edition of; `logo` the ending and content of the picture of the
    house's `clss.toml`, empty without one.
    """

    title: str
    subtitle: str
    author: str
    date: datetime.date
    lang: str
    identifier: str
    banner: str | None
    colophon: tuple[str, ...]
    made: tuple[str, ...] = ()
    support: str = ""
    licence: str = ""
    around: str = "fr"
    volume: str = ""
    other: str = ""
    original: tuple[str, str] = ("", "")
    logo: tuple[str, bytes] = ("", b"")

    @property
    def of_original(self) -> str:
        """What stands before the title of the original."""
        return typeset(message("book_original", self.around), self.around)

    @property
    def issued(self) -> str:
        """The date as catalogues take it: the year alone where that is all that is said, a 1 January by convention."""
        return str(self.date.year) if (self.date.month, self.date.day) == (1, 1) else self.date.isoformat()

    @property
    def full_title(self) -> str:
        """Its title, and the volume."""
        return f"{self.title} – {self.volume}" if self.volume else self.title

    @property
    def epoch(self) -> int:
        """The date as seconds since 1970, UTC."""
        day = self.date
        return int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp())


def edition(
    project: Project, dataset: Mapping[str, Any], identifier: str, *, narrative: bool, lang: str = "fr"
) -> Edition:
    """The edition of a book made from a dataset.

    Args:
        project: the book project.
        dataset: name, sha256, synthetic; title if it has one, `in_part` if the hash is that of what is shown of it, and
            `until`, the day that its book is dated.
        identifier: an URN.
        narrative: whether the chapters that tell the dataset are in the book; if not, it is named after the data.
        lang: language of what is not the chapters' own: fr, nl or en.
    """
    name = str(dataset.get("title") or dataset["name"])
    banner = typeset(message("synthetic", lang), lang) if dataset["synthetic"] else None
    made = [
        message(
            "book_colophon_part" if dataset.get("in_part") else "book_colophon_data",
            lang,
            name=str(dataset["name"]),
            sha256=str(dataset["sha256"])[:16],
        ),
        message("book_colophon_made", lang),
    ]
    house = project.house if narrative else Settings()  # another's records this house can neither sign nor license
    named = ", ".join(each for each in (house.name, house.place) if each)
    answers = house.responsible or message("book_no_responsible", lang)
    colophon = [
        *filter(None, (house.contact or named, house.support)),
        *([message("book_colophon_responsible", lang, name=answers)] if named else []),
        *([message("book_colophon_licence", lang, licence=house.licence)] if house.licence else []),
    ]
    dates = (project.date, dataset.get("until"))
    own, title = project.house.original if narrative else ("", "")
    date = next((each for each in (dates if narrative else dates[::-1]) if each), None)
    if date is None:
        raise BookError([Fault(FILE, None, None, message("house.no_date"))])
    return Edition(
        title=typeset(project.title if narrative else message("book_recueil_title", lang), lang),
        subtitle=typeset(project.subtitle if narrative else name, lang),
        author=typeset(project.author if narrative else message("book_recueil_author", lang), lang),
        date=date,
        lang=project.lang if narrative else f"{lang}-{region(lang)}",
        identifier=identifier,
        banner=banner,
        licence=house.licence,
        colophon=tuple(typeset(line, lang) for line in ([banner] if banner else []) + colophon),
        made=tuple(typeset(line, lang) for line in made),
        support=typeset(house.support, lang),
        around=lang,
        original=(own, typeset(title, own)) if title else ("", ""),
    )


def volume_name(lang: str, *, technical: bool) -> str:
    """What a volume of a book of two is called."""
    return message("book_volume_technical" if technical else "book_volume_publication", lang)


def last_month(records: Records) -> datetime.date | None:
    """The first day of the last month that a dataset tells anything of: what a book without a date is dated.

    None where no month is told.

    >>> import clss_analysis as clss
    >>> last_month(clss.read("data/demo")).year
    2025
    """
    frames = [records.table(name) for name in table_names()]
    columns = [frame[name] for frame in frames for name in frame if isinstance(frame[name].dtype, pd.PeriodDtype)]
    months = [column.max() for column in columns if column.notna().any()]
    return max(months).start_time.date() if months else None

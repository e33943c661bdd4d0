"""Who keeps the house: what its `clss.toml` says, in a form."""

from __future__ import annotations

from tornado.web import authenticated

from clss_analysis.desk.handlers import Answer
from clss_analysis.records import InvalidRecordsError
from clss_analysis.records.house import House, house_at
from clss_analysis.records.house_settings import FILE, write_settings

SAID = ("name", "place", "title", "subtitle", "author", "contact", "support", "responsible", "licence", "edition.date")
"""Keys of `clss.toml` that the form asks; the others are for who opens the file."""


class Association(Answer):
    """What the association says of itself."""

    @authenticated
    def get(self) -> None:
        """The form."""
        self.show([], _said(self.desk.house))

    @authenticated
    def post(self) -> None:
        """Say it; nothing is written where a value will not do."""
        desk, now = self.desk, _said(self.desk.house)
        said = {name: self.get_body_argument(name, now[name]) for name in SAID}
        try:
            write_settings(desk.house.folder / FILE, {name: text for name, text in said.items() if text != now[name]})
        except InvalidRecordsError as error:
            self.show([fault.told(desk.lang) for fault in error.faults], said)
            return
        desk.house = desk.draft.house = house_at(desk.house.folder)
        desk.told = [desk.say("desk.house.done")]
        self.redirect("/clss/house")

    def show(self, faults: list[str], said: dict[str, str]) -> None:
        """The page, with what is wrong."""
        fields = [(name, self.desk.say(f"desk.house.{name}"), said[name]) for name in SAID]
        self.page("house.html", fields=fields, faults=faults, told=self.desk.told)
        self.desk.told = []


def _said(house: House) -> dict[str, str]:
    date = house.settings.date
    texts = {name: getattr(house.settings, name) for name in SAID if "." not in name}
    return {**texts, "edition.date": date.isoformat() if date else ""}

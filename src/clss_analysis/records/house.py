"""An association's house: the folder with its `clss.toml`, found from anywhere inside it, and what stands where."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from clss_analysis.records.house_settings import FILE, FOLDERS, Settings, read_settings

_PACKAGE = Path(__file__).parents[1]
_SHIPPED = _PACKAGE / "house"


class NoHouseError(ValueError):
    """Something is asked for that only a house can answer, and there is none."""


@dataclass(frozen=True)
class House:
    """A house: its folder, and what its `clss.toml` says.

    `records` is the dataset, `register` what never leaves (pseudonyms, decisions, keys), `book` the chapters, `themes`
    the association's interpellation themes, `out` what is made and may be deleted at any time, `workbook` the workbook
    if they work with one.
    """

    folder: Path
    settings: Settings

    @property
    def records(self) -> Path:
        """Folder of the dataset."""
        return self.folder / self.settings.folders["records"]

    @property
    def register(self) -> Path:
        """Folder of what never leaves the house."""
        return self.folder / self.settings.folders["register"]

    @property
    def editions(self) -> Path:
        """Folder of what the editions given out have counted: the households that may only be counted, as they were."""
        return self.register / "editions"

    @property
    def book(self) -> Path:
        """Folder of the association's own chapters."""
        return self.folder / self.settings.folders["book"]

    @property
    def themes(self) -> Path:
        """Folder of the association's own themes."""
        return self.folder / self.settings.folders["themes"]

    @property
    def out(self) -> Path:
        """Folder of all that is made."""
        return self.folder / self.settings.folders["out"]

    def made(self, what: str) -> Path:
        """A place for what is made: `out/book`, say; `_book` where chapters and what is made share a folder."""
        return self.out / (f"_{what}" if self.out == self.book else what)

    def tells_in(self, lang: str) -> bool:
        """Whether there are chapters in a language: the house's own, or in the folder of the book that is called so."""
        return lang == self.settings.language or any((self.book / lang).glob("*.md"))

    @property
    def cache(self) -> Path | None:
        """Where things are kept from one build to the next; nowhere in a house that may only be read."""
        kept = self.folder != _SHIPPED and os.access(self.folder, os.W_OK)
        return self.made("cache") if kept else None

    @property
    def workbook(self) -> Path:
        """The workbook, there or not."""
        return self.folder / "dossiers.xlsx"


def folder_around(start: str | Path | None = None) -> Path | None:
    """The nearest folder upwards that has a `clss.toml`, from the working directory where nothing else is said."""
    here = Path(start or ".").resolve()
    return next((folder for folder in (here, *here.parents) if (folder / FILE).is_file()), None)


def find_house(start: str | Path | None = None) -> House | None:
    """The house that a folder stands in: the nearest folder upwards that has a `clss.toml`.

    Args:
        start: where to look first; default: the working directory.

    Returns:
        The house, or None where there is none.

    Raises:
        InvalidRecordsError: its `clss.toml` is not sound; one line per fault.

    >>> find_house("data/publication").settings.place
    'Molenbeek-Saint-Jean'
    """
    folder = folder_around(start)
    return None if folder is None else House(folder, read_settings(folder / FILE))


def house_at(folder: Path) -> House:
    """The house of a folder; one without a `clss.toml` says nothing of itself and keeps what is made in `book`."""
    if (folder / FILE).is_file():
        return House(folder, read_settings(folder / FILE))
    return House(folder, Settings(folders=MappingProxyType({**FOLDERS, "out": FOLDERS["book"]})))


def house_of(dataset: Path | None) -> House:
    """The house that a command speaks of: that whose records a dataset is, else the one around, else La Rue's.

    Args:
        dataset: folder of the dataset asked for; None for that of the house.

    Raises:
        InvalidRecordsError: a `clss.toml` is not sound.
    """
    own = None if dataset is None else own_house(dataset)
    return own or find_house() or shipped()


def own_house(dataset: Path) -> House | None:
    """The house whose records a dataset is; None where it is nobody's."""
    house = find_house(dataset)
    return house if house is not None and house.records.resolve() == dataset.resolve() else None


def shipped() -> House:
    """La Rue's house as this package brings it: the checkout that the package lies in, else its copy in the wheel."""
    checkout = _PACKAGE.parents[1]
    place = checkout if (checkout / "notebooks").is_dir() and (checkout / FILE).is_file() else _SHIPPED
    return House(place, read_settings(place / FILE))

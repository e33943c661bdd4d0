"""An association's house: the folder with its `clss.toml`, found from anywhere inside it, and what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clss_analysis.records.house_settings import FILE, Settings, read_settings

_PACKAGE = Path(__file__).parents[1]


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

    @property
    def made_book(self) -> Path:
        """Where the book is made: `out/book`, or `_book` among the chapters where `out` is their folder."""
        return self.out / ("_book" if self.out == self.book else "book")

    @property
    def workbook(self) -> Path:
        """The workbook, there or not."""
        return self.folder / "dossiers.xlsx"


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
    here = Path(start or ".").resolve()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return House(folder, read_settings(folder / FILE))
    return None


def shipped() -> House:
    """La Rue's house as this package brings it: the checkout that the package lies in, else its copy in the wheel."""
    checkout = _PACKAGE.parents[1]
    place = checkout if (checkout / "notebooks").is_dir() and (checkout / FILE).is_file() else _PACKAGE / "house"
    return House(place, read_settings(place / FILE))


def notebook(name: str, house: House | None) -> Path:
    """A notebook by its file name: the house's own in `notebooks/`, else the one that the package brings."""
    own = None if house is None else house.folder / "notebooks" / name
    return own if own is not None and own.is_file() else shipped().folder / "notebooks" / name

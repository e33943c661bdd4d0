"""Five hundred invented identifiers, and a search for them in every byte of whatever was written."""

from __future__ import annotations

import base64
import html
import io
import random
import re
import shutil
import subprocess
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pypdf

GIVEN = (
    "Aminata", "Mohamed-Amine", "Yıldız", "Désiré", "Svetlana", "Katrien", "Fatoumata", "Ibrahima", "Zoubida",
    "Emrecan", "Grâce-Divine", "Wojciech", "Lieselot", "Abdelhakim", "Nurcan", "Thérèse", "Bogdana", "Pieter-Jan",
)  # fmt: skip
FAMILIES = (
    "Benchekroun", "Vandermeulebroucke", "Karabulutoğlu", "Mbuyamba", "Wiśniewska", "El Khattabi", "Ouedraogo",
    "Yılmazer", "Van den Bossche", "Nsengiyumva", "Kovačević", "Bouazzaoui", "Delplancke", "Tshilumba", "Öztürkmen",
    "Czarnecki", "Ait Lahcen", "D’Hondtschoot", "Balogun-Fayemi", "Radulović", "Hadj Slimane", "Güneşdoğdu",
)  # fmt: skip
_STREETS = (
    "rue du Moulin-à-Vent", "rue des Quatre-Ormeaux", "avenue Jean Dubrucq", "chaussée de Merchtem",
    "boulevard du Jubilé", "rue de l’Intendant", "quai des Charbonnages", "Vandenboogaerdestraat",
    "impasse des Capucines", "rue Vanderstraeten", "Koolmijnenkaai", "place des Étangs Noirs",
)  # fmt: skip
_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre")  # fmt: skip
_WORDED = ("deux", "sept", "onze", "treize", "dix-huit", "vingt et un", "vingt-neuf", "trente et un")
_SCHOOLS = (
    "l’école Sainte-Philomène", "l’athénée Vandekerckhove", "la crèche Les Coccinelles", "le collège Saint-Guidon",
    "l’institut Notre-Dame-des-Lauriers", "l’école communale Van Eyckhove",
)  # fmt: skip
_WORKS = ("la boulangerie Pétrin-Doré", "le snack Bosphorus-Express", "le garage Lambrechts",
          "la pharmacie Verhaegen", "l’hôtel Astoria-Palace", "la société Nettoy-Éclair")  # fmt: skip
_ILLS = (
    "leucémie", "mucoviscidose", "drépanocytose", "thalassémie", "hémophilie", "myopathie", "lymphome", "fente labiale",
    "cardiopathie", "spina-bifida", "albinisme", "tétraplégie", "méningite", "saturnisme", "trachéotomie",
)  # fmt: skip
_SPOTS = ("square Pierron-Lemaître", "cité Diongre-Modern", "tour Brunfaut-Haut", "parc Bonnevie-Nord")


class Canary(NamedTuple):
    """An identifier: its kind, and how it is written."""

    kind: str
    text: str


def canaries(seed: int = 5) -> list[Canary]:
    """Five hundred, no two alike, of every kind that the search knows, the same for the same seed."""
    dice = random.Random(seed)
    makers = {
        "national_number": (50, _national), "phone": (60, _phone), "email": (35, _email), "address": (60, _address),
        "date": (55, _date), "plate": (25, _plate), "account": (30, _account), "card": (10, _card),
        "dossier": (35, _dossier), "web": (15, _web), "person": (70, _person), "workplace": (36, _workplace),
        "place": (4, _place), "child_health": (15, _ill),
    }  # fmt: skip
    made: dict[str, Canary] = {}
    for kind, (count, make) in makers.items():
        goal = len(made) + count
        while len(made) < goal:
            text = make(dice)
            made.setdefault(squeezed(text), Canary(kind, text))
    mixed = list(made.values())
    dice.shuffle(mixed)
    return mixed


def _digits(dice: random.Random, count: int) -> str:
    return "".join(str(dice.randrange(10)) for _ in range(count))


def _letters(dice: random.Random, count: int) -> str:
    return "".join(dice.choice("GHJKLMNPRSTUVWXYZ") for _ in range(count))


def _national(dice: random.Random) -> str:
    year, month, day, order = (dice.randrange(*limits) for limits in ((40, 99), (1, 13), (1, 29), (1, 998)))
    nine = f"{year:02}{month:02}{day:02}{order:03}"
    check = 97 - int(nine) % 97 if dice.random() < 0.7 else dice.randrange(10, 97)  # the rest is mistyped
    y, m, d, o, c = nine[:2], nine[2:4], nine[4:6], nine[6:], f"{check:02}"
    return dice.choice((f"{y}.{m}.{d}-{o}.{c}", f"{y}{m}{d}{o}{c}", f"{y} {m} {d} {o} {c}", f"{y}/{m}/{d}-{o}/{c}",
                        f"{y}{m}{d}-{o}-{c}", f"{y}\u202f{m}\u202f{d}\u202f{o}\u202f{c}"))  # fmt: skip


def _phone(dice: random.Random) -> str:
    a, b, c, d = f"4{dice.randrange(60, 99)}", *(_digits(dice, 2) for _ in range(3))
    return dice.choice((
        f"0{a} {b} {c} {d}", f"0{a}/{b}.{c}.{d}", f"0{a}{b}{c}{d}", f"+32 {a} {b} {c} {d}", f"0032{a}{b}{c}{d}",
        f"+32(0){a}/{b}{c}{d}", f"02 {b[0]}2{c[0]} {c} {d}", f"+212 6{b[0]} {c} {d} {b}", f"+90 53{c[0]} {a} {b} {d}",
        f"0{a}\u00a0{b}\u00a0{c}\u00a0{d}", f"(0{a}) {b}-{c}-{d}",
    ))  # fmt: skip


def _email(dice: random.Random) -> str:
    given, family = (squeezed(dice.choice(each)) for each in (GIVEN, FAMILIES))
    host = dice.choice(("gmail.com", "outlook.be", "skynet.be", "hotmail.com", "proximus.be"))
    at = dice.choice(("@", "@", "@", " @ ", "(at)"))
    return f"{given}.{family}{dice.randrange(10, 99)}{at}{host}"


def _address(dice: random.Random) -> str:
    street, number = dice.choice(_STREETS), dice.randrange(2, 399)
    after = dice.choice(("", "", " bte 4", ", 1080 Molenbeek", " 1081 Koekelberg", "bis"))
    if dice.random() < 0.25 and not street.endswith(("straat", "kaai")):
        return f"{number}, {street}"
    return f"{street}{dice.choice((' ', ', '))}{number}{after}"


def _date(dice: random.Random) -> str:
    day, month, year = dice.randrange(1, 29), dice.choice(_MONTHS), dice.randrange(1955, 2025)
    number = _MONTHS.index(month) + 1
    return dice.choice((
        f"{day} {month} {year}", f"le {dice.choice(_WORDED)} {month} {year}", f"{day:02}/{number:02}/{year}",
        f"{year}-{number:02}-{day:02}", f"{day}.{number}.{year}", f"mardi {day} {month} {year}",
        f"1er {month} {year}", f"{day} {month.upper()} {year}",
    ))  # fmt: skip


def _plate(dice: random.Random) -> str:
    return f"{dice.randrange(1, 10)}{(gap := dice.choice('- '))}{_letters(dice, 3)}{gap}{_digits(dice, 3)}"


def _account(dice: random.Random) -> str:
    ten = str(dice.randrange(10**9, 10**10))
    bank = ten + f"{int(ten) % 97 or 97:02}"
    check = 98 - int(f"{bank}111400") % 97
    whole = f"BE{check:02}{bank}"
    four = " ".join(whole[at : at + 4] for at in range(0, 16, 4))
    return dice.choice((whole, four, four.replace(" ", "."), four.lower(), f"{bank[:3]}-{bank[3:10]}-{bank[10:]}",
                        " ".join(["FR76", *(_digits(dice, 4) for _ in range(5)), _digits(dice, 3)])))  # fmt: skip


def _card(dice: random.Random) -> str:
    return " ".join(_digits(dice, 4) for _ in range(4))


def _dossier(dice: random.Random) -> str:
    return dice.choice((
        f"dossier n° {dice.randrange(2015, 2025)}/{_letters(dice, 2)}{_digits(dice, 5)}",
        f"réf. {_letters(dice, 3)}-{_digits(dice, 6)}", f"R.G. {dice.randrange(10, 25)}/{_digits(dice, 5)}/A",
        f"dossier {_letters(dice, 4)}{_digits(dice, 7)}", f"matricule {_digits(dice, 9)}",
    ))  # fmt: skip


def _web(dice: random.Random) -> str:
    name = squeezed(dice.choice(FAMILIES)) + _digits(dice, 3)
    return dice.choice((f"www.{name}.be", f"https://{name}.com/photos", f"@{name}_officiel"))


def _person(dice: random.Random) -> str:
    given, family = dice.choice(GIVEN), dice.choice(FAMILIES)
    return dice.choice((f"{given} {family}", f"{given} {family}", f"{given} {family.upper()}", f"Mme {family}",
                        f"{family} {given}", f"M. {given} {family}"))  # fmt: skip


def _workplace(dice: random.Random) -> str:
    return f"{dice.choice(_SCHOOLS + _WORKS)}{dice.choice(('', '', '-Annexe', '-Ouest', '-Bis'))}"


def _place(dice: random.Random) -> str:
    return dice.choice(_SPOTS)


def _ill(dice: random.Random) -> str:
    return dice.choice(_ILLS)


# The search -------------------------------------------------------------------------------------------------------

_DATA = re.compile(r"(?:base64,|(?:png|jpeg|pdf)\": \")([A-Za-z0-9+/=\s%\\]{16,})")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_MARKS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
PDFTOTEXT = shutil.which("pdftotext")
_PERCENT = re.compile("(?:%[0-9A-Fa-f]{2})+")
_STRANGE = re.compile(r"[^\w\x00-\x7f]+")
_PLAIN = bytes(code for code in range(128) if not chr(code).isalnum())
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_WINDOW = 6


class Search:
    """Words sought in texts whatever hides them: case, accents composed or not, separators, escapes."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        self._loose: list[tuple[str, bytes]] = []
        self._exact: list[tuple[str, str]] = []
        for word in self.words:
            short = squeezed(word)
            if len(short) >= _WINDOW and (not short.isdigit() or len(short) > 9):
                self._loose.append((word, short.encode()))
            else:
                self._exact.append((word, _folded(word)))
        self._heads = np.array(sorted({int(_windows(short)[0]) for _, short in self._loose}), dtype=np.uint64)

    def found(self, text: str) -> set[str]:
        """The words that a text holds, as it stands or once any escape in it is undone."""
        return {word for view in set(_views(text)) for word in self._in(view)}

    def below(self, *places: Path) -> dict[str, list[str]]:
        """Word → where it is, for every file below some folders; the same bytes are read once."""
        read: dict[bytes, list[tuple[str, str]]] = {}
        hits: dict[str, list[str]] = {}
        for path in sorted(each for place in places for each in place.rglob("*")):
            told = [("name", word) for word in self.found(path.name)]
            if path.is_file() and not path.is_symlink():
                content = path.read_bytes()
                if content not in read:
                    read[content] = [(layer, word) for layer, text in _layers(content) for word in self.found(text)]
                told += read[content]
            for layer, word in told:
                hits.setdefault(word, []).append(f"{path}:{layer}")
        return hits

    def _in(self, text: str) -> Iterator[str]:
        folded = _folded(text)
        yield from (word for word, exact in self._exact if exact in folded)
        short = _bytes(folded)
        if len(short) >= _WINDOW and self._may_hold(short):
            yield from (word for word, loose in self._loose if loose in short)

    def _may_hold(self, short: bytes) -> bool:
        codes = _windows(short)
        nearest = np.searchsorted(self._heads, codes).clip(max=len(self._heads) - 1)
        return bool((self._heads[nearest] == codes).any()) if len(self._heads) else False


def _views(text: str) -> Iterator[str]:
    yield text
    if "&" in text or "<" in text:
        yield html.unescape(text)
        yield html.unescape(re.sub(r"<[^<>]*>", "", text))
    if _PERCENT.search(text):
        yield _PERCENT.sub(lambda found: urllib.parse.unquote(found[0]), text)
    if "\\" in text:
        yield _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)


def _layers(content: bytes, depth: int = 0) -> list[tuple[str, str]]:
    """Every text in a file: its bytes, and whatever is packed, drawn or coded in it."""
    bare = _bare(content)
    layers = [("utf-8", bare.decode("utf-8", "ignore"))]
    if b"\0" in bare:
        for place, coding in ((0, "utf-16-le"), (1, "utf-16-le"), (0, "utf-16-be"), (1, "utf-16-be")):
            layers.append((coding, bare[place:].decode(coding, "ignore")))
        layers.append(("latin-1", bare.replace(b"\0", b"").decode("latin-1")))
    inside: list[tuple[str, bytes]] = []
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside += [(name, archive.read(name)) for name in archive.namelist()]
            layers += [("members", "\n".join(archive.namelist())), ("comment", archive.comment.decode("latin-1"))]
    elif content.startswith(b"%PDF"):
        layers += _pdf(content)
    elif content.startswith(b"\x89PNG"):
        inside += list(_chunks(content))
    else:
        inside += [("base64", _plain(match[1])) for match in _DATA.finditer(layers[0][1])]
    if depth < 3:
        for name, each in inside:
            layers += [(f"{name}/{layer}", text) for layer, text in _layers(each, depth + 1)]
    return layers


def _bare(content: bytes) -> bytes:
    """What a file says as it stands: without packed pixels of a PNG, and streams of a PDF that are read unpacked."""
    if content.startswith(b"\x89PNG"):
        return content[:8] + b"".join(whole for kind, whole in _pieces(content) if kind != b"IDAT")
    if content.startswith(b"%PDF"):
        return _STREAM.sub(lambda found: _unpacked(found[1], found[0])[1], content)
    return content


def _unpacked(packed: bytes, otherwise: bytes = b"") -> tuple[bytes, bytes]:
    """What was packed, and what follows it; nothing and `otherwise` where nothing was packed whole."""
    unpacking = zlib.decompressobj()
    try:
        made = unpacking.decompress(packed)
    except zlib.error:
        return b"", otherwise
    return (made, unpacking.unused_data) if unpacking.eof else (b"", otherwise)


def _pieces(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, each with its kind; what follows the last is taken for another."""
    place = 8
    while place < len(png):
        size = 12 + int.from_bytes(png[place : place + 4])
        yield png[place + 4 : place + 8], png[place : place + size]
        place += size


def _pdf(content: bytes) -> list[tuple[str, str]]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    told = subprocess.run([str(PDFTOTEXT), "-raw", "-", "-"], input=content, capture_output=True, check=True).stdout
    layers = [("text", told.decode()), ("text", " ".join(told.decode().replace("-\n", "").split()))]
    layers.append(("metadata", f"{reader.metadata} {reader.xmp_metadata and reader.xmp_metadata.stream.get_data()!r}"))
    layers += [("stream", _unpacked(match[1])[0].decode("latin-1")) for match in _STREAM.finditer(content)]
    return layers


def _chunks(content: bytes) -> Iterator[tuple[str, bytes]]:
    for kind, whole in _pieces(content):
        chunk = whole[8:-4]
        if kind not in (b"IDAT", b"PLTE"):
            yield kind.decode("latin-1"), chunk
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            for at in [m.start() for m in re.finditer(b"\x78", chunk)]:
                try:
                    yield kind.decode(), zlib.decompress(chunk[at:])
                except zlib.error:
                    continue


def _plain(data: str) -> bytes:
    kept = "".join(urllib.parse.unquote(data.replace("\\n", "")).split())
    return base64.b64decode(kept[: len(kept) // 4 * 4])


def _folded(text: str) -> str:
    return " ".join(_without_marks(text).split())


def squeezed(text: str) -> str:
    return _bytes(_without_marks(text)).decode()


def _bytes(folded: str) -> bytes:
    return _STRANGE.sub("", folded).encode("utf-8", "ignore").translate(None, _PLAIN)


def _without_marks(text: str) -> str:
    low = text.casefold()
    if low.isascii():
        return low
    return _MARKS.sub("", unicodedata.normalize("NFKD", low)).replace("ı", "i")


def _windows(text: bytes) -> np.ndarray:
    letters = np.frombuffer(text, dtype=np.uint8).astype(np.uint64)
    count = len(letters) - _WINDOW + 1
    codes = np.zeros(count, dtype=np.uint64)
    for place in range(_WINDOW):
        codes = codes * np.uint64(256) + letters[place : place + count]
    return codes

"""Words of a pack: numbers in a text, its sentences, places in a work, and Markdown that people can read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from clss_analysis.records import Row, message, typography
from clss_analysis.records.escape import markdown

_PLACES = tuple(
    f"brief.place.{name}"
    for name in ("sheet_of", "and_sheet", "case", "note", "criteria", "situation", "tree", "process", "synopsis",
                 "testimonies", "gazette", "section", "chapter", "table", "figure", "annex", "page", "and")
)  # fmt: skip
MASKED = re.compile(r"\[[^\W\d_][^\]]*\]")  # a place where a name stood
SINGLE = {
    "fr": re.compile(
        r"\b(?:cette (?:famille|mère|dame|personne|maman)|cet homme|ce (?:ménage|père|monsieur|couple|jeune)"
        r"|(?:Madame|Monsieur|Mme|Mlle|M\.|famille|ménage) (?-i:[A-ZÀ-Ö]))", re.IGNORECASE
    ),
    "nl": re.compile(
        r"\b(?:dit (?:gezin|huishouden|koppel)|deze (?:familie|moeder|vader|persoon|vrouw|man)"
        r"|(?:mevrouw|meneer|mijnheer|familie|gezin) (?-i:[A-ZÀ-Ö]))", re.IGNORECASE
    ),
    "en": re.compile(
        r"\b(?:this (?:family|household|mother|father|person|couple|woman|man)|(?:Mrs|Mr|Ms)\.? (?-i:[A-ZÀ-Ö])"
        r"|the (?-i:[A-ZÀ-Ö])\w+ family)", re.IGNORECASE
    ),
}  # fmt: skip
"""Language → words of a demand that speak of one household or person."""
_GROUPED = re.compile(r"(?<=\d)[\u202f\u00a0.,](?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_QUIET = re.compile(
    r"(?:(?<=[^\W_])|(?<=[\u202f»”’)]))\\[,;:.?%)](?=[ \u202f”]|$)|(?<=[^\W_])\\[-./,_](?=[^\W_])"
    r"|(?<= )\\\((?=[^\W_])"
    r"|(?<=[^\W\d_])\\-(?= [^\W\d_])"
)
_WITHIN = re.compile(r"(?<=[^\W_])\\[-/_](?=[^\W_])")
_ENDING = re.compile(r"(?:(?<=[^\W_])\\,|(?<=[^\W\d_])\\[;?]|(?<=\u202f)\\[:;?])$")
_ADDRESS = re.compile(r"(?<![^ ])https?\\:\\/\\/(?:[A-Za-z0-9]|\\[-./])+(?![^ ])")
_TITLES = "".join(rf"(?<!\b{title}\.)" for title in ("M", "MM", "Dr", "dr", "Me", "Mr", "Mrs", "Ms", "mr", "St", "Ste",
                                                        "Mevr", "mevr", "Dhr", "dhr", "Mej", "mej"))  # fmt: skip
_END = re.compile(_TITLES + r"(?<=[.!?…])(?:[\s\u202f]*[»”’])?\s+(?=[A-ZÀ-ÖØ-Þ«“‘0-9])")


def number(value: float, unit: str, lang: str) -> str:
    r"""A number as the language writes it, with its sign where it is a percentage.

    >>> number(3908, "ménages", "fr"), number(60, "%", "nl"), number(4.5, "mois", "fr")
    ('3\u202f908', '60%', '4,5')
    """
    return typography.percent(value, lang) if unit == "%" else typography.number(value, lang=lang)


def readable(text: str) -> str:
    r"""A text as Markdown that a person can read as it stands: inert, without the backslashes that prevent nothing.

    Within a line a comma, a full stop or a hyphen after a letter begins nothing; at the end of its first word a full
    stop may.  A plain web address stays one that can be copied.

    >>> print(readable("Nee, het gezin (cas 1) krijgt 3.908 euro."), readable("1. [x](y), niet"))
    Nee, het gezin (cas 1) krijgt 3.908 euro. 1\. \[x\]\(y\), niet
    >>> print(readable("Zie “wie en waar?”, over Welzijns- en Gezondheidscontracten."))
    Zie “wie en waar?”, over Welzijns- en Gezondheidscontracten.
    >>> readable("zie https://bx1.be/een-twee/")
    'zie https://bx1.be/een-twee/'
    """
    inert = _ADDRESS.sub(lambda found: found[0].replace("\\", ""), markdown(text))
    first, space, rest = inert.partition(" ")
    first = _WITHIN.sub(lambda found: found[0][1:], first)
    first = _ENDING.sub(lambda found: found[0][1:], first)
    return first + space + _QUIET.sub(lambda found: found[0][1:], " " + rest)[1:] if space else first


_SUBJECT = {
    "fr": (r"\{value\} (?:des|sur les|sur) \{households\} (ménages|familles)", "aucun des {households} ",
           {"ménages": "le seul ménage", "familles": "la seule famille"}),
    "nl": (r"\{value\} van de \{households\} (huishoudens|gezinnen)", "geen van de {households} ",
           {"huishoudens": "het enige huishouden", "gezinnen": "het enige gezin"}),
    "en": (r"\{value\} of the \{households\} (households|families)", "none of the {households} ",
           {"households": "the only household", "families": "the only family"}),
}  # fmt: skip
_VERBS = {
    "fr": "sont:est ont:a étaient:était avaient:avait seront:sera vivent:vit vivaient:vivait attendent:attend",
    "nl": "zijn:is hebben:heeft werden:werd worden:wordt waren:was hadden:had wonen:woont woonden:woonde wachten:wacht",
    "en": "are:is have:has were:was live:lives wait:waits",
}
_PARTICIPLES = re.compile(r"(?: été)?(?: \w+ée?s(?:(?:,| ou| et) \w+ée?s)*)?")
_INVARIABLE = frozenset(["dans", "sans", "sous", "plus", "moins", "pas", "jamais", "depuis"])


def agreed(template: str, n: int, of: int, lang: str) -> str | None:
    """A sentence of a count in the plural, brought to the number that it will hold; None where that is not safe.

    Safe is « {value} des {households} ménages », then one verb that is known, and participles.

    >>> agreed("{value} des {households} ménages que nous suivons sont expulsés ou menacés de l’être.", 1, 3, "fr")
    '{value} des {households} ménages que nous suivons est expulsé ou menacé de l’être.'
    >>> agreed("{value} des {households} ménages sont expulsés.", 1, 1, "fr"), agreed("Il y en a {value}.", 1, 3, "fr")
    ('Le seul ménage est expulsé.', None)
    """
    if n > 1:
        return template
    pattern, none, only = _SUBJECT[lang]
    verbs = dict(pair.split(":") for pair in _VERBS[lang].split())
    subject = re.match(pattern, template)
    found = list(re.finditer(rf"\b(?:{'|'.join(verbs)})\b", template))
    if subject is None or len(found) != 1 or (n == 0 and (of == 1 or subject[1] == "familles")):
        return None
    verb, between, rest = verbs[found[0][0]], template[subject.end() : found[0].start()], template[found[0].end() :]
    if lang != "fr" and re.search(r"\b(?:of|en|maar|or|and|but|who)\b", rest):
        return None
    if lang == "nl" and of == 1:
        between = re.sub(r"\bdie\b", "dat", between, count=1)
    if lang == "fr":
        chain = _PARTICIPLES.match(rest)
        end = chain.end() if chain else 0
        near = re.findall(r"\w+", rest[end:])[:3]
        if any(word[-1] in "sx" and word not in _INVARIABLE for word in near):
            return None
        rest = re.sub(r"(?<=é)e?s\b" if subject[1] == "ménages" else r"(?<=ée)s\b", "", rest[:end]) + rest[end:]
        verb = (("n’" if verb[0] in "aeé" else "ne ") if n == 0 else "") + verb
    who = only[subject[1]] if of == 1 else f"{none}{subject[1]}" if n == 0 else subject[0]
    return typography.capital(who) + between + verb + rest


def place(text: str, lang: str) -> str:
    """Where in a French work something stands, in another language; titles between guillemets stay.

    >>> place("III.3.a, fiche du cas 1", "nl"), place("V, « Le cas de la note »", "en")
    ('III.3.a, fiche bij geval 1', 'V, « Le cas de la note »')
    """
    words = {message(key, "fr"): message(key, lang) for key in _PLACES}
    longest_first = "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))
    found = re.compile(rf"«[^»]*»|(?<!\w)(?:{longest_first})(?!\w)", re.IGNORECASE)
    return re.sub(r"[ \u00a0\u202f]+(?=[;:])", "", found.sub(lambda m: words.get(m[0].lower(), m[0]), text))


def within_brackets(text: str) -> str:
    """A text as it stands between brackets: what it has between brackets of its own comes after a comma.

    >>> within_brackets("Observatoire de la Santé (Vivalis)")
    'Observatoire de la Santé, Vivalis'
    """
    return re.sub(r" \(([^()]*)\)", r", \1", text)


def part(place: str, lang: str) -> str:
    """Where in a theme something stands, in words.

    >>> part("numbers[3]", "fr"), part("demand", "nl")
    ('chiffre 3', 'verzoek')
    """
    name, _, rank = place.rstrip("]").partition("[")
    return message(f"brief.part.{name}", lang, n=rank)


def rows_in_words(rows: Iterable[Row], lang: str) -> str:
    """Rows by the titles of their tables.

    >>> rows_in_words([Row("events", "C1-e1"), Row("events", "C1-e2"), Row("households", "C1")], "fr")
    'Étapes des parcours C1-e1, C1-e2, Ménages C1'
    """
    ids: dict[str, list[str]] = {}
    for row in rows:
        ids.setdefault(row.table, []).append(row.row)
    return ", ".join(f"{message(f'title.{table}', lang)} {', '.join(names)}" for table, names in ids.items())


def sentences(text: str) -> list[str]:
    """A text cut at the ends of its sentences, not after « M. » or “Mevr.”.

    >>> sentences("Une famille attend. M. F a trois enfants. Le bail court.")
    ['Une famille attend.', 'M. F a trois enfants.', 'Le bail court.']
    >>> sentences("Mevr. A huurt. Dhr. B en mevr. C ook.")
    ['Mevr. A huurt.', 'Dhr. B en mevr. C ook.']
    """
    return [part.strip() for part in _END.split(text) if part.strip()]


def figures_in(text: str) -> set[str]:
    r"""The numbers written in digits in a text, without the language's spaces and points between thousands.

    >>> sorted(figures_in("3\u202f908 jugements, 4,5 mois, 18–64 ans"))
    ['18', '3908', '4.5', '64']
    """
    return {found.replace(",", ".") for found in _DIGITS.findall(_GROUPED.sub("", text))}


def has_number(text: str, lang: str) -> bool:
    """Whether a text says a number above one, in digits or in a word up to sixteen.

    >>> has_number("deux fois au tribunal", "fr"), has_number("une fois", "fr")
    (True, False)
    """
    words = set(message("number.words", lang).split()[1:])
    return bool(figures_in(text)) or not words.isdisjoint(re.findall(r"\w+", text.lower()))

"""Codes and words of GEDCOM files, and what they are in records."""

from __future__ import annotations

SEX = {"M": "man", "F": "woman", "X": "other"}
SEX_UNKNOWN = {"U", "N", ""}
PEDIGREE = {"BIRTH": "birth", "ADOPTED": "adoption", "FOSTER": "foster"}
KINDS = {"birth": "BIRTH", "adoption": "ADOPTED", "foster": "FOSTER"}
ROLES = {
    "FRIEND": "friend",
    "NGHBR": "neighbour",
    "GODP": "godparent",
    "WITN": "witness",
    "CLERGY": "clergy",
    "OFFICIATOR": "officiator",
}
RELATIONS = {
    "friend": "friend",
    "ami": "friend",
    "amie": "friend",
    "vriend": "friend",
    "vriendin": "friend",
    "neighbour": "neighbour",
    "neighbor": "neighbour",
    "voisin": "neighbour",
    "voisine": "neighbour",
    "buur": "neighbour",
    "godparent": "godparent",
    "godfather": "godparent",
    "godmother": "godparent",
    "parrain": "godparent",
    "marraine": "godparent",
    "peter": "godparent",
    "meter": "godparent",
    "witness": "witness",
    "témoin": "witness",
    "getuige": "witness",
    "clergy": "clergy",
    "officiator": "officiator",
}
NOT_MARRIED = {"unmarried", "common law", "common-law", "cohabitation", "partners", "union libre", "concubinage"}
SEPARATED = {"separation", "separated", "séparation", "séparés", "scheiding", "legal separation"}
MARRIED_EVENTS = ("MARR",)
IDENTIFYING = {
    *("NAME", "ALIA", "TITL", "ADDR", "PHON", "EMAIL", "FAX", "WWW", "RESI", "PLAC", "IDNO", "SSN", "UID", "EXID"),
    *(
        "RFN",
        "AFN",
        "RIN",
        "REFN",
        "CREA",
        "CHAN",
        "DATE",
        "AGE",
        "BIRT",
        "CHR",
        "BAPM",
        "BURI",
        "CREM",
        "DEAT",
        "CHRA",
    ),
    *("NOTE", "SNOTE", "SOUR", "OBJE", "SUBM", "REPO", "DSCR", "PHRASE", "CAUS"),
}
COUPLE_UNSTATED = "Couple"
COPARENTS = "Coparents"
SYNTHETIC = "Synthetic data: made-up persons"

"""The file endings that are taken in and given out: help, README and faults name these and no others."""

TABLES = (".xlsx", ".csv", ".zip")
"""Workbooks and exports of a form, with names in them that an import replaces; a .zip holds tables (.csv)."""
IMPORTS = (".ged", ".ped", ".graphml", ".qdpx", ".qdc", ".fam")
"""Files of other programs."""
EXPORTS = (".ged", ".graphml", ".qdpx", ".qdc")

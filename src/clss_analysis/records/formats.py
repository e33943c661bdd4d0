"""The file endings that are taken in and given out: help, README and faults name these and no others."""

TABLES = (".xlsx", ".csv", ".zip")
"""Workbooks and exports of a form, with names in them that an import replaces; a .zip holds tables (.csv).

A .zip of Network Canvas is a file of another program all the same.
"""
IMPORTS = (".ged", ".gdz", ".ped", ".graphml", ".gexf", ".qdpx", ".qdc", ".fam")
"""Files of other programs."""
EXPORTS = (".ged", ".graphml", ".json", ".qdpx", ".qdc")
"""Files for other programs: GEDCOM, GraphML, node-link (networkx, d3) and REFI-QDA, without names or days."""

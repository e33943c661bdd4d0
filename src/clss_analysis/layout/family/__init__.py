"""The family part of a sociogenogram: kinship, the order on its rows, and its lines in millimetres."""

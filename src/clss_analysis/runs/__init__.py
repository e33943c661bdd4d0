"""Notebooks executed: parameters, papermill, what they keep."""

"""Synthetic cohorts: made-up households of any number, believable, and marked as such wherever they go."""

from clss_analysis.records.synthetic.cohort import synthesise

__all__ = ["synthesise"]

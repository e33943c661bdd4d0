"""Identifiers in free text: what may point at a person, by kind and place."""

from clss_analysis.privacy.identifiers.finding import KINDS, Finding, masked
from clss_analysis.privacy.identifiers.ids import any_may_tell, find_in_ids, may_tell
from clss_analysis.privacy.identifiers.memory import Memory, own_memory
from clss_analysis.privacy.identifiers.search import find_identifiers, find_in_all
from clss_analysis.privacy.identifiers.translated import find_translated

__all__ = [
    "KINDS",
    "Finding",
    "Memory",
    "any_may_tell",
    "find_identifiers",
    "find_in_all",
    "find_in_ids",
    "find_translated",
    "masked",
    "may_tell",
    "own_memory",
]

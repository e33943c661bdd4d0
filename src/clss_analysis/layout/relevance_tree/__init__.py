"""The relevance tree of a household: its nodes, and one page of it."""

"""Ties as arrows that go round everything on the page."""

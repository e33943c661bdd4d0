"""What a way costs: all weights of the searches for arrows and for the places of services, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RouteCosts:
    """Costs of one arrow among all others, in millimetres of detour that a reader would rather follow."""

    crossing: float = 90.0
    """Each crossing of two arrows, a lane: dearer than a way round a service and back, so that it comes first."""
    family_crossing: float = 90.0
    """Each crossing of a family line: read as wrongly as that of an arrow."""
    along_family: float = 90.0
    """Once, where most of a leg runs close beside a family line: it would be read as one."""
    tight: float = 30.0
    """Each place close to another line or corner: a third of a crossing, for the eye can still part them."""
    bend: float = 5.0
    """Each bend: straight arrows are followed at a glance, and half a width of a symbol is worth it."""
    turn: float = 9.0
    """A right angle; a slight turn costs less and a turn back twice as much, by the cosine."""
    oblique: float = 5.0
    """An arrow that leaves its symbol along the border and not away from it, by the cosine."""
    crowded: float = 80.0
    """An end closer to another end than arrow heads need: nearly a crossing, since heads would hide each other."""
    shared: float = 150.0
    """Two arrows on one line for over a millimetre: worse than a crossing, nobody can tell them apart."""
    shared_mm: float = 4.0
    """Each further millimetre on one line: four of detour to leave it."""
    touched: float = 50.0
    """A bend on another arrow, which looks like a branch of it: half a crossing and a bit."""


@dataclass(frozen=True, slots=True)
class PlaceCosts:
    """Costs of services at their places, in eighths of a crossing of two straight arrows."""

    crossing: float = 8.0
    """Each crossing of two arrows: the unit."""
    struck: float = 10.0
    """Each service that an arrow would have to go round: likely one crossing, and a detour."""
    blocked: float = 14.0
    """Each symbol of the core or household in the way: it is wide, the way round it long."""
    per_mm: float = 0.07
    """Each millimetre of arrow: 115 of them for a crossing, about the width of the core."""
    per_mm_dense: float = 0.03
    """The same in a dense picture, where even a short arrow is lost among crossings: 267 for one, a page's height."""
    far: float = 60.0
    """Millimetres from which on length counts twice: two columns of services."""
    turn: float = 3.0
    """Each corner that an arrow goes round."""
    leaning: float = 0.5
    """Each service more on one side of the page than on the other: only tells equals apart."""
    opened: float = 14.0
    """Each further row of services, which makes the page higher: not for one crossing, but for two."""
    too_tall: float = 80.0
    """Each row for which the page has no room: never, if anything else is possible."""
    wished: tuple[float, ...] = (60.0, 7.0)
    """Each place that is not where it is wished, at first: seven crossings, but no row for which there is no room; then
    less than a crossing."""


ROUTE, PLACE = RouteCosts(), PlaceCosts()

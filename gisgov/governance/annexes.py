"""What the annex of a decision says of a plan: areas, their bounds and figures, totals that add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from gisgov.governance.bounds import Bounds
from gisgov.types import Geometries, Texts

DECIMALS: Final = 3
"""Of square kilometres: sums are those of the figures that are printed."""


@dataclass(frozen=True, slots=True)
class AnnexArea:
    """One area of the table; what is not known is None.

    Attributes
    ----------
    code, name : str
        The area.
    parent : str or None
        Name of the area above, under which it is listed.
    bounds : Bounds
        What bounds it.
    population, households, posts : int or None
        People, households, staff posts.
    area_km2 : float
        Ground, rounded as it is printed.
    """

    code: str
    name: str
    parent: str | None
    bounds: Bounds
    population: int | None
    households: int | None
    posts: int | None
    area_km2: float


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of areas, over those of which something is known; None where nothing is."""

    areas: int
    population: int | None
    households: int | None
    posts: int | None
    area_km2: float


@dataclass(frozen=True, slots=True, eq=False)
class Annex:
    """A plan as the annex of the decision on it.

    Attributes
    ----------
    plan, layer_zh, layer_en : str
        The plan, and what its layer is called.
    status : str
        ``draft``, ``published`` or ``retired``.
    scope : str
        Code of the ground, "" for all of the layer.
    decision : str or None
        What it rests on.
    decided_on, valid_from, valid_to : datetime.date or None
        When it was decided, its first day in force, and its first day no longer in force.
    printed_on : datetime.date
        The day of the print.
    working_crs : str
        What areas are measured in.
    areas : tuple of AnnexArea
        In the order of the table: those of one parent together. Numbers count from 1.
    geometries : numpy.ndarray of shapely.Geometry
        Their grounds, EPSG:4326.
    streets : numpy.ndarray of shapely.LineString, shape (n,)
        Borders of blocks that have a name, EPSG:4326.
    street_names : numpy.ndarray of str, shape (n,)
        Their names.
    """

    plan: str
    layer_zh: str
    layer_en: str
    status: str
    scope: str
    decision: str | None
    decided_on: date | None
    valid_from: date | None
    valid_to: date | None
    printed_on: date
    working_crs: str
    areas: tuple[AnnexArea, ...]
    geometries: Geometries
    streets: Geometries
    street_names: Texts

    def groups(self) -> list[tuple[str | None, list[int]]]:
        """Return the areas above, each with the places of its areas, in the order of the table."""
        groups: dict[str | None, list[int]] = {}
        for place, area in enumerate(self.areas):
            groups.setdefault(area.parent, []).append(place)
        return list(groups.items())

    def totals(self, places: Iterable[int]) -> Totals:
        """Return the sums of some areas."""
        chosen = [self.areas[place] for place in places]
        return Totals(
            areas=len(chosen),
            population=_sum(one.population for one in chosen),
            households=_sum(one.households for one in chosen),
            posts=_sum(one.posts for one in chosen),
            area_km2=round(sum(one.area_km2 for one in chosen), DECIMALS),
        )


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None

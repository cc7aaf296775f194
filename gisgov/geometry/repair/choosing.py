"""Rules that choose one of several areas for a piece of ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.repair.bordering import border_lengths_m
from gisgov.geometry.repair.decisions import People, Rule
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Bools, Floats, Geometries, Ints

REASONS: Final = {
    Rule.LONGEST_BORDER: "longest border",
    Rule.NEAREST_PEOPLE: "nearest people",
    Rule.LARGEST: "largest area",
    Rule.SMALLEST: "smallest area",
}
NO_PEOPLE: Final = "longest border; no people near"


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Pieces of ground, each with the areas that could have it.

    Attributes
    ----------
    ground : numpy.ndarray of shapely.Geometry, shape (g,)
        The pieces.
    pair : numpy.ndarray of int, shape (k,)
        Numbers of pieces, ascending: one row per piece and candidate.
    area : numpy.ndarray of int, shape (k,)
        The candidates, ascending for each piece.
    is_on : numpy.ndarray of bool, shape (k,)
        Whether the candidate lies on the piece already.
    """

    ground: Geometries
    pair: Ints
    area: Ints
    is_on: Bools


def chosen(
    candidates: Candidates,
    areas: Geometries,
    rule: Rule,
    people: People | None,
    system: CoordinateSystem | None,
) -> tuple[Ints, list[str]]:
    """Choose a candidate for each piece of ground.

    Parameters
    ----------
    candidates : Candidates
        Who could have what.
    areas : numpy.ndarray of shapely.Geometry, shape (a,)
        Valid polygons, or None.
    rule : Rule
        How to choose; where it says nothing or the same of several, the longest border decides, then the
        smaller number.
    people : People or None
        For `Rule.NEAREST_PEOPLE`.
    system : CoordinateSystem or None
        What the coordinates are in.

    Returns
    -------
    area : numpy.ndarray of int, shape (g,)
        −1 for a piece without candidates.
    reason : list of str, length g
        The rule that decided.
    """
    count = len(candidates.ground)
    border = border_lengths_m(
        candidates.ground, areas, candidates.pair, candidates.area, candidates.is_on, system
    )
    first = border
    if rule in (Rule.LARGEST, Rule.SMALLEST):
        size = np.nan_to_num(shapely.area(areas))[candidates.area]
        first = size if rule == Rule.LARGEST else -size
    elif rule == Rule.NEAREST_PEOPLE and people is not None:
        first = -_away(candidates, areas, people)
    # borders of equal length differ in their last digits
    order = np.lexsort((candidates.area, -np.round(border, 6), -first.round(6), candidates.pair))
    best = order[np.flatnonzero(np.diff(candidates.pair[order], prepend=-1))]
    area = np.full(count, -1, dtype=np.int64)
    area[candidates.pair[best]] = candidates.area[best]
    reason = [REASONS[rule]] * count
    if rule == Rule.NEAREST_PEOPLE:
        for pair in candidates.pair[best[np.isneginf(first[best]) | (people is None)]].tolist():
            reason[pair] = NO_PEOPLE
    return area, reason


def _away(candidates: Candidates, areas: Geometries, people: People) -> Floats:
    """Measure from each piece of ground to the nearest people of each candidate; infinity without people."""
    counted = people.count > 0
    points: Geometries = np.asarray(shapely.points(people.x[counted], people.y[counted]))
    point, owner = shapely.STRtree(areas).query(points, predicate="intersects")
    # of people on ground of two areas nobody can say whose they are
    alone = np.bincount(point, minlength=len(points))[point] == 1
    point, owner = point[alone], owner[alone]
    away = np.full(len(candidates.pair), np.inf)
    for i, (pair, area) in enumerate(zip(candidates.pair.tolist(), candidates.area.tolist(), strict=True)):
        away[i] = shapely.distance(candidates.ground[pair], points[point[owner == area]]).min(initial=np.inf)
    return away

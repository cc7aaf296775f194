"""Who owns a point, by arithmetic that does not round: the slow and certain answer."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
import shapely

from gisgov.types import Floats, Geometries, Ints

Ring = Sequence[tuple[Fraction, Fraction]]


def rational_rings(geometry: shapely.Geometry) -> list[Ring]:
    """Return the rings of an area in whole fractions."""
    lines = shapely.get_rings(shapely.get_parts(geometry))
    return [[(Fraction(x), Fraction(y)) for x, y in shapely.get_coordinates(ring).tolist()] for ring in lines]


def position(rings: Iterable[Ring], x: float, y: float) -> int:
    """Say where a point lies: 1 inside, 0 on the border, -1 outside."""
    px, py = Fraction(x), Fraction(y)
    inside = False
    for ring in rings:
        for (ax, ay), (bx, by) in itertools.pairwise(ring):
            turn = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
            if turn == 0 and min(ax, bx) <= px <= max(ax, bx) and min(ay, by) <= py <= max(ay, by):
                return 0
            if (ay <= py) != (by <= py) and (turn > 0) == (by > ay):
                inside = not inside
    return 1 if inside else -1


def covering(areas: Sequence[list[Ring]], codes: Sequence[str], x: float, y: float) -> list[tuple[int, bool]]:
    """List the areas that cover a point, in the order of their codes, and whether it is on their borders."""
    order = sorted(range(len(areas)), key=lambda i: codes[i])
    places = [(i, position(areas[i], x, y)) for i in order]
    return [(i, place == 0) for i, place in places if place >= 0]


def owners_by_tree(areas: Geometries, codes: Sequence[str], x: Floats, y: Floats) -> Ints:
    """Return the owner of each point, -1 outside, by GEOS, whose predicates are exact too."""
    order = np.array(sorted(range(len(codes)), key=lambda i: codes[i]))
    shapely.prepare(areas)
    point, rank = shapely.STRtree(areas[order]).query(shapely.points(x, y))
    by_area = np.argsort(rank, kind="stable")
    point, rank = point[by_area], rank[by_area]
    covered = shapely.intersects_xy(areas[order[rank]], x[point], y[point])  # for a point the same as covers
    best = np.full(len(x), len(order))
    np.minimum.at(best, point[covered], rank[covered])
    owner = np.full(len(x), -1)
    owner[best < len(order)] = order[best[best < len(order)]]
    return owner

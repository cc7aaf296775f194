"""Buildings too many to be drawn one by one: added up in squares on the ground, none left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.crs import from_wgs84, to_wgs84_geometries
from gisgov.types import Floats, Geometries, Ints
from maps.layers import Column, Layer
from maps.plane import Plane
from maps.words import Words

MOST_SQUARES: Final = 6000
_SIDES_M: Final = (25, 50, 100, 150, 200, 250, 300, 400, 500, 800, 1000, 1500, 2000, 3000, 5000, 10_000)
_FILLED: Final = 0.96
"""Part of a square's side that its fullest neighbour's colours take."""


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """Buildings added up in squares.

    Attributes
    ----------
    layer : Layer
        A ring of ground for each class in each square.
    side_m : float
        Side of a square.
    """

    layer: Layer
    side_m: float


def squares_of(
    shapes: Geometries,
    class_codes: Ints,
    titles: tuple[str, ...],
    plane: Plane,
    words: Words,
    *,
    column: tuple[str, str],
    inwards: Sequence[int],
) -> Squares:
    """Add buildings up in squares of a round size, as small as keeps them to 6,000.

    The classes of a square lie around each other as rings, each with ground in proportion to its number of
    buildings; the fullest square of all is filled.

    Parameters
    ----------
    shapes : (n,) array of shapely geometries
        Points or polygons, EPSG:4326; the middle of its box says in which square each one counts.
    class_codes : (n,) array of int
        Class of each, as its place in ``titles``.
    titles : tuple of str
        Titles of the classes.
    plane : Plane
        The plane of the map.
    words : Words
        Language of the columns.
    column : tuple of str
        Key and title of the column of classes.
    inwards : sequence of int
        The classes from the middle of a square to its edge.

    Returns
    -------
    Squares
        Numbers of the column ``count`` add up to all buildings.
    """
    west, south, east, north = shapely.bounds(shapes).T
    x, y = from_wgs84((west + east) / 2, (south + north) / 2, plane.system)
    side = _side(x, y)
    at = np.floor(np.stack([x, y], axis=1) / side).astype(np.int64)
    places, square = np.unique(at, axis=0, return_inverse=True)
    counts = np.zeros((len(places), len(titles)), dtype=np.int64)
    np.add.at(counts, (square.reshape(-1), class_codes), 1)
    rings, of_square, codes = _rings(places, counts, inwards, side)
    own = counts[of_square, codes]
    columns = (
        Column(*column, "code", codes, values=titles),
        Column("count", words("stands-for"), "number", own),
        Column("total", words("cell-total"), "number", counts.sum(axis=1)[of_square]),
        *(
            Column(f"count_{code}", title, "number", counts[of_square, code])
            for code, title in enumerate(titles)
        ),
    )
    card = {"title": [column[0]], "rows": [one.key for one in columns[1:]]}
    return Squares(Layer("squares", to_wgs84_geometries(rings, plane.system), columns, card=card), side)


def _side(x: Floats, y: Floats) -> float:
    for side in _SIDES_M:
        squares = np.unique(np.floor(x / side) * 1e7 + np.floor(y / side))
        if len(squares) <= MOST_SQUARES:
            return float(side)
    return float(_SIDES_M[-1])


def _rings(places: Ints, counts: Ints, inwards: Sequence[int], side: float) -> tuple[Geometries, Ints, Ints]:
    """Lay the classes of each square around each other; those without a building have no ring."""
    fullest = counts.sum(axis=1).max(initial=1)
    middle: Floats = (places.astype(np.float64) + 0.5) * side
    grounds, squares, codes = [], [], []
    inner = np.zeros(len(places))
    for code in inwards:
        has = np.flatnonzero(counts[:, code])
        within = inner.copy()
        inner = inner + counts[:, code]
        half = side * _FILLED / 2 * np.sqrt(inner[has] / fullest)
        hole = side * _FILLED / 2 * np.sqrt(within[has] / fullest)
        around = _boxes(middle[has], half)
        is_ring = hole > 0
        around[is_ring] = shapely.difference(around[is_ring], _boxes(middle[has][is_ring], hole[is_ring]))
        grounds.append(around)
        squares.append(has)
        codes.append(np.full(len(has), code, dtype=np.int64))
    return np.concatenate(grounds), np.concatenate(squares), np.concatenate(codes)


def _boxes(middle: Floats, half: Floats) -> Geometries:
    x, y = middle.T
    boxes: Geometries = np.asarray(shapely.box(x - half, y - half, x + half, y + half), dtype=object)
    return boxes

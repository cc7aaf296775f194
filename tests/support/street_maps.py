"""Streets and parents drawn on cells, and blocks drawn back as letters.

A cell is 0.001° at the equator: 111.32 m each way. Lines are given in cells from the south-west corner.
"""

from __future__ import annotations

import itertools
import string
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.geometry.blocks import BlockTolerances, BuiltBlocks, build_blocks
from gisgov.geometry.coverage import Certificate, certify
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.edges import Edges
from gisgov.geometry.snap import snap
from gisgov.testing import areas_from_grid
from gisgov.types import Floats, Geometries, Ints

CELL: Final = 1e-3
CELL_M: Final = 111.32
WEST: Final = 10.0
LOCAL, COLLECTOR, ARTERIAL = EdgeClass.LOCAL, EdgeClass.COLLECTOR, EdgeClass.ARTERIAL
WATER, RAIL, ADMINISTRATIVE = EdgeClass.WATER, EdgeClass.RAIL, EdgeClass.ADMINISTRATIVE

ALL_STAYS: Final = BlockTolerances(0.0, 0.0, 0.0, 0.0, 0.0)
"""Nothing is drawn on, and nothing is put to a neighbour."""

Street = tuple[EdgeClass, list[tuple[float, float]]]


def places(*xy: tuple[float, float]) -> Floats:
    """Cells as longitude and latitude."""
    return np.asarray(xy, dtype=np.float64) * CELL + (WEST, 0.0)


def line(*xy: tuple[float, float]) -> shapely.LineString:
    """A line through places in cells."""
    return shapely.LineString(places(*xy))


def polygon(*xy: tuple[float, float]) -> shapely.Polygon:
    """A polygon with corners in cells."""
    return shapely.Polygon(places(*xy))


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle in cells."""
    return polygon((west, south), (east, south), (east, north), (west, north))


def array(*geometries: shapely.Geometry | None) -> Geometries:
    """Geometries as an array."""
    found = np.empty(len(geometries), dtype=object)
    found[:] = geometries
    return found


def parents_of(picture: str) -> Geometries:
    """Parents by letter."""
    cells = areas_from_grid(picture, cell_m=1.0)[1]
    return snap(np.asarray(shapely.transform(cells, lambda xy: xy * CELL + (WEST, 0.0)), dtype=object))


def blocks_of(
    picture: str,
    *streets: Street,
    level: list[int] | None = None,
    water: Geometries | None = None,
    compounds: Geometries | None = None,
    tolerances: BlockTolerances | None = None,
) -> BuiltBlocks:
    """Blocks of drawn parents; they must cover them exactly once."""
    parents = parents_of(picture)
    built = build_blocks(
        parents,
        array(*(line(*xy) for _, xy in streets)),
        [kind for kind, _ in streets],
        line_level=level,
        water=water,
        compounds=compounds,
        tolerances=tolerances or BlockTolerances(),
    )
    assert_sound(built, parents)
    return built


def picture_of(built: BuiltBlocks, columns: int, rows: int, *, per_cell: int = 1) -> str:
    """Draw which block lies at the middle of each cell, named in the order of reading."""
    side = 1.0 / per_cell
    names: dict[int, str] = {}
    lines = []
    for row in reversed(range(rows * per_cell)):
        letters = ""
        for column in range(columns * per_cell):
            (at,) = places(((column + 0.5) * side, (row + 0.5) * side))
            found = np.flatnonzero(shapely.contains_xy(built.geometries, *at))
            assert found.size <= 1
            letters += (
                names.setdefault(int(found[0]), string.ascii_letters[len(names)]) if found.size else "."
            )
        lines.append(letters)
    return "\n".join(lines)


def certificate_of(built: BuiltBlocks, parents: Geometries, number: int) -> Certificate:
    """The proof that the blocks of a parent cover it once; where a street ends its border gets the vertex."""
    mine = built.geometries[built.parent == number]
    border = Edges(parents[number : number + 1])
    corners = np.unique(shapely.get_coordinates(mine), axis=0)
    own = {tuple(corner) for corner in border.start.tolist()}
    corners = np.array([corner for corner in corners.tolist() if tuple(corner) not in own]).reshape(-1, 2)
    tree = shapely.STRtree(border.lines(np.arange(len(border))))
    corner, edge = tree.query_nearest(shapely.points(corners), max_distance=1.5e-7, all_matches=False)
    along = np.einsum("ij,ij->i", corners[corner] - border.start[edge], border.end[edge] - border.start[edge])
    order = np.lexsort((along, edge))
    (scope,) = border.with_vertices(edge[order], corners[corner[order]])
    return certify(mine, scope)


def steps(xy: npt.ArrayLike) -> Ints:
    """Degrees as whole steps of the storage grid, which they must be."""
    found = np.rint(np.asarray(xy) * 1e7)
    assert np.array_equal(np.round(found / 1e7, 7), np.asarray(xy))
    return np.asarray(found, dtype=np.int64)


def edges_of(geometries: Geometries) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    """All edges of lines and rings, whichever way they run; each may occur in one line once."""
    found = set()
    for geometry in geometries:
        rings = (
            [geometry]
            if isinstance(geometry, shapely.LineString)
            else [geometry.exterior, *geometry.interiors]
        )
        for ring in rings:
            corners = [tuple(one) for one in steps(ring.coords).tolist()]
            found |= {(min(ends), max(ends)) for ends in itertools.pairwise(corners)}
    return found


def assert_sound(built: BuiltBlocks, parents: Geometries) -> None:
    """Everything that is true of blocks whatever they were built from."""
    for number in range(len(parents)):
        if parents[number] is not None:
            assert certificate_of(built, parents, number).holds
    assert len(set(built.key.tolist())) == len(built)
    assert len(built.parent) == len(built.key) == len(built.is_water) == len(built)
    order = sorted(range(len(built)), key=lambda i: (built.parent[i], built.key[i]))
    assert order == list(range(len(built)))
    # every border once, and nothing else
    borders = edges_of(built.geometries)
    assert edges_of(built.edges) == borders
    assert sum(len(edge.coords) - 1 for edge in built.edges) == len(borders)
    assert len(built.edges) == len(built.edge_class)
    assert set(built.edge_class.tolist()) <= set(EdgeClass)


def class_lengths(built: BuiltBlocks) -> dict[EdgeClass, float]:
    """Cells of border by class."""
    found: dict[EdgeClass, float] = {}
    for edge, kind in zip(built.edges, built.edge_class.tolist(), strict=True):
        found[EdgeClass(kind)] = found.get(EdgeClass(kind), 0.0) + edge.length / CELL
    return {kind: round(length, 3) for kind, length in found.items()}

"""Blocks cut by a line, and their neighbours given the vertices where it meets borders.

::

    +-----+-----+       +-----+-----+
    |     |     |       | 1   | 3   |
    |  A  |  B  |       x.....x.....x     1 and 2 are pieces of A, 3 and 4 of B;
    |     |     |       | 2   | 4   |     where the line comes in from C, C gets a vertex:
    +-----+-----+  -->  +-----+-----+     without it its border and those of 1 and 2 would
    ......C......       |     C     |     be rounded on their own, and no longer be one

All is done in whole steps of the storage grid. A crossing is rounded to a grid point, so a straight border
bends by half a step at most (6 mm) where a line crosses it, on both sides by the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.errors import InputError
from gisgov.geometry.blocks.segments import in_degrees, metres_per_step, on_grid
from gisgov.geometry.cutting_course import lay, without_repeats
from gisgov.geometry.cutting_faces import faces_of, undirected
from gisgov.geometry.cutting_scene import (
    ON_BORDER,
    OUTSIDE,
    Scene,
    Sides,
    along,
    dividing,
    loose_ends,
    scene_of,
    sides_of,
)
from gisgov.geometry.edges import Edges
from gisgov.geometry.snap import GRID_DEG
from gisgov.types import Bools, Floats, Geometries, Ints

__all__ = ["ON_BORDER", "OUTSIDE", "Cut", "cut_blocks", "line_on_grid"]

_LONGEST: Final = 1_000_000_000  # steps: 100°, up to which products are exact


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """What a line does to blocks.

    Attributes
    ----------
    piece : numpy.ndarray of shapely.Geometry, shape (k,)
        Ground on the storage grid that takes the place of blocks: pieces of those that are cut, and those
        that got vertices, whole.
    block : numpy.ndarray of int, shape (k,)
        Number of the block that each is of, ascending; a block with one piece only got vertices.
    parts, bent : numpy.ndarray of shapely.LineString, shape (e,)
        Straight parts of borders that got vertices, each once, and the same with them.
    along : numpy.ndarray of float, shape (s, 2, 2)
        Sides of pieces, and of blocks that stay, which lie on the line.
    course : numpy.ndarray of float, shape (q, 2)
        The line as it was laid, with a vertex wherever it meets a border.
    where : numpy.ndarray of int, shape (q - 1,)
        For each stretch of the course the block that holds it, `ON_BORDER` or `OUTSIDE`.
    loose : numpy.ndarray of float, shape (l, 2)
        Ends of the line that lie inside a block, and so cut nothing.
    """

    piece: Geometries
    block: Ints
    parts: Geometries
    bent: Geometries
    along: Floats
    course: Floats
    where: Ints
    loose: Floats


def cut_blocks(blocks: Geometries, may_be_cut: Ints, line: Floats, reach_m: float = 1.0) -> Cut:
    """Cut blocks by a line.

    Parameters
    ----------
    blocks : numpy.ndarray of shapely.Geometry, shape (n,)
        Polygons and multipolygons in stored coordinates that overlap nowhere and have the vertices of their
        neighbours: all that the line comes near, and those around them.
    may_be_cut : numpy.ndarray of int
        Numbers of those that the line may cut; the others get vertices only.
    line : numpy.ndarray of float, shape (p, 2)
        Vertices in WGS84 degrees.
    reach_m : float
        Within how many metres the line is drawn to vertices and on to borders, so that it cuts
        no sliver off; above 0.

    Returns
    -------
    Cut
        Pieces, blocks with vertices and blocks that stay cover the ground that they did, once, and meet in
        vertices that are equal to the bit. What of the line ends inside a block cuts nothing.

    Raises
    ------
    InputError
        The line has no two places, or one that is nowhere on Earth; or blocks overlap where it runs.

    Examples
    --------
    >>> blocks = np.array([shapely.box(0, 0, 1e-4, 1e-4), shapely.box(1e-4, 0, 2e-4, 1e-4)])
    >>> cut = cut_blocks(blocks, np.array([0]), np.array([[0.5e-4, -1e-4], [1.5e-4, 2e-4]]))
    >>> cut.block.tolist()
    [0, 0, 1]
    >>> cut.bent[1]
    <LINESTRING (0.0001 0, 0.0001 5e-5, 0.0001 0.0001)>
    """
    steps = line_on_grid(line)
    near = _near(blocks, steps, reach_m)
    if not len(near):
        return _nothing(steps)
    edges = Edges(shapely.orient_polygons(shapely.transform(blocks[near], _steps)))
    course = lay(steps, edges.start.astype(np.int64), edges.end.astype(np.int64), reach_m)
    if len(course) == 1:  # all of it was drawn to one vertex
        return _nothing(course)
    may = np.isin(near, may_be_cut)
    drawn = scene_of(edges, course[:-1], course[1:], may)
    # once more with nothing but what divides blocks: other borders that were met get no vertices
    again = drawn.line[dividing(drawn)]
    scene = scene_of(edges, drawn.xy[again[:, 0]], drawn.xy[again[:, 1]], may)
    sides = sides_of(scene)
    parts, bent = _bent(scene, edges, sides)
    pieces, block, divides = _pieces(scene, sides, edges.owner[parts])
    _, once = np.unique(shapely.to_wkb(shapely.normalize(edges.lines(parts))), return_index=True)
    is_along = along(drawn, edges, scene.xy[sides.ends[:, 1]].astype(np.float64), sides.part)
    # rounding may have laid a step of the line on to a border that it crosses
    is_along |= np.isin(undirected(sides.ends), undirected(scene.line))
    return Cut(
        piece=shapely.transform(pieces, _degrees),
        block=near[block],
        parts=shapely.transform(edges.lines(parts[once]), _degrees),
        bent=shapely.transform(bent[once], _degrees),
        along=in_degrees(scene.xy[np.concatenate((sides.ends[is_along], scene.line[divides]))]),
        course=in_degrees(drawn.xy[np.append(drawn.line[:, 0], drawn.line[-1, 1])]),
        where=np.append(near, (OUTSIDE, ON_BORDER))[drawn.held],  # negative ones count from the end
        loose=in_degrees(drawn.xy[loose_ends(drawn)]),
    )


def _steps(degrees: Floats) -> Floats:
    return on_grid(degrees).astype(np.float64)


def _degrees(steps: Floats) -> Floats:
    return in_degrees(steps.astype(np.int64))


def line_on_grid(line: npt.ArrayLike) -> Ints:
    """Round a line to steps of the storage grid.

    Parameters
    ----------
    line : array_like of float, shape (p, 2)
        Places in WGS84 degrees.

    Returns
    -------
    numpy.ndarray of int, shape (q, 2)
        No two in a row equal.

    Raises
    ------
    InputError
        There are no two places, or one is nowhere on Earth.
    """
    places = np.asarray(line, dtype=np.float64).reshape(-1, 2)
    wrong = np.flatnonzero(~(np.abs(places) <= (180.0, 90.0)).all(axis=1))
    if len(wrong):
        lon, lat = places[wrong[0]].tolist()
        raise InputError(f"Place {wrong[0] + 1} of the line, ({lon}, {lat}), is none on Earth.", field="line")
    steps = without_repeats(on_grid(places))
    if len(steps) < 2:
        raise InputError("A line has two places at least that are not the same.", field="line")
    if np.abs(np.diff(steps, axis=0)).max() > _LONGEST:
        raise InputError("The line goes over more than 100 degrees without a vertex.", field="line")
    return steps


def _near(blocks: Geometries, steps: Ints, reach_m: float) -> Ints:
    """Return the blocks that a line comes near, and those around them."""
    tree = shapely.STRtree(blocks)
    reach = GRID_DEG * (4.0 + reach_m / metres_per_step(steps[:, 1].astype(np.float64)).min())
    touched = tree.query(shapely.LineString(in_degrees(steps)), predicate="dwithin", distance=reach)
    around = tree.query(shapely.box(*shapely.bounds(blocks[touched]).T))[1]
    return np.unique(around)


def _nothing(course: Ints) -> Cut:
    """Return what a line does that comes near no border."""
    none = np.zeros(0, dtype=object)
    return Cut(
        piece=none,
        block=np.zeros(0, dtype=np.int64),
        parts=none,
        bent=none,
        along=np.zeros((0, 2, 2)),
        course=in_degrees(course),
        where=np.full(len(course) - 1, OUTSIDE, dtype=np.int64),
        loose=np.zeros((0, 2)),
    )


def _bent(scene: Scene, edges: Edges, sides: Sides) -> tuple[Ints, Geometries]:
    """Return the straight parts of borders that get vertices, and each with them, in steps."""
    several = np.flatnonzero(np.bincount(sides.part, minlength=len(edges)) > 1)
    side = np.flatnonzero(np.isin(sides.part, several))
    part = sides.part[side]
    first = np.searchsorted(part, several)
    vertex = np.insert(sides.ends[side, 1], first, sides.ends[side[first], 0])
    of = np.insert(np.searchsorted(several, part), first, np.arange(len(several)))
    return several, np.asarray(shapely.linestrings(scene.xy[vertex].astype(np.float64), indices=of))


def _pieces(scene: Scene, sides: Sides, bent: Ints) -> tuple[Geometries, Ints, Bools]:
    """Cut blocks, and give those their vertices whose borders are bent.

    Returns
    -------
    pieces : numpy.ndarray of shapely.Geometry, shape (k,)
        The ground of blocks that change, in steps.
    block : numpy.ndarray of int, shape (k,)
        Which block each is of, ascending.
    divides : numpy.ndarray of bool, shape (m,)
        Which stretches of the line lie between pieces.
    """
    pieces: list[Geometries] = [np.zeros(0, dtype=object)]
    changed = np.union1d(scene.held[scene.held >= 0], bent)
    owner, divides = scene.owner[sides.part], np.zeros(len(scene.line), dtype=bool)
    for block in changed.tolist():
        mine, ring = scene.held == block, sides.ends[owner == block]
        faces = faces_of(scene.xy, ring, scene.line[mine])
        if not (faces.is_exact and shapely.is_valid(faces.polygon).all()):
            lon, lat = in_degrees(scene.xy[ring[0, 0]]).tolist()
            raise InputError(
                f"The line cannot be led by the block at ({lon:.7f}, {lat:.7f}): "
                "it is thinner than the storage grid there, or blocks overlap.",
                hint="Check the plan, or draw the line elsewhere.",
                field="line",
            )
        cuts = np.isin(undirected(scene.line[mine]), faces.sides)
        divides[mine] = cuts
        one_of_many = not cuts.any() and len(faces.polygon) > 1
        pieces.append(np.array([shapely.multipolygons(faces.polygon)]) if one_of_many else faces.polygon)
    count = [len(some) for some in pieces[1:]]
    return np.concatenate(pieces), np.repeat(changed, count), divides

"""The border between two neighbours moved to a line: the ground between both changes sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
import sqlalchemy as sa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from gisgov.errors import InputError
from gisgov.geometry.blocks.segments import drawn, on_grid, points_at
from gisgov.geometry.cutting import ON_BORDER, OUTSIDE
from gisgov.geometry.pieces import inner_points
from gisgov.geometry.segments import segments_of
from gisgov.services.editing.change import Change
from gisgov.services.editing.cut_ground import Laid, lay_line, store_cut
from gisgov.services.editing.cutting import place, refuse_loose_ends
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.operations import MoveBorder
from gisgov.services.editing.simple_changes import require_areas
from gisgov.types import Bools, Geometries, Ints

_NEAR: Final = 3.0  # steps of the storage grid that a vertex of the line may be off one of the border


def make_move_border(connection: sa.Connection, draft: OpenDraft, operation: MoveBorder) -> Change:
    """Move the border between two areas to a line.

    What lies between the line and the stretch of the present border that it replaces changes sides: blocks
    wholly there as they are, those that the line crosses as pieces.

    Raises
    ------
    InputError
        An end of the line is not on the border between the two, the line leaves both, or nothing would move
        or nothing be left of one.
    NotFoundError
        The draft has no such area.
    """
    one, other = operation.areas
    if one == other:
        raise InputError(f"Area {one} has no border with itself.", field="areas")
    require_areas(connection, draft, operation.areas, "areas")
    laid = lay_line(connection, draft, operation.areas, operation.line)
    words = f"areas {one} and {other}"
    refuse_loose_ends(laid, words, "A new border begins and ends on the present one.")
    _refuse_outside(laid, words)
    border = _common_border(laid)
    if not len(border.sides):
        raise InputError(f"The {words} have no border in common.", field="areas")
    course = _off_border(laid, border)
    if len(course) < 2:
        raise InputError("The line runs along the present border, and moves nothing.", field="line")
    moves = _between(laid, border, course, *_ends(border, course, laid, words))
    if not moves.any():
        raise InputError("No ground lies between the line and the present border.", field="line")
    area = laid.ground.area
    goes = np.where(moves, np.where(area == one, other, one), area)
    for code in (one, other):
        if not (goes == code).any():
            raise InputError(
                f"Nothing would be left of area {code}.", hint="Merge the two instead.", field="line"
            )
    return store_cut(connection, laid, goes, {})


@dataclass(frozen=True, slots=True, eq=False)
class _Border:
    """The border of two areas: its vertices in steps, and its straight sides between them, each once."""

    xy: Ints
    sides: Ints

    def lines(self) -> Geometries:
        return drawn(self.xy[self.sides[:, 0]], self.xy[self.sides[:, 1]])


def _refuse_outside(laid: Laid, words: str) -> None:
    beyond = np.flatnonzero(laid.cut.where == OUTSIDE)
    if len(beyond):
        i = int(beyond[0])
        a, b = place(laid.cut.course[i]), place(laid.cut.course[i + 1])
        raise InputError(
            f"The line leaves {words} between {a} and {b}.",
            hint="Draw it through the ground of the two alone.",
            field="line",
        )


def _common_border(laid: Laid) -> _Border:
    segments = segments_of(laid.ground.blocks.geometries)
    segment, other = segments.pairs.T
    area = laid.ground.area
    between = segment[area[segments.owner[segment]] != area[segments.owner[other]]]
    ends = np.concatenate((on_grid(segments.xy[between]), on_grid(segments.xy[between + 1])))
    xy, number = np.unique(ends, axis=0, return_inverse=True)
    return _Border(xy, number.reshape(2, -1).T)


def _off_border(laid: Laid, border: _Border) -> Ints:
    """Return the vertices of the line, in steps, without what runs along the present border at its ends."""
    course = on_grid(laid.cut.course)
    middle = points_at((course[:-1] + course[1:]) / 2.0)
    at = shapely.STRtree(border.lines()).query(middle, predicate="dwithin", distance=_NEAR)[0]
    off = np.flatnonzero((laid.cut.where != ON_BORDER) | ~np.isin(np.arange(len(middle)), at))
    return course[off[0] : off[-1] + 2] if len(off) else course[:0]


def _ends(border: _Border, course: Ints, laid: Laid, words: str) -> tuple[int, int]:
    """Return the vertices of the present border where the line begins and ends."""
    found = []
    for name, xy, given in (
        ("begins", course[0], laid.cut.course[0]),
        ("ends", course[-1], laid.cut.course[-1]),
    ):
        off = np.hypot(*(border.xy - xy).T)
        if off.min() > _NEAR:
            raise InputError(
                f"The line {name} at {place(given)}, which is not on the border between {words}.",
                hint="A new border begins and ends on the present one.",
                field="line",
            )
        found.append(int(np.argmin(off)))
    return found[0], found[1]


def _between(laid: Laid, border: _Border, course: Ints, first: int, last: int) -> Bools:
    """Say which blocks lie between the line and the stretch of the border that it replaces.

    Where the border is a ring, that is the stretch for which less ground moves.
    """
    ways = _ways(border, first, last)
    if not ways:
        a, b = place(laid.cut.course[0]), place(laid.cut.course[-1])
        raise InputError(
            f"The line begins at {a} and ends at {b}, which are on two stretches of the border.",
            hint="Move each stretch by a line of its own.",
            field="line",
        )
    within = inner_points(laid.ground.blocks.geometries)
    lon, lat = shapely.get_x(within), shapely.get_y(within)
    found = []
    for way in ways:
        ring = np.concatenate((course, border.xy[way[::-1]])) * 1e-7
        found.append(shapely.contains_xy(shapely.Polygon(ring), lon, lat))
    area_m2 = laid.ground.blocks.area_m2
    some = [moves for moves in found if moves.any()] or found
    return min(some, key=lambda moves: float(area_m2[moves].sum()))


def _ways(border: _Border, first: int, last: int) -> list[Ints]:
    """Return the shortest way along a border, and the next that has no side of it in common, if any."""
    if first == last:
        return [np.array([first])]
    sides = border.sides
    ways: list[Ints] = []
    while len(ways) < 2:
        length = np.hypot(*(border.xy[sides[:, 0]] - border.xy[sides[:, 1]]).T)
        graph = coo_array((length, (sides[:, 0], sides[:, 1])), shape=(len(border.xy),) * 2).tocsr()
        distance, before = dijkstra(graph, directed=False, indices=first, return_predecessors=True)
        if not np.isfinite(distance[last]):
            break
        way = [last]
        while way[-1] != first:
            way.append(int(before[way[-1]]))
        ways.append(np.array(way[::-1], dtype=np.int64))
        used = np.sort(np.column_stack((way[1:], way[:-1])), axis=1)
        taken = np.isin(_key(np.sort(sides, axis=1)), _key(used))
        sides = sides[~taken]
    return ways


def _key(pairs: Ints) -> Ints:
    return np.asarray(pairs[:, 0] << 32 | pairs[:, 1])

"""One tile, feature by feature: choose, quantise, tidy, cut, tidy what was cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gisgov.tiles.message import AT_ONCE, Outlines
from gisgov.tiles.parts import Part, Shapes
from gisgov.tiles.rules import Rules
from gisgov.types import Bools, Ints


@dataclass(frozen=True, slots=True)
class Square:
    """A tile's place.

    Attributes
    ----------
    zoom, x, y : int
        As tiles are numbered on the web: x from the west, y from the north.
    """

    zoom: int
    x: int
    y: int

    @property
    def is_in_world(self) -> bool:
        """Whether there is such a tile."""
        return 0 <= self.x < 1 << self.zoom and 0 <= self.y < 1 << self.zoom


def rows_in(part: Part, square: Square, rules: Rules, shown: Bools) -> Ints:
    """Return the rows of a part that are shown and may reach into a tile with its margin."""
    from gisgov.tiles import choosing

    size = 0.5**square.zoom
    corner = np.array([square.x * size, square.y * size, (square.x + 1) * size, (square.y + 1) * size])
    room = np.empty(len(part), dtype=np.int64)
    margin = (rules.buffer + 1) * size / rules.extent
    count = choosing.choose_rows(part.key, part.begin, part.reach, corner, margin, shown, room, 0)
    return room[:count]


def outlines_of(part: Part, shapes: Shapes, rows: Ints, square: Square, rules: Rules) -> Iterator[Outlines]:
    """Give features in units of a tile, some thousand at a time so that they stay near the processor.

    Parameters
    ----------
    part : Part
        The features.
    shapes : Shapes
        Their vertices, as they are to be drawn at this zoom.
    rows : numpy.ndarray of int
        Which features.
    square : Square
        The tile.
    rules : Rules
        How many units it has and how wide its margin is.

    Yields
    ------
    Outlines
        Features that lie in the tile with its margin, then those that were cut to it.
    """
    from gisgov.tiles import quantising, tidying

    units = float(rules.extent << square.zoom)
    low, high = -rules.buffer, rules.extent + rules.buffer
    frame = np.array([units, float(square.x * rules.extent), float(square.y * rules.extent), low, high])
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE]
        rings = shapes.rings(some)
        drawn = Outlines.room_for(part, len(some), rings, shapes.vertices(some) + 4 * rings)
        drawn.count = quantising.quantise_rows(
            some, part.kind, shapes.feature, shapes.ring, shapes.hole, shapes.xy, frame,
            drawn.kept, drawn.first_ring, drawn.begin, drawn.end, drawn.is_hole, drawn.is_cut, drawn.points,
        )  # fmt: skip
        tidying.tidy_rings(*drawn.rings())
        yield drawn
        across = np.flatnonzero(drawn.is_cut[: drawn.count])
        if len(across):
            yield _cut(part, drawn, across, low, high)


def _cut(part: Part, drawn: Outlines, across: Ints, low: int, high: int) -> Outlines:
    from gisgov.tiles import clipping, tidying

    first, last = drawn.first_ring[across], drawn.first_ring[across + 1]
    vertices = int(np.sum(drawn.end[last - 1] - drawn.begin[first])) + 1
    pieces = Outlines.room_for(part, len(across), int(np.sum(last - first)) + vertices, 8 * vertices)
    pieces.count = clipping.cut_features(
        drawn.kept[: drawn.count], drawn.is_cut, drawn.first_ring, drawn.begin, drawn.end, drawn.is_hole,
        drawn.points, low, high, vertices,
        pieces.kept, pieces.first_ring, pieces.begin, pieces.end, pieces.is_hole, pieces.points,
    )  # fmt: skip
    pieces.is_cut[:] = True  # what is left of them may be nothing
    tidying.tidy_rings(*pieces.rings())
    pieces.skip_empty()
    return pieces

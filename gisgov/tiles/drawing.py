"""One tile, feature by feature: choose, quantise, tidy, cut, tidy what was cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Final

import numpy as np

from gisgov.tiles.message import Message, Outlines
from gisgov.tiles.parts import Part, Shapes
from gisgov.tiles.rules import Rules
from gisgov.tiles.scratch import SCRATCH
from gisgov.types import Bools, Floats, Ints

_AT_ONCE: Final = 4096
"""Features that are drawn and written in one go."""


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


def draw_part(
    message: Message, part: Part, shapes: Shapes, shown: Bools, square: Square, rules: Rules
) -> None:
    """Write features into a tile, as long as there is room for them.

    Parameters
    ----------
    message : Message
        The tile.
    part : Part
        The features.
    shapes : Shapes
        Their vertices, as they are to be drawn at this zoom.
    shown : numpy.ndarray of bool
        Which features may be seen.
    square : Square
        Where the tile is.
    rules : Rules
        How many units it has and how wide its margin is.
    """
    units = float(rules.extent << square.zoom)
    low, high = -rules.buffer, rules.extent + rules.buffer
    frame = np.array([units, float(square.x * rules.extent), float(square.y * rules.extent), low, high])
    rows = _rows_in(part, square, rules, shown)
    rest = SCRATCH.named("rest", len(rows))
    for across in message.add_plain(part, shapes, rows, frame, rest):
        message.add(_cut(part, across, across.count, int(across.end[across.count - 1]), low, high))
    for begin in range(0, message.rest_count, _AT_ONCE):
        some = rest[: message.rest_count][begin : begin + _AT_ONCE]
        for outlines in _outlines_of(part, shapes, some, frame):
            if message.is_too_long:
                return
            message.add(outlines)


def _rows_in(part: Part, square: Square, rules: Rules, shown: Bools) -> Ints:
    """Return the rows of a part that are shown and may reach into a tile with its margin."""
    size = 0.5**square.zoom
    corner = np.array([square.x * size, square.y * size, (square.x + 1) * size, (square.y + 1) * size])
    room = SCRATCH.rows(len(part))
    margin = (rules.buffer + 1) * size / rules.extent
    count = _choosing().choose_rows(part.key, part.begin, part.reach, corner, margin, shown, room, 0)
    return room[:count]


def _outlines_of(part: Part, shapes: Shapes, rows: Ints, frame: Floats) -> Iterator[Outlines]:
    """Give features in units of a tile: those that lie in it with its margin, then those that were cut."""
    from gisgov.tiles import quantising

    rings = shapes.rings(rows)
    drawn = Outlines.room_for("drawn", part, len(rows), rings, shapes.vertices(rows) + 4 * rings)
    drawn.count = quantising.quantise_rows(
        rows, part.kind, shapes.feature, shapes.ring, shapes.hole, shapes.xy, frame,
        drawn.kept, drawn.first_ring, drawn.begin, drawn.end, drawn.is_hole, drawn.is_cut, drawn.points,
    )  # fmt: skip
    _tidying().tidy_rings(*drawn.rings())
    yield drawn
    across = np.flatnonzero(drawn.is_cut[: drawn.count])
    if len(across):
        first, last = drawn.first_ring[across], drawn.first_ring[across + 1]
        vertices = int(np.sum(drawn.end[last - 1] - drawn.begin[first]))
        yield _cut(part, drawn, int(np.sum(last - first)), vertices, int(frame[3]), int(frame[4]))


def _cut(part: Part, drawn: Outlines, rings: int, vertices: int, low: int, high: int) -> Outlines:
    """Cut the features that lie across the margin, which have so many rings and vertices."""
    room = vertices + 1
    pieces = Outlines.room_for("pieces", part, drawn.count, rings + room, 8 * room)
    pieces.count = _clipping().cut_features(
        drawn.kept[: drawn.count], drawn.is_cut, drawn.first_ring, drawn.begin, drawn.end, drawn.is_hole,
        drawn.points, low, high, room,
        pieces.kept, pieces.first_ring, pieces.begin, pieces.end, pieces.is_hole, pieces.points,
    )  # fmt: skip
    pieces.is_cut[: pieces.count] = True  # what is left of them may be nothing, for which no square is drawn
    _tidying().tidy_rings(*pieces.rings())
    pieces.is_cut[: pieces.count] = False
    return pieces


# imported once, when the first tile is drawn: an import statement in a function takes as long as a small loop
@cache
def _choosing() -> ModuleType:
    from gisgov.tiles import choosing

    return choosing


@cache
def _clipping() -> ModuleType:
    from gisgov.tiles import clipping

    return clipping


@cache
def _tidying() -> ModuleType:
    from gisgov.tiles import tidying

    return tidying

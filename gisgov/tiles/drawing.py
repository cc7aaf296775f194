"""One tile, feature by feature: choose, quantise, tidy, cut, tidy what was cut, write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gisgov.tiles.columns import TextBook
from gisgov.tiles.parts import Part, Shapes
from gisgov.tiles.rules import Rules
from gisgov.types import Bools, Bytes, Ints

_NO_LIMIT = 1 << 62


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


@dataclass(slots=True)
class Message:
    """The features of a tile as they are written, and the values that they share.

    Attributes
    ----------
    most : int
        Greatest length in bytes; beyond it ``is_too_long`` and nothing more is written.
    """

    most: int = _NO_LIMIT
    is_too_long: bool = False
    count: int = 0
    chunks: list[bytes] = field(default_factory=list)
    slots: Ints = field(default_factory=lambda: np.full(256, -1, dtype=np.int64))
    values: Ints = field(default_factory=lambda: np.empty((128, 2), dtype=np.int64))

    def finish(self, rules: Rules, names: Sequence[str], book: TextBook) -> bytes:
        """Return the tile of one layer, nothing when it has no features."""
        from gisgov.tiles import writing

        if not any(self.chunks):
            return b""
        name = rules.name.encode()
        keys = b"".join(b"\x1a" + _number(len(key)) + key for key in (each.encode() for each in names))
        values = writing.write_values(self.values, self.count, book.begin, book.octets).tobytes()
        extent = b"\x28" + _number(rules.extent)
        body = [b"\x78\x02\x0a", _number(len(name)), name, *self.chunks, keys, values, extent]
        return b"".join([b"\x1a", _number(sum(map(len, body))), *body])


def draw(
    part: Part, shapes: Shapes, square: Square, rules: Rules, kinds: Ints, shown: Bools, message: Message
) -> None:
    """Add the features of a part that reach into a tile to its message.

    Parameters
    ----------
    part : Part
        The features.
    shapes : Shapes
        Their vertices, as they are to be drawn at this zoom.
    square : Square
        The tile.
    rules : Rules
        How wide its margin is, and how long it may be.
    kinds : numpy.ndarray of int, shape (c,)
        What the columns hold.
    shown : numpy.ndarray of bool, shape (n,)
        Which features are drawn.
    message : Message
        What is written.
    """
    from gisgov.tiles import choosing, clipping, quantising, tidying

    size = 0.5**square.zoom
    corner = np.array([square.x * size, square.y * size, (square.x + 1) * size, (square.y + 1) * size])
    room = np.empty(len(part), dtype=np.int64)
    margin = (rules.buffer + 1) * size / rules.extent
    count = choosing.choose_rows(part.key, part.begin, part.reach, corner, margin, shown, room)
    rows = room[:count]
    units = float(rules.extent << square.zoom)
    low, high = -rules.buffer, rules.extent + rules.buffer
    frame = np.array([units, float(square.x * rules.extent), float(square.y * rules.extent), low, high])
    drawn = _Drawing.room_for(count, shapes.rings(rows), shapes.vertices(rows))
    is_cut = np.empty(count + 1, dtype=bool)
    drawn.count = quantising.quantise_rows(
        rows, part.kind, shapes.feature, shapes.ring, shapes.hole, shapes.xy, frame,
        drawn.kept, drawn.first_ring, drawn.begin, drawn.end, drawn.is_hole, is_cut, drawn.points,
    )  # fmt: skip
    is_cut = is_cut[: drawn.count]
    tidying.tidy_rings(*drawn.rings_of(part))
    _write(part, drawn, is_cut, kinds, message)
    if message.is_too_long or not is_cut.any():
        return
    across = np.flatnonzero(is_cut)
    first, last = drawn.first_ring[across], drawn.first_ring[across + 1]
    vertices = int(np.sum(drawn.end[last - 1] - drawn.begin[first]))
    pieces = _Drawing.room_for(len(across), int(np.sum(last - first)) + vertices, 8 * vertices)
    pieces.count = clipping.cut_features(
        drawn.kept[: drawn.count], is_cut, drawn.first_ring, drawn.begin, drawn.end, drawn.is_hole, drawn.points,
        low, high, vertices,
        pieces.kept, pieces.first_ring, pieces.begin, pieces.end, pieces.is_hole, pieces.points,
    )  # fmt: skip
    tidying.tidy_rings(*pieces.rings_of(part))
    _write(part, pieces, np.zeros(pieces.count, dtype=bool), kinds, message)


@dataclass(slots=True)
class _Drawing:
    """Features as rings of whole units."""

    count: int
    kept: Ints
    first_ring: Ints
    begin: Ints
    end: Ints
    is_hole: Bools
    points: Ints

    @classmethod
    def room_for(cls, features: int, rings: int, vertices: int) -> _Drawing:
        numbers = (np.empty(n + 1, dtype=np.int64) for n in (features, features, rings, rings))
        return cls(0, *numbers, np.empty(rings + 1, dtype=bool), np.empty((vertices + 4, 2), dtype=np.int64))

    def rings_of(self, part: Part) -> tuple[Ints, Bytes, Ints, Ints, Ints, Bools, Ints]:
        kept = self.kept[: self.count]
        return kept, part.kind, self.first_ring, self.begin, self.end, self.is_hole, self.points


def _write(part: Part, drawn: _Drawing, skip: Bools, kinds: Ints, message: Message) -> None:
    from gisgov.tiles import writing

    written, message.slots, message.values, message.count = writing.write_features(
        drawn.kept[: drawn.count], part.kind, skip, drawn.first_ring, drawn.begin, drawn.end, drawn.points,
        part.ids, part.table, kinds, message.slots, message.values, message.count, message.most,
    )  # fmt: skip
    message.is_too_long = not len(written) and drawn.count > np.count_nonzero(skip)
    message.most -= len(written)
    message.chunks.append(written.tobytes())


def _number(number: int) -> bytes:
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    written.append(number)
    return bytes(written)

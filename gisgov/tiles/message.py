"""The bytes of a tile, from features in units of the tile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from gisgov.tiles.columns import TEXT, TextBook
from gisgov.tiles.parts import Part
from gisgov.tiles.rules import Rules
from gisgov.types import Bools, Bytes, Ints

AT_ONCE: Final = 4096
"""Features that are drawn and written in one go."""


@dataclass(slots=True)
class Outlines:
    """Features in units of a tile; arrays may be longer than there are features, rings and vertices.

    Attributes
    ----------
    ids, kind, table : numpy.ndarray
        The features that ``kept`` counts in.
    count : int
        How many of them are drawn.
    kept : numpy.ndarray of int
        Which.
    first_ring : numpy.ndarray of int
        Where the rings of each begin.
    begin, end : numpy.ndarray of int
        Where the vertices of each ring begin and end.
    is_hole : numpy.ndarray of bool
        Whether a ring is a hole.
    is_cut : numpy.ndarray of bool
        Which features are not written: something of them lies across the margin of the tile.
    points : numpy.ndarray of int
        Vertices.
    """

    ids: Ints
    kind: Bytes
    table: Ints
    count: int
    kept: Ints
    first_ring: Ints
    begin: Ints
    end: Ints
    is_hole: Bools
    is_cut: Bools
    points: Ints

    @classmethod
    def room_for(cls, part: Part, features: int, rings: int, vertices: int) -> Outlines:
        """Return arrays without features that have room for so many."""
        kept, first, begin, end = (
            np.empty(n + 1, dtype=np.int64) for n in (features, features, rings, rings)
        )
        is_hole, is_cut = np.empty(rings + 1, dtype=bool), np.empty(features + 1, dtype=bool)
        points = np.empty((vertices, 2), dtype=np.int64)
        return cls(part.ids, part.kind, part.table, 0, kept, first, begin, end, is_hole, is_cut, points)

    def rings(self) -> tuple[Ints, Bytes, Ints, Ints, Ints, Bools, Bools, Ints]:
        """Return what `gisgov.tiles.tidying.tidy_rings` works on."""
        kept = self.kept[: self.count]
        return kept, self.kind, self.first_ring, self.begin, self.end, self.is_hole, self.is_cut, self.points

    def skip_empty(self) -> None:
        """Write those features, and only those, of which something is left."""
        rings = self.first_ring[: self.count + 1]
        left = np.append(0, np.cumsum(self.end[: rings[-1]] > self.begin[: rings[-1]]))
        self.is_cut[: self.count] = left[rings[1:]] == left[rings[:-1]]


def tile_of(
    given: Iterable[Outlines], rules: Rules, names: Sequence[str], kinds: Ints, book: TextBook
) -> bytes | None:
    """Return a tile of one layer.

    Parameters
    ----------
    given : iterable of Outlines
        Its features.
    rules : Rules
        Name and extent of the layer, and how many bytes it may have.
    names : sequence of str
        The attributes, in the order of the tables.
    kinds : numpy.ndarray of int
        What they hold.
    book : TextBook
        Their texts.

    Returns
    -------
    bytes or None
        Nothing (b"") when there are no features, ``None`` when it would be too long.
    """
    from gisgov.tiles import writing

    most = rules.max_bytes
    slots, values = np.full(1024, -1, dtype=np.int64), np.empty((512, 2), dtype=np.int64)
    count = np.zeros(1, dtype=np.int64)
    tags = np.empty(6 * len(kinds), dtype=np.uint8)
    chunks: list[bytes] = []
    length = 0
    for each in given:
        needed = int(count[0]) + each.count * len(kinds)
        if 2 * needed > len(slots):
            values = np.concatenate((values[: count[0]], np.empty((2 * needed, 2), dtype=np.int64)))
            slots = np.full(1 << (4 * needed - 1).bit_length(), -1, dtype=np.int64)
            writing.fill_slots(values, int(count[0]), slots)
        room = 10 * len(each.points) + 12 * len(each.begin)
        shape = np.empty(room, dtype=np.uint8)
        out = np.empty(room + each.count * (48 + len(tags)), dtype=np.uint8)
        written = writing.write_features(
            each.kept[: each.count], each.kind, each.is_cut, each.first_ring, each.begin, each.end,
            each.points, each.ids, each.table, kinds, slots, values, count, shape, tags, out,
        )  # fmt: skip
        chunks.append(out[:written].tobytes())
        length += written
        if most is not None and length > most:
            return None
    if length == 0:
        return b""
    used = values[: count[0]]
    texts = used[used[:, 0] == TEXT, 1]
    out = np.empty(24 * len(used) + int((book.begin[texts + 1] - book.begin[texts]).sum()), dtype=np.uint8)
    written = writing.write_values(values, int(count[0]), book.begin, book.octets, out)
    head, keys, extent = _frame(rules.name, rules.extent, tuple(names))
    body = [head, *chunks, keys, out[:written].tobytes(), extent]
    tile = b"".join([b"\x1a", _number(sum(map(len, body))), *body])
    return tile if most is None or len(tile) <= most else None


@lru_cache(maxsize=256)
def _frame(name: str, extent: int, names: tuple[str, ...]) -> tuple[bytes, bytes, bytes]:
    """Return what is the same in all tiles of a layer: its version and name, its keys, its extent."""
    octets = name.encode()
    keys = b"".join(b"\x1a" + _number(len(key)) + key for key in (each.encode() for each in names))
    return b"\x78\x02\x0a" + _number(len(octets)) + octets, keys, b"\x28" + _number(extent)


def _number(number: int) -> bytes:
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    written.append(number)
    return bytes(written)

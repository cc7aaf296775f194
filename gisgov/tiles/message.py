"""The bytes of a tile, from features in units of the tile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType
from typing import Final

import numpy as np

from gisgov.tiles.columns import TextBook
from gisgov.tiles.parts import Part, Shapes
from gisgov.tiles.rules import Rules
from gisgov.tiles.scratch import SCRATCH
from gisgov.types import Bools, Bytes, Floats, Ints

_LONGEST_LENGTH: Final = 6
"""Bytes before a layer: its number, and how long it is."""

_NO_LIMIT: Final = 1 << 40

_CUT_AT_ONCE: Final = 512
"""Features that are cut to a tile in one go."""

_SLOTS: Final = 2048
"""Places to find values by, a power of two: twice as many as there can be values before more is made."""


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
    def room_for(cls, use: str, part: Part, features: int, rings: int, vertices: int) -> Outlines:
        """Return arrays without features that have room for so many; they are scratch, by their use."""
        named = SCRATCH.named
        kept, first = named(f"{use}.kept", features + 1), named(f"{use}.first_ring", features + 1)
        begin, end = named(f"{use}.begin", rings + 1), named(f"{use}.end", rings + 1)
        is_hole, is_cut = (
            named(f"{use}.is_hole", rings + 1, np.bool_),
            named(f"{use}.is_cut", features + 1, np.bool_),
        )
        points = named(f"{use}.points", vertices, columns=2)
        return cls(part.ids, part.kind, part.table, 0, kept, first, begin, end, is_hole, is_cut, points)

    def rings(self) -> tuple[Ints, Bytes, Ints, Ints, Ints, Bools, Bools, Ints]:
        """Return what `gisgov.tiles.tidying.tidy_rings` works on."""
        kept = self.kept[: self.count]
        return kept, self.kind, self.first_ring, self.begin, self.end, self.is_hole, self.is_cut, self.points


class Message:
    """A tile of one layer as it is written, feature after feature.

    Parameters
    ----------
    rules : Rules
        Name and extent of the layer, and how many bytes it may have.
    names : sequence of str
        The attributes, in the order of the tables.
    kinds : numpy.ndarray of int
        What they hold.
    book : TextBook
        Their texts.
    """

    def __init__(self, rules: Rules, names: Sequence[str], kinds: Ints, book: TextBook) -> None:
        self._head, self._keys, self._extent = _frame(rules.name, rules.extent, tuple(names))
        self._kinds, self._book = kinds, book
        self._begin = len(self._head) + _LONGEST_LENGTH
        self._most = _NO_LIMIT if rules.max_bytes is None else rules.max_bytes
        self._slots = SCRATCH.named("slots", _SLOTS)[:_SLOTS]
        self._slots.fill(-1)
        self._values = SCRATCH.named("values", _SLOTS // 2, columns=2)[: _SLOTS // 2]
        self._state = np.array([self._begin, 0, 0, 0, 0, 0], dtype=np.int64)

    @property
    def is_too_long(self) -> bool:
        """Whether the features are longer than the tile may be."""
        return int(self._state[0]) - self._begin > self._most

    @property
    def rest_count(self) -> int:
        """How many rows the last `add_plain` did not write."""
        return int(self._state[1])

    def add_plain(
        self, part: Part, shapes: Shapes, rows: Ints, frame: Floats, rest: Ints
    ) -> Iterator[Outlines]:
        """Write those features of a part that nothing has to be cut from, as long as there is room.

        Parameters
        ----------
        part, shapes : Part, Shapes
            Where they are.
        rows : numpy.ndarray of int
            Which features.
        frame : numpy.ndarray of float
            As `gisgov.tiles.quantising.quantise_rows` takes it.
        rest : numpy.ndarray of int
            Room for rows that are not written here, because they have many vertices or more than one ring;
            `rest_count` is how many they are.

        Yields
        ------
        Outlines
            Features that have to be cut, now and then some.
        """
        plain = _plain()
        done, out, state = 0, SCRATCH.octets(0), self._state
        across = Outlines.room_for("across", part, _CUT_AT_ONCE, _CUT_AT_ONCE, 8 * _CUT_AT_ONCE)
        across.is_cut.fill(True)
        across.is_hole.fill(False)
        state[1] = 0
        while True:
            done = plain.write_plain(
                rows, done, self._begin + self._most, part.kind, shapes.feature, shapes.ring, shapes.xy,
                frame, part.ids, part.table, self._kinds, self._slots, self._values, state, rest,
                across.kept, across.first_ring, across.begin, across.end, across.points, out,
            )  # fmt: skip
            is_done = done == len(rows) or self.is_too_long
            if not is_done and state[3] > len(out):
                out = SCRATCH.octets(int(state[3]))
            elif not is_done and 2 * (int(state[2]) + len(self._kinds)) > len(self._slots):
                self._find_room(len(self._values))
            elif state[4]:
                across.count = int(state[4])
                state[4:] = 0
                yield across
                out = SCRATCH.octets(0)  # longer, maybe, since they were written
            if is_done:
                return

    def add(self, each: Outlines) -> None:
        """Write features."""
        if not each.count:
            return
        self._find_room(each.count * len(self._kinds))
        tags = SCRATCH.named("tags", 6 * len(self._kinds), np.uint8)
        rings = int(each.first_ring[each.count])
        room = 10 * int(each.end[rings - 1]) + 12 * (rings + 1)  # rings lie one behind the other
        shape = SCRATCH.named("shape", room, np.uint8)
        begin = int(self._state[0])
        out = SCRATCH.octets(begin + room + each.count * (48 + len(tags)))
        self._state[0] += _writing().write_features(
            each.kept[: each.count], each.kind, each.is_cut, each.first_ring, each.begin, each.end,
            each.points, each.ids, each.table, self._kinds, self._slots, self._values, self._state[2:],
            shape, tags, out[begin:],
        )  # fmt: skip

    def tile(self) -> bytes | None:
        """Return the tile: nothing (b"") when there are no features, ``None`` when it would be too long."""
        end, count = int(self._state[0]), int(self._state[2])
        if end == self._begin:
            return b""
        out, book, write = SCRATCH.octets(end + 24 * count), self._book, _writing().write_values
        while (written := write(self._values, count, book.begin, book.octets, out[end:])) < 0:
            out = SCRATCH.octets(2 * len(out))
        made = out.data
        layer = (
            self._head, made[self._begin : end], self._keys, made[end : end + written], self._extent
        )  # fmt: skip
        prefix = b"\x1a" + _number(sum(map(len, layer)))
        return None if len(prefix) + sum(map(len, layer)) > self._most else b"".join((prefix, *layer))

    def _find_room(self, more: int) -> None:
        """Make room for so many values more; there are twice as many slots as there can be values."""
        count = int(self._state[2])
        needed = count + more
        if 2 * needed > len(self._slots):
            self._slots = np.full(1 << (4 * needed - 1).bit_length(), -1, dtype=np.int64)
            values = np.empty((len(self._slots) // 2, 2), dtype=np.int64)
            values[:count] = self._values[:count]
            self._values = values
            _writing().fill_slots(self._values, count, self._slots)


@cache
def _plain() -> ModuleType:
    from gisgov.tiles import plain

    return plain


@cache
def _writing() -> ModuleType:
    from gisgov.tiles import writing

    return writing


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

"""Points as JSON lines: one value a line, empty lines between them count for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from api.batches.elements import one_element, points_of, points_one_by_one, unreadable
from api.batches.frames import Frames
from api.batches.points import LONGEST, Points

_BOM: Final = b"\xef\xbb\xbf"


class LineReader:
    """Reads JSON lines; a line that is none is a fault of its row alone."""

    has_ids = True

    def __init__(self) -> None:
        self._frames = Frames(quoted=False)
        self._is_first = True

    def feed(self, chunk: bytes) -> Iterator[Points]:
        """Yield the points of the lines that are whole now."""
        yield from map(self._points, self._frames.feed(chunk))

    def finish(self) -> Iterator[Points]:
        """Yield the point of a last line without a newline."""
        yield from map(self._points, self._frames.finish())

    def _points(self, block: bytes | None) -> Points:
        if block is None:
            self._is_first = False
            return unreadable(f"The line is longer than {LONGEST:,} bytes.")
        if self._is_first:
            block, self._is_first = block.removeprefix(_BOM), False
        try:
            return points_of(one_element.decode_lines(block))
        except (msgspec.DecodeError, RecursionError):
            return points_one_by_one(line for line in block.split(b"\n") if line.strip())

"""Answers as numbers alone: a table of codes, then an int32 for each point."""

from __future__ import annotations

import struct
from typing import Any, Final

import msgspec
import numpy as np

from api.batches.heading import Heading
from api.batches.points import Answered
from gisgov.services.assigning import Status

STOPPED: Final = -128
"""The last number of answers that are not whole."""

_OF_STATUS: Final = np.array(
    [0, 0, -1, -2, -3, -4], dtype="<i4"
)  # outside, no-coordinate, bad-coordinate, unreadable


class RawWriter:
    """Writes a head in JSON, its length before it, and numbers of areas in the head's list of codes.

    A negative number is a point without an area: −1 outside, −2 no coordinate, −3 a bad one, −4 unreadable.
    """

    def __init__(self, heading: Heading) -> None:
        self._heading = heading

    def begin(self, *, has_ids: bool) -> bytes:  # noqa: ARG002 - numbers have no place for them
        """Return the head: uint32 bytes of JSON, and the JSON, ending at a multiple of four."""
        head = msgspec.json.encode({**self._heading.members(), "codes": list(self._heading.codes)})
        head += b" " * (-len(head) % 4)
        return struct.pack("<I", len(head)) + head

    def write(self, answered: Answered) -> bytes:
        """Return the numbers of some rows."""
        assigned = answered.assigned
        without = _OF_STATUS[assigned.status]
        return np.where(assigned.status <= Status.BORDER, assigned.owner, without).astype("<i4").tobytes()

    def end(self, counts: dict[str, int]) -> bytes:  # noqa: ARG002 - whoever asked knows how many there are
        """Return nothing: as many numbers as points are a whole answer."""
        return b""

    def stop(self, row: int, counts: dict[str, int], problem: dict[str, Any]) -> bytes:  # noqa: ARG002
        """Return the number that says that no more follow."""
        return struct.pack("<i", STOPPED)

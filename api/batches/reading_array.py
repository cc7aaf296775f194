"""Points as one JSON array, read element by element: the array itself may be larger than the memory."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Final

import msgspec
import numpy as np

from api.batches.elements import list_of_elements, points_of, points_one_by_one
from api.batches.points import LONGEST, Points
from gisgov.errors import InputError
from gisgov.types import Ints

_WHITE: Final = b" \t\r\n"
_BOM: Final = b"\xef\xbb\xbf"
# what follows a backslash is a part of a text, also when it is a quote
_ESCAPED: Final = re.compile(rb"\\.", re.DOTALL)


class ArrayReader:
    """Reads a JSON array of points; an element that is none is a fault of its row alone."""

    has_ids = True

    def __init__(self) -> None:
        self._carry = b""
        self._is_open = self._is_closed = False
        self._has_elements = False  # a comma came

    def feed(self, chunk: bytes) -> Iterator[Points]:
        """Yield the points of the elements that are whole now."""
        data = self._carry + chunk
        self._carry = b""
        if not self._is_open:
            data = data.lstrip(_WHITE)
            if data == _BOM[: len(data)]:  # not all of a mark, or nothing
                self._carry = data
                return
            data = data.removeprefix(_BOM).lstrip(_WHITE)
            if not data:
                return
            if data[:1] != b"[":
                raise InputError(
                    "The body is no JSON array.", hint="Send an array of {lon, lat, id?} or [lon, lat]."
                )
            self._is_open, data = True, data[1:]
        if not self._is_closed:
            data = yield from self._elements(data)
        if self._is_closed and data.strip(_WHITE):
            raise InputError("Something follows the end of the JSON array.")
        self._carry = b"" if self._is_closed else data

    def finish(self) -> Iterator[Points]:
        """Make sure that the array was closed."""
        if not self._is_open:
            raise InputError("The body is empty.", hint="An array without points is [].")
        if not self._is_closed:
            raise InputError("The JSON array breaks off.", hint="Send it anew.")
        yield from ()

    def _elements(self, data: bytes) -> Generator[Points, None, bytes]:
        """Yield the points of whole elements and return what follows them."""
        ends, is_closed = _ends(data)
        lengths = np.diff(ends, prepend=-1) - 1
        rest = data[int(ends[-1]) + 1 :] if len(ends) else data
        if np.any(lengths > LONGEST) or (not is_closed and len(rest) > LONGEST):
            raise InputError(f"An element of the JSON array is longer than {LONGEST:,} bytes.")
        self._is_closed = is_closed
        if len(ends):
            block = data[: int(ends[-1])]
            is_empty = is_closed and len(ends) == 1 and not self._has_elements and not block.strip(_WHITE)
            self._has_elements = True
            if not is_empty:
                yield _points(block, ends)
        return rest


def _points(block: bytes, ends: Ints) -> Points:
    try:
        elements = list_of_elements.decode(b"[" + block + b"]")
    except (msgspec.DecodeError, RecursionError):
        elements = []
    if len(elements) == len(ends):
        return points_of(elements)
    begins = np.concatenate(([0], ends[:-1] + 1))
    cuts = zip(begins.tolist(), ends.tolist(), strict=True)
    return points_one_by_one(block[begin:end] for begin, end in cuts)


def _ends(data: bytes) -> tuple[Ints, bool]:
    """Return where the elements end that begin at the start of the data, and whether the array does as well.

    An end is the comma after an element, or the bracket that closes the array.
    """
    seen = np.frombuffer(_ESCAPED.sub(b"__", data) if b"\\" in data else data, dtype=np.uint8)
    plain = (np.cumsum(seen == 0x22) & 1) == 0  # outside of texts
    lower = seen | 0x20  # { and [ look alike so, and } and ]
    steps = ((lower == 0x7B) & plain).astype(np.int8) - ((lower == 0x7D) & plain).astype(np.int8)
    depth = np.cumsum(steps, dtype=np.int64)
    closing = np.flatnonzero(depth < 0)
    is_end = (seen == 0x2C) & plain & (depth == 0)
    if len(closing):
        is_end[closing[0]] = True
        is_end[closing[0] + 1 :] = False
    return np.flatnonzero(is_end), bool(len(closing))

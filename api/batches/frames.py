"""Records of text in pieces that are cut anywhere: whole ones come out, a far too long one is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from api.batches.points import LONGEST

TOO_LONG: Final = None
"""Stands for a record that was longer than a record may be."""

_QUOTE, _END = 0x22, 0x0A


class Frames:
    """Cuts a text into records that end with a newline.

    What comes out depends on the text alone, not on where its pieces were cut. Bytes are looked at: in UTF-8
    and GB18030 neither newline nor quote is a part of another character.

    Parameters
    ----------
    quoted : bool
        Whether newlines between double quotes end no record, as in CSV.
    """

    def __init__(self, *, quoted: bool) -> None:
        self._quoted = quoted
        self._carry = b""
        self._skipping = False  # the rest of a too long record up to its newline

    def feed(self, chunk: bytes) -> Iterator[bytes | None]:
        """Yield blocks of whole records, each with its newline; `TOO_LONG` stands for one too long."""
        data = self._carry + chunk
        begin = 0
        while begin < len(data):
            if self._skipping:
                newline = data.find(b"\n", begin)
                if newline < 0:
                    begin = len(data)
                    break
                self._skipping, begin = False, newline + 1
                continue
            good, is_long = self._whole(data, begin)
            if good > begin:
                yield data[begin:good]
            begin = good
            if not is_long:
                break
            yield TOO_LONG
            begin, self._skipping = begin + LONGEST, True
        self._carry = data[begin:]

    def finish(self) -> Iterator[bytes | None]:
        """Yield the last record where no newline ends it."""
        if self._carry:
            yield self._carry + b"\n"
            self._carry = b""

    def _whole(self, data: bytes, begin: int) -> tuple[int, bool]:
        """Return where the whole records end, and whether one that is too long follows them."""
        if not self._quoted and len(data) - begin <= LONGEST:
            return data.rfind(b"\n", begin) + 1 or begin, False
        ends = self._ends(data, begin)
        lengths = np.diff(ends, prepend=begin)
        long = np.flatnonzero(lengths > LONGEST + 1)
        if len(long):
            return int(ends[long[0] - 1]) if long[0] else begin, True
        good = int(ends[-1]) if len(ends) else begin
        return good, len(data) - good > LONGEST

    def _ends(self, data: bytes, begin: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        seen = np.frombuffer(data, dtype=np.uint8, offset=begin)
        is_end = seen == _END
        if self._quoted and data.find(b'"', begin) >= 0:
            is_end &= (np.cumsum(seen == _QUOTE) & 1) == 0
        return np.flatnonzero(is_end) + (begin + 1)

"""Points as numbers alone: little-endian float64, longitude and latitude in turns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from api.batches.elements import unreadable
from api.batches.points import Points

POINT_BYTES: Final = 16


class RawReader:
    """Reads pairs of float64; NaN is a missing coordinate."""

    has_ids = False

    def __init__(self) -> None:
        self._carry = b""

    def feed(self, chunk: bytes) -> Iterator[Points]:
        """Yield the points that are whole now."""
        data = self._carry + chunk if self._carry else chunk
        whole = len(data) // POINT_BYTES * POINT_BYTES
        self._carry = data[whole:]
        if whole:
            pairs = np.frombuffer(data, dtype="<f8", count=whole // 8).reshape(-1, 2)
            yield Points(
                np.ascontiguousarray(pairs[:, 0], dtype=np.float64),
                np.ascontiguousarray(pairs[:, 1], dtype=np.float64),
            )

    def finish(self) -> Iterator[Points]:
        """Yield a row for a point that the body breaks off in."""
        if self._carry:
            points = unreadable(f"The body ends within it: {len(self._carry)} of {POINT_BYTES} bytes came.")
            points.ids = None
            yield points

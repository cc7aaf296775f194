"""Rings out of well-known binary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.coverage.rings import Rings, merged, rings_of
from gisgov.types import Geometries, Ints

_UNREADABLE: Final = b"\x01\x03\x00\x00\x00\x00\x00\x00\x00"  # an empty polygon stands for a missing area


def rings_of_wkb(rows: Sequence[bytes | None]) -> Rings:
    """Take the rings out of rows of well-known binary.

    Parameters
    ----------
    rows : sequence of bytes, length n
        Polygons and multipolygons as PostGIS, GEOS or a GeoPackage's geometry after its header writes them;
        None stands for a missing one.

    Returns
    -------
    Rings
        Rows of other kinds of geometry have none.

    Raises
    ------
    InputError
        A row is no well-known binary, or is cut off.
    """
    from gisgov.geometry.coverage import wkb_rows

    whole = [_UNREADABLE if row is None else row for row in rows]
    begin = np.zeros(len(whole) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, whole), np.int64, len(whole)), out=begin[1:])
    buffer = np.frombuffer(b"".join(whole), dtype=np.uint8)
    totals, state = np.zeros(2, dtype=np.int64), np.zeros(len(whole), dtype=np.int64)
    wkb_rows.measure_rows(buffer, begin, totals, state)
    xy = np.empty((totals[1], 2))
    rings = Rings(
        xy,
        np.empty(totals[0] + 1, dtype=np.int64),
        np.empty(totals[0], dtype=bool),
        np.empty(totals[0], dtype=np.int64),
        len(whole),
    )
    octets = xy.reshape(-1).view(np.uint8)
    wkb_rows.read_rows(buffer, begin, state, octets, rings.begin, rings.is_shell, rings.owner)
    others = np.flatnonzero(state)
    return rings if not others.size else _with_others(rings, whole, others)


def _with_others(rings: Rings, rows: Sequence[bytes], others: Ints) -> Rings:
    """Read the rows that the kernels do not, by GEOS, and put them in their places."""
    shapes: Geometries = np.full(len(rows), None, dtype=object)
    shapes[others] = shapely.from_wkb([rows[i] for i in others], on_invalid="ignore")
    unread = others[shapely.is_missing(shapes[others])]
    if unread.size:
        raise InputError(
            f"Row {int(unread[0])} is no well-known binary, or is cut off ({len(rows[unread[0]])} bytes).",
            hint="Give each area as the bytes that ST_AsBinary writes.",
        )
    return merged(rings, rings_of(shapes))

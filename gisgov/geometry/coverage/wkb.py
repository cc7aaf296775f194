"""Rings out of well-known binary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.coverage.rings import Rings, merged, rings_of, shapes_of
from gisgov.types import Bytes, Geometries, Ints

_MISSING: Final = b"\x01\x03\x00\x00\x00\x00\x00\x00\x00"  # an empty polygon


def joined_rows(rows: Sequence[bytes | None]) -> tuple[Bytes, Ints]:
    """Put rows of well-known binary one after another.

    Parameters
    ----------
    rows : sequence of bytes, length n
        None becomes an empty polygon.

    Returns
    -------
    octets : numpy.ndarray of uint8, shape (b,)
        All their bytes.
    begin : numpy.ndarray of int, shape (n + 1,)
        Where each row begins.
    """
    whole = [_MISSING if row is None else row for row in rows]
    begin = np.zeros(len(whole) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, whole), np.int64, len(whole)), out=begin[1:])
    return np.frombuffer(b"".join(whole), dtype=np.uint8), begin


def rings_of_wkb(rows: Sequence[bytes | None], number: Ints | None = None) -> Rings:
    """Take the rings out of rows of well-known binary.

    Parameters
    ----------
    rows : sequence of bytes, length n
        Polygons and multipolygons as PostGIS, GEOS or a GeoPackage's geometry after its header writes them;
        None stands for a missing one.
    number : numpy.ndarray of int, shape (n,), optional
        What to call them in messages; their places from 0 by default.

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

    octets, begin = joined_rows(rows)
    totals, state = np.zeros(2, dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    wkb_rows.measure_rows(octets, begin, totals, state)
    xy = np.empty((totals[1], 2))
    rings = Rings(
        xy,
        np.empty(totals[0] + 1, dtype=np.int64),
        np.empty(totals[0], dtype=bool),
        np.empty(totals[0], dtype=np.int64),
        len(rows),
    )
    filled = xy.reshape(-1).view(np.uint8)
    wkb_rows.read_rows(octets, begin, state, filled, rings.begin, rings.is_shell, rings.owner)
    others = np.flatnonzero(state)
    return rings if not others.size else _with_others(rings, rows, others, number)


def _with_others(rings: Rings, rows: Sequence[bytes | None], others: Ints, number: Ints | None) -> Rings:
    """Read the rows that the kernels do not, by GEOS, and put them in their places."""
    shapes: Geometries = np.full(len(rows), None, dtype=object)
    shapes[others] = shapes_of(rows, others)
    unread = others[shapely.is_missing(shapes[others])]
    if unread.size:
        first = int(unread[0])
        raise InputError(
            f"Row {first if number is None else number[first]} is no well-known binary, or is cut off "
            f"({len(rows[first] or b'')} bytes).",
            hint="Give each area as the bytes that ST_AsBinary writes.",
        )
    return merged(rings, rings_of(shapes))

"""Kernels: rings out of well-known binary, without an object for each polygon.

Understood are polygons and multipolygons, little-endian, with or without Z, M and SRID (the ISO numbers and
the flags of PostGIS). Anything else is told by row, so that it can be read by other means.
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Bytes, Ints

NOT_READ = 1
"""Row of another byte order or kind of geometry."""
TRUNCATED = 2
"""Row that ends early or goes on after its geometry."""

_POLYGON = 3
_MULTIPOLYGON = 6


@kernel
def _number(buffer: Bytes, at: int) -> int:
    low = int(buffer[at]) | int(buffer[at + 1]) << 8
    return low | int(buffer[at + 2]) << 16 | int(buffer[at + 3]) << 24


@kernel
def _header(buffer: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """Read byte order, type and flags: plain type (0 for what is not read), numbers a vertex, next byte."""
    if at + 5 > end or buffer[at] != 1:
        return 0, 0, at
    code = _number(buffer, at + 1)
    at += 5
    width = 2
    if code & 0x20000000:
        at += 4
    if code & 0x80000000:
        width += 1
    if code & 0x40000000:
        width += 1
    code &= 0x0FFFFFFF
    if code >= 1000:
        width += 2 if code >= 3000 else 1
        code %= 1000
    return code, width, at


@kernel
def _count_rings(buffer: Bytes, at: int, end: int, width: int, total: Ints) -> int:
    """Walk one polygon's rings: where it ends (−1 when truncated); rings and vertices added to ``total``."""
    if at + 4 > end:
        return -1
    count = _number(buffer, at)
    at += 4
    for _ in range(count):
        if at + 4 > end:
            return -1
        vertices = _number(buffer, at)
        at += 4 + 8 * width * vertices
        if at > end:
            return -1
        total[0] += 1
        total[1] += vertices
    return at


@kernel
def measure_rows(buffer: Bytes, rows: Ints, totals: Ints, state: Ints) -> None:
    """Count rings and vertices of rows of WKB.

    Parameters
    ----------
    buffer : numpy.ndarray of uint8, shape (b,)
        The rows one after another.
    rows : numpy.ndarray of int, shape (n + 1,)
        Where each begins.
    totals : numpy.ndarray of int, shape (2,)
        Rings and vertices of all rows that are read; added to.
    state : numpy.ndarray of int, shape (n,)
        Filled: 0, `NOT_READ` or `TRUNCATED`.
    """
    mine = np.zeros(2, dtype=np.int64)
    for i in range(len(state)):
        mine[:] = 0
        state[i] = _measure_row(buffer, rows[i], rows[i + 1], mine)
        if state[i] == 0:
            totals += mine


@kernel
def _measure_row(buffer: Bytes, at: int, end: int, total: Ints) -> int:
    """Add the rings and vertices of one row to ``total``; give its state."""
    code, width, at = _header(buffer, at, end)
    parts = 1
    if code == _MULTIPOLYGON:
        if at + 4 > end:
            return TRUNCATED
        parts = _number(buffer, at)
        at += 4
    elif code != _POLYGON:
        return NOT_READ
    for _ in range(parts):
        if code == _MULTIPOLYGON:
            part, width, at = _header(buffer, at, end)
            if part != _POLYGON:
                return TRUNCATED
        at = _count_rings(buffer, at, end, width, total)
        if at < 0:
            return TRUNCATED
    return 0 if at == end else TRUNCATED


@kernel
def read_rows(
    buffer: Bytes,
    rows: Ints,
    state: Ints,
    octets: Bytes,
    rings: Ints,
    is_shell: Bools,
    owner: Ints,
) -> None:
    """Write the rings of rows of WKB; rows with another state than 0 are passed over.

    Parameters
    ----------
    buffer, rows, state
        As `measure_rows` left them.
    octets : numpy.ndarray of uint8, shape (16 v,)
        Filled with the vertices, as bytes: rows of WKB are not aligned as floats are.
    rings : numpy.ndarray of int, shape (r + 1,)
        Filled: where each ring begins.
    is_shell : numpy.ndarray of bool, shape (r,)
        Filled: whether it is the first of its polygon.
    owner : numpy.ndarray of int, shape (r,)
        Filled: its row.
    """
    ring = 0
    vertex = 0
    rings[0] = 0
    for i in range(len(state)):
        if state[i] != 0:
            continue
        code, width, at = _header(buffer, rows[i], rows[i + 1])
        parts = 1
        if code == _MULTIPOLYGON:
            parts = _number(buffer, at)
            at += 4
        for _ in range(parts):
            if code == _MULTIPOLYGON:
                _, width, at = _header(buffer, at, rows[i + 1])
            count = _number(buffer, at)
            at += 4
            for k in range(count):
                vertices = _number(buffer, at)
                at += 4
                if width == 2:
                    octets[16 * vertex : 16 * (vertex + vertices)] = buffer[at : at + 16 * vertices]
                else:
                    for v in range(vertices):
                        here = 16 * (vertex + v)
                        there = at + 8 * width * v
                        octets[here : here + 16] = buffer[there : there + 16]
                at += 8 * width * vertices
                vertex += vertices
                is_shell[ring] = k == 0
                owner[ring] = i
                ring += 1
                rings[ring] = vertex

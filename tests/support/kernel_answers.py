"""Inputs that reach every branch of the kernels of the coverage check, and what the kernels make of them.

Run as a program it writes the answers; with NUMBA_DISABLE_JIT=1 those of the kernels as they are written,
which must be the ones of the compiled kernels to the last bit.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.coverage import Tolerances, find_defects
from gisgov.geometry.coverage.certificate import sums_of
from gisgov.geometry.coverage.rings import rings_of
from gisgov.testing import areas_from_grid
from gisgov.types import Floats, Geometries

Ring: TypeAlias = Sequence[tuple[float, ...]]

SQUARE: Ring = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]
HOLE: Ring = [(1.0, 1.0), (1.0, 2.0), (2.0, 2.0), (2.0, 1.0), (1.0, 1.0)]
HOOK: Ring = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (3.0, 4.0), (3.0, 1.0), (0.0, 1.0), (0.0, 0.0)]


def wkb(
    parts: Sequence[Sequence[Ring]],
    *,
    more: str = "",
    srid: int | None = None,
    iso: bool = False,
    order: str = "<",
    multi: bool = False,
) -> bytes:
    """Write polygons as PostGIS (flags), ISO (thousands) or GEOS does; ``more`` is any of Z and M."""

    def header(kind: int, srid: int | None) -> bytes:
        if iso:
            kind += 1000 * ("Z" in more) + 2000 * ("M" in more)
        else:
            kind |= 0x80000000 * ("Z" in more) | 0x40000000 * ("M" in more) | 0x20000000 * (srid is not None)
        after = b"" if srid is None else struct.pack(order + "I", srid)
        return struct.pack(order + "BI", order == "<", kind) + after

    def polygon(rings: Sequence[Ring], srid: int | None) -> bytes:
        written = header(3, srid) + struct.pack(order + "I", len(rings))
        for ring in rings:
            written += struct.pack(order + "I", len(ring))
            for x, y in ring:
                written += struct.pack(f"{order}{2 + len(more)}d", x, y, *([7.0] * len(more)))
        return written

    if not multi:
        return polygon(parts[0], srid)
    return (
        header(6, srid)
        + struct.pack(order + "I", len(parts))
        + b"".join(polygon(part, None) for part in parts)
    )


def rows() -> list[bytes]:
    """Rows of well-known binary, in every way that they are written, and in some that they should not be."""
    ring, hollow = [[SQUARE]], [[SQUARE, HOLE]]
    far = [[(x + 10.0, y) for x, y in SQUARE]]
    found = [
        wkb(shape, more=more, srid=srid, iso=iso, order=order, multi=multi)
        for shape in (ring, hollow, [*hollow, far])
        for more in ("", "Z", "M", "ZM")
        for srid, iso in ((None, False), (4326, False), (None, True))
        for order in "<>"
        for multi in (False, True)
        if multi or len(shape) == 1
    ]
    found += [wkb([[]]), wkb([], multi=True), wkb([[]], multi=True), wkb([[SQUARE, []]]), wkb([[SQUARE[:3]]])]
    found += [wkb([[outline]]) for outline in outlines()]
    found += [shapely.to_wkb(shape) for shape in (shapely.Point(1, 2), shapely.LineString(SQUARE))]
    # a row that PostGIS writes for a multipolygon of one part, with a SRID and heights, cut at every byte
    whole = wkb(hollow, more="Z", srid=4490, multi=True)
    found += [whole[:end] for end in range(len(whole))]
    whole = wkb(ring)
    found += [whole[:end] for end in range(len(whole))]
    found += [whole + b"\0", whole[:-80], wkb(ring, multi=True)[:9] + wkb([[SQUARE]], order=">")]
    return [*found, wkb(ring, multi=True)[:9] + shapely.to_wkb(shapely.LineString(SQUARE))]


def outlines() -> list[Ring]:
    """Rings that are simple or not, plainly and by a hair's breadth."""
    nan, inf, tiny = float("nan"), float("inf"), 2.0**-50
    star = [(0.0, 0.0), (3.0, -1.0), (6.0, 0.0), (7.0, 3.0), (6.0, 6.0), (3.0, 7.0), (0.0, 6.0), (-1.0, 3.0)]
    comb = [(0.0, 0.0), (9.0, 0.0), (9.0, 5.0), (7.0, 5.0), (7.0, 1.0), (5.0, 1.0), (5.0, 5.0), (3.0, 5.0),
            (3.0, 1.0), (1.0, 1.0), (1.0, 5.0), (0.0, 5.0)]  # fmt: skip
    open_rings: list[list[tuple[float, float]]] = [
        star,
        star[::-1],
        comb,
        comb[::-1],
        [(-x, -y) for x, y in comb],
        [(0.0, 0.0), (-0.0, 0.0), (4.0, -0.0), (4.0, 4.0), (4.0, 4.0), (0.0, 4.0)],  # drawn twice running
        [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 2.0 + tiny), (0.0, 4.0)],
        [(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)],  # bow-tie
        [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 0.0), (0.0, 4.0)],  # touches an edge with a vertex
        [(0.0, 0.0), (4.0, 0.0), (2.0, 2.0), (4.0, 4.0), (0.0, 4.0), (2.0, 2.0)],  # touches a vertex
        [(0.0, 0.0), (4.0, 0.0), (4.0, 9.0), (4.0, 4.0), (0.0, 4.0)],  # spike
        [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 2.0), (-3.0, 2.0), (0.0, 2.0)],
        [(4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0), (9.0, 0.0)],  # spike through its first vertex
        [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)],  # flat
        [(1.0, 1.0), (1.0, 1.0), (1.0, 1.0)],  # one place
        [(0.0, 0.0), (4.0, 0.0), (nan, 4.0)],
        [(0.0, 0.0), (4.0, inf), (0.0, 4.0)],
        [(2.0 * np.cos(4 * t), 2.0 * np.sin(4 * t)) for t in np.arange(5) * np.pi / 5],  # pentagram
        [(0.0, 0.0), (0.1, 0.1), (0.7, 0.7), (0.3, 0.3 - 2.0**-54), (5.0, -3.0)],
        [(0.5, 0.5), (12.0, 12.0), (24.0, 24.0), (24.0, 0.5)],  # collinear vertices
    ]
    # neither closed nor, here, anything a reader of polygons may be given
    unclosed = [*star, (1.0, -0.5)]
    return [[*ring, ring[0]] for ring in open_rings] + [unclosed, SQUARE[:4], [(1.0, 1.0)]]


def turns() -> Floats:
    """Three points each, shape (n, 6), the third on the line of the others, or next to it, or anywhere."""
    rng = np.random.default_rng(3)
    a = rng.uniform(-1.0, 1.0, (200, 2)) * 10.0 ** rng.integers(-3, 7, (200, 1))
    b = a + rng.uniform(-1.0, 1.0, (200, 2)) * 10.0 ** rng.integers(-6, 4, (200, 1))
    c = a + rng.uniform(-1.0, 2.0, (200, 1)) * (b - a)
    c = np.nextafter(c, c + rng.integers(-1, 2, c.shape))
    lattice = rng.integers(0, 3, (100, 6)).astype(np.float64) * 0.1
    return np.vstack((np.hstack((a, b, c)), lattice))


def layers() -> dict[str, tuple[Geometries, shapely.Geometry | None]]:
    """Areas with faults of every kind, near and far from zero, with and without a scope."""
    turn = np.array([[0.96, 0.28], [-0.28, 0.96]])
    _, areas = areas_from_grid("AABBC\nAADBC\nEEDFF\nGGHFI\nGJHII")
    scope = shapely.box(0, 0, 500, 500)
    faulty = areas.copy()
    faulty[0] = shapely.box(-10, 310, 190, 500)  # gap, outside
    faulty[2] = shapely.transform(areas[2], lambda xy: xy + np.array([0.0, -7.0]))
    faulty[4] = areas[5]  # missing and twice
    faulty[7] = shapely.Polygon([(200, 0), (300, 0), (300, 200), (250, 100), (200, 200)])
    faulty[9] = shapely.Polygon(areas[9].exterior.coords, [shapely.box(120, 20, 150, 50).exterior.coords])
    more = [shapely.box(20, 120, 30, 130), shapely.box(20, 110, 40, 140), shapely.box(600, 600, 610, 610)]
    more += [shapely.box(605, 605, 615, 615), shapely.Polygon([(20, 310), (90, 500), (95, 480), (300, 310)])]
    faulty = np.append(faulty, np.array(more, dtype=object))
    moved = [
        shapely.transform(each, lambda xy: xy @ turn + np.array([500_000.0, 3_300_000.0]))
        for each in (faulty, np.array([scope], dtype=object))
    ]
    # some cells of the lattice of edges are clear, and some edges have no length
    _, many = areas_from_grid(
        "\n".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i:] + "abcdefghij"[:i] for i in range(11))
    )
    whole = shapely.coverage_union_all(many)
    many[3] = shapely.Polygon(np.repeat(shapely.get_coordinates(many[3]), 2, axis=0) + 3.0)
    ring, island = areas_from_grid("AAAAA\nA...A\nA.B.A\nA...A\nAAAAA")[1]
    bare = np.asarray(shapely.simplify(areas, 0.0))
    return {
        "sound": (areas, shapely.coverage_union_all(areas)),
        "faulty": (faulty, scope),
        "without scope": (faulty, None),
        "many": (many, whole),
        "turned": (moved[0], moved[1][0]),
        "enclosed": (np.array([ring, island], dtype=object), None),
        "without corners": (bare, scope),
        "none": (areas[:0], scope),
        "nothing at all": (areas[:0], None),
    }


def answers() -> dict[str, Any]:
    """Ask the kernels; numbers come as hexadecimal, so that comparing them is exact."""
    from gisgov.geometry.coverage import ring_tests, wkb_rows

    found: dict[str, Any] = {}
    every = rows()
    octets = np.frombuffer(b"".join(every), dtype=np.uint8)
    begin = np.cumsum([0, *map(len, every)])
    totals, state = np.zeros(2, dtype=np.int64), np.zeros(len(every), dtype=np.int64)
    wkb_rows.measure_rows(octets, begin, totals, state)
    found["states"] = [totals.tolist(), state.tolist()]
    # a row cut off or of no use to GEOS would be refused before the kernels are asked anything else
    readable = [row for row, code in zip(every, state, strict=True) if code == 0]
    readable += [wkb([[SQUARE]], order=">"), wkb([[SQUARE, HOLE]], more="ZM", order=">", multi=True)]
    read = rings_of(readable)
    found["rings"] = [_plain(each) for each in (read.xy, read.begin, read.is_shell, read.owner)]
    found["sums of rows"] = [_plain(each) for each in _columns(sums_of([None, *readable]))]
    found["sums of shapes"] = [
        _plain(each) for areas, _ in layers().values() for each in _columns(sums_of(areas))
    ]
    found["refused"] = [_refusal([None, row]) for row, code in zip(every, state, strict=True) if code]
    found["left over"] = [_left_over(layers()["many"][0], room) for room in (1000, 7)]
    rings = outlines()
    is_simple = np.empty(len(rings), dtype=bool)
    ring_tests.judge_rings(np.vstack(rings), np.cumsum([0, *map(len, rings)]), is_simple)
    found["simple"] = is_simple.tolist()
    found["sides"] = [int(ring_tests.side(*turn)) for turn in turns().tolist()]
    for name, (areas, scope) in layers().items():
        for tolerances in (Tolerances(), Tolerances(0.0, 1e-6)):
            told = find_defects(areas, scope, tolerances=tolerances)
            found[f"{name}, {tolerances}"] = [
                [str(kind) for kind in told.kind],
                [polygon and shapely.to_wkb(polygon, hex=True) for polygon in told.polygon],
                [list(numbers) for numbers in told.areas],
                *(_plain(each) for each in (told.area_m2, told.width_m, told.cover, told.lon, told.lat)),
                told.below,
                told.certificate and told.certificate.figure,
            ]
    return found


def _refusal(rows: Sequence[bytes | None]) -> str:
    try:
        return f"read: {sums_of(rows).is_sound.tolist()}"
    except InputError as problem:
        return str(problem)


def _left_over(areas: Geometries, room: int) -> Any:
    """List the edges that do not cancel; there may be more than there is room for."""
    from gisgov.geometry.coverage import edge_sums

    found, rings = np.full((room, 3), -1, dtype=np.int64), rings_of(areas)
    cells, frame = np.zeros((8, 8, 8), dtype=np.uint64), np.array([100.0, 100.0, 0.004, 0.009])
    edge_sums.sum_in_cells(rings.xy, rings.bits, rings.begin, rings.is_shell, frame, cells)
    each = (rings.xy, rings.bits, rings.begin, rings.is_shell, frame, cells)
    return [edge_sums.collect_uncancelled(*each, found), _plain(found), _plain(cells)]


def _columns(table: Any) -> tuple[Any, ...]:
    return table.sums, table.edges, table.is_sound


def _plain(values: Any) -> Any:
    if values.dtype == np.float64:
        return [value.hex() for value in values.ravel().tolist()]
    return values.tolist()


if __name__ == "__main__":
    json.dump(answers(), sys.stdout)

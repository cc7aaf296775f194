import base64
import zlib
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.testing import areas_from_grid
from gisgov.types import Json
from maps.layers import Column, Layer
from maps.packing import folded, morton_order, pack, varints


def _streams(packed: Json) -> Iterator[bytes]:
    data = zlib.decompress(base64.b64decode(packed["bytes"]))
    assert len(data) == sum(packed["streams"])
    start = 0
    for length in packed["streams"]:
        yield data[start : start + length]
        start += length


def _numbers(stream: bytes) -> list[int]:
    numbers, value, shift = [], 0, 0
    for byte in stream:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value = shift = 0
    assert shift == 0
    return numbers


def _signed(stream: bytes) -> list[int]:
    return [(number >> 1) ^ -(number & 1) for number in _numbers(stream)]


def _rings(packed: Json) -> list[list[list[tuple[float, float]]]]:
    """Read the packed polygons one vertex at a time, without numpy."""
    streams = _streams(packed)
    ring_counts, vertex_counts = _numbers(next(streams)), _numbers(next(streams))
    first_x, first_y, rest_x, rest_y = (iter(_signed(next(streams))) for _ in range(4))
    x0 = y0 = 0
    rings = []
    for count in vertex_counts:
        x0, y0 = x0 + next(first_x), y0 + next(first_y)
        ring = [(x0, y0)]
        for k in range(1, count):
            x, y = ring[-1][0] + next(rest_x), ring[-1][1] + next(rest_y)
            if count == 4 and k == 3:
                x, y = x - (ring[1][0] - ring[0][0]), y - (ring[1][1] - ring[0][1])
            ring.append((x, y))
        rings.append(
            [
                (packed["origin"][0] + x * packed["step"], packed["origin"][1] + y * packed["step"])
                for x, y in ring
            ]
        )
    taken = iter(rings)
    return [[next(taken) for _ in range(count)] for count in ring_counts]


@given(st.lists(st.integers(0, 2**56 - 1)))
def test_varints_are_read_back(values: list[int]) -> None:
    assert _numbers(varints(values)) == values


@given(st.lists(st.integers(-(2**50), 2**50)))
def test_folded_numbers_are_read_back(values: list[int]) -> None:
    assert _signed(varints(folded(values))) == values


def test_the_bytes_are_those_of_protocol_buffers() -> None:
    assert varints([0, 127, 128, 300, 16384]) == bytes([0, 127, 128, 1, 172, 2, 128, 128, 1])
    assert varints([]) == b""


def test_neighbours_are_near_each_other_on_the_curve() -> None:
    x, y = (axis.ravel().astype(np.float64) for axis in np.meshgrid(np.arange(4), np.arange(4)))
    order = morton_order(x, y)
    cells = [(int(x[i]) // 2, int(y[i]) // 2) for i in order]
    assert [a == b for a, b in pairwise(cells)].count(False) == 3  # each quarter is left once
    assert morton_order(np.array([]), np.array([])).tolist() == []
    assert morton_order(np.array([3.0, 3.0]), np.array([1.0, 1.0])).tolist() == [0, 1]


def test_polygons_come_back_with_holes_and_parts() -> None:
    _, areas = areas_from_grid("AAAB\nA.AB\nAAAB\nC.C.", cell_m=2**-10, origin=(114.0, 30.0))
    packed = pack(Layer("areas", areas, (), step=1e-7, keep_order=True))
    for area, rings in zip(areas, _rings(packed), strict=True):
        again = shapely.build_area(
            shapely.multilinestrings([shapely.linestrings([*ring, ring[0]]) for ring in rings])
        )
        assert shapely.hausdorff_distance(again, area) < 1e-7
        assert again.area == pytest.approx(area.area, rel=1e-3)
    assert [len(rings) for rings in _rings(packed)] == [2, 1, 2]


def test_outer_rings_turn_one_way_and_holes_the_other() -> None:
    shape = shapely.Polygon([(0, 0), (0, 9), (9, 9), (9, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    outer, hole = _rings(pack(Layer("areas", np.array([shape], dtype=object), (), step=0.5)))[0]

    def turn(ring: list[tuple[float, float]]) -> float:
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]]))

    assert turn(outer) > 0 > turn(hole)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=30, unique=True))
def test_points_come_back_sorted_along_the_curve_with_their_columns(places: list[tuple[int, int]]) -> None:
    shapes = np.array([shapely.Point(114 + x / 1000, 30 + y / 1000) for x, y in places], dtype=object)
    names = [None if i % 3 == 0 else f"第{i % 5}栋" for i in range(len(places))]
    packed = pack(Layer("points", shapes, (Column("name", "名称", "text", names),)))
    streams = list(_streams(packed))
    x = packed["origin"][0] + np.cumsum(_signed(streams[0])) * packed["step"]
    y = packed["origin"][1] + np.cumsum(_signed(streams[1])) * packed["step"]
    words = iter(streams[3].decode().split("\0"))
    known: list[str] = []
    read: list[str | None] = []
    for written in _numbers(streams[2]):
        if written == 1:
            known.append(next(words))
        read.append(None if written == 0 else known[-1] if written == 1 else known[written - 2])
    wanted = dict(zip(places, names, strict=True))
    for lon, lat, name in zip(x, y, read, strict=True):
        assert wanted.pop((round((lon - 114) * 1000), round((lat - 30) * 1000))) == name
    assert not wanted


def test_columns_keep_missing_values_apart() -> None:
    shapes = np.array([shapely.Point(114 + i / 1000, 30) for i in range(3)], dtype=object)
    packed = pack(
        Layer(
            "points",
            shapes,
            (
                Column("class", "等级", "code", [1, -1, 0], values=("甲", "乙")),
                Column("share", "占比", "number", [0.25, np.nan, -0.5], digits=2, unit="", format="share"),
                Column("empty", "空", "number", [np.nan] * 3),
                Column("text", "文", "text", ["a\0b", np.nan, None]),
            ),
            keep_order=True,
        )
    )
    _, _, codes, shares, empty, texts, words = _streams(packed)
    assert _numbers(codes) == [2, 0, 1]
    assert packed["columns"][0]["values"] == ["甲", "乙"]
    assert (_numbers(shares), packed["columns"][1]["least"]) == ([76, 0, 1], -50)
    assert _numbers(empty) == [0, 0, 0]
    assert (_numbers(texts), words) == ([1, 0, 0], b"ab")


def test_an_empty_layer_packs() -> None:
    packed = pack(Layer("points", np.array([], dtype=object), (Column("name", "", "text", []),)))
    assert (packed["count"], packed["streams"]) == (0, [0, 0, 0, 0])


def test_lines_keep_every_vertex_and_every_part() -> None:
    lines = [
        shapely.LineString([(0, 0), (3, 1)]),
        shapely.MultiLineString([[(1, 1), (2, 2), (3, 2), (3, 5)], [(9, 9), (8, 8)]]),
    ]
    packed = pack(Layer("lines", np.array(lines, dtype=object), (), step=1.0, keep_order=True))
    assert (packed["geometry"], packed["count"]) == ("line", 2)
    assert _rings(packed) == [
        [[(0, 0), (3, 1)]],
        [[(1, 1), (2, 2), (3, 2), (3, 5)], [(9, 9), (8, 8)]],
    ]


@pytest.mark.parametrize(
    ("shapes", "problem"),
    [
        ([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], "mixes points, lines and polygons"),
        ([shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 1, 1)], "mixes points, lines"),
        ([shapely.LinearRing([(0, 0), (1, 1), (1, 0)])], "mixes points, lines"),
        ([shapely.Point(0, 0), None], "no geometry"),
        ([shapely.Polygon()], "no geometry"),
    ],
)
def test_what_cannot_be_drawn_is_refused(shapes: list[shapely.Geometry | None], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        pack(Layer("mixed", np.array(shapes, dtype=object), ()))

"""The kernels: compiled and as written they answer alike, and what they answer is right."""

from __future__ import annotations

import json
from fractions import Fraction

import kernel_answers
import numba
import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from uncompiled import answers_as_written

from gisgov.geometry.coverage import ring_tests
from gisgov.geometry.coverage.certificate import sums_of
from gisgov.geometry.kernel import kernel
from gisgov.types import Floats

Point = tuple[float, float]


def test_compiled_kernels_answer_as_they_are_written() -> None:
    """The process without a compiler is also what shows which lines of the kernels are reached."""
    written = answers_as_written(kernel_answers.__file__)
    assert written == json.loads(json.dumps(kernel_answers.answers()))


def judged(ring: Floats) -> bool:
    is_simple = np.empty(1, dtype=bool)
    ring_tests.judge_rings(ring, np.array([0, len(ring)]), is_simple)
    return bool(is_simple[0])


@pytest.mark.parametrize("number", range(len(kernel_answers.outlines())))
def test_rings_are_simple_where_geos_finds_them_valid(number: int) -> None:
    ring = np.array(kernel_answers.outlines()[number])
    is_ring = len(ring) > 3 and np.array_equal(ring[0], ring[-1], equal_nan=True)
    with np.errstate(invalid="ignore"):  # of shapely, about NaN
        assert judged(ring) == (is_ring and shapely.is_valid(shapely.Polygon(ring)))


lattice = st.tuples(st.integers(0, 4), st.integers(0, 4))


@given(
    st.lists(lattice, min_size=3, max_size=9),
    st.integers(0, 150),
    st.sampled_from([(0.0, 0.0), (500_000.1, 3_300_000.7), (120.0, 30.0)]),
)
@settings(deadline=None, max_examples=400)
def test_any_ring_on_a_lattice_is_judged_as_geos_judges_it(
    places: list[tuple[int, int]], hundredths: int, origin: Point
) -> None:
    """Spikes, touches and coincident edges are common on a lattice; turned, they hold by a hair or not."""
    angle = hundredths / 100
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    ring = np.array([*places, places[0]], dtype=np.float64) @ turn + np.array(origin)
    assert judged(ring) == judged(ring[::-1].copy()) == shapely.is_valid(shapely.Polygon(ring))


def exact_side(a: Point, b: Point, c: Point) -> int:
    (ax, ay), (bx, by), (cx, cy) = ((Fraction(x), Fraction(y)) for x, y in (a, b, c))
    turn = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx)
    return (turn > 0) - (turn < 0)


# products of smaller ones could leave the range of floats
coordinate = st.floats(-1e9, 1e9, allow_subnormal=False).filter(lambda x: x == 0.0 or abs(x) > 1e-60)
point = st.tuples(coordinate, coordinate)


@given(point, point, point)
@settings(deadline=None, max_examples=300)
def test_the_side_of_any_point_is_exact(a: Point, b: Point, c: Point) -> None:
    assert ring_tests.side(*a, *b, *c) == exact_side(a, b, c)


@given(point, point, st.floats(-2.0, 3.0), st.integers(-2, 2), st.integers(-2, 2))
@settings(deadline=None, max_examples=300)
@example((0.1, 0.1), (0.7, 0.7), 1 / 3, 0, 0)
def test_the_side_of_a_point_next_to_the_line_is_exact(
    a: Point, b: Point, along: float, right: int, up: int
) -> None:
    """As near to the line as floats can be, and some steps beside it: a rounded determinant fails here."""
    c = []
    for start, end, steps in zip(a, b, (right, up), strict=True):
        value = start + along * (end - start)
        for _ in range(abs(steps)):
            value = float(np.nextafter(value, np.inf * steps))
        c.append(value)
    assume(all(x == 0.0 or abs(x) > 1e-60 for x in c))
    assert ring_tests.side(*a, *b, c[0], c[1]) == exact_side(a, b, (c[0], c[1]))


@given(st.sets(lattice, min_size=3), st.integers(0, 9), st.integers(0, 9), st.sampled_from([0, 1]))
@settings(deadline=None, max_examples=60)
def test_a_ring_is_known_by_its_edges_alone(places: set[Point], first: int, nudged: int, axis: int) -> None:
    """Where it begins, which way it runs and the sign of zero are nothing; the last bit is something."""
    hull = shapely.convex_hull(shapely.MultiPoint(sorted(places)))
    assume(hull.geom_type == "Polygon")
    xy = shapely.get_coordinates(hull)[:-1] - 2.0
    turned, other = np.roll(xy, first, axis=0), xy.copy()
    nudged %= len(xy)
    other[nudged, axis] = np.nextafter(other[nudged, axis], np.inf)
    drawn = [xy, turned, xy[::-1], np.where(xy == 0.0, -0.0, xy), other]
    sums = sums_of(np.array([shapely.Polygon(ring) for ring in drawn], dtype=object)).sums
    assert (sums[1:4] == sums[0]).all()
    assert (sums[4] != sums[0]).all()


def test_a_kernel_is_compiled_also_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_it, asked = numba.njit, []

    def no_folder(*others, **options: bool):  # type: ignore[no-untyped-def]
        if others:  # of Numba's own, which it reads when it first compiles
            return compile_it(*others, **options)
        asked.append(options.pop("cache", False))
        if asked[-1]:
            raise RuntimeError("cannot cache function: no locator available")
        return compile_it(**options)

    monkeypatch.setattr(numba, "njit", no_folder)

    def twice(x: float) -> float:
        return 2.0 * x

    assert kernel(twice)(21.0) == 42.0
    assert asked == [True, False]

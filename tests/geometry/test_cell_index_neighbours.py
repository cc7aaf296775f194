"""Which areas come near points, against shapely's distances."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
import shapely
from cell_answers import ZONE, layers, points

from gisgov.errors import InputError
from gisgov.geometry import cell_index_distances, cell_index_nearness
from gisgov.geometry.cell_index import build_cell_index
from gisgov.geometry.cell_index_neighbours import Neighbours, areas_near


def near_by_shapely(areas: Any, x: Any, y: Any, reach: float) -> dict[tuple[int, int], float]:
    at = shapely.points(x, y)
    far = shapely.distance(shapely.boundary(areas)[None, :], at[:, None])
    return {(i, j): far[i, j] for i, j in np.argwhere(far <= reach).tolist()}


def pairs(found: Neighbours) -> dict[tuple[int, int], float]:
    keys = zip(found.point.tolist(), found.area.tolist(), strict=True)
    return dict(zip(keys, found.metres.tolist(), strict=True))


@pytest.mark.parametrize("name", [*layers()])
@pytest.mark.parametrize("reach", [0.0, 7.3, 250.0])
def test_all_areas_within_reach_are_listed_once_with_their_distance(name: str, reach: float) -> None:
    areas = layers()[name]
    codes = [f"{i * 7 % 31:02d}" for i in range(len(areas))]
    x, y = points(areas)
    is_place = np.abs(x) < 1e9
    x, y = x[is_place], y[is_place]
    found = areas_near(build_cell_index(areas, codes, ZONE, ZONE), x, y, reach)
    # of equally distant borders rounding decides: asked a little closer and a little further
    told = pairs(found)
    assert len(told) == len(found.point)
    least, most = (near_by_shapely(areas, x, y, reach + by) for by in (-1e-7, 1e-7))
    assert set(least) <= set(told) <= set(most)
    for key, metres in told.items():
        assert metres == pytest.approx(most[key], abs=1e-6)
    order = list(zip(found.point, found.metres, [codes[k] for k in found.area], strict=True))
    assert order == sorted(order)


def test_the_kernel_says_the_same_as_it_is_written() -> None:
    asked = [(areas, *points(areas)) for areas in map(layers().__getitem__, ("turned", "twice drawn"))]
    indexes = [build_cell_index(areas, ["C", "A", "B", "D"][: len(areas)], ZONE, ZONE) for areas, *_ in asked]
    compiled = [areas_near(one, x, y, 80.0) for one, (_, x, y) in zip(indexes, asked, strict=True)]
    with pytest.MonkeyPatch.context() as patch:
        for kernel in ("_squared", "_note", "_cells", "list_near"):
            patch.setattr(cell_index_nearness, kernel, getattr(cell_index_nearness, kernel).py_func)
        written = [areas_near(one, x, y, 80.0) for one, (_, x, y) in zip(indexes, asked, strict=True)]
        # nine points near thirty areas each: more than there is room for at first
        stacked = build_cell_index(layers()["stacked"], [f"{i:02}" for i in range(30)], ZONE, ZONE)
        crowded = areas_near(stacked, np.full(9, 1.0), np.full(9, 1.0), 1.5)
        beside = areas_near(indexes[1], [500.0], [2.0], 1.0)  # east of all cells, at their height
    for one, other in zip(compiled, written, strict=True):
        assert [each.tolist() for each in one] == [each.tolist() for each in other]
    assert len(crowded.point) == 9 * 30
    assert not len(beside.point)


@pytest.mark.parametrize("reach", [-1.0, np.nan, np.inf])
def test_a_reach_is_a_number(reach: float) -> None:
    index = build_cell_index(layers()["plain"], ["A", "B", "C", "D"], ZONE, ZONE)
    with pytest.raises(InputError, match="reach"):
        areas_near(index, [0.0], [0.0], reach)


def test_distances_are_computed_by_the_same_text() -> None:
    kernels = (cell_index_distances._squared, cell_index_nearness._squared)
    one, other = (inspect.getsource(kernel.py_func) for kernel in kernels)
    assert one == other

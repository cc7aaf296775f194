from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.geometry.edges import Edges
from gisgov.geometry.repair import noded as noding
from gisgov.geometry.repair.linework import Linework
from gisgov.geometry.repair.local_plane import LocalPlane
from gisgov.geometry.repair.noded import noded
from gisgov.geometry.repair.precision import Precision
from gisgov.types import Geometries

NOBODY = np.zeros(0, dtype=np.int64)


def borders(*polygons: shapely.Polygon, scope: shapely.Geometry | None = None) -> Linework:
    owners: Geometries = np.array([*polygons, *([] if scope is None else [scope])], dtype=object)
    edges = Edges(shapely.orient_polygons(owners))
    xy, number = np.unique(np.concatenate((edges.start, edges.end)), axis=0, return_inverse=True)
    number = number.ravel()
    return Linework.of(
        xy,
        number[: len(edges)],
        number[len(edges) :],
        edges.owner,
        np.ones(len(edges), dtype=np.int64),
        areas=len(polygons),
        has_scope=scope is not None,
    )


def precise(tolerance_m: float = 0.001, grid: float | None = None, careful: object = NOBODY) -> Precision:
    plane = LocalPlane.around(np.zeros((1, 2)), None)
    return Precision(plane, tolerance_m, grid, np.array(careful, dtype=np.int64))


def cut(linework: Linework, precision: Precision) -> Linework:
    found = noded(linework, np.ones(len(linework.xy), dtype=bool), precision)
    assert not found.crossing.size
    return found.linework


def places(linework: Linework) -> set[tuple[float, float]]:
    used = np.unique(np.append(linework.lower, linework.upper))
    return {(float(x), float(y)) for x, y in linework.xy[used].round(6)}


def test_edges_that_cross_get_a_common_vertex() -> None:
    found = cut(borders(shapely.box(0, 0, 4, 4), shapely.box(2, 2, 6, 6)), precise())
    assert {(2.0, 4.0), (4.0, 2.0)} < places(found)
    assert len(found) == 12


def test_three_edges_that_cross_almost_in_a_point_get_one_vertex() -> None:
    wide = shapely.Polygon([(0, 0), (10, 0), (10, 5), (0, 5)])
    down = shapely.Polygon([(5, -5), (5, 20), (20, 20), (20, -5)])
    slant = shapely.Polygon([(3, 3), (7.0002, 7), (40, 60), (60, 40)])
    found = cut(borders(wide, down, slant), precise())
    near = [place for place in places(found) if np.hypot(place[0] - 5.0, place[1] - 5.0) < 0.1]
    assert len(near) == 1


@pytest.mark.parametrize("tolerance_m", [0.0, 0.001])
def test_a_vertex_on_an_edge_is_put_into_it(tolerance_m: float) -> None:
    found = cut(borders(shapely.box(0, 0, 4, 1), shapely.box(1, 1, 2, 2)), precise(tolerance_m))
    assert len(found) == 9
    assert (found.residual() == 0).sum() == 1


def test_without_tolerance_what_is_a_hair_apart_stays_apart() -> None:
    a, b = shapely.box(0, 0, 1, 1), shapely.box(1.0004, 0, 2, 1)
    assert len(cut(borders(a, b), precise(0.0))) == 8
    assert len(cut(borders(a, b), precise(0.001))) == 7
    # nor where an owner asks for care
    assert len(cut(borders(a, b), precise(0.001, careful=[0, 1]))) == 8


def test_the_vertex_of_more_owners_stays() -> None:
    a, b, c = shapely.box(0, 0, 1, 1), shapely.box(0, 1, 1, 2), shapely.box(1.0004, 0.5, 2, 1.0)
    found = cut(borders(a, b, c), precise())
    assert (1.0, 1.0) in places(found)
    assert (1.0004, 1.0) not in places(found)


def test_vertices_beside_the_scope_move_onto_it() -> None:
    scope = shapely.box(0, 0, 10, 10)
    area = shapely.Polygon([(0, 0), (0, 10), (5, 10.0004), (10, 10), (10, 0)])
    found = cut(borders(area, scope=scope), precise())
    assert (5.0, 10.0) in places(found)
    assert not found.residual().any()


def test_on_a_grid_they_move_to_its_nearest_place() -> None:
    scope = shapely.Polygon([(0, 0), (0, 10), (10, 11), (10, 0)])
    area = shapely.Polygon([(0, 0), (0, 10), (3, 10.5), (10, 11), (10, 0)])
    found = cut(borders(area, scope=scope), precise(0.6, grid=0.5))
    # 10.3 is not on the grid: the vertex is as near as it can be, and the scope takes it
    assert (3.0, 10.5) in places(found)
    assert not found.residual().any()


def test_borders_that_cross_on_and_on_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noding, "_MOST_ROUNDS", 1)
    crossing = borders(shapely.box(0, 0, 4, 4), shapely.box(2, 2, 6, 6), shapely.box(10, 0, 11, 1))
    found = noded(crossing, np.ones(len(crossing.xy), dtype=bool), precise())
    assert found.crossing.tolist() == [0, 1]


def test_vertices_of_a_tiny_triangle_come_to_rest() -> None:
    # each vertex is within the tolerance of the edge between the others, and its foot lies inside
    tiny = shapely.Polygon([(0, 0), (0.01, 0), (0.005, 0.008)])
    wide = shapely.Polygon([(0, 0), (0.01, 0), (5, -5), (-5, -5)])
    other = shapely.Polygon([(0.01, 0), (0.005, 0.008), (5, 5)])
    crossing = borders(tiny, wide, other)
    found = noded(crossing, np.ones(len(crossing.xy), dtype=bool), precise(0.02))
    assert not found.crossing.size

"""Which area covers a point: SQL and Python must give one answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
import shapely
from scipy.spatial import Voronoi

from gisgov.geometry.cell_index import build_cell_index
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.systems import WGS84
from gisgov.store.database import Database
from gisgov.store.locating import areas_at_point, areas_within, layers_at, nearest_by_degrees, staff_of_areas
from gisgov.testing import areas_from_grid

DAY = date(2026, 3, 1)
CELL_DEG = 0.01
ORIGIN = (114.0, 22.5)


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


def jagged_coverage(seed: int, cells: int = 8, teeth: int = 5) -> dict[str, shapely.Geometry]:
    """Areas with borders of many bends, shared to the bit, and codes in no order of place."""
    rng = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(np.arange(cells), np.arange(cells)), axis=-1).reshape(-1, 2)
    seeds = (grid + rng.uniform(-0.35, 0.35, grid.shape)) * CELL_DEG + np.array(ORIGIN)
    voronoi = Voronoi(seeds)
    corners = np.round(voronoi.vertices, 7)
    paths: dict[tuple[int, int], np.ndarray] = {}

    def border(a: int, b: int) -> np.ndarray:
        """Bend each border once, for both of its sides."""
        if a > b:
            return border(b, a)[::-1]
        if (a, b) not in paths:
            along = corners[b] - corners[a]
            across = np.array([-along[1], along[0]])
            shares = np.linspace(0, 1, teeth + 2)[1:-1, None]
            bends = rng.uniform(-0.04, 0.04, (teeth, 1))
            inner = np.round(corners[a] + shares * along + bends * across, 7)
            paths[a, b] = np.vstack([corners[a], inner, corners[b]])
        return paths[a, b]

    middle = np.array(ORIGIN) + CELL_DEG * (cells - 1) / 2
    shapes = []
    for region in voronoi.point_region:
        ring = voronoi.regions[region]
        if -1 in ring or np.abs(corners[ring] - middle).max() > CELL_DEG * cells / 2:
            continue
        sides = [border(a, b)[:-1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)]
        shapes.append(shapely.Polygon(np.vstack(sides)))
    codes = rng.permutation(len(shapes))
    return {f"{code:03d}": shape for code, shape in zip(codes, shapes, strict=True)}


def telling_points(shapes: list[shapely.Geometry], seed: int) -> np.ndarray:
    """All vertices (triple points among them), edge midpoints exact and rounded, and points anywhere."""
    rings = [shapely.get_coordinates(shape) for shape in shapes]
    vertices = np.unique(np.vstack(rings), axis=0)
    middles = np.unique(np.vstack([(ring[1:] + ring[:-1]) / 2 for ring in rings]), axis=0)
    anywhere = np.random.default_rng(seed).uniform(vertices.min(0) - 0.002, vertices.max(0) + 0.002, (400, 2))
    return np.vstack([vertices, middles, np.round(middles, 7), anywhere])


@pytest.mark.parametrize("seed", [1, 2])
def test_sql_and_python_name_the_same_owner(
    database: Database, plant: Callable[..., None], seed: int
) -> None:
    areas = jagged_coverage(seed)
    assert all(shape.is_valid for shape in areas.values())
    assert len(areas) > 20
    plant("grid", areas)
    codes = list(areas)
    points = telling_points(list(areas.values()), seed)
    index = build_cell_index(np.array(list(areas.values())), codes, WGS84, parse_crs("EPSG:4547"))
    located = index.locate(points[:, 0], points[:, 1])

    with database.begin() as connection:
        (layer,) = layers_at(connection, DAY)
        answers = [
            areas_at_point(connection, lon, lat, day=DAY, layer_ids=[layer.id])
            for lon, lat in points.tolist()
        ]

    from_sql = [tuple(one.code for one in answer) for answer in answers]
    owners = [(codes[i],) if i >= 0 else () for i in located.area]
    from_python = [
        owner + tuple(codes[i] for i in others)
        for owner, others in zip(owners, located.candidates, strict=True)
    ]
    assert from_sql == from_python
    borders = [bool(answer) and answer[0].on_border for answer in answers]
    assert borders == located.on_border.tolist()
    meetings = np.bincount([len(codes_) for codes_ in from_sql])
    assert len(meetings) >= 4, "the sample holds triple points"
    assert all(meetings[:4] > 0), "and points outside, inside and on borders"


def test_a_long_straight_border_has_no_third_side(database: Database, plant: Callable[..., None]) -> None:
    """Points computed on a long slanting edge lie a bit off it: each side must be judged exactly alike."""
    ends = np.array([[100.1234567, 20.7654321], [103.7654321, 22.1234567]])
    west = shapely.Polygon([*ends, (100.0, 23.0), (99.0, 20.0)])
    east = shapely.Polygon([*ends, (104.0, 21.0), (101.0, 19.0)])
    areas = {"2": west, "1": east}
    plant("grid", areas)
    shares = np.random.default_rng(5).uniform(0, 1, (400, 1))
    points = ends[0] + shares * (ends[1] - ends[0])
    index = build_cell_index(np.array([west, east]), ["2", "1"], WGS84, parse_crs("EPSG:4547"))
    located = index.locate(*points.T)

    with database.begin() as connection:
        (layer,) = layers_at(connection, DAY)
        answers = [
            areas_at_point(connection, lon, lat, day=DAY, layer_ids=[layer.id])
            for lon, lat in points.tolist()
        ]

    assert all(answers), "nothing falls between the two"
    assert [answer[0].code for answer in answers] == [["2", "1"][i] for i in located.area]
    assert [answer[0].on_border for answer in answers] == located.on_border.tolist()


def test_the_owner_comes_first_and_alone_has_its_geometry(
    database: Database, plant: Callable[..., None]
) -> None:
    plant("grid", drawn("AB"))
    with database.begin() as connection:
        (layer,) = layers_at(connection, DAY)
        on_border = areas_at_point(connection, 114.01, 22.505, day=DAY, layer_ids=[layer.id])
    assert [(one.code, one.on_border) for one in on_border] == [("A", True), ("B", True)]
    assert on_border[0].geometry is not None
    assert on_border[0].geometry.equals(drawn("AB")["A"])
    assert on_border[1].geometry is None


def test_layers_come_from_the_top_down_and_know_what_is_in_force(
    database: Database, plant: Callable[..., None]
) -> None:
    plant("district", drawn("A"))
    plant("beat", drawn("A"), parent="district")
    plant("street", drawn("A"), parent="district", valid_from=date(2027, 1, 1))
    plant("grid", drawn("A"), parent="street", valid_to=date(2026, 3, 1))
    with database.begin() as connection:
        layers = layers_at(connection, DAY)
    assert [(one.name, one.in_force) for one in layers] == [
        ("district", True),
        ("beat", True),
        ("street", False),
        ("grid", False),  # its plan ended on this very day
    ]


def test_drafts_and_other_layers_are_not_asked(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", drawn("A"))
    plant("street", drawn("A"), valid_from=None)
    with database.begin() as connection:
        ids = {one.name: one.id for one in layers_at(connection, DAY)}
        assert areas_at_point(connection, 114.005, 22.505, day=DAY, layer_ids=[ids["street"]]) == ()
        assert areas_at_point(connection, 114.005, 22.505, day=DAY, layer_ids=[]) == ()


def test_near_areas_are_those_of_the_box(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", drawn("A..B....C"))
    with database.begin() as connection:
        (layer,) = layers_at(connection, DAY)
        first = nearest_by_degrees(connection, 114.05, 22.505, day=DAY, layer_id=layer.id)
        near = areas_within(
            connection, 114.05, 22.505, day=DAY, layer_id=layer.id, reach_lon=0.0301, reach_lat=0.001
        )
        never = nearest_by_degrees(connection, 114.05, 22.505, day=date(2020, 1, 1), layer_id=layer.id)
    assert first is not None
    assert (first.code, first.working_crs) == ("B", "EPSG:4547")
    assert [one.code for one in near] == ["B", "C"]
    assert never is None


def test_staff_comes_in_the_order_of_its_recording(database: Database, plant: Callable[..., None]) -> None:
    posts = {"A": [("网格长", "王"), ("专职网格员", "李")], "B": [("网格长", "张")]}
    plant("grid", drawn("AB"), staff=posts)
    with database.begin() as connection:
        (layer,) = layers_at(connection, DAY)
        rows = staff_of_areas(connection, [(layer.id, "A")], day=DAY)
        assert staff_of_areas(connection, [], day=DAY) == ()
    assert [(row.role, row.holder) for row in rows] == posts["A"]

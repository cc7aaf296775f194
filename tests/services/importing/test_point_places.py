"""Where the things of a table are, or why they are nowhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from gisgov.errors import CoordinateError
from gisgov.files.tables import read_points
from gisgov.geometry.crs import WGS84
from gisgov.services.importing.point_places import Places, find_places, footprint_faults, points_of
from gisgov.types import BBox


def places(folder: Path, *rows: str, near: BBox | None = None) -> Places:
    (folder / "a.csv").write_text("lon,lat\n" + "\n".join(rows) + "\n")
    return find_places(read_points(folder / "a.csv"), WGS84, near=near, name="a.csv")


def test_places_are_on_the_grid(tmp_path: Path) -> None:
    found = places(tmp_path, "120.12345678,30.1", "120.2,30.2", "300,30", ",30", "0,0")
    assert found.geometries[0] == shapely.Point(120.1234568, 30.1)
    assert [None if word is None else word.value for word in found.problem] == [
        None, None, "bad-coordinate", "no-coordinate", "bad-coordinate",
    ]  # fmt: skip
    assert found.reason[2] == "lies at (300, 30) in EPSG:4326, out of where EPSG:4326 is used"
    assert found.geometries[2:].tolist() == [None, None, None]


def test_far_away_is_a_place_unless_most_are_swapped(tmp_path: Path) -> None:
    new_york = (-74.3, 40.5, -73.7, 40.9)
    assert places(tmp_path, "120.1,30.1", near=new_york).problem.tolist() == [None]
    assert places(tmp_path, "-74,40.7", "40.7,-74", near=new_york).problem.tolist() == [None, None]
    with pytest.raises(CoordinateError, match=r"2 of the 3 coordinates of a\.csv .* Swap --lon-field"):
        places(tmp_path, "-74,40.7", "40.7,-74", "40.8,-74", near=new_york)


def test_nothing_but_missing_coordinates(tmp_path: Path) -> None:
    assert [word.value for word in places(tmp_path, "120,").problem] == ["no-coordinate"]


def test_events_happen_at_points() -> None:
    shapes = np.array([shapely.Point(1, 2), shapely.box(0, 0, 2, 2), None], dtype=object)
    points = points_of(shapes)
    assert points[0] == shapely.Point(1, 2)
    assert shapely.within(points[1], shapes[1])
    assert points[2] is None


def test_a_building_is_a_point_or_an_outline() -> None:
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    shapes = [
        shapely.Point(1, 2),
        shapely.box(0, 0, 2, 2),
        None,
        bow_tie,
        shapely.LineString([(0, 0), (1, 1)]),
    ]
    faults = footprint_faults(np.array(shapes, dtype=object))
    assert [None if fault is None else fault[0].value for fault in faults] == [
        None, None, None, "invalid-ring", "not-a-polygon",
    ]  # fmt: skip

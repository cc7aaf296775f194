"""Points held against the areas of a partition."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from gisgov.errors import CoordinateError, CrsError, FileError, InputError
from gisgov.geometry.crs import GCJ02, WGS84, from_wgs84, parse_crs
from gisgov.services.checking import check_file
from gisgov.services.defect_layers import defects_frame
from gisgov.services.point_checks import PartitionAreas, PointSet, check_points
from gisgov.services.point_files import PointFile, read_point_file
from gisgov.testing import areas_from_grid

PLANE = parse_crs("EPSG:4547")
X, Y = 500_000.0, 2_490_000.0


def partition(picture: str, *more: tuple[str, shapely.Geometry | None]) -> PartitionAreas:
    """Areas of cells of 100 m, and others."""
    codes, shapes = areas_from_grid(picture, cell_m=100, origin=(X, Y))
    geometries = np.array([*shapes, *(shape for _, shape in more)], dtype=object)
    return PartitionAreas("grid", geometries, [*codes, *(code for code, _ in more)], PLANE, PLANE)


def points(*places: tuple[float, float]) -> PointSet:
    """Points in metres from the south-western corner; NaN is nowhere."""
    x, y = np.array(places, dtype=np.float64).reshape(-1, 2).T
    nowhere = ~np.isfinite(x)
    return PointSet(
        subject="schools",
        ids=np.array([f"p{i}" for i in range(len(x))], dtype=object),
        sources=np.full(len(x), None, dtype=object),
        x=X + x,
        y=Y + y,
        problems=np.where(nowhere, "no-coordinate", None),
        messages=np.where(nowhere, "has no coordinate", None),
    )


def test_each_point_is_inside_on_a_border_or_lost() -> None:
    areas = partition("AB\nAC")
    report = check_points(points((50, 50), (150, 150), (100, 50), (100, 100), (230, 50), (np.nan, 0)), areas)
    assert (report.subject, report.layer, report.areas, report.points) == ("schools", "grid", 3, 6)
    assert (report.inside, report.on_border, report.in_several, report.orphans) == (2, 2, 0, 2)
    assert not report.clean
    outside, nowhere = report.faults
    assert (outside.id, outside.kind, outside.reason) == ("p4", "orphan", "outside")
    assert (outside.nearest_area, outside.distance_m) == ("C", pytest.approx(30.0, abs=0.01))
    assert outside.message == "lies in no area of grid; C is 30.0 m away"
    assert (outside.lon, outside.lat) == (pytest.approx(114.0022, abs=1e-4), pytest.approx(22.508, abs=1e-3))
    assert (nowhere.id, nowhere.reason, nowhere.message) == ("p5", "no-coordinate", "has no coordinate")
    assert (nowhere.lon, nowhere.nearest_area, nowhere.distance_m) == (None, None, None)


def test_points_that_all_have_one_area_are_clean() -> None:
    report = check_points(points((50, 50), (100, 50)), partition("AB"))
    assert (report.clean, report.inside, report.on_border, report.faults) == (True, 1, 1, ())


def test_a_point_on_ground_of_two_areas_lies_in_several() -> None:
    over = shapely.box(X + 50, Y, X + 150, Y + 100)
    # within both; within A and on the border of Z; on borders alone; within Z and on the border of A and B
    report = check_points(points((75, 50), (50, 50), (100, 0), (100, 50)), partition("AB", ("Z", over)))
    assert (report.in_several, report.on_border, report.inside) == (3, 1, 0)
    assert [fault.areas for fault in report.faults] == [("A", "Z"), ("A", "Z"), ("A", "B", "Z")]
    assert {(fault.kind, fault.reason) for fault in report.faults} == {("in-several-areas", "overlap")}
    assert report.faults[0].message == "lies in A and Z, which overlap there"


def test_areas_without_ground_hold_nothing_and_broken_ones_what_repair_leaves() -> None:
    bow_tie = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    areas = partition("..A", ("none", None), ("bow", bow_tie))
    report = check_points(points((20, 50), (50, 20), (250, 50)), areas)
    assert (report.inside, report.orphans) == (2, 1)
    assert report.faults[0].nearest_area == "bow"


def test_without_any_area_points_are_lost_and_nothing_is_near() -> None:
    nothing = PartitionAreas("grid", np.array([None], dtype=object), ["A"], PLANE, PLANE)
    (fault,) = check_points(points((1, 1)), nothing).faults
    assert (fault.message, fault.nearest_area, fault.distance_m) == ("lies in no area of grid", None, None)
    assert check_points(points(), partition("A")).clean


def test_every_point_is_counted_once_and_as_shapely_says() -> None:
    rng = np.random.default_rng(20260301)
    over = shapely.box(X + 150, Y + 50, X + 250, Y + 150)
    areas = partition("AABB\nA.CB\nDDCC", ("Z", over))
    # on a grid of 25 m many points fall on borders and corners
    places = rng.integers(-2, 20, size=(400, 2)) * 25.0
    report = check_points(points(*map(tuple, places)), areas)
    at = shapely.points(places + np.array([X, Y]))
    covers = shapely.covers(areas.geometries[:, None], at).sum(axis=0)
    within = shapely.contains_properly(areas.geometries[:, None], at).sum(axis=0)
    assert report.orphans == (covers == 0).sum() > 0
    assert report.inside == ((covers == 1) & (within == 1)).sum() > 0
    assert report.on_border == ((covers > 0) & (within == 0)).sum() > 0
    assert report.in_several == ((covers > 1) & (within > 0)).sum() > 0
    assert report.inside + report.on_border + report.in_several + report.orphans == 400


def csv(path: Path, *rows: str, header: str = "name,x,y") -> Path:
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def test_points_of_a_table_are_called_by_a_usual_column_or_by_their_row(tmp_path: Path) -> None:
    table = csv(tmp_path / "schools.csv", f"一小,{X + 1},{Y + 2}", f",{X},{Y}", "三小,,")
    read = read_point_file(PointFile(table, crs="4547"), PLANE)
    assert (read.subject, read.ids.tolist()) == ("file schools.csv", ["一小", "row 2", "三小"])
    assert (read.x[0], read.y[0]) == (X + 1, Y + 2)  # as drawn, to the last bit
    assert (np.isnan(read.x[2]), read.problems[2], read.messages[2]) == (
        True,
        "no-coordinate",
        "has no value in 'x'",
    )
    plain = csv(tmp_path / "plain.csv", f"{X},{Y},7", header="east,north,number")
    file = PointFile(plain, crs="4547", lon_field="east", lat_field="north")
    assert read_point_file(file, PLANE).ids.tolist() == ["row 1"]
    named = PointFile(plain, crs="4547", id_field="number", lon_field="east", lat_field="north")
    assert read_point_file(named, PLANE).ids.tolist() == ["7"]


def test_points_of_another_system_are_moved_and_those_to_be_stored_rounded(tmp_path: Path) -> None:
    lon, lat = from_wgs84([114.0], [22.5], GCJ02)
    table = csv(tmp_path / "pois.csv", f"a,{lon[0]:.9f},{lat[0]:.9f}")
    moved = read_point_file(PointFile(table, crs="gcj02"), PLANE)
    assert moved.x[0] == pytest.approx(500_000, abs=0.02)
    exact = csv(tmp_path / "exact.csv", "a,114.00000001,22.50000009")
    assert read_point_file(PointFile(exact, crs="wgs84"), WGS84).x[0] == 114.00000001
    stored = read_point_file(PointFile(exact, crs="wgs84"), WGS84, as_drawn=False)
    assert (stored.x[0], stored.y[0]) == (114.0, 22.5000001)


def test_an_outline_lies_where_a_point_inside_it_lies(tmp_path: Path) -> None:
    horseshoe = shapely.box(X, Y, X + 90, Y + 90) - shapely.box(X + 20, Y + 20, X + 90, Y + 70)
    frame = geopandas.GeoDataFrame({"id": ["h"]}, geometry=[horseshoe], crs=4547)
    frame.to_file(tmp_path / "buildings.gpkg")
    read = read_point_file(PointFile(tmp_path / "buildings.gpkg"), PLANE)
    assert shapely.covers(horseshoe, shapely.Point(read.x[0], read.y[0]))
    moved = read_point_file(PointFile(tmp_path / "buildings.gpkg"), WGS84)
    assert moved.x[0] == pytest.approx(114.0, abs=0.001)


def test_points_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    table = csv(tmp_path / "schools.csv", f"一小,{X},{Y}")
    with pytest.raises(CrsError, match="does not state"):
        read_point_file(PointFile(table), PLANE)
    with pytest.raises(CoordinateError, match="cannot be right") as refused:
        read_point_file(PointFile(table, crs="wgs84"), PLANE)
    assert "--points-crs" in (refused.value.hint or "")
    with pytest.raises(InputError, match="'code'"):
        read_point_file(PointFile(table, crs="4547", id_field="code"), PLANE)
    with pytest.raises(FileError, match="holds no rows"):
        read_point_file(PointFile(csv(tmp_path / "empty.csv"), crs="4547"), PLANE)


def test_points_of_files_are_told_after_the_defects_of_a_file(tmp_path: Path) -> None:
    codes, shapes = areas_from_grid("AA.\n..B", cell_m=100, origin=(X, Y))
    frame = geopandas.GeoDataFrame({"code": codes}, geometry=list(shapes), crs=4547)
    frame.to_file(tmp_path / "grids.gpkg")
    outline = geopandas.GeoDataFrame(geometry=[shapely.box(X, Y, X + 300, Y + 200)], crs=4547)
    outline.to_file(tmp_path / "outline.gpkg")
    schools = csv(tmp_path / "schools.csv", f"一小,{X + 10},{Y + 10}", f"二小,{X + 10},{Y + 110}")
    clinics = csv(tmp_path / "clinics.csv", f"c,{X + 150},{Y + 50}")
    report = check_file(
        tmp_path / "grids.gpkg",
        scope=tmp_path / "outline.gpkg",
        code_field="code",
        points=[PointFile(schools, crs="4547"), PointFile(clinics, crs="4547")],
    )
    assert [points.subject for points in report.points] == ["file schools.csv", "file clinics.csv"]
    assert [points.orphans for points in report.points] == [1, 1]
    faults = [fault for points in report.points for fault in points.faults]
    gaps = len(report.defects)
    assert gaps > 0
    assert [fault.number for fault in faults] == [gaps + 1, gaps + 2]
    frame = defects_frame(report)
    assert frame["kind"].tolist()[-2:] == ["orphan", "orphan"]
    assert frame["reason"].iloc[-2] == "一小 lies in no area of grids.gpkg; A is 90.0 m away"
    assert frame.geometry.geom_type.tolist()[-2:] == ["Point", "Point"]
    assert (frame["cover"].isna().tolist()[-2:], frame["layer"].iloc[-1]) == ([True, True], "grids.gpkg")

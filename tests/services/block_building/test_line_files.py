"""Rows of files of streets: what they are, and why some cannot be used."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from street_files import CROSSING, SOUTH, WEST, box, ground, line, save

from fixtures import shipped
from gisgov.errors import CrsError, InputError
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.services.block_building.line_files import DrawnLines, LineFile, counted, read_lines
from gisgov.services.block_building.line_geometry import Kind
from gisgov.types import BBox

TABLE = shipped.street_classes()


def near() -> BBox:
    west, south, east, north = shapely.total_bounds(list(ground("AB").values())).tolist()
    return west, south, east, north


def read(path: Path, what: str = "streets", **options: str) -> DrawnLines:
    kinds = frozenset({Kind.LINE}) if what in ("streets", "rail") else frozenset(Kind)
    table = None if what == "compounds" else getattr(TABLE, what)
    return read_lines(LineFile(path, **options), what, kinds, table, TABLE.levels, near())


def test_rows_are_told_by_their_kind(tmp_path: Path) -> None:
    rows = [*CROSSING, ("alley", line((0, 100), (900, 100))), (None, line((0, 200), (900, 200)))]
    far = ("primary", line((90_000, 0), (90_000, 100)))
    found = read(save(tmp_path / "streets.gpkg", [*rows, far]))
    assert found.edge_class.tolist() == [EdgeClass.ARTERIAL, *[EdgeClass.LOCAL] * 4]
    assert found.level.tolist() == [0] * 5
    assert (found.read.rows, found.read.used, found.read.away) == (7, 5, 1)
    assert (found.read.field, found.read.crs, found.read.file_layer) == ("highway", "EPSG:4547", "streets")
    assert found.read.passed_over == {"footway": 1}
    assert found.read.unlisted == {"alley": 1, "": 1}
    xy = shapely.get_coordinates(found.geometries)
    assert np.array_equal(xy, np.round(xy, 7))


def test_rows_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    rows = [
        ("primary", line((0, 500), (2000, 500))),
        ("primary", None),
        ("primary", shapely.Point(WEST, SOUTH)),
        ("primary", shapely.LineString([(WEST, SOUTH), (WEST, float("inf"))])),
        ("primary", shapely.LineString([(SOUTH, WEST), (SOUTH + 9, WEST)])),
    ]
    with np.errstate(invalid="ignore"):  # of shapely, about infinity
        found = read(save(tmp_path / "streets.gpkg", rows))
    assert [(one.row, one.kind) for one in found.read.refused] == [
        (2, "empty-geometry"), (3, "not-a-line"), (4, "not-finite"), (5, "swapped-axes"),
    ]  # fmt: skip
    assert found.read.refused[1].message == "is a Point, not a line"
    assert found.read.used == 1


def test_bridges_and_tunnels_have_a_height(tmp_path: Path) -> None:
    rows = [("primary", line((0, y), (2000, y))) for y in (100, 200, 300, 400)]
    path = save(
        tmp_path / "s.gpkg",
        rows,
        Layer=["2", None, "0", None],
        bridge=[None, "yes", "no", "F"],
        tunnel=["yes", None, None, "T"],
    )
    assert read(path).level.tolist() == [2, 1, 0, -1]


def test_water_may_be_polygons_and_broken_rings_are_mended(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon(
        [(WEST, SOUTH), (WEST + 90, SOUTH + 90), (WEST + 90, SOUTH), (WEST, SOUTH + 90)]
    )
    rows = [
        ("river", line((0, 0), (900, 900))),
        ("water", box(0, 0, 50, 50)),
        ("ditch", box(0, 0, 9, 9)),
        ("lake", bow_tie),
    ]
    path = save(tmp_path / "water.gpkg", rows)
    found = read(path, "water", field="HIGHWAY")
    assert found.edge_class.tolist() == [EdgeClass.WATER] * 3
    assert shapely.is_valid(found.geometries).all()
    assert found.read.passed_over == {"ditch": 1}
    # without a field of kinds all of it is water
    assert read(path, "water").read.unlisted == {"": 4}


def test_compounds_have_no_kinds(tmp_path: Path) -> None:
    found = read(
        save(tmp_path / "c.gpkg", [("a", box(0, 0, 50, 50)), ("b", box(90, 0, 99, 50))]), "compounds"
    )
    assert (found.read.used, found.read.field, found.read.unlisted) == (2, None, {})


def test_streets_without_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bare.gpkg"
    geopandas.GeoDataFrame({"name": ["x"]}, geometry=[line((0, 0), (9, 9))], crs=4547).to_file(path)
    with pytest.raises(
        InputError, match=r"none of the fields highway, .* Say --streets-field; its fields: name"
    ):
        read(path)
    with pytest.raises(InputError, match="has no field 'kind'"):
        read(path, field="kind")


def test_hints_name_the_options_of_the_file(tmp_path: Path) -> None:
    path = save(tmp_path / "two.gpkg", CROSSING)
    geopandas.read_file(path).to_file(path, layer="more")
    with pytest.raises(InputError, match="Choose one with --water-layer") as layers:
        read(path, "water")
    assert layers.value.field == "water_file_layer"
    bare = tmp_path / "bare.geojson"
    bare.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(CrsError, match="Say --streets-crs: wgs84"):
        read(bare)


def test_a_file_of_another_place_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "far.gpkg", [("primary", line((90_000, 0), (90_000, 100)))])
    with pytest.raises(InputError, match=r"Nothing in far\.gpkg lies near .* is --streets-crs another\?"):
        read(path)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.gpkg"
    frame = geopandas.GeoDataFrame({"highway": ["x"]}, geometry=[line((0, 0), (9, 9))], crs=4547)
    frame.iloc[:0].to_file(path)
    with pytest.raises(InputError, match=r"empty\.gpkg holds no rows"):
        read(path)


def test_kinds_are_written_with_their_numbers() -> None:
    assert counted({"a": 3, "": 2000, "c": 1}, most=2) == "(no kind) 2,000, a 3, 1 others 1"


def test_a_layer_of_which_no_row_can_be_used_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "houses.gpkg", [("primary", box(0, 0, 50, 50)), ("primary", box(0, 90, 50, 99))])
    with pytest.raises(
        InputError, match=r"No row of houses\.gpkg, .* row 1 is a Polygon, not a line, .* --streets-layer"
    ):
        read(path)


def test_streets_of_which_none_cuts_the_ground_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"No street of paths\.gpkg near the ground cuts it: footway 1\. .* --classes"
    ):
        read(save(tmp_path / "paths.gpkg", [("footway", line((0, 0), (900, 900)))]))

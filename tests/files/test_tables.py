"""Tables of things at places."""

from __future__ import annotations

from pathlib import Path

import geopandas
import openpyxl
import pandas as pd
import pytest
import shapely

from gisgov.errors import FileError, InputError
from gisgov.files.tables import read_plain_table, read_points
from gisgov.files.vector_output import write_vectors


def test_coordinates_are_found_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,经度,纬度\n1,120.1,30.2\n", encoding="utf-8")
    table = read_points(tmp_path / "a.csv")
    assert (table.lon_field, table.lat_field, table.guessed) == ("经度", "纬度", True)
    assert table.geometries[0] == shapely.Point(120.1, 30.2)
    assert table.crs is None
    assert table.texts("编号").tolist() == ["1"]
    assert table.fields == ("编号", "经度", "纬度")


def test_the_likelier_name_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y,LON,LAT\n1,2,120.1,30.2\n")
    table = read_points(tmp_path / "a.csv")
    assert (table.lon_field, table.lat_field) == ("LON", "LAT")


def test_columns_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("lon_pick,lat_pick,lon,lat\n120.1,30.2,1,2\n")
    table = read_points(tmp_path / "a.csv", lon_field="LON_PICK", lat_field="lat_pick")
    assert (table.lon_field, table.guessed) == ("lon_pick", False)
    assert table.geometries[0] == shapely.Point(120.1, 30.2)
    with pytest.raises(InputError, match="Name both --lon-field and --lat-field"):
        read_points(tmp_path / "a.csv", lon_field="lon")
    with pytest.raises(InputError, match=r"a\.csv has no field 'nope'"):
        read_points(tmp_path / "a.csv", lon_field="nope", lat_field="lat")


@pytest.mark.parametrize(("header", "missing"), [("a,lat", "longitude"), ("lon,b", "latitude")])
def test_a_missing_column_is_asked_for(tmp_path: Path, header: str, missing: str) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n1,2\n")
    with pytest.raises(InputError, match=f"No column of a.csv is called like a {missing}"):
        read_points(tmp_path / "a.csv")


def test_unusable_coordinates_are_explained(tmp_path: Path) -> None:
    rows = ["120.1°,30.2", ",30.2", "120.1,NULL", "north,30", "120,inf", "nan,30"]
    (tmp_path / "a.csv").write_text("lon,lat\n" + "\n".join(rows) + "\n")
    table = read_points(tmp_path / "a.csv")
    assert table.reasons.tolist() == [
        None,
        "has no value in 'lon'",
        "has no value in 'lat'",
        "has 'north' in 'lon', which is no coordinate",
        "has 'inf' in 'lat', which is no coordinate",
        "has no value in 'lon'",
    ]
    assert table.missing.tolist() == [False, True, True, False, False, True]
    assert [one is None for one in table.geometries] == [False, True, True, True, True, True]


def test_excel_and_parquet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "lng", "lat"])
    book.active.append([1, 120.1, 30.2])
    book.save(tmp_path / "a.xlsx")
    pd.DataFrame({"id": [1], "lng": [120.1], "lat": [30.2]}).to_parquet(tmp_path / "a.parquet")
    for name in ("a.xlsx", "a.parquet"):
        table = read_points(tmp_path / name)
        assert table.geometries[0] == shapely.Point(120.1, 30.2)
        assert table.texts("id").tolist() == ["1"]


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.parquet"])
def test_vector_layers_bring_their_geometry(tmp_path: Path, name: str) -> None:
    shapes = [shapely.Point(120.1, 30.2), None, shapely.Point(float("inf"), 1.0)]
    frame = geopandas.GeoDataFrame(
        {"id": ["a", "b", "c"], "lon": [1, 2, 3], "lat": [4, 5, 6]}, geometry=shapes
    )
    write_vectors(frame.iloc[:2] if name == "a.geojson" else frame, tmp_path / name, crs=None)
    table = read_points(tmp_path / name)
    assert table.lon_field is None
    assert table.geometries[0] == shapely.Point(120.1, 30.2)
    assert table.reasons.tolist()[:2] == [None, "has no geometry"]
    if name != "a.geojson":
        assert table.reasons[2] in ("has a coordinate that is not finite", "has no geometry")
    by_columns = read_points(tmp_path / name, lon_field="lon", lat_field="lat")
    assert by_columns.geometries[1] == shapely.Point(2, 5)


def test_an_empty_layer(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert len(read_points(tmp_path / "a.geojson").rows) == 0


def test_plain_tables_hold_no_geometry(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(0, 0)], crs=4326)
    write_vectors(frame, tmp_path / "a.gpkg")
    with pytest.raises(FileError, match=r"a\.gpkg is not a table: it is GeoPackage"):
        read_plain_table(tmp_path / "a.gpkg")


def test_a_broken_parquet_is_one_line(tmp_path: Path) -> None:
    pd.DataFrame({"lon": [1.0], "lat": [2.0]}).to_parquet(tmp_path / "a.parquet")
    content = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(content[: len(content) // 2])
    for read in (read_points, read_plain_table):
        with pytest.raises(FileError, match=r"a\.parquet cannot be read"):
            read(tmp_path / "a.parquet")


def test_ragged_rows_are_handed_on(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,lon,lat\n1,120\n")
    table = read_points(tmp_path / "a.csv")
    assert table.ragged == {1: "has 2 cells where the header has 3"}
    assert table.reasons[0] == "has no value in 'lat'"


def test_rejects_columns_are_not_fields(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,lon,lat,gisgov_row,gisgov_problem\n1,120,30,7,x\n")
    assert read_points(tmp_path / "a.csv").fields == ("id", "lon", "lat")

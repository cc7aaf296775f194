"""Layers read and written back with few of their geometries changed."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely

from gisgov.errors import FileError
from gisgov.files.vector_rows import LayerRows, joined, read_rows, write_rows
from gisgov.files.vectors import read_vectors
from gisgov.geometry.crs import parse_crs

BOW_TIE = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


def rows(*shapes: shapely.Geometry | None, columns: pa.Table | None = None) -> LayerRows:
    wkb = np.empty(len(shapes), dtype=object)
    wkb[:] = [None if shape is None else bytes(shapely.to_wkb(shape, flavor="iso")) for shape in shapes]
    plain = pa.table({"code": [f"c{i}" for i in range(len(shapes))]})
    return LayerRows("areas", parse_crs(4547), plain if columns is None else columns, wkb)


def test_bytes_types_and_order_come_back(tmp_path: Path) -> None:
    columns = pa.table(
        {
            "name": ["网格", None, "c", "d"],
            "small": pa.array([1, None, 3, 4], type=pa.int16()),
            "big": pa.array([2**60, 1, None, 3], type=pa.int64()),
            "day": pa.array([datetime.date(2026, 1, 2), None, None, None]),
            "flag": pa.array([True, False, None, True]),
        }
    )
    third = 1.0 / 3.0
    given = rows(
        shapely.box(third, 0, 1, 1), BOW_TIE, None, shapely.MultiPolygon([shapely.box(0, 0, third, 1)]),
        columns=columns,
    )  # fmt: skip
    write_rows(given, tmp_path / "new" / "a.gpkg")
    first = read_rows(tmp_path / "new" / "a.gpkg")
    assert first.wkb.tolist() == given.wkb.tolist()
    assert first.columns.to_pydict() == columns.to_pydict()
    assert (first.layer, first.crs) == ("areas", parse_crs(4547))
    write_rows(first, tmp_path / "b.gpkg", "other")
    again = read_rows(tmp_path / "b.gpkg", layer="other")
    assert again.columns.schema.types == first.columns.schema.types
    assert again.columns.to_pydict() == first.columns.to_pydict()


@pytest.mark.parametrize(
    ("shapes", "kind"),
    [
        ([shapely.box(0, 0, 1, 1), None], "Polygon"),
        ([shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])], "MultiPolygon"),
        ([shapely.force_3d(shapely.box(0, 0, 1, 1))], "Polygon Z"),
        ([shapely.MultiPolygon([shapely.box(0, 0, 1, 1)]), shapely.box(0, 0, 1, 1)], "Unknown"),
        ([shapely.GeometryCollection([shapely.box(0, 0, 1, 1)])], "Unknown"),
        ([None], "Unknown"),
    ],
)
def test_the_layer_is_of_the_type_of_its_geometries(
    tmp_path: Path, shapes: list[shapely.Geometry | None], kind: str
) -> None:
    write_rows(rows(*shapes), tmp_path / "a.gpkg")
    assert pyogrio.read_info(tmp_path / "a.gpkg")["geometry_type"] == kind
    heights = read_rows(tmp_path / "a.gpkg")  # as GDAL gives them
    write_rows(heights, tmp_path / "b.gpkg")
    assert read_rows(tmp_path / "b.gpkg").wkb.tolist() == heights.wkb.tolist()


def test_some_geometries_are_replaced() -> None:
    given = rows(shapely.MultiPolygon([shapely.box(0, 0, 1, 1)]), shapely.box(0, 0, 1, 1), BOW_TIE)
    square = shapely.box(0, 0, 3, 3)
    shapes = np.array([square, square, None], dtype=object)
    made = given.with_geometries(np.array([0, 1, 2]), shapes)
    assert made.wkb.tolist() == [
        shapely.to_wkb(shapely.MultiPolygon([square])),  # as its layer is
        shapely.to_wkb(square),
        None,
    ]
    assert given.with_geometries(np.array([1]), shapes[:1]).wkb[2] is given.wkb[2]


def test_rows_are_taken_and_joined() -> None:
    given = rows(shapely.box(0, 0, 1, 1), shapely.box(0, 0, 2, 1), shapely.box(0, 0, 3, 1))
    some = joined([given.taken(np.array([2])), given.taken(np.array([0, 1]))])
    assert some.columns.column("code").to_pylist() == ["c2", "c0", "c1"]
    assert some.wkb.tolist() == [given.wkb[2], given.wkb[0], given.wkb[1]]
    assert len(some) == 3


@pytest.mark.parametrize("name", ["a.geojson", "a.fgb", "a.parquet", "a.shp"])
def test_other_formats_keep_what_they_can(tmp_path: Path, name: str) -> None:
    columns = pa.table({"code": ["a", "b"], "n": pa.array([1, None], type=pa.int32())})
    write_rows(rows(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), columns=columns), tmp_path / name)
    frame = read_vectors(tmp_path / name).frame
    assert frame["code"].tolist() == ["a", "b"]
    assert frame["n"].iloc[0] == 1
    assert frame.geometry.area.tolist() == [1.0, 1.0]


def test_a_layer_without_attributes(tmp_path: Path) -> None:
    bare = rows(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), columns=pa.table({}))
    write_rows(bare, tmp_path / "a.gpkg")
    assert len(read_rows(tmp_path / "a.gpkg").taken(np.array([1]))) == 1


def test_a_column_without_values_becomes_text(tmp_path: Path) -> None:
    write_rows(rows(shapely.box(0, 0, 1, 1), columns=pa.table({"a": pa.nulls(1)})), tmp_path / "a.gpkg")
    assert read_rows(tmp_path / "a.gpkg").columns.to_pydict() == {"a": [None]}


def test_an_empty_layer_is_refused(tmp_path: Path) -> None:
    write_rows(rows(shapely.box(0, 0, 1, 1)).taken(np.zeros(0, dtype=np.int64)), tmp_path / "a.gpkg")
    with pytest.raises(FileError, match="holds no rows"):
        read_rows(tmp_path / "a.gpkg")


def test_an_attribute_called_fid_is_an_attribute(tmp_path: Path) -> None:
    columns = pa.table({"FID": ["7", "7"], "n": [1, 2]})
    write_rows(rows(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), columns=columns), tmp_path / "a.gpkg")
    assert read_rows(tmp_path / "a.gpkg").columns.to_pydict() == columns.to_pydict()

"""How large geometries of uploads may be, and how deeply they may be nested."""

from __future__ import annotations

import struct
from pathlib import Path

import geopandas
import pytest
import shapely

from gisgov.errors import FileError
from gisgov.files.geometry_limits import GeometryLimits, limited_geometry
from gisgov.files.vectors import read_vectors

ROOMY = GeometryLimits(vertices=1_000_000, vertices_of_one=1_000_000, parts_of_one=100)
SQUARE = shapely.box(0, 0, 1, 1)
SQUARES = shapely.MultiPolygon([shapely.box(i, 0, i + 0.5, 1) for i in range(3)])


def written(folder: Path, *shapes: shapely.Geometry) -> Path:
    path = folder / "areas.parquet"
    geopandas.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs=4326).to_parquet(path)
    return path


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (
            GeometryLimits(1_000, 14, 100),
            "The geometry in row 2 of areas.parquet has 15 vertices; one may have 14. .*MOST_VERTICES_OF_ONE",
        ),
        (
            GeometryLimits(1_000, 15, 2),
            "The geometry in row 2 of areas.parquet has 3 parts; one may have 2. .*GISGOV_MOST_PARTS_OF_ONE",
        ),
        (
            GeometryLimits(24, 15, 3),
            r"have more than 24 vertices together \(25 up to row 4\). .*GISGOV_MOST_VERTICES\b",
        ),
    ],
)
def test_what_is_larger_is_refused_with_its_figure(tmp_path: Path, limits: GeometryLimits, says: str) -> None:
    path = written(tmp_path, SQUARE, SQUARES, SQUARE, None)
    with limited_geometry(limits), pytest.raises(FileError, match=says):
        read_vectors(path)
    assert len(read_vectors(path).frame) == 4  # on one's own machine nothing is limited


def test_what_is_as_large_as_it_may_be_is_read(tmp_path: Path) -> None:
    with limited_geometry(GeometryLimits(25, 15, 3)):
        assert len(read_vectors(written(tmp_path, SQUARE, SQUARES, SQUARE)).frame) == 3


def nested(levels: int, *, order: str = "<", code: int = 7, beside: bytes = b"") -> bytes:
    """Return the WKB of a collection in a collection …, each behind a geometry that lies beside it."""
    head = struct.pack(f"{order}BII", order == "<", code, 2 if beside else 1) + beside
    return head * (levels - 1) + struct.pack(f"{order}BII", order == "<", code, 0)


def parquet_of(folder: Path, wkb: bytes) -> Path:
    """Return a file whose one row has its geometry replaced by other bytes."""
    import pyarrow.parquet as pq

    path = written(folder, SQUARE)
    table = pq.read_table(path)
    place = table.schema.get_field_index("geometry")
    changed = table.set_column(place, table.schema.field(place), [[wkb]])
    pq.write_table(changed, path)
    return path


POINT = shapely.to_wkb(shapely.Point(1, 2))
LINE = shapely.to_wkb(shapely.LineString([(1, 2), (3, 4), (5, 6)]))
POLYGON = shapely.to_wkb(SQUARE)


@pytest.mark.parametrize("beside", [b"", POINT, LINE, POLYGON])
@pytest.mark.parametrize(("order", "code"), [("<", 7), (">", 7), ("<", 1007), ("<", 6), (">", 0x80000007)])
def test_collections_nested_without_end_are_refused_before_anything_follows_them(
    tmp_path: Path, beside: bytes, order: str, code: int
) -> None:
    path = parquet_of(tmp_path, nested(100_000, order=order, code=code, beside=beside))
    with limited_geometry(ROOMY), pytest.raises(FileError, match=r"row 1 .* nested deeper than 32 levels"):
        read_vectors(path)


def test_many_parts_beside_each_other_are_no_nesting(tmp_path: Path) -> None:
    flat = shapely.GeometryCollection([shapely.MultiPoint([(i, i), (i, i + 1)]) for i in range(60)])
    with_z = shapely.MultiPolygon([shapely.force_3d(shapely.box(i, 0, i + 0.5, 1), 5.0) for i in range(60)])
    with limited_geometry(ROOMY):
        assert len(read_vectors(written(tmp_path, flat, with_z)).frame) == 2

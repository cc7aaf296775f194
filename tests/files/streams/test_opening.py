"""Files of points as streams: the same rows from any row on, with the columns and types of the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from gisgov.errors import CrsError, FileError, InputError
from gisgov.files.streams import opening, source
from gisgov.files.streams.opening import open_points, open_row_groups
from gisgov.files.streams.source import Place

ROWS = 25


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_MOST_ROWS", 10)
    monkeypatch.setattr(opening, "_TEXT_ROWS", 10)


@pytest.fixture
def table() -> pa.Table:
    return pa.table(
        {
            "id": pa.array([f"{i:03}" for i in range(ROWS)]),
            "lon": np.arange(ROWS) + 0.5,
            "lat": np.arange(ROWS) / 2,
            "kind": pa.array(["a", "b", None, "c", "d"] * 5).dictionary_encode(),
        }
    )


@pytest.fixture
def made(table: pa.Table, tmp_path: Path) -> Callable[[str], Path]:
    """Write the table as a file of a suffix."""

    def write(suffix: str) -> Path:
        path = tmp_path / f"points{suffix}"
        frame = table.to_pandas().astype({"kind": object})
        if suffix == ".csv":
            frame.to_csv(path, index=False)
        elif suffix == ".gpkg":
            places = geopandas.points_from_xy(frame.lon, frame.lat)
            geopandas.GeoDataFrame(frame, geometry=places, crs=4490).to_file(path)
        else:
            pq.write_table(table, path, row_group_size=7)
        return path

    return write


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".gpkg"])
def test_parts_are_of_one_size_and_the_same_from_any_on(made: Callable[[str], Path], suffix: str) -> None:
    opened = open_points(made(suffix))
    parts = [*opened.parts_from(0)]
    assert [part.num_rows for part in parts] == [10, 10, 5]
    assert opened.parts == (None if suffix == ".csv" else 3)
    assert pa.Table.from_batches(parts).column("id").to_pylist() == [f"{i:03}" for i in range(ROWS)]
    for first in (1, 2, 3):
        again = [part.column("id").to_pylist() for part in opened.parts_from(first)]
        assert again == [part.column("id").to_pylist() for part in parts[first:]]


def test_parquet_keeps_types_and_row_groups_are_read_alone(
    made: Callable[[str], Path], table: pa.Table
) -> None:
    path = made(".parquet")
    assert pa.Table.from_batches([*open_points(path).parts_from(0)]).equals(table.combine_chunks())
    some = open_row_groups(path, (1, 3))
    assert some.rows == 11
    ids = pa.Table.from_batches([*some.parts_from(0)]).column("id").to_pylist()
    assert ids == [f"{i:03}" for i in (*range(7, 14), *range(21, 25))]


def test_cells_of_text_stay_the_text_they_are(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_bytes('编号;经度;纬度;备注\n007;120.10;30.0;"a;\nb"\n\n008;;30;\n'.encode("gb18030"))
    opened = open_points(path)
    assert opened.place == Place("经度", "纬度", guessed=True)
    assert pa.Table.from_batches([*opened.parts_from(0)]).to_pylist() == [
        {"编号": "007", "经度": "120.10", "纬度": "30.0", "备注": "a;\nb"},
        {"编号": "008", "经度": None, "纬度": "30", "备注": None},
    ]


def test_what_a_file_states_is_taken_and_what_it_does_not_is_not_made_up(
    made: Callable[[str], Path], tmp_path: Path
) -> None:
    gpkg = open_points(made(".gpkg"))
    assert (gpkg.crs.name if gpkg.crs else None, gpkg.place) == ("EPSG:4490", Place(geometry="geom"))
    assert open_points(made(".parquet")).crs is None
    assert open_points(made(".csv")).crs is None
    assert open_points(made(".gpkg"), lon_field="LON", lat_field="lat").place == Place("lon", "lat")
    frame = geopandas.GeoDataFrame(geometry=[shapely.Point(1, 2)], crs=4547)
    frame.to_parquet(tmp_path / "geo.parquet")
    geo = open_points(tmp_path / "geo.parquet")
    assert (geo.crs.name if geo.crs else None, geo.place.geometry) == ("EPSG:4547", "geometry")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "id,lon,lat\n1,2,3\n4,5\n", "Row 2 of a.csv has 2 cells where the header has 3"),
        ("a.csv", "id,lon,lon\n1,2,3\n", "two columns called 'lon'"),
        ("a.csv", "id,east,north\n1,2,3\n", "Say --lon and --lat; its columns: id, east, north"),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "not read point by point"),
    ],
)
def test_files_that_cannot_be_read_so_say_why(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises((FileError, InputError)) as refused:
        list(open_points(tmp_path / name).parts_from(0))
    assert message in str(refused.value)


def test_a_column_alone_and_one_that_is_not_there_are_refused(made: Callable[[str], Path]) -> None:
    path = made(".parquet")
    with pytest.raises(InputError, match="Name both --lon and --lat"):
        open_points(path, lon_field="lon")
    with pytest.raises(InputError, match="has no field 'x'"):
        open_points(path, lon_field="x", lat_field="lat")


def test_lines_and_polygons_are_no_points(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    frame.to_file(tmp_path / "areas.gpkg")
    frame.to_parquet(tmp_path / "areas.parquet")
    for name in ("areas.gpkg", "areas.parquet"):
        with pytest.raises(FileError, match=f"{name} holds Polygon, not points"):
            open_points(tmp_path / name)


@pytest.mark.parametrize(
    ("geo", "message"),
    [
        ("{", "broken GeoParquet metadata"),
        ("[]", "broken GeoParquet metadata"),
        ('{"primary_column": "g", "columns": {"g": {"encoding": "polygon"}}}', "geometry as polygon"),
        ('{"primary_column": "g", "columns": {"g": {"encoding": "WKB", "crs": "moon"}}}', "'moon'"),
    ],
)
def test_broken_metadata_is_told(tmp_path: Path, geo: str, message: str) -> None:
    table = pa.table({"g": [b""]}).replace_schema_metadata({b"geo": geo.encode()})
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises((FileError, CrsError), match=message):
        open_points(tmp_path / "a.parquet")


def test_a_file_that_breaks_off_is_told(made: Callable[[str], Path]) -> None:
    path = made(".parquet")
    opened = open_points(path)
    pq.write_table(pq.read_table(path).slice(0, 21), path, row_group_size=7)
    with pytest.raises(FileError, match=r"breaks off after|may be damaged"):
        list(opened.parts_from(0))
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(FileError):
        open_points(path)


def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_MOST_ROWS", 16_384)
    values = np.random.default_rng(1).random(64 * 16_384)
    pq.write_table(pa.table({"lon": values, "lat": values}), tmp_path / "a.parquet", row_group_size=16_384)
    del values
    held = [pa.total_allocated_bytes() for _ in open_points(tmp_path / "a.parquet").parts_from(0)]
    assert len(held) == 64
    # the file is 16 MB: as much was held at its end when its row groups were read as one stream
    assert max(held) < held[2] + 4_000_000

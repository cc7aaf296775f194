"""A data set in, partition by partition, and a data set out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from layer_indexes import DAY, drawn, layer_index

from gisgov.errors import ConflictError, FileError, InputError
from gisgov.files.streams.parts import PartFolder
from gisgov.services.assigning_files import FileRequest, assign_file, assign_folder, datasets
from gisgov.services.assigning_files.datasets import DatasetRun

LAYER = layer_index(drawn("AAB\nACB"))


def table_of(first: int, rows: int, **more: Any) -> pa.Table:
    rng = np.random.default_rng(first)
    lon, lat = rng.uniform(113.99, 114.04, rows), rng.uniform(22.49, 22.53, rows)
    return pa.table({"id": np.arange(first, first + rows), "lon": lon, "lat": lat, **more})


@pytest.fixture
def request_(tmp_path: Path) -> FileRequest:
    folder = tmp_path / "points"
    (folder / "day=1").mkdir(parents=True)
    pq.write_table(table_of(0, 50), folder / "a.parquet", row_group_size=10)
    pq.write_table(table_of(50, 5), folder / "day=1" / "b.parquet")
    pq.write_table(table_of(90, 5), folder / "_old.parquet")
    return FileRequest(folder, tmp_path / "out", DAY, crs="wgs84")


def test_large_files_are_divided_and_rows_keep_their_order(
    request_: FileRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "_PARTITION_ROWS", 25)
    done = assign_folder(LAYER, request_)
    names = sorted(str(one.relative_to(request_.out)) for one in request_.out.rglob("*.parquet"))
    assert names == ["a~00000.parquet", "a~00001.parquet", "a~00002.parquet", "day=1/b.parquet"]
    assert (done.rows, done.parts) == (55, 4)
    rows = pa.dataset.dataset(request_.out).to_table()
    assert sorted(rows.column("id").to_pylist()) == [*range(55)]
    one = request_.path / "a.parquet"
    assign_file(LAYER, replace(request_, path=one, out=request_.out.with_name("a.parquet")))
    parts = pa.concat_tables([pq.read_table(request_.out / name) for name in names[:3]])
    assert parts.equals(pq.read_table(request_.out.with_name("a.parquet")))
    # one file alone is a data set too
    assert assign_folder(LAYER, replace(request_, path=one, out=request_.out.with_name("alone"))).parts == 3


def test_faults_name_their_file_and_its_rows(request_: FileRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "_PARTITION_ROWS", 25)
    table = table_of(0, 50).set_column(1, "lon", pa.array([114.005] * 44 + [300.0] + [114.005] * 5))
    pq.write_table(table, request_.path / "a.parquet", row_group_size=10)
    (fault,) = assign_folder(LAYER, request_).faults
    assert (fault.file, fault.row) == ("a.parquet", 45)


def test_a_run_broken_off_goes_on_with_what_is_left(request_: FileRequest) -> None:
    done: list[str] = []

    def some(run: DatasetRun) -> Any:
        for one in run.partitions:
            done.append(one.name)
            yield one.name, datasets.assign_partition(run.layer, one, run.work)
            if len(done) == 1:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assign_folder(LAYER, request_, do=some)
    assert not request_.out.exists()
    again = assign_folder(LAYER, replace(request_, resume=True), do=some)
    assert (done, again.resumed_parts, again.rows) == (["a.parquet", "day=1/b.parquet"], 1, 55)


def test_what_is_there_is_not_written_over(request_: FileRequest) -> None:
    request_.out.mkdir()
    assert assign_folder(LAYER, request_).rows == 55  # an empty folder may be
    for resume in (False, True):
        with pytest.raises(ConflictError, match="out is there already"):
            assign_folder(LAYER, replace(request_, resume=resume))
    assert not PartFolder(request_.out.with_name(".out.assigning")).parts.exists()


def test_a_data_set_of_one_kind(request_: FileRequest, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no data set"):
        assign_folder(LAYER, replace(request_, path=tmp_path / "a.csv"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileError, match="There is no Parquet file in"):
        assign_folder(LAYER, replace(request_, path=tmp_path / "empty"))
    # a name that a column has in one file is not used in any
    pq.write_table(table_of(50, 5, area_plan=["x"] * 5), request_.path / "day=1" / "b.parquet")
    assert assign_folder(LAYER, request_).columns == ("area_code_2", "area_status_2", "area_plan_2")
    for number, crs in enumerate((4326, 4490)):
        frame = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy([114.0], [22.5]), crs=crs)
        frame.to_parquet(tmp_path / "empty" / f"{number}.parquet")
    with pytest.raises(InputError, match="in several coordinate systems: EPSG:4326, EPSG:4490"):
        assign_folder(LAYER, replace(request_, path=tmp_path / "empty", crs=None))


def test_names_that_would_meet_are_refused(request_: FileRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "_PARTITION_ROWS", 25)
    pq.write_table(table_of(90, 5), request_.path / "a~00001.parquet")
    with pytest.raises(InputError, match=r"1 files of .* would get the name of another"):
        assign_folder(LAYER, request_)

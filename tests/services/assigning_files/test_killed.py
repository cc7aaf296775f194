"""A run that is killed at any moment, and gone on with: the result is that of an undisturbed run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from killed_assignments import PART_ROWS, Runs
from layer_indexes import drawn, layer_index

from gisgov.services.assigning_files.index_file import write_layer

KILLS = int(os.environ.get("KILLS", "2"))
ROWS = 3 * PART_ROWS + 17


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Points in every format, and the layer that they are put on."""
    folder = tmp_path_factory.mktemp("ground")
    write_layer(folder / "layer", layer_index(drawn("AAB\nACB")))
    rng = np.random.default_rng(5)
    table = pa.table(
        {
            "id": np.arange(ROWS),
            "lon": rng.uniform(113.99, 114.04, ROWS),
            "lat": rng.uniform(22.49, 22.53, ROWS),
            "kind": pa.array(["a", "b,c", None] * (ROWS // 3) + ["d"] * (ROWS % 3)).dictionary_encode(),
        }
    )
    pq.write_table(table, folder / "points.parquet", row_group_size=700)
    frame = table.to_pandas()
    frame.to_csv(folder / "points.csv", index=False)
    frame["kind"] = frame["kind"].astype(str)
    places = geopandas.points_from_xy(frame.lon, frame.lat)
    geopandas.GeoDataFrame(frame, geometry=places, crs=4326).to_file(folder / "points.gpkg")
    (folder / "points").mkdir()
    for number in range(4):
        pq.write_table(table.slice(number * 800, 800), folder / "points" / f"{number}.parquet")
    return folder


@pytest.fixture(scope="module")
def runs(ground: Path) -> Iterator[Runs]:
    with Runs(ground / "layer") as runs:
        yield runs


def moments(suffix: str, most: int) -> list[int]:
    """The first and last moments and some between; only the writing of the whole of CSV and GeoPackage."""
    if suffix in (".csv", ".gpkg") and KILLS <= 2:
        return [most - 1]
    between = np.random.default_rng(len(suffix)).permutation(np.arange(2, most))[:KILLS]
    return sorted({1, *between.tolist(), most})


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".gpkg", ""])
def test_a_killed_run_that_goes_on_writes_the_same(
    ground: Path, runs: Runs, tmp_path: Path, suffix: str
) -> None:
    points, undisturbed = ground / f"points{suffix}", tmp_path / f"undisturbed{suffix}"
    assert runs.run(points, undisturbed) == 0
    # of each of four parts, what is told of it, the request and the whole: content, then name
    most = 2 * (2 * 4 + 1) + (2 if suffix else 1)
    out = tmp_path / f"out{suffix}"
    killed = 0
    for moment in moments(suffix, most):
        code = runs.run(points, out, die_at=moment)
        killed += code < 0
        assert out.exists() is (moment == most), "nothing half written has the final name"
        again = runs.run(points, out, die_at=3)  # and once more, if there is so much left to do
        assert again in (0, -9)
        assert again == 0 or runs.run(points, out) == 0
        assert written(out) == written(undisturbed)
        assert not (tmp_path / f".out{suffix}.assigning").exists()
        remove(out)
    assert killed == len(moments(suffix, most))


def remove(out: Path) -> None:
    if out.is_dir():
        shutil.rmtree(out)
    else:
        out.unlink()


def written(out: Path) -> dict[str, object]:
    if out.suffix == ".gpkg":  # it notes when it was written
        return pd.DataFrame(geopandas.read_file(out).to_wkt()).to_dict()
    files = sorted(out.iterdir()) if out.is_dir() else [out]
    return {one.name if out.is_dir() else "": one.read_bytes() for one in files}

"""GeoParquet in."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from gisgov.errors import FileError
from gisgov.files.geoparquet import open_geoparquet, parquet_rows


def written(path: Path, **options: object) -> Path:
    frame = geopandas.GeoDataFrame(
        {"code": ["1", "2", "3"]}, geometry=[shapely.Point(i, 0) for i in range(3)], crs=4547
    )
    frame.to_parquet(path, **options)
    return path


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_geometry_comes_as_wkb_in_batches(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "a.parquet", geometry_encoding=encoding)
    opened = open_geoparquet(path, 2)
    assert (opened.fields, opened.geometry_column) == (("code",), "geometry")
    assert opened.crs is not None
    assert opened.crs.to_epsg() == 4547
    batches = list(opened.stream)
    assert [batch.num_rows for batch in batches] == [2, 1]
    assert shapely.from_wkb(batches[1].column("geometry")[0].as_py()) == shapely.Point(2, 0)
    assert parquet_rows(path) == 3


def test_a_table_is_no_layer(tmp_path: Path) -> None:
    geopandas.GeoDataFrame({"a": [1]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(FileError, match="is a Parquet file without geometry"):
        open_geoparquet(tmp_path / "a.parquet", 2)

"""GeoParquet in, batch by batch (GDAL's driver is not in the wheels)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj

from gisgov.errors import FileError


@dataclass(frozen=True, slots=True)
class OpenedParquet:
    """An open GeoParquet file; ``crs`` is None when the file states none."""

    crs: pyproj.CRS | None
    fields: tuple[str, ...]
    geometry_column: str
    stream: Iterator[pa.RecordBatch]


def open_geoparquet(path: Path, batch_rows: int) -> OpenedParquet:
    """Open a GeoParquet file; geometries come as WKB.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    batch_rows : int
        Rows of a batch.

    Raises
    ------
    FileError
        It is a Parquet file without geometry.
    """
    file = pq.ParquetFile(path)
    geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
    column = geo.get("primary_column")
    described = geo.get("columns", {}).get(column)
    if described is None:
        raise FileError(
            f"{path.name} is a Parquet file without geometry.",
            hint="Tables with lon/lat columns are for events.",
        )
    stated = described.get("crs")
    crs = None if stated is None else pyproj.CRS.from_user_input(stated)
    fields = tuple(name for name in file.schema_arrow.names if name != column)
    stream = (
        file.iter_batches(batch_rows) if described.get("encoding") == "WKB" else _as_wkb(path, batch_rows)
    )
    return OpenedParquet(crs, fields, column, stream)


def parquet_rows(path: Path) -> int:
    """Return how many rows a Parquet file has."""
    return int(pq.read_metadata(path).num_rows)


def _as_wkb(path: Path, batch_rows: int) -> Iterator[pa.RecordBatch]:
    """Read the younger, columnar encodings through geopandas, whole."""
    frame = geopandas.read_parquet(path)
    yield from pa.table(frame.to_arrow(geometry_encoding="WKB", index=False)).to_batches(batch_rows)

"""Batches out into one file: Parquet, GeoParquet, CSV or GeoPackage, in the memory of one batch."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pyogrio.raw
import shapely

from gisgov.errors import FileError
from gisgov.files.streams.coordinates import coordinates_of
from gisgov.files.streams.names import free_names
from gisgov.files.streams.plain_columns import cell_column, vector_column
from gisgov.files.streams.source import Place, PointSource
from gisgov.geometry.crs import CoordinateSystem

SUFFIXES: Final = (".parquet", ".geoparquet", ".csv", ".gpkg")
_GROUP_ROWS: Final = 1 << 20
_GEOMETRY: Final = "geometry"
_ROW_NUMBER: Final = "gisgov_fid"


@dataclass(frozen=True, slots=True)
class Shape:
    """What is written beside the rows themselves.

    Attributes
    ----------
    source : PointSource
        Where the rows come from.
    system : CoordinateSystem
        What their coordinates are in.
    added : tuple of str
        Names of the columns that were not in the source.
    layer : str
        Name of the layer in a GeoPackage.
    """

    source: PointSource
    system: CoordinateSystem
    added: tuple[str, ...]
    layer: str


Writer = Callable[[Path, pa.Schema, Iterable[pa.RecordBatch], Shape], None]


def writer_of(path: Path) -> Writer:
    """Return what writes a file of this suffix.

    Raises
    ------
    FileError
        Points are not written so.
    """
    found = _WRITERS.get(path.suffix.lower())
    if found is None:
        raise FileError(
            f"Points are not written as {path.suffix or 'a file without suffix'} ({path.name}).",
            hint=f"Choose one of {' '.join(SUFFIXES)}.",
            field="out",
        )
    return found


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], shape: Shape) -> None:
    """Write Parquet; what the source says of geometry stays, and its system is what was told."""
    metadata = dict(schema.metadata or {})
    geo = _geo(shape)
    if geo is not None:
        metadata[b"geo"] = json.dumps(geo, ensure_ascii=False).encode()
    stated = schema.with_metadata(metadata or None)
    with pq.ParquetWriter(path, stated, compression="zstd", compression_level=1) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(stated), row_group_size=_GROUP_ROWS)


def write_csv(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], shape: Shape) -> None:
    """Write CSV (UTF-8 with a byte-order mark, which Excel needs); a geometry becomes two columns."""
    geometry = shape.source.geometry
    names = [name for name in schema.names if name != geometry]
    places = free_names(["x", "y"], names) if geometry is not None else []
    with path.open("wb") as file:
        file.write("\ufeff".encode())
        file.write(_line([*names, *places]))
        for batch in batches:
            columns = [cell_column(batch.column(name), is_ours=name in shape.added) for name in names]
            if geometry is not None:
                at = coordinates_of(batch, Place(geometry=geometry))
                columns += [pa.array(one, from_pandas=True) for one in (at.x, at.y)]
            _write_cells(pa.table(columns, names=[*names, *places]), file)


def write_geopackage(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], shape: Shape) -> None:
    """Write a layer of points; where the source has no geometry, it is made of the coordinates."""
    geometry = shape.source.geometry
    names = [name for name in schema.names if name != geometry]
    (column,) = (geometry,) if geometry is not None else free_names([_GEOMETRY], names)
    nothing = pa.RecordBatch.from_arrays([pa.nulls(0, one.type) for one in schema], schema=schema)
    laid_out = next(_with_points([nothing], names, column, shape)).schema
    stream = pa.RecordBatchReader.from_batches(laid_out, _with_points(batches, names, column, shape))
    crs = shape.system.crs
    options: dict[str, Any] = {}
    if any(name.casefold() == "fid" for name in names):
        options["layer_options"] = {"FID": _ROW_NUMBER}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a missing CRS, where GCJ-02 or BD-09 has none
        pyogrio.raw.write_arrow(
            stream,
            path,
            layer=shape.layer,
            driver="GPKG",
            geometry_name=column,
            geometry_type="Point" if geometry is None else "Unknown",
            crs=None if crs is None else crs.to_wkt(),
            **options,
        )


def _with_points(
    batches: Iterable[pa.RecordBatch], names: list[str], column: str, shape: Shape
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        columns = [vector_column(batch.column(name)) for name in names]
        yield pa.RecordBatch.from_arrays([*columns, _points(batch, shape)], names=[*names, column])


def _points(batch: pa.RecordBatch, shape: Shape) -> pa.Array:
    if shape.source.geometry is not None:
        given = batch.column(shape.source.geometry)
        storage = given.storage if isinstance(given, pa.ExtensionArray) else given
        if not pa.types.is_struct(storage.type):
            return storage.cast(pa.binary())
    at = coordinates_of(batch, shape.source.place)
    known = np.isfinite(at.x) & np.isfinite(at.y)
    points = np.full(len(known), None, dtype=object)
    points[known] = shapely.to_wkb(shapely.points(at.x[known], at.y[known]))
    return pa.array(points.tolist(), type=pa.binary())


def _write_cells(table: pa.Table, file: BinaryIO) -> None:
    """Write rows without quotes, or where a text needs some with quotes about every text."""
    for style in ("none", "needed"):
        try:
            cells = pa.BufferOutputStream()
            options = pyarrow.csv.WriteOptions(include_header=False, quoting_style=style)
            pyarrow.csv.write_csv(table, cells, options)
        except pa.ArrowInvalid:
            if style == "needed":
                raise
        else:
            file.write(cells.getvalue())
            return


def _line(names: list[str]) -> bytes:
    class _Echo:
        def write(self, text: str) -> str:
            return text

    return str(csv.writer(_Echo(), lineterminator="\n").writerow(names)).encode()


def _geo(shape: Shape) -> dict[str, Any] | None:
    """Return what a GeoParquet file says of its geometry; None where there is none."""
    column = shape.source.geometry
    if column is None:
        return None
    stored = (shape.source.schema.metadata or {}).get(b"geo")
    kept = json.loads(stored) if stored else _fresh_geo(shape.source, column)
    stated = shape.source.crs
    if stated is None or stated.name != shape.system.name:
        # GCJ-02 and BD-09 have no label that a file could carry: none is right, a wrong one is not
        crs = shape.system.crs
        kept["columns"][column]["crs"] = None if crs is None else crs.to_json_dict()
    return dict(kept)


def _fresh_geo(source: PointSource, column: str) -> dict[str, Any]:
    crs = None if source.crs is None or source.crs.crs is None else source.crs.crs.to_json_dict()
    described: dict[str, Any] = {"encoding": "WKB", "geometry_types": [], "crs": crs}
    return {"version": "1.1.0", "primary_column": column, "columns": {column: described}}


_WRITERS: Final[dict[str, Writer]] = {
    ".parquet": write_parquet,
    ".geoparquet": write_parquet,
    ".csv": write_csv,
    ".gpkg": write_geopackage,
}

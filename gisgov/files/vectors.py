"""Vector layers in: one reader for GeoPackage, Shapefile, GeoJSON, GeoParquet, KML and FlatGeobuf.

A layer is read in batches, so that a file of any size takes the memory of one batch. Coordinates come out
exactly as the file has them; which system they are in is `gisgov.files.crs_choice`'s question.
"""

from __future__ import annotations

import contextlib
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyogrio
import pyogrio.raw
import shapely

from gisgov.errors import FileError
from gisgov.files.attribute_tables import areas_layer
from gisgov.files.formats import VECTOR_FORMATS, Format, identify
from gisgov.files.gdal_layers import choose_layer, layers_of, plain_failures
from gisgov.files.geojson_crs import states_crs
from gisgov.files.geometry_limits import Measured
from gisgov.files.geoparquet import open_geoparquet, parquet_rows
from gisgov.files.shapefile_parts import refuse_damaged_shapefile
from gisgov.files.shapefile_text import detect_encoding
from gisgov.files.vector_output import write_vectors
from gisgov.files.zipped import unzipped_shapefile
from gisgov.geometry.crs import CoordinateSystem, parse_crs
from gisgov.types import Geometries, Ints

__all__ = [
    "VectorBatch",
    "VectorSource",
    "VectorTable",
    "frame_of",
    "list_layers",
    "open_vectors",
    "read_vectors",
    "write_vectors",
]

_BATCH_BYTES = 8 << 20
_MOST_ROWS = 10_000
_NAN, _INFINITE = struct.pack("<d", float("nan")), struct.pack("<d", float("inf"))


@dataclass(frozen=True, slots=True)
class VectorBatch:
    """Some rows of a layer.

    Attributes
    ----------
    rows : numpy.ndarray
        Row numbers in the file, from 1.
    geometries : numpy.ndarray
        As the file has them; None where there is none or it cannot be read.
    attributes : pyarrow.RecordBatch
        The other columns.
    """

    rows: Ints
    geometries: Geometries
    attributes: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class VectorSource:
    """An open layer: what it states of itself, and its rows in batches (once)."""

    path: Path
    layer: str
    format: Format
    crs: CoordinateSystem | None
    fields: tuple[str, ...]
    stream: Iterator[pa.RecordBatch]
    geometry_column: str
    expected_rows: int

    def batches(self) -> Iterator[VectorBatch]:
        """Yield the rows; memory holds one batch at a time.

        Raises
        ------
        FileError
            The file breaks off or cannot be read further.
        """
        first = 1
        for record in self.records():
            place = record.schema.get_field_index(self.geometry_column)
            wkb = record.column(place).to_numpy(zero_copy_only=False)
            rows = np.arange(first, first + record.num_rows, dtype=np.int64)
            first += record.num_rows
            with plain_failures(self.path):
                geometries = _geometries(wkb)
            yield VectorBatch(rows, geometries, record.drop_columns([self.geometry_column]))

    def records(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows as the file has them, geometries as WKB; see `batches`, also for the errors."""
        count = 0
        measured = Measured(self.path.name)
        with plain_failures(self.path):
            for record in self.stream:
                measured.take(record.column(self.geometry_column).to_numpy(zero_copy_only=False), count + 1)
                count += record.num_rows
                yield record
        # some formats end where the bytes do, without a word
        if count < self.expected_rows:
            raise FileError(
                f"{self.path.name} breaks off after {count:,} of {self.expected_rows:,} rows.",
                hint="Copy it anew.",
            )


@dataclass(frozen=True, slots=True)
class VectorTable:
    """A whole layer in memory: its attributes with the geometry, and the row numbers in the file (from 1)."""

    frame: geopandas.GeoDataFrame
    crs: CoordinateSystem | None
    path: Path
    layer: str
    row_numbers: Ints


def list_layers(path: Path) -> tuple[str, ...]:
    """Return the names of the layers that hold geometry.

    Raises
    ------
    FileError
        The file cannot be used (see `gisgov.files.formats.identify`).
    """
    kind = _identify_vector(path)
    if kind in (Format.PARQUET, Format.SHAPEFILE, Format.ZIPPED_SHAPEFILE):
        return (path.stem,)
    with plain_failures(path):
        return layers_of(path)


@contextlib.contextmanager
def open_vectors(
    path: Path, *, layer: str | None = None, batch_rows: int | None = None
) -> Iterator[VectorSource]:
    """Open one layer of a file for reading in batches.

    Parameters
    ----------
    path : pathlib.Path
        A GeoPackage, Shapefile (also zipped), GeoJSON, GeoParquet, KML or FlatGeobuf file.
    layer : str, optional
        The layer's name; needed when the file has several, unless it is a repaired file.
    batch_rows : int, optional
        Rows of a batch. By default as many as come to some megabytes of the file, so that files of few but
        huge polygons are read in small batches too.

    Yields
    ------
    VectorSource
        ``crs`` is None when the file does not state it: a Shapefile without ``.prj``, and a GeoJSON without a
        ``crs`` member, whatever RFC 7946 wants, because so many of those are in GCJ-02.

    Raises
    ------
    FileError
        The file is absent, empty, truncated or of another kind than its name says.
    InputError
        There is no such layer, or several and none was chosen.
    CrsError
        The file states a coordinate system that cannot be understood.
    """
    kind = _identify_vector(path)
    with contextlib.ExitStack() as stack:
        if kind is Format.PARQUET:
            yield _parquet_source(path, batch_rows)
            return
        place = stack.enter_context(unzipped_shapefile(path)) if kind is Format.ZIPPED_SHAPEFILE else path
        with plain_failures(path):
            encoding = _encoding_of(path, place)
            layers = layers_of(place)
            chosen = choose_layer(path, layers, areas_layer(place, layers) if layer is None else layer)
            count = pyogrio.read_info(place, layer=chosen)["features"]
            size = batch_rows or _rows_of_a_batch(place, count)
            stack.enter_context(warnings.catch_warnings())
            # GDAL closes rings that are left open; what else it warns of shows in the rows
            warnings.simplefilter("ignore", RuntimeWarning)
            meta, reader = stack.enter_context(
                pyogrio.raw.open_arrow(
                    place,
                    layer=chosen,
                    encoding=encoding,
                    batch_size=size,
                    use_pyarrow=True,
                    force_2d=False,
                )
            )
        stated = meta["crs"] if kind is not Format.GEOJSON or states_crs(path) else None
        geometry_column = meta["geometry_name"] or "wkb_geometry"
        fields = tuple(name for name in reader.schema.names if name != geometry_column)
        crs = None if stated is None else parse_crs(stated)
        yield VectorSource(path, chosen, kind, crs, fields, reader, geometry_column, count)


def read_vectors(path: Path, *, layer: str | None = None) -> VectorTable:
    """Read a whole layer into memory.

    Parameters
    ----------
    path : pathlib.Path
        See `open_vectors`, also for the errors.
    layer : str, optional
        The layer's name; needed when the file has several, unless it is a repaired file.

    Returns
    -------
    VectorTable
        The frame carries no CRS of its own: ``crs`` beside it says what the file states.
    """
    with open_vectors(path, layer=layer) as source:
        batches = list(source.batches())
        return VectorTable(
            frame=frame_of(batches, source.fields),
            crs=source.crs,
            path=path,
            layer=source.layer,
            row_numbers=np.concatenate([b.rows for b in batches]) if batches else np.zeros(0, dtype=np.int64),
        )


def frame_of(batches: list[VectorBatch], fields: tuple[str, ...]) -> geopandas.GeoDataFrame:
    """Put batches together as one frame; whole numbers stay whole where values are missing."""
    if not batches:
        columns = {field: pd.Series(dtype=object) for field in fields}
        return geopandas.GeoDataFrame(columns, geometry=geopandas.GeoSeries([], dtype="geometry"))
    table = pa.Table.from_batches([batch.attributes for batch in batches])
    frame = table.to_pandas(types_mapper=_NULLABLE.get)
    geometries = np.concatenate([batch.geometries for batch in batches])
    return geopandas.GeoDataFrame(frame, geometry=geopandas.GeoSeries(geometries, index=frame.index))


_NULLABLE = {
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def _identify_vector(path: Path) -> Format:
    kind = identify(path)
    if kind not in VECTOR_FORMATS:
        raise FileError(
            f"{path.name} is a table ({kind}), not a vector layer.",
            hint=f"Areas are read from {', '.join(VECTOR_FORMATS)}.",
        )
    return kind


def _geometries(wkb: npt.NDArray[np.object_]) -> Geometries:
    """Read geometries, faults and all; None only where there is none or nothing can be made of it."""
    geometries: Geometries = shapely.from_wkb(wkb, on_invalid="fix")
    for i in np.flatnonzero(shapely.is_missing(geometries)):
        if wkb[i] is not None:
            # a ring that begins at NaN never ends there, since NaN is not NaN; at infinity it does
            geometries[i] = shapely.from_wkb(wkb[i].replace(_NAN, _INFINITE), on_invalid="fix")
    return geometries


def _rows_of_a_batch(place: Path, count: int) -> int:
    """Return how many rows come to `_BATCH_BYTES` of a file; ``count`` is below 1 where it is not known."""
    if count < 1:
        return _MOST_ROWS
    return min(max(_BATCH_BYTES * count // max(place.stat().st_size, 1), 1), _MOST_ROWS)


def _encoding_of(path: Path, place: Path) -> str | None:
    if place.suffix.lower() != ".shp":
        return None
    return detect_encoding(refuse_damaged_shapefile(path, place))


def _parquet_source(path: Path, batch_rows: int | None) -> VectorSource:
    with plain_failures(path):
        count = parquet_rows(path)
        opened = open_geoparquet(path, batch_rows or _rows_of_a_batch(path, count))
    crs = None if opened.crs is None else parse_crs(opened.crs)
    return VectorSource(
        path, path.stem, Format.PARQUET, crs, opened.fields, opened.stream, opened.geometry_column, count
    )

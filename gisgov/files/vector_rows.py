"""A layer's rows as the file has them, to be written back with few of their geometries changed."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyogrio.raw
import shapely

from gisgov.errors import FileError
from gisgov.files.vector_output import driver_of, plain_write_failures, whole
from gisgov.files.vectors import VectorBatch, frame_of, open_vectors, write_vectors
from gisgov.geometry.crs import CoordinateSystem
from gisgov.types import Geometries, Ints, Texts

_GEOMETRY: Final = "gisgov_geometry"
_ROW_NUMBER: Final = "gisgov_fid"
_HEADER_BYTES: Final = 5
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000
_NAMES: Final = {3: "Polygon", 6: "MultiPolygon"}  # the same numbers in WKB and in shapely


@dataclass(frozen=True, slots=True, eq=False)
class LayerRows:
    """All rows of a layer: attributes with the types of the file, geometries as the bytes that it holds.

    Attributes
    ----------
    layer : str
        Its name.
    crs : CoordinateSystem or None
        What the file states.
    columns : pyarrow.Table
        The attributes.
    wkb : numpy.ndarray of bytes or None, shape (n,)
        The geometries, heights and faults included.
    """

    layer: str
    crs: CoordinateSystem | None
    columns: pa.Table
    wkb: Texts

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.wkb)

    def taken(self, index: Ints) -> LayerRows:
        """Return some of the rows, in the order of ``index``."""
        taken = pa.table(
            [column.take(pa.array(index)) for column in self.columns.itercolumns()], self.columns.schema
        )
        return replace(self, columns=taken, wkb=self.wkb[index])

    def with_column(self, name: str, values: pa.Array) -> LayerRows:
        """Return the rows with one attribute more."""
        names = [*self.columns.column_names, name]
        return replace(self, columns=pa.table([*self.columns.itercolumns(), values], names))

    def with_geometries(self, index: Ints, geometries: Geometries) -> LayerRows:
        """Return the rows with the geometries of some replaced; all others keep their bytes.

        A polygon that replaces a multipolygon becomes one of a single part, so that a layer of
        multipolygons stays one.
        """
        wkb = self.wkb.copy()
        for i, geometry in zip(index.tolist(), geometries, strict=True):
            was_multi = wkb[i] is not None and _kind(wkb[i])[0] == shapely.GeometryType.MULTIPOLYGON
            is_single = isinstance(geometry, shapely.Polygon)
            shape = shapely.MultiPolygon([geometry]) if was_multi and is_single else geometry
            wkb[i] = None if shape is None else bytes(shapely.to_wkb(shape))
        return replace(self, wkb=wkb)


def read_rows(path: Path, *, layer: str | None = None) -> LayerRows:
    """Read all rows of a layer as the file has them.

    Parameters
    ----------
    path : pathlib.Path
        See `gisgov.files.vectors.open_vectors`, also for the errors.
    layer : str, optional
        Its layer; needed where the file has several.

    Raises
    ------
    FileError
        Among others when the layer holds no rows.
    """
    with open_vectors(path, layer=layer) as source:
        batches = list(source.records())
        name, crs, column = source.layer, source.crs, source.geometry_column
    if not sum(batch.num_rows for batch in batches):
        raise FileError(f"Layer {name!r} of {path.name} holds no rows.")
    table = pa.Table.from_batches(batches)
    wkb = np.empty(table.num_rows, dtype=object)
    wkb[:] = table.column(column).to_pylist()
    return LayerRows(name, crs, table.drop_columns([column]), wkb)


def joined(parts: Sequence[LayerRows]) -> LayerRows:
    """Return the rows of several layers of the same columns as one, named as the first."""
    columns = pa.concat_tables([part.columns for part in parts])
    return replace(parts[0], columns=columns, wkb=np.concatenate([part.wkb for part in parts]))


def write_rows(rows: LayerRows, path: Path, layer: str | None = None) -> None:
    """Write rows as a layer, replacing what was there: in a GeoPackage the layer of that name, else the file.

    Parameters
    ----------
    rows : LayerRows
        What to write. A GeoPackage keeps the bytes of every geometry and the types of all attributes; other
        formats keep what they can.
    path : pathlib.Path
        See `gisgov.files.vectors.write_vectors`, also for the errors.
    layer : str, optional
        Name of the layer; that of the rows without one.
    """
    driver = driver_of(path)
    if driver is None:
        write_vectors(frame_of([_batch(rows)], tuple(rows.columns.column_names)), path, crs=rows.crs)
        return
    table = pa.table({**_columns(rows), _GEOMETRY: pa.array(rows.wkb.tolist(), type=pa.binary())})
    crs = None if rows.crs is None or rows.crs.crs is None else rows.crs.crs.to_wkt()
    with plain_write_failures(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as place, warnings.catch_warnings():
            # of a missing CRS, of names cut to a Shapefile's ten letters: both are known here
            warnings.simplefilter("ignore")
            pyogrio.raw.write_arrow(
                table,
                place,
                layer=layer or rows.layer,
                driver=driver,
                geometry_name=_GEOMETRY,
                geometry_type=_geometry_type(rows.wkb),
                crs=crs,
                **_options(path.suffix.lower(), rows.columns.column_names),
            )


def _columns(rows: LayerRows) -> dict[str, pa.ChunkedArray]:
    """Return the attributes; one without any value has no type that formats know, and becomes text."""
    return {
        name: column.cast(pa.string()) if pa.types.is_null(column.type) else column
        for name, column in zip(rows.columns.column_names, rows.columns.itercolumns(), strict=True)
    }


def _options(suffix: str, names: Sequence[str]) -> dict[str, Any]:
    if suffix == ".shp":
        return {"encoding": "UTF-8"}
    if suffix == ".fgb":
        return {"SPATIAL_INDEX": "NO"}  # with one, rows are put into the order of their places
    if suffix == ".gpkg" and any(name.casefold() == "fid" for name in names):
        # an attribute of that name is no number of the row, and may be repeated or missing
        return {"layer_options": {"FID": _ROW_NUMBER}}
    return {}


def _batch(rows: LayerRows) -> VectorBatch:
    columns = {name: column.combine_chunks() for name, column in _columns(rows).items()}
    record = pa.RecordBatch.from_pydict(columns)
    geometries = shapely.from_wkb(rows.wkb, on_invalid="fix")
    return VectorBatch(np.arange(1, len(rows) + 1, dtype=np.int64), geometries, record)


def _geometry_type(wkb: Texts) -> str:
    """Return the one type of all geometries, ``Unknown`` where they are of several."""
    kinds = {_kind(one) for one in wkb if one is not None}
    if len(kinds) != 1:
        return "Unknown"
    kind, has_z = kinds.pop()
    return _NAMES[kind] + (" Z" if has_z else "") if kind in _NAMES else "Unknown"


def _kind(wkb: bytes) -> tuple[int, bool]:
    """Return the type of a geometry and whether it has heights, of ISO and extended WKB alike."""
    code = int.from_bytes(wkb[1:_HEADER_BYTES], "little" if wkb[0] else "big")
    flat = code & ~(_EWKB_Z | _EWKB_M | _EWKB_SRID)
    return flat % 1000, bool(code & _EWKB_Z) or flat // 1000 in (1, 3)

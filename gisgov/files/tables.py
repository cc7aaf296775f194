"""Tables of things at places (events, buildings) from CSV, Excel, Parquet or a vector layer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from gisgov.errors import FileError, InputError
from gisgov.files.columns import REJECT_FIELDS, find_field, texts_of
from gisgov.files.formats import Format, identify
from gisgov.files.sheets import read_sheet
from gisgov.files.text_tables import RawTable, read_text_table
from gisgov.files.vectors import open_vectors
from gisgov.geometry.crs import CoordinateSystem
from gisgov.types import Floats, Geometries, Ints, Texts

LON_NAMES = (
    "lon",
    "lng",
    "long",
    "longitude",
    "经度",
    "东经",
    "x",
    "x坐标",
    "经度坐标",
    "lon_wgs84",
    "wgs_lon",
)
LAT_NAMES = ("lat", "latitude", "纬度", "北纬", "y", "y坐标", "纬度坐标", "lat_wgs84", "wgs_lat")
_NOTHING = frozenset({"", "null", "none", "nan", "na", "n/a", "-", "无", "空"})


@dataclass(frozen=True, slots=True)
class PointTable:
    """A table with a place for each row.

    Attributes
    ----------
    columns : pyarrow.Table
        The attributes, without geometry.
    rows : numpy.ndarray
        Row numbers in the file, from 1; a header does not count.
    geometries : numpy.ndarray
        As the file has them (points made of the lon/lat columns); None where there is no usable coordinate.
    reasons : numpy.ndarray
        Per row None, or why there is no geometry: a sentence without its subject.
    missing : numpy.ndarray
        Whether a row's coordinate is absent (as against unreadable).
    ragged : dict of int to str
        Rows with more or fewer cells than the header, by row number.
    crs : CoordinateSystem or None
        What the file states.
    lon_field, lat_field : str or None
        The columns that the coordinates came from; None for a geometry.
    guessed : bool
        Whether those columns were found by their names.
    """

    path: Path
    columns: pa.Table
    rows: Ints
    geometries: Geometries
    reasons: Texts
    missing: Texts
    ragged: dict[int, str]
    crs: CoordinateSystem | None
    lon_field: str | None
    lat_field: str | None
    guessed: bool

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the attributes, without those that a rejects file adds."""
        return tuple(name for name in self.columns.column_names if name not in REJECT_FIELDS)

    def texts(self, field: str) -> Texts:
        """Return a column as text (see `gisgov.files.columns.texts_of`)."""
        return texts_of(self.columns.column(field), field=field)


def read_points(
    path: Path, *, layer: str | None = None, lon_field: str | None = None, lat_field: str | None = None
) -> PointTable:
    """Read a table of things at places.

    Parameters
    ----------
    path : pathlib.Path
        CSV, TSV, Excel, OpenDocument, Parquet, GeoJSON, GeoPackage or another vector file.
    layer : str, optional
        Layer or sheet; needed when the file has several.
    lon_field, lat_field : str, optional
        Columns of the coordinates: east and north. Without them the geometry is taken, or else columns with
        usual names (``lon``, ``longitude``, 经度, ``x`` …).

    Raises
    ------
    FileError
        The file cannot be read.
    InputError
        A column is missing, or none looks like a coordinate.
    """
    if (lon_field is None) != (lat_field is None):
        raise InputError("Name both --lon-field and --lat-field, or neither.", field="lon_field")
    kind = identify(path)
    raw = read_plain_table(path, layer=layer) if _is_plain(kind, path) else None
    if raw is None:
        return _from_vectors(path, layer, lon_field, lat_field)
    guessed = lon_field is None
    if lon_field is None or lat_field is None:
        lon_field, lat_field = guess_fields(path, raw.columns.column_names)
    return _with_coordinates(path, raw, lon_field, lat_field, crs=None, guessed=guessed)


def read_plain_table(path: Path, *, layer: str | None = None, has_header: bool = True) -> RawTable:
    """Read a table without places: CSV, TSV, Excel, OpenDocument or Parquet.

    Without a header the first row of a text or sheet counts, and columns are called ``column_N``.

    Raises
    ------
    FileError
        The file cannot be read or is a vector layer.
    """
    kind = identify(path)
    if kind is Format.TEXT_TABLE:
        return read_text_table(path, has_header=has_header)
    if kind is Format.EXCEL:
        return read_sheet(path, sheet=layer, has_header=has_header)
    if kind is not Format.PARQUET:
        raise FileError(
            f"{path.name} is not a table: it is {kind}.", hint="Give a CSV, Excel or Parquet file."
        )
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise FileError(f"{path.name} cannot be read: {error}.", hint="Copy or export it anew.") from error
    return RawTable(table, np.arange(1, table.num_rows + 1, dtype=np.int64), {})


def _is_plain(kind: Format, path: Path) -> bool:
    if kind is Format.PARQUET:
        try:
            return b"geo" not in (pq.read_schema(path).metadata or {})
        except (pa.ArrowException, OSError) as error:
            raise FileError(
                f"{path.name} cannot be read: {error}.", hint="Copy or export it anew."
            ) from error
    return kind in (Format.TEXT_TABLE, Format.EXCEL)


def guess_fields(path: Path, fields: list[str]) -> tuple[str, str]:
    """Return the columns of longitude and latitude by their usual names.

    Raises
    ------
    InputError
        None is called like one of them.
    """
    known = {field.strip().casefold(): field for field in reversed(fields)}
    lon = next((known[name] for name in LON_NAMES if name in known), None)
    lat = next((known[name] for name in LAT_NAMES if name in known), None)
    if lon is None or lat is None:
        what = "longitude" if lon is None else "latitude"
        raise InputError(
            f"No column of {path.name} is called like a {what}.",
            hint=f"Say --lon-field and --lat-field; its columns: {', '.join(fields)}.",
            field="lon_field" if lon is None else "lat_field",
        )
    return lon, lat


def _with_coordinates(
    path: Path, raw: RawTable, lon_field: str, lat_field: str, *, crs: CoordinateSystem | None, guessed: bool
) -> PointTable:
    names = raw.columns.column_names
    lon_field = find_field(names, lon_field, file_name=path.name)
    lat_field = find_field(names, lat_field, file_name=path.name)
    x, x_text = numbers_of(texts_of(raw.columns.column(lon_field), field=lon_field))
    y, y_text = numbers_of(texts_of(raw.columns.column(lat_field), field=lat_field))
    reasons = np.full(len(x), None, dtype=object)
    for i in np.flatnonzero(~(np.isfinite(x) & np.isfinite(y))):
        field, text = (lon_field, x_text[i]) if not np.isfinite(x[i]) else (lat_field, y_text[i])
        reasons[i] = (
            f"has no value in {field!r}"
            if text is None
            else f"has {text!r} in {field!r}, which is no coordinate"
        )
    missing = np.array([a is None or b is None for a, b in zip(x_text, y_text, strict=True)], dtype=object)
    geometries = np.full(len(x), None, dtype=object)
    sound = np.flatnonzero([reason is None for reason in reasons])
    geometries[sound] = shapely.points(x[sound], y[sound])
    return PointTable(
        path,
        raw.columns,
        raw.rows,
        geometries,
        reasons,
        missing,
        raw.ragged,
        crs,
        lon_field,
        lat_field,
        guessed,
    )


def numbers_of(texts: Texts) -> tuple[Floats, Texts]:
    """Read numbers; beside them the text, None where it stands for nothing.

    Parameters
    ----------
    texts : numpy.ndarray of str or None
        Such as ``"120.1"`` or ``"120.1°E"``.

    Returns
    -------
    numbers : numpy.ndarray of float
        NaN where there is no number.
    kept : numpy.ndarray of str or None
        None for an empty cell and words such as ``null`` and 无.

    Examples
    --------
    >>> numbers_of(np.array(["120.5°E", "无", "east"], dtype=object))[0].tolist()
    [120.5, nan, nan]
    """
    numbers = np.full(len(texts), np.nan)
    kept = np.full(len(texts), None, dtype=object)
    for i, text in enumerate(texts):
        if text is None or text.casefold() in _NOTHING:
            continue
        kept[i] = text
        try:
            numbers[i] = float(text.rstrip("°EN "))
        except ValueError:
            continue
    return numbers, kept


def _from_vectors(path: Path, layer: str | None, lon_field: str | None, lat_field: str | None) -> PointTable:
    with open_vectors(path, layer=layer) as source:
        batches = list(source.batches())
        crs, fields = source.crs, source.fields
    columns = (
        pa.Table.from_batches([batch.attributes for batch in batches])
        if batches
        else pa.table({field: pa.array([], type=pa.string()) for field in fields})
    )
    rows = np.concatenate([batch.rows for batch in batches]) if batches else np.zeros(0, dtype=np.int64)
    if lon_field is not None and lat_field is not None:
        return _with_coordinates(
            path, RawTable(columns, rows, {}), lon_field, lat_field, crs=crs, guessed=False
        )
    geometries = (
        np.concatenate([batch.geometries for batch in batches]) if batches else np.zeros(0, dtype=object)
    )
    empty = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    bounds = shapely.bounds(geometries)
    infinite = ~empty & ~np.isfinite(bounds).all(axis=1)
    reasons = np.full(len(rows), None, dtype=object)
    reasons[empty] = "has no geometry"
    reasons[infinite] = "has a coordinate that is not finite"
    kept = geometries.copy()
    kept[empty | infinite] = None
    return PointTable(path, columns, rows, kept, reasons, empty.astype(object), {}, crs, None, None, False)

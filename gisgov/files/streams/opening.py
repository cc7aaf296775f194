"""Opening a file of points: which format, which columns, which coordinate system it states."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pyogrio
import pyogrio.raw
import pyproj
from pyproj.exceptions import CRSError

from gisgov.errors import CrsError, FileError
from gisgov.files.formats import Format, identify
from gisgov.files.gdal_layers import choose_layer, layers_of, plain_failures
from gisgov.files.streams.source import PointSource, part_rows_of, place_of
from gisgov.files.text_tables import encoding_of, separator_of, unique_names
from gisgov.geometry.crs import CoordinateSystem, parse_crs

_READ_BYTES: Final = 4 << 20
_TEXT_ROWS: Final = 1 << 17
_ENCODINGS: Final = ("WKB", "point")
_FLAT: Final = frozenset({"Polygon", "MultiPolygon", "LineString", "MultiLineString"})


def open_points(
    path: Path, *, layer: str | None = None, lon_field: str | None = None, lat_field: str | None = None
) -> PointSource:
    r"""Open a file of points for reading in batches, from any row on.

    Parameters
    ----------
    path : pathlib.Path
        Parquet, GeoParquet, CSV (comma, tab, semicolon or bar; UTF-8, GB18030 or UTF-16) or GeoPackage.
    layer : str, optional
        Layer of a GeoPackage; needed when it has several.
    lon_field, lat_field : str, optional
        Columns of the coordinates. Without them the geometry is taken, or else columns of usual names.

    Returns
    -------
    PointSource
        Columns keep the types of the file; a CSV has none, so its cells stay the text that they are.

    Raises
    ------
    FileError
        The file cannot be read, is of another format, or holds lines or polygons.
    InputError
        There is no such layer or column, or none looks like a coordinate.
    CrsError
        The file states a coordinate system that cannot be understood.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "points.csv"
    >>> _ = place.write_text("code,经度,纬度\n007,120.10,30.2\n", encoding="utf-8")
    >>> source = open_points(place)
    >>> source.place.lon, source.crs, [part.to_pylist() for part in source.parts_from(0)]
    ('经度', None, [[{'code': '007', '经度': '120.10', '纬度': '30.2'}]])
    """
    kind = identify(path)
    if kind is Format.PARQUET:
        return _open_parquet(path, lon_field, lat_field)
    if kind is Format.TEXT_TABLE:
        return _open_text(path, lon_field, lat_field)
    if kind is Format.GEOPACKAGE:
        return _open_geopackage(path, layer, lon_field, lat_field)
    raise FileError(
        f"{path.name} is {kind}, which is not read point by point.",
        hint="Give Parquet, GeoParquet, CSV or GeoPackage.",
    )


def open_row_groups(
    path: Path, groups: tuple[int, ...], *, lon_field: str | None = None, lat_field: str | None = None
) -> PointSource:
    """Open some row groups of a Parquet file as a source of their own; see `open_points`."""
    return _open_parquet(path, lon_field, lat_field, groups)


def _open_parquet(
    path: Path, lon_field: str | None, lat_field: str | None, groups: tuple[int, ...] | None = None
) -> PointSource:
    with plain_failures(path):
        meta = pq.read_metadata(path)
        schema = pq.read_schema(path)
    chosen = tuple(range(meta.num_row_groups)) if groups is None else groups
    sizes = [meta.row_group(group).num_rows for group in chosen]
    count = sum(sizes)
    geometry, crs = _geometry_of(path, schema)
    taken = sum(meta.row_group(group).total_byte_size for group in chosen)

    def read(first_row: int) -> Iterator[pa.RecordBatch]:
        first, skipped = 0, 0
        while first < len(chosen) and skipped + sizes[first] <= first_row:
            skipped += sizes[first]
            first += 1
        drop = first_row - skipped
        # a buffer makes pages come one after another: without one a whole column of a row group is held
        with pq.ParquetFile(path, buffer_size=_READ_BYTES) as file:
            for group in chosen[first:]:  # one by one: what was read of a group is held as long as its stream
                for batch in file.iter_batches(part_rows, row_groups=[group]):
                    if drop < batch.num_rows:
                        yield batch.slice(drop)
                    drop = max(drop - batch.num_rows, 0)

    part_rows = part_rows_of(taken / max(count, 1))
    place = place_of(path, schema.names, geometry, lon_field, lat_field)
    return PointSource(path, Format.PARQUET, schema, crs, place, geometry, count, part_rows, read)


def _geometry_of(path: Path, schema: pa.Schema) -> tuple[str | None, CoordinateSystem | None]:
    """Return the column of geometry of a GeoParquet file and the system that it states."""
    try:
        geo = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
        column = geo.get("primary_column")
        described: dict[str, Any] | None = geo.get("columns", {}).get(column)
    except (ValueError, AttributeError):
        raise FileError(f"{path.name} has broken GeoParquet metadata.", hint="Export it anew.") from None
    if described is None or column not in schema.names:
        return None, None
    if described.get("encoding") not in _ENCODINGS:
        raise FileError(
            f"{path.name} holds geometry as {described.get('encoding')}, not as points.",
            hint="Export points, with geometry as WKB.",
        )
    kinds = {str(kind).removesuffix(" Z") for kind in described.get("geometry_types") or ()}
    if kinds and kinds <= _FLAT:
        raise _no_points(path, kinds)
    stated = described.get("crs")
    try:
        return column, None if stated is None else parse_crs(pyproj.CRS.from_user_input(stated))
    except CRSError:
        raise CrsError(
            f"{path.name} states a coordinate system that is not known: {str(stated)[:60]!r}.", field="crs"
        ) from None


def _open_text(path: Path, lon_field: str | None, lat_field: str | None) -> PointSource:
    encoding = encoding_of(path)
    separator = separator_of(path, encoding)
    with path.open(encoding=encoding, newline="") as file:
        header = next(
            (row for row in csv.reader(file, delimiter=separator) if any(map(str.strip, row))), None
        )
    if header is None:
        raise FileError(f"{path.name} has no header row.")
    names = unique_names(header, path)
    schema = pa.schema([pa.field(name, pa.string()) for name in names])
    place = place_of(path, names, None, lon_field, lat_field)

    def read(first_row: int) -> Iterator[pa.RecordBatch]:
        drop = first_row
        for batch in _text_batches(path, encoding, separator, names):
            if drop < batch.num_rows:
                yield batch.slice(drop)
            drop = max(drop - batch.num_rows, 0)

    return PointSource(path, Format.TEXT_TABLE, schema, None, place, None, None, _TEXT_ROWS, read)


def _text_batches(path: Path, encoding: str, separator: str, names: list[str]) -> Iterator[pa.RecordBatch]:
    ragged: list[str] = []

    def refuse(row: Any) -> str:
        number = f"Row {row.number - 1:,}" if row.number is not None else f"The row {row.text[:60]!r}"
        ragged.append(
            f"{number} of {path.name} has {row.actual_columns} cells where the header has "
            f"{row.expected_columns}."
        )
        return "error"

    try:
        yield from pyarrow.csv.open_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(
                # without threads rows are counted, and messages can name them
                use_threads=False,
                encoding="utf-8" if encoding == "utf-8-sig" else encoding,
                block_size=_READ_BYTES,
                column_names=names,
                skip_rows_after_names=1,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=refuse
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        if ragged:
            raise FileError(ragged[0], hint="Mend the row, or export the file anew.") from None
        raise


def _open_geopackage(
    path: Path, layer: str | None, lon_field: str | None, lat_field: str | None
) -> PointSource:
    with plain_failures(path):
        chosen = choose_layer(path, layers_of(path), layer)
        info = pyogrio.read_info(path, layer=chosen)
        count = int(info["features"])
        with pyogrio.raw.open_arrow(path, layer=chosen, batch_size=1, use_pyarrow=True) as (meta, reader):
            geometry = meta["geometry_name"] or "wkb_geometry"
            # what GDAL says of the geometry's column stands in the way of other formats
            schema = pa.schema([pa.field(one.name, one.type, metadata=None) for one in reader.schema])
    kind = str(info["geometry_type"]).split(" ")[0]
    if kind in _FLAT:
        raise _no_points(path, {kind})

    part_rows = part_rows_of(path.stat().st_size / max(count, 1))

    def read(first_row: int) -> Iterator[pa.RecordBatch]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            with pyogrio.raw.open_arrow(
                path,
                layer=chosen,
                batch_size=part_rows,
                use_pyarrow=True,
                skip_features=first_row,
                force_2d=False,
            ) as (_, reader):
                yield from reader

    crs = None if info["crs"] is None else parse_crs(info["crs"])
    names = [name for name in schema.names if name != geometry]
    place = place_of(path, names, geometry, lon_field, lat_field)
    return PointSource(path, Format.GEOPACKAGE, schema, crs, place, geometry, count, part_rows, read)


def _no_points(path: Path, kinds: set[str]) -> FileError:
    return FileError(
        f"{path.name} holds {' and '.join(sorted(kinds))}, not points.",
        hint="Give points, such as the centroids, or name columns with --lon and --lat.",
    )

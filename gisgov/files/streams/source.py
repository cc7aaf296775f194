"""A file of points as a stream of batches that can begin at any row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from gisgov.errors import FileError, InputError
from gisgov.files.columns import find_field
from gisgov.files.formats import Format
from gisgov.files.gdal_layers import plain_failures
from gisgov.files.tables import guess_fields
from gisgov.geometry.crs import CoordinateSystem

_PART_BYTES: Final = 48 << 20
_MOST_ROWS: Final = 1 << 18
_LEAST_ROWS: Final = 1 << 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where the coordinates of a row stand: in two columns, or in one of geometry.

    Attributes
    ----------
    lon, lat : str or None
        Columns of x (longitude, easting) and y; None for a geometry.
    geometry : str or None
        Column of the geometry: WKB, or a struct of x and y.
    guessed : bool
        Whether the columns were found by their names.
    """

    lon: str | None = None
    lat: str | None = None
    geometry: str | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class PointSource:
    """An input that can be read from any row on, as often as need be.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    format : Format
        What it is.
    schema : pyarrow.Schema
        Its columns, and what the file says of itself (``geo``, ``pandas``).
    crs : CoordinateSystem or None
        What the file states.
    place : Place
        Where the coordinates stand.
    geometry : str or None
        The column of geometry, also where two other columns hold the coordinates.
    rows : int or None
        Number of rows; None where only reading tells (CSV).
    part_rows : int
        Rows of a part: as many as come to some tens of megabytes. The same for the same file.
    read : callable
        ``read(first_row)`` yields the batches from a row on (counted from 0), of any size.
    """

    path: Path
    format: Format
    schema: pa.Schema
    crs: CoordinateSystem | None
    place: Place
    geometry: str | None
    rows: int | None
    part_rows: int
    read: Callable[[int], Iterator[pa.RecordBatch]]

    @property
    def parts(self) -> int | None:
        """Number of parts, where the number of rows is known."""
        return None if self.rows is None else -(-self.rows // self.part_rows)

    def parts_from(self, first: int) -> Iterator[pa.RecordBatch]:
        """Yield the parts from a number on, each of ``part_rows`` rows but the last.

        Memory holds about one part at a time.

        Raises
        ------
        FileError
            The file breaks off or cannot be read further.
        """
        count = first * self.part_rows
        with plain_failures(self.path):
            for part in _of_size(self.read(count), self.schema, self.part_rows):
                count += part.num_rows
                yield part
        if self.rows is not None and count < self.rows:
            raise FileError(
                f"{self.path.name} breaks off after {count:,} of {self.rows:,} rows.", hint="Copy it anew."
            )


def part_rows_of(row_bytes: float) -> int:
    """Return how many rows a part has, by what a row takes in memory."""
    return int(min(max(_PART_BYTES / max(row_bytes, 1.0), _LEAST_ROWS), _MOST_ROWS))


def place_of(
    path: Path, names: list[str], geometry: str | None, lon_field: str | None, lat_field: str | None
) -> Place:
    """Choose where the coordinates are taken from: named columns, the geometry, or columns of usual names.

    Raises
    ------
    InputError
        One of the two columns is named without the other, is missing, or none is called like a coordinate.
    """
    if (lon_field is None) != (lat_field is None):
        raise InputError(
            "Name both --lon and --lat, or neither.", field="lon" if lon_field is None else "lat"
        )
    if lon_field is not None and lat_field is not None:
        return Place(
            find_field(names, lon_field, file_name=path.name),
            find_field(names, lat_field, file_name=path.name),
        )
    if geometry is not None:
        return Place(geometry=geometry)
    try:
        lon, lat = guess_fields(path, names)
    except InputError as error:
        columns = ", ".join(names)
        raise InputError(
            error.message, hint=f"Say --lon and --lat; its columns: {columns}.", field="lon"
        ) from None
    return Place(lon, lat, guessed=True)


def _of_size(batches: Iterator[pa.RecordBatch], schema: pa.Schema, rows: int) -> Iterator[pa.RecordBatch]:
    """Cut and join batches to ones of equal size."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for given in batches:
        batch = given
        while count + batch.num_rows >= rows:
            taken = rows - count
            yield _joined([*waiting, batch.slice(0, taken)], schema)
            batch, waiting, count = batch.slice(taken), [], 0
        if batch.num_rows:
            waiting.append(batch)
            count += batch.num_rows
    if count:
        yield _joined(waiting, schema)


def _joined(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    filled = [batch for batch in batches if batch.num_rows]
    columns = [
        filled[0].column(i) if len(filled) == 1 else pa.concat_arrays([batch.column(i) for batch in filled])
        for i in range(len(schema))
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)

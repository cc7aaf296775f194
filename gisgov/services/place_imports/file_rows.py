"""Rows of a file with their places, read in whatever way the file has them: columns, WKT or geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.errors import FileError
from gisgov.files.columns import texts_of
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.files.formats import Format, identify
from gisgov.files.tables import PointTable, read_plain_table, read_points
from gisgov.files.text_tables import RawTable
from gisgov.services.importing.plain_tables import read_rows_of
from gisgov.services.importing.point_places import find_places
from gisgov.services.place_imports.reports import PlacesImport
from gisgov.store.arrivals import hex_ewkb
from gisgov.types import BBox, Geometries, Texts

_WKT: Final = ("wkt", "geometry", "geom", "the_geom", "几何", "图形")


@dataclass(frozen=True, slots=True, eq=False)
class FileRows:
    """Rows of a file.

    Attributes
    ----------
    table : RawTable
        Their cells.
    shapes : numpy.ndarray
        Where each is, WGS 84 as it is stored; None for nowhere.
    faults : numpy.ndarray
        Why one is nowhere, in words; None where it is somewhere, and for all rows of care counts.
    crs : str or None
        What the coordinates were read in.
    """

    table: RawTable
    shapes: Geometries
    faults: Texts
    crs: str | None

    @property
    def ewkb(self) -> list[str | None]:
        """The places as the database keeps them."""
        return [None if one is None else one.lower() for one in hex_ewkb(self.shapes)]


def rows_without_places(asked: PlacesImport) -> FileRows:
    """Read rows that have no places.

    Raises
    ------
    FileError
        The file cannot be read, or holds no rows.
    """
    table = read_rows_of(asked)
    nothing: Texts = np.full(len(table.rows), None, dtype=object)
    return FileRows(table, nothing, nothing, None)


def rows_with_places(asked: PlacesImport, *, near: BBox | None) -> FileRows:
    """Read rows with their places.

    Parameters
    ----------
    asked : PlacesImport
        What is asked for.
    near : tuple of float or None
        ``(west, south, east, north)`` of all areas in force, by which swapped axes are found.

    Raises
    ------
    FileError
        The file cannot be read, or holds no rows.
    CrsError
        Its coordinate system is not known, or what was declared contradicts the file.
    CoordinateError
        Most coordinates cannot be right in it.
    InputError
        A column is missing, or none looks like a coordinate.
    """
    refuse_without_crs(asked.crs, asked.path)
    table = _with_wkt(asked)
    if table is None:
        table = read_points(
            asked.path, layer=asked.sheet, lon_field=asked.lon_field, lat_field=asked.lat_field
        )
    if not len(table.rows):
        raise FileError(f"{asked.path.name} holds no rows.")
    system = choose_crs(asked.crs, table.crs, name=asked.path.name)
    places = find_places(table, system, near=near, name=asked.path.name)
    shapes = np.array([_alone(one) for one in places.geometries] + [None], dtype=object)[:-1]
    faults = np.array([*places.reason, None], dtype=object)[:-1]
    for i in np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)):
        faults[i] = f"has an outline that cannot be ({shapely.is_valid_reason(shapes[i])})"
    return FileRows(RawTable(table.columns, table.rows, table.ragged), shapes, faults, system.name)


def _with_wkt(asked: PlacesImport) -> PointTable | None:
    """Read a table whose places are WKT; None where it has no such column."""
    if identify(asked.path) not in (Format.TEXT_TABLE, Format.EXCEL) or asked.lon_field is not None:
        return None
    raw = read_plain_table(asked.path, layer=asked.sheet)
    names = {name.strip().casefold(): name for name in reversed(raw.columns.column_names)}
    column = next((names[name] for name in _WKT if name in names), None)
    if column is None:
        return None
    texts = texts_of(raw.columns.column(column), field=column)
    shapes: Geometries = np.asarray(shapely.from_wkt(texts, on_invalid="ignore"), dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    reasons: Texts = np.full(len(texts), None, dtype=object)
    missing = np.array([text is None for text in texts], dtype=object)
    for i in np.flatnonzero(shapely.is_missing(shapes)):
        reasons[i] = f"has no value in {column!r}" if missing[i] else f"has no WKT with a place in {column!r}"
    return PointTable(
        asked.path, raw.columns, raw.rows, shapes, reasons, missing, raw.ragged, None, column, None, True
    )


def _alone(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """Return the only part of a shape that has one, which files of several kinds wrap."""
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape

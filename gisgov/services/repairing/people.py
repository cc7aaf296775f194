"""Where people are, for the rule that gives ground to those who live nearest to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.files.columns import find_field
from gisgov.files.crs_choice import choose_crs
from gisgov.files.tables import PointTable, read_points
from gisgov.geometry.crs import CoordinateSystem, from_wgs84, to_wgs84
from gisgov.geometry.repair import People
from gisgov.services.repairing.cases import RepairCase
from gisgov.store.people import people_within
from gisgov.types import Ints


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """A file that says where people are.

    Attributes
    ----------
    path : pathlib.Path
        Points or polygons, or a table with coordinates.
    field : str or None
        Field with the counts; None counts every row as one.
    crs : str or None
        What its coordinates are in; None takes what the file states.
    layer : str or None
        Its layer or sheet, where it has several.
    """

    path: Path
    field: str | None = None
    crs: str | None = None
    layer: str | None = None


def people_of_file(asked: PeopleFile, system: CoordinateSystem) -> People:
    """Read where people are; polygons count at a point on them, rows without a place or a count not at all.

    Parameters
    ----------
    asked : PeopleFile
        The file.
    system : CoordinateSystem
        What the result is in.

    Raises
    ------
    FileError, CrsError
        The file cannot be read or understood.
    InputError
        There is no such field, a count is no number, or nobody is counted.
    """
    table = read_points(asked.path, layer=asked.layer)
    stated = choose_crs(asked.crs, table.crs, name=asked.path.name)
    count = _counts(table, asked)
    chosen = np.flatnonzero(~shapely.is_missing(table.geometries) & (count > 0))
    if not len(chosen):
        raise InputError(f"{asked.path.name} counts nobody.", field="people")
    on = shapely.point_on_surface(table.geometries[chosen])
    x, y = from_wgs84(*to_wgs84(shapely.get_x(on), shapely.get_y(on), stated), system)
    known = np.isfinite(x) & np.isfinite(y)
    return People(x[known], y[known], count[chosen][known])


def people_of_plan(connection: sa.Connection, case: RepairCase) -> People:
    """Return where people live around a plan: in its buildings, or its blocks where no building counts any.

    Raises
    ------
    InputError
        The database counts nobody there.
    """
    sound = case.question.areas[np.isfinite(shapely.bounds(case.question.areas)).all(axis=1)]
    west, south, east, north = shapely.total_bounds(sound).tolist()
    lon, lat, count = people_within(connection, (west, south, east, north))
    if not len(count):
        raise InputError(
            f"No building or block with people lies in plan {case.subject!r}.",
            hint="Import them, give --people FILE, or choose another --rule.",
            field="people",
        )
    return People(lon, lat, count)


def _counts(table: PointTable, asked: PeopleFile) -> Ints:
    if asked.field is None:
        return np.ones(len(table.rows), dtype=np.int64)
    field = find_field(table.columns.column_names, asked.field, file_name=asked.path.name)
    count = np.zeros(len(table.rows), dtype=np.int64)
    for i, text in enumerate(table.texts(field)):
        if text is None:
            continue
        number = _number(text)
        if not (math.isfinite(number) and number >= 0.0):
            raise InputError(
                f"{asked.path.name}: row {table.rows[i]} has {text!r} in {field!r}, which counts no people.",
                field="people_field",
            )
        count[i] = math.ceil(number)  # estimates have fractions; where there is one, there are people
    return count


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan

"""Rows of a table as events or buildings, ready to be stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gisgov.errors import InputError
from gisgov.files.tables import PointTable
from gisgov.files.times import parse_times
from gisgov.geometry.crs import CoordinateSystem
from gisgov.services.importing.area_geometry import polygons_of
from gisgov.services.importing.point_fields import BUILDING_NAMES, EVENT_NAMES
from gisgov.services.importing.point_places import Places, footprint_faults, points_of
from gisgov.services.importing.point_report import PointImport
from gisgov.services.importing.point_values import read_level, read_state
from gisgov.services.importing.row_problems import ProblemKind
from gisgov.services.importing.table_reading import TableReading, begin_reading
from gisgov.store.arrivals import hex_ewkb
from gisgov.types import Geometries, Json, Texts


@dataclass(frozen=True, slots=True, eq=False)
class PointRows:
    """Rows as they will be stored, parallel to those of the file.

    Attributes
    ----------
    reading : TableReading
        The columns, what the rows are called, and the problems of those that cannot be stored.
    geometries : numpy.ndarray
        WGS84; None for a row without a place.
    places : Places
        Why that is.
    columns : dict of str to sequence
        Values by column of the table; those that the file does not have are missing.
    time_format : str or None
        How times were read.
    """

    reading: TableReading
    geometries: Geometries
    places: Places
    columns: dict[str, Texts]
    time_format: str | None

    def records(self, columns: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
        """Yield the sound rows: row, id, source, geometry (hexadecimal EWKB), then the columns."""
        bad = self.reading.faults.bad_rows()
        rows = self.reading.table.rows.tolist()
        nothing = np.full(len(rows), None, dtype=object)
        values = [self.columns.get(column, nothing) for column in columns]
        told = zip(
            rows, self.reading.ids, self.reading.sources, hex_ewkb(self.geometries), *values, strict=True
        )
        return (record for record in told if record[0] not in bad)


def event_rows(
    table: PointTable, request: PointImport, system: CoordinateSystem, places: Places
) -> PointRows:
    """Read rows as events.

    Raises
    ------
    InputError
        A named column does not exist, or none holds times that can be read.
    """
    reading = begin_reading(table, request, EVENT_NAMES, "events")
    moments, form = _times(reading, request)
    columns: dict[str, Texts | None] = {
        "occurred_at": moments,
        "level": reading.words("level", read_level),
        "state": reading.words("state", read_state),
        "category": reading.texts("category"),
        "description": reading.texts("description"),
    }
    return _rows(reading, system, places, points_of(places.geometries), columns, "attributes", form)


def building_rows(
    table: PointTable, request: PointImport, system: CoordinateSystem, places: Places
) -> PointRows:
    """Read rows as buildings; an outline that is not sound is a problem of its row.

    Raises
    ------
    InputError
        A named column does not exist.
    """
    reading = begin_reading(table, request, BUILDING_NAMES, "buildings")
    outlines = polygons_of(places.geometries)
    for i, fault in enumerate(footprint_faults(outlines)):
        if fault is not None:
            reading.faults.add(i, *fault)
    columns: dict[str, Texts | None] = {
        "name": reading.texts("name"),
        "use": reading.texts("use"),
        **{holds: reading.counts(holds) for holds in ("floors", "households", "population", "built_year")},
    }
    return _rows(reading, system, places, outlines, columns, "facts", None)


def _rows(
    reading: TableReading,
    system: CoordinateSystem,
    places: Places,
    geometries: Geometries,
    columns: dict[str, Texts | None],
    documents: str,
    time_format: str | None,
) -> PointRows:
    placed = np.array([geometry is not None for geometry in geometries], dtype=object)
    told = {name: values for name, values in columns.items() if values is not None}
    told[documents] = _as_text(reading.attributes(placed))
    told["crs"] = np.full(len(geometries), system.name, dtype=object)
    told["problem"] = np.array([None if why is None else str(why) for why in places.problem], dtype=object)
    return PointRows(reading, geometries, places, told, time_format)


def _as_text(documents: list[Json]) -> Texts:
    texts = np.empty(len(documents), dtype=object)
    texts[:] = [json.dumps(document, ensure_ascii=False) for document in documents]
    return texts


def _times(reading: TableReading, request: PointImport) -> tuple[Texts, str]:
    choice = reading.choices.get("time")
    if choice is None:
        raise InputError(
            f"No column of {request.path.name} is called like a time.",
            hint=f"Say --time-field; its columns: {', '.join(reading.table.fields)}.",
            field="time_field",
        )
    texts = reading.table.texts(choice.column)
    times = parse_times(texts, request.timezone, form=request.time_format, field=choice.column)
    for i, (text, moment) in enumerate(zip(texts, times.moments, strict=True)):
        if moment is None:
            told = f"has {text!r} in {choice.column!r}, which is no time as {times.form} has it"
            told = f"has no time in {choice.column!r}" if text is None else told
            reading.faults.add(i, ProblemKind.BAD_TIME, told)
    return times.moments, times.form

"""Use case: bring events and buildings in, and give them to the areas that own them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from gisgov.errors import FileError, RowsRefused
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.files.table_output import write_table
from gisgov.files.tables import PointTable, read_points
from gisgov.geometry.crs import CoordinateSystem
from gisgov.services.access import rows_beyond
from gisgov.services.importing.area_storing import sha256_of
from gisgov.services.importing.point_places import Places, find_places
from gisgov.services.importing.point_report import FieldChoice, Orphan, PointImport, PointImportReport
from gisgov.services.importing.point_rows import PointRows, building_rows, event_rows
from gisgov.services.importing.rejects import problems_by_row, rejects_place, write_table_rejects
from gisgov.services.importing.row_problems import ProblemKind, sorted_problems
from gisgov.services.joining import LayerJoin, join_buildings, join_events
from gisgov.store.arrivals import Arrival, ground_of_partitions, hex_ewkb
from gisgov.store.buildings import BUILDINGS
from gisgov.store.classifying import classify_incoming, classify_updated
from gisgov.store.database import Database
from gisgov.store.events import EVENTS
from gisgov.store.imports import lock_name, record_batch
from gisgov.types import Progress, silent

__all__ = ["PointImport", "PointImportReport", "import_buildings", "import_events"]

_ORPHAN_COLUMNS = (
    "row", "source", "external_id", "layer", "reason", "message", "nearest_area", "distance_m",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Kind:
    """How events and buildings differ on the way in."""

    name: str
    arrival: Arrival
    rows: Callable[[PointTable, PointImport, CoordinateSystem, Places], PointRows]
    join: Callable[[sa.Connection, PointImport, Sequence[int]], object]
    # what is found out of rows while they wait, and of known ones that were updated
    classify: Callable[[sa.Connection, str], object] | None = None
    classify_updated: Callable[[sa.Connection, str], object] | None = None


def import_events(
    database: Database, request: PointImport, *, progress: Progress = silent
) -> PointImportReport:
    """Import events, and join them to the areas of every published partition layer at their own time.

    Parameters
    ----------
    database : Database
        Where to.
    request : PointImport
        What is asked for.
    progress : Progress
        Told of rows stored.

    Returns
    -------
    PointImportReport
        An event whose id is known from its source is updated; one without a usable coordinate is taken in
        without a place and listed among the orphans. Nothing is dropped: what cannot be stored is rejected
        by name, and the rest goes in.

    Raises
    ------
    FileError
        The file cannot be read, or the rejects or orphans cannot be written.
    CrsError
        The coordinate system is not known, or what was declared contradicts the file.
    CoordinateError
        Most coordinates cannot be right in it.
    InputError
        A column is missing or cannot be read.
    RowsRefused
        No row can be imported, or rows have problems and ``strict`` was asked for.
    DatabaseUnavailable
        The database went away; nothing is imported.
    """

    def join(connection: sa.Connection, asked: PointImport, ids: Sequence[int]) -> object:
        return join_events(connection, timezone=asked.timezone, event_ids=ids)

    kind = _Kind("events", EVENTS, event_rows, join, classify_incoming, classify_updated)
    return _import(database, request, kind, progress)


def import_buildings(
    database: Database, request: PointImport, *, progress: Progress = silent
) -> PointImportReport:
    """Import buildings, and join them to the areas of every published partition layer on the day asked for.

    Parameters
    ----------
    database : Database
        Where to.
    request : PointImport
        What is asked for; a building is a point or an outline.
    progress : Progress
        Told of rows stored.

    Returns
    -------
    PointImportReport
        As of `import_events`; also for the errors.
    """

    def join(connection: sa.Connection, asked: PointImport, ids: Sequence[int]) -> object:
        return join_buildings(connection, at=asked.day, building_ids=ids)

    return _import(database, request, _Kind("buildings", BUILDINGS, building_rows, join), progress)


def _import(database: Database, request: PointImport, kind: _Kind, progress: Progress) -> PointImportReport:
    refuse_without_crs(request.crs, request.path)
    table = read_points(
        request.path, layer=request.file_layer, lon_field=request.lon_field, lat_field=request.lat_field
    )
    if not len(table.rows):
        raise FileError(f"{request.path.name} holds no rows.")
    system = choose_crs(request.crs, table.crs, name=request.path.name)
    with database.begin() as connection:
        near = ground_of_partitions(connection)
        places = find_places(table, system, near=near, name=request.path.name)
        rows = kind.rows(table, request, system, places)
        _judge_reach(connection, kind, rows)
        rejects = _write_rejects(request, kind, rows)
        _refuse_if_need_be(request, rows, rejects)
        report = _store(connection, request, kind, rows, system, rejects, progress)
        if request.orphans_path is not None:
            _write_orphans(request, report.orphans)
        if request.dry_run:
            connection.rollback()
    return report


def _judge_reach(connection: sa.Connection, kind: _Kind, rows: PointRows) -> None:
    """Find the rows that lie beyond the rights of whoever acts: the others go in."""
    reading = rows.reading
    keys = list(zip(reading.sources, reading.ids, strict=True))
    right, subject = f"{kind.name}.write", kind.arrival.subject
    told = rows_beyond(connection, right, subject, keys, hex_ewkb(rows.geometries))
    for i, why in enumerate(told):
        if why is not None:
            reading.faults.add(i, ProblemKind.BEYOND_RIGHTS, why)


def _store(
    connection: sa.Connection,
    request: PointImport,
    kind: _Kind,
    rows: PointRows,
    system: CoordinateSystem,
    rejects: str | None,
    progress: Progress,
) -> PointImportReport:
    reading, arrival = rows.reading, kind.arrival
    for source in sorted(set(reading.sources)):
        lock_name(connection, kind.name, source)
    read, rejected = len(reading.table.rows), len(reading.faults.bad_rows())
    records = rows.records(arrival.columns)
    arrival.stage(connection, progress(records, label=f"storing {kind.name}", total=read - rejected))
    if kind.classify is not None:
        kind.classify(connection, request.timezone.key)
    absent = [column for column in arrival.columns if column not in rows.columns]
    taken = arrival.take_over(connection, absent=absent, keys=reading.table.fields)
    if taken.updated and kind.classify_updated is not None:
        kind.classify_updated(connection, request.timezone.key)
    if taken.to_join:
        kind.join(connection, request, taken.to_join)
    unchanged = read - rejected - taken.inserted - taken.updated
    if taken.inserted or taken.updated:
        record_batch(
            connection,
            {
                "kind": kind.name,
                "file_name": request.path.name,
                "sha256": sha256_of(request.path),
                "options": {"crs": system.name, "sources": sorted(set(reading.sources))[:100]},
                "rows_read": read,
                "rows_imported": taken.inserted + taken.updated,
                "rows_unchanged": unchanged,
                "rows_rejected": rejected,
            },
        )
    return PointImportReport(
        kind=kind.name,
        file=request.path.name,
        crs=system.name,
        fields=_fields(rows),
        time_format=rows.time_format,
        rows_read=read,
        inserted=taken.inserted,
        updated=taken.updated,
        unchanged=unchanged,
        rejected=rejected,
        without_place=sum(geometry is None for geometry in rows.geometries),
        problems=sorted_problems(reading.faults.found),
        notes=tuple(reading.notes),
        joined=tuple(LayerJoin(**row) for row in arrival.joined(connection)),
        orphans=_orphans(connection, arrival, rows),
        rejects_path=rejects,
        orphans_path=None if request.orphans_path is None else str(request.orphans_path),
    )


def _fields(rows: PointRows) -> tuple[FieldChoice, ...]:
    table = rows.reading.table
    coordinates = [
        FieldChoice(holds, column, table.guessed)
        for holds, column in (("lon", table.lon_field), ("lat", table.lat_field))
        if column is not None
    ]
    return (*coordinates, *rows.reading.choices.values())


def _orphans(connection: sa.Connection, arrival: Arrival, rows: PointRows) -> tuple[Orphan, ...]:
    reading, places = rows.reading, rows.places
    bad = reading.faults.bad_rows()
    nowhere = [
        Orphan(row, source, key, None, str(problem), str(reason))
        for row, source, key, problem, reason in zip(
            reading.table.rows.tolist(),
            reading.sources,
            reading.ids,
            places.problem,
            places.reason,
            strict=True,
        )
        if problem is not None and row not in bad
    ]
    outside = [
        Orphan(
            reason="outside", message=_outside(row["layer"], row["nearest_area"], row["distance_m"]), **row
        )
        for row in arrival.outside(connection)
    ]
    return tuple(sorted([*nowhere, *outside], key=lambda orphan: orphan.row))


def _outside(layer: str, nearest: str | None, distance_m: float | None) -> str:
    told = f"lies in no area of layer {layer}"
    return told if nearest is None or distance_m is None else f"{told}; {nearest} is {distance_m:,.1f} m away"


def _refuse_if_need_be(request: PointImport, rows: PointRows, rejects: str | None) -> None:
    found, read = sorted_problems(rows.reading.faults.found), len(rows.reading.table.rows)
    bad = len(rows.reading.faults.bad_rows())
    if bad == read or (request.strict and bad):
        verdict = f"{'has' if bad == 1 else 'have'} problems, so nothing was imported"
        raise RowsRefused(
            f"{bad} of the {read} rows of {request.path.name} {verdict}; {found[0]}.",
            hint=" ".join([*([f"All are in {rejects}."] if rejects else []), *rows.reading.notes]) or None,
        )


def _write_rejects(request: PointImport, kind: _Kind, rows: PointRows) -> str | None:
    found = rows.reading.faults.found
    if not found or (request.dry_run and request.rejects_path is None):
        return None
    table = rows.reading.table
    is_table = table.lon_field is not None
    suffix = ".csv" if is_table else ".gpkg"
    place = rejects_place(request.path, request.rejects_path, kind.name, suffix=suffix)
    geometries = None if is_table else table.geometries
    words = problems_by_row(found)
    write_table_rejects(table.columns, table.rows, words, place, geometries, crs=table.crs)
    return str(place)


def _write_orphans(request: PointImport, orphans: Sequence[Orphan]) -> None:
    if request.orphans_path is not None:
        records = ([getattr(orphan, column) for column in _ORPHAN_COLUMNS] for orphan in orphans)
        write_table(request.orphans_path, _ORPHAN_COLUMNS, records)

"""Use case: bring devices, routing exceptions, service points or care counts in from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.services.access import require_everywhere
from gisgov.services.days import AHEAD, LONG_AGO
from gisgov.services.importing.plain_tables import choose_columns, ragged_rows, reject_rows
from gisgov.services.importing.row_problems import ProblemKind, RowProblem, sorted_problems
from gisgov.services.place_imports.cells import Columns
from gisgov.services.place_imports.file_rows import FileRows, rows_with_places, rows_without_places
from gisgov.services.place_imports.kinds import KINDS, ImportKind
from gisgov.services.place_imports.reports import PlacesImport, PlacesImportReport
from gisgov.store.acting import as_owner
from gisgov.store.arrivals import ground_of_partitions
from gisgov.store.database import Database
from gisgov.store.imports import lock_name
from gisgov.store.place_registers import Key, Record, insert_records, known_records, update_records


@dataclass(frozen=True, slots=True)
class _SoundRow:
    row: int
    called: str | None
    record: Record


def import_places(database: Database, kind: str, asked: PlacesImport) -> PlacesImportReport:
    """Bring rows in; a second import of the same file changes nothing.

    A row that is known takes over what the file says; columns that the file does not have stay as they are,
    and so do rows that it does not name.

    Parameters
    ----------
    database : Database
        Where they are kept.
    kind : str
        A name of `gisgov.services.place_imports.kinds.KINDS`.
    asked : PlacesImport
        What is asked for.

    Raises
    ------
    NotFoundError
        There is no such kind.
    FileError
        The file cannot be read, or the rejects cannot be written.
    CrsError, CoordinateError
        Its coordinates cannot be read.
    InputError
        A column is missing.
    RowsRefused
        No row can be imported, or rows have problems and ``strict`` was asked for.
    NotAllowed
        Whoever acts may not change the registers.
    """
    if kind not in KINDS:
        raise NotFoundError(f"Nothing is imported as {kind!r}.", hint=f"Kinds are {', '.join(KINDS)}.")
    known_kind = KINDS[kind]
    source = asked.source or asked.path.stem
    with database.begin() as connection:
        require_everywhere(connection, "registers.propose")
        lock_name(connection, "register", kind)
        rows = _rows(connection, known_kind, asked)
        chosen = _columns(known_kind, asked, rows)
        with as_owner(connection):
            # of what is dated others may tell something later meanwhile: they wait
            known = known_records(connection, known_kind.register, is_held=known_kind.dated is not None)
            sound, problems = _read(connection, known_kind, rows, chosen, source, asked.timezone)
        if known_kind.dated is not None:
            sound = _not_older(sound, known_kind, known_kind.dated, known, problems)
        rejects = reject_rows(asked, rows.table, problems, kind)
        inserted, updated = _store(connection, known_kind, known, sound, source)
        if asked.dry_run:
            connection.rollback()
    return PlacesImportReport(
        kind=kind,
        file=asked.path.name,
        source=source,
        crs=rows.crs,
        fields=chosen,
        rows_read=len(rows.table.rows),
        inserted=inserted,
        updated=updated,
        unchanged=len(sound) - inserted - updated,
        rejected=len({problem.row for problem in problems}),
        problems=sorted_problems(problems),
        rejects_path=rejects,
    )


def _rows(connection: sa.Connection, kind: ImportKind, asked: PlacesImport) -> FileRows:
    if not kind.has_place:
        return rows_without_places(asked)
    with as_owner(connection):
        near = ground_of_partitions(connection)
    return rows_with_places(asked, near=near)


def _columns(kind: ImportKind, asked: PlacesImport, rows: FileRows) -> dict[str, str]:
    chosen = choose_columns(
        rows.table,
        kind.names,
        needed=kind.needed,
        asked=asked.fields,
        subject=kind.subject,
        file_name=asked.path.name,
    )
    return {holds: name for holds, name in chosen.items() if name is not None}


def _read(
    connection: sa.Connection,
    kind: ImportKind,
    rows: FileRows,
    chosen: Mapping[str, str],
    source: str,
    timezone: ZoneInfo,
) -> tuple[list[_SoundRow], list[RowProblem]]:
    columns = Columns(
        rows, chosen, numbers=kind.numbers, days=kind.days, moments=kind.moments, timezone=timezone
    )
    read = kind.reader(connection, columns, source)
    problems, sound = ragged_rows(rows.table), []
    called = columns.texts[kind.needed[0]]
    for i, number in enumerate(rows.table.rows.tolist()):
        row = columns.row(i)
        record = read(row)
        problems += [RowProblem(number, called[i], str(why), told) for why, told in row.faults]
        if not row.faults and number not in rows.table.ragged:
            sound.append(_SoundRow(number, called[i], record))
    counts = Counter(kind.register.key_of(one.record) for one in sound)
    for one in sound:
        shared = counts[kind.register.key_of(one.record)] - 1
        if shared:
            told = f"is told of in {shared} other rows too"
            problems.append(RowProblem(one.row, one.called, str(ProblemKind.DUPLICATE_ID), told))
    return [one for one in sound if counts[kind.register.key_of(one.record)] == 1], problems


def _not_older(
    rows: list[_SoundRow],
    kind: ImportKind,
    dated: tuple[str, str],
    known: Mapping[Key, Record],
    problems: list[RowProblem],
) -> list[_SoundRow]:
    """Return the rows that are no older than what is known, each dated; the others become problems."""
    what, when = dated
    now, kept = datetime.now(UTC), []
    for one in rows:
        before, record = known.get(kind.register.key_of(one.record)), one.record
        told: Any = record.get(when)
        if told is None:  # it holds from now on, or goes on as it was
            goes_on = before is not None and record.get(what, before[what]) == before[what]
            kept.append(replace(one, record={**record, when: before[when] if goes_on and before else now}))
        elif before is not None and before[when] > told:
            words = f"is of {told}, older than what is known, of {before[when]}"
            problems.append(RowProblem(one.row, one.called, str(ProblemKind.BAD_DATE), words))
        elif isinstance(told, datetime) and not LONG_AGO <= told <= now + AHEAD:
            words = f"is of {told}, which {'has not come yet' if told > now else 'is too long ago'}"
            problems.append(RowProblem(one.row, one.called, str(ProblemKind.BAD_DATE), words))
        else:
            kept.append(one)
    return kept


def _store(
    connection: sa.Connection,
    kind: ImportKind,
    known: Mapping[Key, Record],
    rows: list[_SoundRow],
    source: str,
) -> tuple[int, int]:
    new, changed = [], []
    for one in rows:
        before = known.get(kind.register.key_of(one.record))
        if before is None:
            new.append({**one.record, "source": source})
        elif any(before[name] != value for name, value in one.record.items()):
            changed.append({**one.record, "source": source})
    changed.sort(key=kind.register.key_of)  # as whoever else changes several locks them: in their order
    with as_owner(connection):
        insert_records(connection, kind.register, new)
        update_records(connection, kind.register, changed)
    return len(new), len(changed)

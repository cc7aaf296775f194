"""Use case: bring hazards in from a file, row by row with what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.governance.hazard_reports import HazardReport
from gisgov.governance.hazards import HazardKind
from gisgov.services.hazards.reports import HazardResult
from gisgov.services.hazards.taking import SentHazard, take_in
from gisgov.services.importing.plain_tables import choose_columns, ragged_rows, reject_rows
from gisgov.services.importing.row_problems import ProblemKind, RowProblem, sorted_problems
from gisgov.services.place_imports import PlacesImport, PlacesImportReport
from gisgov.services.place_imports.cells import Columns, Row
from gisgov.services.place_imports.file_rows import rows_without_places
from gisgov.services.rating import rate_some
from gisgov.store.database import Database

AT_ONCE: Final = 20_000
"""How many hazards are taken in by one set of statements; all of a file are one transaction."""

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "external_id": ("external_id", "id", "hazard_id", "隐患编号", "编号"),
    "building": ("building", "building_id", "building_external_id", "楼栋编号", "楼栋编码", "楼栋"),
    "building_source": ("building_source", "楼栋来源"),
    "kind": ("kind", "type", "隐患类型", "隐患类别", "类型", "类别"),
    "found_on": ("found_on", "found", "发现日期", "检查日期", "日期"),
    "due_on": ("due_on", "due", "整改期限", "限期"),
    "rectified_on": ("rectified_on", "rectified", "整改日期", "整改完成日期"),
    "checked_on": ("checked_on", "checked", "复查日期", "销号日期"),
    "event": ("event", "event_id", "事件编号"),
    "description": ("description", "隐患描述", "描述", "内容"),
}
"""Usual names of columns by what they hold."""

_NEEDED: Final = ("external_id", "building", "kind", "found_on")
_DAYS: Final = ("found_on", "due_on", "rectified_on", "checked_on")
_MOST_ID: Final = 2**53


def import_hazards(
    database: Database, asked: PlacesImport, *, today: date, timezone: ZoneInfo
) -> PlacesImportReport:
    """Bring hazards in; a second import of the same file changes nothing.

    A hazard that is known is carried on to rectified and checked where the file says so, as
    `gisgov.services.hazards.record_hazards` does; the buildings concerned are rated anew.

    Parameters
    ----------
    database : Database
        Where they are kept, in the hands of whoever imports.
    asked : PlacesImport
        The file; it has no coordinates: a building is named by its id outside.
    today : datetime.date
        Nothing was found or done after it.
    timezone : zoneinfo.ZoneInfo
        Whose day that is.

    Raises
    ------
    FileError
        The file cannot be read, or the rejects cannot be written.
    InputError
        A column is missing.
    RowsRefused
        No row can be imported, or rows have problems and ``strict`` was asked for.
    """
    rows = rows_without_places(asked)
    source = asked.source or asked.path.stem
    chosen = choose_columns(
        rows.table, NAMES, needed=_NEEDED, asked=asked.fields, subject="hazard", file_name=asked.path.name
    )
    fields = {holds: name for holds, name in chosen.items() if name is not None}
    columns = Columns(rows, fields, numbers=("event",), days=_DAYS, moments=(), timezone=timezone)
    numbers: list[int] = rows.table.rows.tolist()
    problems, sound = ragged_rows(rows.table), []
    for index, number in enumerate(numbers):
        row = columns.row(index)
        hazard = _read(row)
        called = columns.texts["external_id"][index]
        problems += [RowProblem(number, called, str(why), told) for why, told in row.faults]
        if hazard is not None and number not in rows.table.ragged:
            sound.append((number, hazard))
    with database.begin() as connection:
        results, concerned = _take(connection, source, sound, problems, today)
        rate_some(connection, sorted(concerned), today=today, timezone=timezone)
        rejects = reject_rows(asked, rows.table, problems, "hazards")
        if asked.dry_run:
            connection.rollback()
    return PlacesImportReport(
        kind="hazards",
        file=asked.path.name,
        source=source,
        crs=None,
        fields=fields,
        rows_read=len(numbers),
        inserted=results["created"],
        updated=results["changed"],
        unchanged=results["known"],
        rejected=len({problem.row for problem in problems}),
        problems=sorted_problems(problems),
        rejects_path=rejects,
    )


def _take(
    connection: sa.Connection,
    source: str,
    sound: Sequence[tuple[int, SentHazard]],
    problems: list[RowProblem],
    today: date,
) -> tuple[Counter[str], set[int]]:
    counts: Counter[str] = Counter()
    concerned: set[int] = set()
    for first in range(0, len(sound), AT_ONCE):
        some = sound[first : first + AT_ONCE]
        results, buildings = take_in(connection, source, [one for _, one in some], today=today)
        concerned |= buildings
        counts.update(result.status for result in results)
        problems += [
            _problem(number, result)
            for (number, _), result in zip(some, results, strict=True)
            if result.status == "refused"
        ]
    return counts, concerned


def _problem(row: int, result: HazardResult) -> RowProblem:
    return RowProblem(row, result.external_id, str(ProblemKind.BAD_VALUE), f"is refused: {result.reason}")


def _read(row: Row) -> SentHazard | None:
    """Read a row; None where something is wrong with it."""
    external_id = row.needed("external_id", ProblemKind.MISSING_ID)
    building, _ = row.needed("building"), row.needed("kind")
    kind = row.one_of(
        "kind",
        HazardKind.read,
        f"none of {', '.join(one.value for one in HazardKind)}",
        ProblemKind.BAD_VALUE,
    )
    row.needed("found_on", ProblemKind.BAD_DATE)
    days = {holds: row.day(holds) if row.has(holds) else None for holds in _DAYS}
    event = int(row.number("event", least=1, most=_MOST_ID, is_whole=True)) if row.has("event") else 0
    found_on = days.pop("found_on")
    if row.faults or kind is None or found_on is None:
        return None
    return SentHazard(
        external_id=external_id,
        building=building,
        kind=kind,
        days=HazardReport(found_on, **days),
        building_source=row.text("building_source"),
        description=row.text("description"),
        event_id=event or None,
    )

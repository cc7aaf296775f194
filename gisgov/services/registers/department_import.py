"""Use case: bring the departments in from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import sqlalchemy as sa

from gisgov.files.columns import texts_of
from gisgov.files.text_tables import RawTable
from gisgov.services.access import require_everywhere
from gisgov.services.importing.plain_tables import (
    choose_columns,
    ragged_rows,
    read_rows_of,
    reject_rows,
)
from gisgov.services.importing.row_imports import RowsImport, RowsImportReport
from gisgov.services.importing.row_problems import ProblemKind, RowProblem, sorted_problems
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.imports import lock_name
from gisgov.store.permits import put_departments
from gisgov.store.registers import Department, departments
from gisgov.types import Texts

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("code", "department_code", "部门编码", "部门编号", "部门代码", "编码", "编号", "代码"),
    "title": ("title", "title_zh", "name", "department", "部门名称", "部门", "单位名称", "单位", "名称"),
    "title_en": ("title_en", "english", "name_en", "英文名称", "英文"),
}


@dataclass(frozen=True, slots=True)
class DepartmentsImport(RowsImport):
    """An import of departments: CSV, Excel or Parquet.

    Columns hold ``code``, ``title`` and ``title_en``.
    """


@dataclass(frozen=True, slots=True)
class DepartmentsImportReport(RowsImportReport):
    """What an import of departments did."""


def import_departments(database: Database, asked: DepartmentsImport) -> DepartmentsImportReport:
    """Bring departments in; a second import of the same file changes nothing.

    Departments that the file does not name stay: items, events and calls name them.

    Parameters
    ----------
    database : Database
        Where they are kept.
    asked : DepartmentsImport
        What is asked for.

    Raises
    ------
    FileError
        The file cannot be read, or the rejects cannot be written.
    InputError
        A column is missing.
    RowsRefused
        No row can be imported, or rows have problems and ``strict`` was asked for.
    NotAllowed
        Whoever acts may not change the registers.
    """
    table = read_rows_of(asked)
    chosen = choose_columns(
        table,
        _NAMES,
        needed=("code", "title"),
        asked=asked.fields,
        subject="department",
        file_name=asked.path.name,
    )
    columns = {holds: name for holds, name in chosen.items() if name is not None}
    source = asked.source or asked.path.stem
    rows, problems = _read(table, columns)
    with database.begin() as connection:
        require_everywhere(connection, "registers.propose")
        lock_name(connection, "register", "departments")
        rejects = reject_rows(asked, table, problems, "departments")
        inserted, updated = _store(connection, rows, source, has_english="title_en" in columns)
        if asked.dry_run:
            connection.rollback()
    return DepartmentsImportReport(
        file=asked.path.name,
        source=source,
        fields=columns,
        rows_read=len(table.rows),
        inserted=inserted,
        updated=updated,
        unchanged=len(rows) - inserted - updated,
        rejected=len({problem.row for problem in problems}),
        problems=sorted_problems(problems),
        rejects_path=rejects,
    )


def _read(table: RawTable, columns: Mapping[str, str]) -> tuple[list[Department], list[RowProblem]]:
    nothing: Texts = np.full(len(table.rows), None, dtype=object)
    code, title, title_en = (
        texts_of(table.columns.column(columns[holds]), field=columns[holds]) if holds in columns else nothing
        for holds in _NAMES
    )
    counts = Counter(code)
    found, sound = ragged_rows(table), []
    for i, row in enumerate(table.rows.tolist()):
        problems = []
        if code[i] is None:
            problems.append((ProblemKind.MISSING_CODE, "has no code"))
        elif counts[code[i]] > 1:
            told = f"shares its code with {counts[code[i]] - 1} other rows"
            problems.append((ProblemKind.DUPLICATE_CODE, told))
        if title[i] is None:
            problems.append((ProblemKind.BAD_VALUE, "names no title"))
        found += [RowProblem(row, code[i], str(kind), told) for kind, told in problems]
        if not problems and row not in table.ragged:
            sound.append(Department(code[i], title[i], title_en[i]))
    return sound, found


def _store(
    connection: sa.Connection, rows: list[Department], source: str, *, has_english: bool
) -> tuple[int, int]:
    known = departments(connection)
    told = [
        replace(one, title_en=known[one.code].title_en) if one.code in known and not has_english else one
        for one in rows
    ]
    news = [one for one in told if known.get(one.code) != one]
    with as_owner(connection):
        put_departments(connection, news, source=source)
    inserted = sum(one.code not in known for one in news)
    return inserted, len(news) - inserted

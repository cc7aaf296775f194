"""Use case: bring in who serves the areas of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import sqlalchemy as sa

from gisgov.errors import FileError, InputError, RowsRefused
from gisgov.files.columns import REJECT_FIELDS, find_field, texts_of
from gisgov.files.tables import read_plain_table
from gisgov.files.text_tables import RawTable
from gisgov.services.importing.rejects import problems_by_row, rejects_place, write_table_rejects
from gisgov.services.importing.row_problems import ProblemKind, RowProblem, sorted_problems
from gisgov.store.database import Database
from gisgov.store.imports import codes_of_layer
from gisgov.store.layers import find_layer
from gisgov.store.staff import StaffPost, put_posts
from gisgov.types import Texts

_NAMES: Final = {
    "area": (
        "area_code", "areacode", "grid_code", "gridcode", "code", "area", "grid",
        "网格编码", "网格编号", "网格代码", "区域编码", "区域编号", "区域代码", "编码", "代码",
    ),
    "role": ("role", "post", "岗位", "角色", "职务"),
    "holder": ("holder", "name", "姓名", "人员", "人员姓名"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaffImport:
    """An import of the staff posts of a layer.

    Attributes
    ----------
    path : pathlib.Path
        CSV, Excel or Parquet: one row per post.
    layer : str
        Name of the layer whose areas are served.
    sheet : str or None
        Sheet of a workbook; needed when it has several.
    area_field, role_field, holder_field : str or None
        Columns; by default those with usual names.
    strict : bool
        Import nothing when any row has a problem.
    dry_run : bool
        Do everything, then change nothing.
    rejects_path : pathlib.Path or None
        Where rejected rows are written.
    """

    path: Path
    layer: str
    sheet: str | None = None
    area_field: str | None = None
    role_field: str | None = None
    holder_field: str | None = None
    strict: bool = False
    dry_run: bool = False
    rejects_path: Path | None = None


@dataclass(frozen=True, slots=True)
class StaffImportReport:
    """What an import of staff posts did.

    Attributes
    ----------
    file, layer : str
        What was read, and where it went.
    area_field, role_field, holder_field : str
        Columns that were read.
    rows_read : int
        ``inserted + unchanged + rejected``.
    inserted : int
        Posts that are new.
    unchanged : int
        Posts that were known.
    rejected : int
        Rows that name no area of the layer, no role or no holder.
    problems : tuple of RowProblem
        Why rows were rejected, by row.
    rejects_path : str or None
        Where they were written.
    """

    file: str
    layer: str
    area_field: str
    role_field: str
    holder_field: str
    rows_read: int
    inserted: int
    unchanged: int
    rejected: int
    problems: tuple[RowProblem, ...]
    rejects_path: str | None


def import_staff(database: Database, request: StaffImport) -> StaffImportReport:
    """Import the staff posts of a layer; posts that are known stay as they are.

    Parameters
    ----------
    database : Database
        Where to.
    request : StaffImport
        What is asked for.

    Raises
    ------
    NotFoundError
        There is no such layer.
    FileError
        The file cannot be read, or the rejects cannot be written.
    InputError
        A column is missing.
    RowsRefused
        No row can be imported, or rows have problems and ``strict`` was asked for.
    DatabaseUnavailable
        The database went away; nothing is imported.
    """
    table = read_plain_table(request.path, layer=request.sheet)
    if not len(table.rows):
        raise FileError(f"{request.path.name} holds no rows.")
    chosen = _columns(request, table)
    area, role, holder = (texts_of(table.columns.column(name), field=name) for name in chosen)
    with database.begin() as connection:
        layer = find_layer(connection, request.layer)
        problems = _judge(connection, layer.id, layer.name, table, area, role, holder)
        rejects = _write_rejects(request, table, problems)
        bad = {problem.row for problem in problems}
        if len(bad) == len(table.rows) or (request.strict and bad):
            raise RowsRefused(
                f"{len(bad)} of the {len(table.rows)} rows of {request.path.name} cannot be imported,"
                f" so nothing was; {sorted_problems(problems)[0]}.",
                hint=f"All are in {rejects}." if rejects else None,
            )
        posts = {
            StaffPost(str(area[i]), str(role[i]), str(holder[i])): None
            for i, row in enumerate(table.rows.tolist())
            if row not in bad
        }
        inserted = put_posts(connection, layer.id, posts)
        if request.dry_run:
            connection.rollback()
    read = len(table.rows)
    return StaffImportReport(
        request.path.name, layer.name, *chosen, read, inserted, read - len(bad) - inserted, len(bad),
        sorted_problems(problems), rejects,
    )  # fmt: skip


def _columns(request: StaffImport, table: RawTable) -> tuple[str, str, str]:
    names = [name for name in table.columns.column_names if name not in REJECT_FIELDS]
    by_name: dict[str, str] = {name.strip().casefold(): name for name in reversed(names)}

    def choose(holds: str, wanted: str | None) -> str:
        if wanted is not None:
            return find_field(names, wanted, file_name=request.path.name)
        guess = next((by_name[name] for name in _NAMES[holds] if name in by_name), None)
        if guess is None:
            raise InputError(
                f"No column of {request.path.name} is called like the {holds} of a post.",
                hint=f"Say --{holds}-field; its columns: {', '.join(names)}.",
                field=f"{holds}_field",
            )
        return guess

    return (
        choose("area", request.area_field),
        choose("role", request.role_field),
        choose("holder", request.holder_field),
    )


def _judge(
    connection: sa.Connection,
    layer_id: int,
    layer: str,
    table: RawTable,
    area: Texts,
    role: Texts,
    holder: Texts,
) -> list[RowProblem]:
    known = set(codes_of_layer(connection, layer_id))
    problems = [
        RowProblem(row, None, str(ProblemKind.RAGGED_ROW), told) for row, told in table.ragged.items()
    ]
    for row, code, *words in zip(table.rows.tolist(), area, role, holder, strict=True):
        if code is None:
            problems.append(RowProblem(row, None, str(ProblemKind.MISSING_CODE), "names no area"))
        elif code not in known:
            told = f"names {code}, which is no area of layer {layer}"
            problems.append(RowProblem(row, code, str(ProblemKind.UNKNOWN_AREA), told))
        if None in words:
            missing = "role" if words[0] is None else "holder"
            problems.append(RowProblem(row, code, str(ProblemKind.BAD_VALUE), f"names no {missing}"))
    return problems


def _write_rejects(request: StaffImport, table: RawTable, problems: list[RowProblem]) -> str | None:
    if not problems or (request.dry_run and request.rejects_path is None):
        return None
    place = rejects_place(request.path, request.rejects_path, "staff", suffix=".csv")
    write_table_rejects(table.columns, np.asarray(table.rows), problems_by_row(problems), place)
    return str(place)

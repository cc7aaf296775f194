"""Use case: write which block of a plan belongs to which area, as redistricting tools exchange it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gisgov.errors import InputError
from gisgov.files.sheet_output import write_sheet
from gisgov.files.table_output import write_table
from gisgov.services.exchange.fields import AREA, ASSIGNMENTS, BLOCK
from gisgov.store.blocks import all_assignments_of_plan
from gisgov.store.database import Database
from gisgov.store.plans import find_plan


@dataclass(frozen=True, slots=True)
class AssignmentsExport:
    """Assignments that were written to a file.

    Attributes
    ----------
    plan, file : str
        The plan, and the name of the file.
    blocks : int
        How many blocks it names.
    unassigned : int
        How many of them are in no area.
    """

    plan: str
    file: str
    blocks: int
    unassigned: int


def export_assignments(
    database: Database, name: str, path: Path, *, has_header: bool = True
) -> AssignmentsExport:
    """Write a row for each block of a plan: its code, and the code of its area or nothing.

    Parameters
    ----------
    database : Database
        Where the plan is.
    name : str
        Its name.
    path : pathlib.Path
        ``.csv`` (UTF-8 with a byte-order mark) or ``.xlsx``, in which codes are text and keep their zeros.
    has_header : bool
        Whether the first row names the columns, ``block`` and ``area``; a workbook always has it.

    Raises
    ------
    NotFoundError
        There is no such plan.
    InputError
        It is not made of blocks, or a workbook is to have no header.
    FileError
        The file cannot be written.
    """
    is_book = path.suffix.lower() == ".xlsx"
    if is_book and not has_header:
        raise InputError("A workbook has a header.", hint="Write a CSV file.", field="header")
    with database.begin() as connection:
        assigned = all_assignments_of_plan(connection, find_plan(connection, name).id)
    if not assigned:
        raise InputError(f"Plan {name!r} is not made of blocks.", field="plan")
    if is_book:
        write_sheet(path, (BLOCK, AREA), _records(assigned), title=ASSIGNMENTS)
    else:
        write_table(path, (BLOCK, AREA) if has_header else None, _records(assigned))
    return AssignmentsExport(name, path.name, len(assigned), sum(area is None for area in assigned.values()))


def _records(assigned: dict[str, str | None]) -> Iterator[Sequence[object]]:
    yield from assigned.items()

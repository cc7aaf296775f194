"""What the imports of tables without places share: columns found by their names, rows refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from gisgov.errors import FileError, InputError, RowsRefused
from gisgov.files.columns import REJECT_FIELDS, find_field
from gisgov.files.tables import read_plain_table
from gisgov.files.text_tables import RawTable
from gisgov.services.importing.rejects import problems_by_row, rejects_place, write_table_rejects
from gisgov.services.importing.row_problems import ProblemKind, RowProblem, sorted_problems


class TableImport(Protocol):
    """What an import of a table is asked for."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def sheet(self) -> str | None:
        """Sheet of a workbook."""

    @property
    def strict(self) -> bool:
        """Whether nothing is imported when a row has a problem."""

    @property
    def dry_run(self) -> bool:
        """Whether nothing is changed."""

    @property
    def rejects_path(self) -> Path | None:
        """Where rejected rows are written."""


def read_rows_of(asked: TableImport) -> RawTable:
    """Read the table of an import.

    Raises
    ------
    FileError
        It cannot be read, or holds no rows.
    """
    table = read_plain_table(asked.path, layer=asked.sheet)
    if not len(table.rows):
        raise FileError(f"{asked.path.name} holds no rows.")
    return table


def choose_columns(
    table: RawTable,
    known: Mapping[str, Sequence[str]],
    *,
    needed: Collection[str],
    asked: Mapping[str, str | None],
    subject: str,
    file_name: str,
) -> dict[str, str | None]:
    """Find the columns that were named, and others by their usual names.

    Parameters
    ----------
    table : RawTable
        The rows.
    known : mapping of str to sequence of str
        What a column holds: its usual names, in lower case, the best first.
    needed : collection of str
        What the file must have.
    asked : mapping of str to str or None
        What a column holds: the name that was given.
    subject : str
        What a row is, for messages.
    file_name : str
        The file, for messages.

    Returns
    -------
    dict of str to str or None
        What a column holds: its name, None for what the file does not have.

    Raises
    ------
    InputError
        A column is not there.
    """
    names = [name for name in table.columns.column_names if name not in REJECT_FIELDS]
    by_name: dict[str, str] = {name.strip().casefold(): name for name in reversed(names)}

    def choose(holds: str) -> str | None:
        wanted = asked.get(holds)
        if wanted is not None:
            return find_field(names, wanted, file_name=file_name)
        guess = next((by_name[name] for name in known[holds] if name in by_name), None)
        if guess is None and holds in needed:
            raise InputError(
                f"No column of {file_name} is called like the {holds} of a {subject}.",
                hint=f"Say --{holds.replace('_', '-')}-field; its columns: {', '.join(names)}.",
                field=f"{holds}_field",
            )
        return guess

    return {holds: choose(holds) for holds in known}


def ragged_rows(table: RawTable) -> list[RowProblem]:
    """Return the rows that have more or fewer cells than the header, as problems."""
    return [RowProblem(row, None, str(ProblemKind.RAGGED_ROW), told) for row, told in table.ragged.items()]


def reject_rows(
    asked: TableImport, table: RawTable, problems: Sequence[RowProblem], subject: str
) -> str | None:
    """Write the rows with problems to a file, and refuse the import if there is nothing else or it is strict.

    Returns
    -------
    str or None
        Where they were written; None without any, and on a dry run that names no place.

    Raises
    ------
    RowsRefused
        No row can be imported, or rows have problems and ``strict`` was asked for.
    FileError
        The file cannot be written.
    """
    place = None
    if problems and not (asked.dry_run and asked.rejects_path is None):
        path = rejects_place(asked.path, asked.rejects_path, subject, suffix=".csv")
        write_table_rejects(table.columns, np.asarray(table.rows), problems_by_row(problems), path)
        place = str(path)
    bad, read = len({problem.row for problem in problems}), len(table.rows)
    if bad == read or (asked.strict and bad):
        raise RowsRefused(
            f"{bad} of the {read} rows of {asked.path.name} cannot be imported,"
            f" so nothing was; {sorted_problems(problems)[0]}.",
            hint=f"All are in {place}." if place else None,
        )
    return place

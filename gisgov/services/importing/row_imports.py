"""What imports of rows have in common: what they are asked for, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gisgov.services.importing.row_problems import RowProblem


@dataclass(frozen=True, slots=True)
class RowsImport:
    """An import of rows, each of which is added, changes what is known, or changes nothing.

    Attributes
    ----------
    path : pathlib.Path
        The file: a row for each.
    sheet : str or None
        Its layer or sheet; needed where it has several.
    fields : dict of str to str
        What a column holds: its name; by default those with usual names.
    source : str or None
        Where the rows come from; by default the name of the file.
    strict : bool
        Import nothing when any row has a problem.
    dry_run : bool
        Do everything, then change nothing.
    rejects_path : pathlib.Path or None
        Where rejected rows are written.
    """

    path: Path
    sheet: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    source: str | None = None
    strict: bool = False
    dry_run: bool = False
    rejects_path: Path | None = None


@dataclass(frozen=True, slots=True)
class RowsImportReport:
    """What an import of rows did.

    Attributes
    ----------
    file, source : str
        What was read, and where the rows are said to come from.
    fields : dict of str to str
        Columns that were read, by what they hold.
    rows_read : int
        ``inserted + updated + unchanged + rejected``.
    inserted, updated, unchanged : int
        Rows that are new, say something else now, and were known as they are.
    rejected : int
        Rows with problems.
    problems : tuple of RowProblem
        Why rows were rejected, by row.
    rejects_path : str or None
        Where they were written.
    """

    file: str
    source: str
    fields: dict[str, str]
    rows_read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    problems: tuple[RowProblem, ...]
    rejects_path: str | None

"""What an import of the register is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gisgov.services.importing.row_problems import RowProblem


class Absent(StrEnum):
    """What becomes of items in force that a file does not name."""

    STAY = "stay"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True)
class CategoriesImport:
    """An import of items of the register.

    Attributes
    ----------
    path : pathlib.Path
        CSV, Excel or Parquet: one row per item.
    sheet : str or None
        Sheet of a workbook; needed when it has several.
    fields : dict of str to str
        What a column holds (``code``, ``title``, ``title_en``, ``function``, ``group``, ``kind``, ``level``,
        ``department``, ``limits``, ``layers``, ``example``): its name; by default those with usual names.
    source : str or None
        Where the items come from; by default the name of the file.
    absent : Absent
        Whether items in force that the file does not name are proposed to retire.
    reason : str or None
        Why it is proposed.
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
    absent: Absent = Absent.STAY
    reason: str | None = None
    strict: bool = False
    dry_run: bool = False
    rejects_path: Path | None = None


@dataclass(frozen=True, slots=True)
class CategoriesImportReport:
    """What an import of the register did.

    Attributes
    ----------
    file, source : str
        What was read, and where the items are said to come from.
    fields : dict of str to str
        Columns that were read, by what they hold.
    rows_read : int
        ``inserted + updated + unchanged + rejected``.
    inserted : int
        Items that are new, and proposed.
    updated : int
        Items that differ from their last version: a new version is proposed.
    unchanged : int
        Items as their last version has them.
    rejected : int
        Rows with problems.
    replaced : int
        Versions that were proposed and are refused, since a new version takes their place.
    retirement_proposed : int
        Items in force that the file does not name, and that are newly proposed to retire.
    problems : tuple of RowProblem
        Why rows were rejected, by row.
    notes : tuple of str
        What is strange, and no reason to reject.
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
    replaced: int
    retirement_proposed: int
    problems: tuple[RowProblem, ...]
    notes: tuple[str, ...]
    rejects_path: str | None

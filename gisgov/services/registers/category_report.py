"""What an import of the register is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gisgov.services.importing.row_imports import RowsImport, RowsImportReport


class Absent(StrEnum):
    """What becomes of items in force that a file does not name."""

    STAY = "stay"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True)
class CategoriesImport(RowsImport):
    """An import of items of the register: CSV, Excel or Parquet.

    Columns hold ``code``, ``title``, ``title_en``, ``function``, ``group``, ``kind``, ``level``,
    ``department``, ``limits``, ``layers`` and ``example``.

    Attributes
    ----------
    absent : Absent
        Whether items in force that the file does not name are proposed to retire.
    reason : str or None
        Why it is proposed.
    """

    absent: Absent = Absent.STAY
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CategoriesImportReport(RowsImportReport):
    """What an import of the register did.

    Attributes
    ----------
    inserted : int
        Items that are new, and proposed.
    updated : int
        Items that differ from their last version: a new version is proposed.
    unchanged : int
        Items as their last version has them.
    replaced : int
        Versions that were proposed and are refused, since a new version takes their place.
    retirement_proposed : int
        Items in force that the file does not name, and that are newly proposed to retire.
    notes : tuple of str
        What is strange, and no reason to reject.
    """

    replaced: int
    retirement_proposed: int
    notes: tuple[str, ...]

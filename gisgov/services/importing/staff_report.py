"""What an import of staff posts is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gisgov.services.importing.row_problems import RowProblem


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
    from_field, to_field, phone_field, deputy_field : str or None
        Columns that a file need not have: first day in the post, first day no longer in it, phone, and
        the holder that the row's own stands in for.
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
    from_field: str | None = None
    to_field: str | None = None
    phone_field: str | None = None
    deputy_field: str | None = None
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
    from_field, to_field, phone_field, deputy_field : str or None
        Columns that were read, if the file has them.
    rows_read : int
        ``inserted + updated + unchanged + rejected``.
    inserted : int
        Posts that are new.
    updated : int
        Posts whose dates or phone changed.
    unchanged : int
        Posts that were known.
    rejected : int
        Rows that name no area of the layer, no role or no holder, or whose dates, phone or deputy cannot be.
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
    from_field: str | None
    to_field: str | None
    phone_field: str | None
    deputy_field: str | None
    rows_read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    problems: tuple[RowProblem, ...]
    rejects_path: str | None

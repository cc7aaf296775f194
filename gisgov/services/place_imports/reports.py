"""What an import of devices, exceptions, service points or care counts is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from gisgov.services.importing.row_problems import RowProblem


@dataclass(frozen=True, slots=True)
class PlacesImport:
    """An import of devices, exceptions, service points or care counts.

    Attributes
    ----------
    path : pathlib.Path
        CSV, Excel, Parquet, GeoJSON, GeoPackage or another vector file: a row for each.
    crs : str or None
        What its coordinates are in; None takes what the file states, which tables do not. Care counts have
        no coordinates.
    sheet : str or None
        Its layer or sheet; needed where it has several.
    lon_field, lat_field : str or None
        Columns of the coordinates; by default the geometry, or columns of usual names.
    fields : dict of str to str
        What a column holds: its name; by default those with usual names.
    source : str or None
        Where they come from; by default the name of the file.
    strict : bool
        Import nothing when any row has a problem.
    dry_run : bool
        Do everything, then change nothing.
    rejects_path : pathlib.Path or None
        Where rejected rows are written.
    timezone : zoneinfo.ZoneInfo
        Of moments that carry no offset.
    """

    path: Path
    crs: str | None = None
    sheet: str | None = None
    lon_field: str | None = None
    lat_field: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    source: str | None = None
    strict: bool = False
    dry_run: bool = False
    rejects_path: Path | None = None
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class PlacesImportReport:
    """What an import of devices, exceptions, service points or care counts did.

    Attributes
    ----------
    kind : str
        ``devices``, ``exceptions``, ``service-points`` or ``care``.
    file, source : str
        What was read, and where the rows are said to come from.
    crs : str or None
        What its coordinates were read in; None for care counts.
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

    kind: str
    file: str
    source: str
    crs: str | None
    fields: dict[str, str]
    rows_read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    problems: tuple[RowProblem, ...]
    rejects_path: str | None

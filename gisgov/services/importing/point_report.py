"""What an import of events or buildings is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from gisgov.services.importing.row_problems import RowProblem
from gisgov.services.joining import LayerJoin


@dataclass(frozen=True, slots=True)
class PointImport:
    """An import of events or buildings.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    timezone : zoneinfo.ZoneInfo
        Of times that carry none, and of the day on which an event happened.
    day : datetime.date
        Day whose plans buildings are joined to.
    crs : str or None
        What the coordinates are in; None takes the file's word.
    file_layer : str or None
        Layer or sheet of the file; needed when it has several.
    lon_field, lat_field : str or None
        Columns of the coordinates, east and north.
    fields : mapping of str to str
        Columns by what they hold (``id``, ``time``, ``category`` …); what is not named is looked for by
        usual names, and an empty name says not to look.
    source : str or None
        Where the rows come from: ids are unlike each other within a source. By default a column of that
        meaning, else the file's stem.
    time_format : str or None
        How times are written, as ``strptime`` has it.
    strict : bool
        Import nothing when any row has a problem.
    dry_run : bool
        Do everything, then change nothing.
    rejects_path : pathlib.Path or None
        Where rejected rows are written.
    orphans_path : pathlib.Path or None
        Where the rows that no area owns are written, as CSV.
    """

    path: Path
    timezone: ZoneInfo
    day: date
    crs: str | None = None
    file_layer: str | None = None
    lon_field: str | None = None
    lat_field: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    time_format: str | None = None
    strict: bool = False
    dry_run: bool = False
    rejects_path: Path | None = None
    orphans_path: Path | None = None


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """Which column holds what, and whether it was found by its name.

    Attributes
    ----------
    holds : str
        What is read from it.
    column : str
        Name of the column.
    guessed : bool
        Whether it was found by its name and not named by the caller.
    """

    holds: str
    column: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class Orphan:
    """A row that no area of a layer owns.

    Attributes
    ----------
    row : int
        Row number in the file, from 1.
    source, external_id : str
        What it is called.
    layer : str or None
        The layer; None for a row without a usable coordinate, which no layer can own.
    reason : str
        ``no-coordinate``, ``bad-coordinate`` or ``outside``.
    message : str
        The reason in words.
    nearest_area : str or None
        For ``outside``: code of the nearest area.
    distance_m : float or None
        For ``outside``: metres to it.
    """

    row: int
    source: str
    external_id: str
    layer: str | None
    reason: str
    message: str
    nearest_area: str | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class PointImportReport:
    """What an import of events or buildings did.

    Attributes
    ----------
    kind : str
        ``events`` or ``buildings``.
    file : str
        What was read.
    crs : str
        What the coordinates were taken to be in.
    fields : tuple of FieldChoice
        Which columns were read as what.
    time_format : str or None
        How times were read.
    rows_read : int
        ``inserted + updated + unchanged + rejected``.
    inserted, updated, unchanged, rejected : int
        What became of the rows.
    without_place : int
        Rows that were taken in though they have no usable coordinate.
    problems : tuple of RowProblem
        Why rows were rejected, by row.
    notes : tuple of str
        What was decided on the way.
    joined : tuple of LayerJoin
        Where the rows of the file stand now, one entry per partition layer that has a plan.
    orphans : tuple of Orphan
        Rows that no area owns, by row and layer.
    rejects_path, orphans_path : str or None
        Files that were written.
    """

    kind: str
    file: str
    crs: str
    fields: tuple[FieldChoice, ...]
    time_format: str | None
    rows_read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    without_place: int
    problems: tuple[RowProblem, ...]
    notes: tuple[str, ...]
    joined: tuple[LayerJoin, ...]
    orphans: tuple[Orphan, ...]
    rejects_path: str | None
    orphans_path: str | None

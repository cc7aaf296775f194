"""Proposals as a table that people edit: GeoPackage for QGIS, workbook for Excel, CSV for anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas
import pandas as pd
import pyarrow as pa

from gisgov.errors import FileError, InputError
from gisgov.files.columns import find_field, texts_of
from gisgov.files.formats import Format, identify
from gisgov.files.sheet_output import write_sheet
from gisgov.files.styles import PROPOSALS
from gisgov.files.table_output import write_table
from gisgov.files.tables import read_plain_table
from gisgov.files.vectors import list_layers, open_vectors, write_vectors
from gisgov.geometry.crs import WGS84
from gisgov.geometry.repair import Decision
from gisgov.services.repairing.findings import ground_of
from gisgov.services.repairing.proposals import ProposalInfo, ProposalTable

LAYER: Final = "proposals"
_COLUMNS: Final = (
    *("number", "kind", "decision", "to", "accepted", "options", "reason", "area_m2", "width_m", "cover"),
    *("areas", "lon", "lat", "proposed", "key", "made_for"),
)
_READ: Final = ("number", "decision", "to", "accepted", "proposed", "key", "made_for")
_FORMATS: Final = (".gpkg", ".xlsx", ".csv", ".geojson")
_SPREADSHEET_DIGITS: Final = 11
_PART, _IS = "; ", " = "


@dataclass(frozen=True, slots=True)
class EditedRow:
    """A row as a person left it; None where a cell is empty.

    ``row`` counts from 1 below the header, ``number``, ``decision`` … are the texts of their columns.
    """

    row: int
    number: str | None
    decision: str | None
    to: str | None
    accepted: str | None
    proposed: str | None
    key: str | None
    made_for: str | None


@dataclass(frozen=True, slots=True)
class EditedTable:
    """The rows of a file of proposals, and where their cells do not fit the header (words by row)."""

    name: str
    rows: tuple[EditedRow, ...]
    ragged: dict[int, str]


def refuse_table(path: Path) -> None:
    """Refuse to write proposals over something, before they are made.

    Raises
    ------
    FileError
        The suffix is of no format that proposals are written in.
    InputError
        There is a file already: it may hold decisions of people.
    """
    if path.suffix.lower() not in _FORMATS:
        raise FileError(
            f"Proposals are not written as {path.suffix or 'a file without suffix'} ({path.name}).",
            hint=f"Choose one of {' '.join(_FORMATS)}.",
            field="out",
        )
    if path.exists():
        raise InputError(
            f"{path} exists, and may hold decisions.",
            hint="Delete it, or write to another file.",
            field="out",
        )


def write_proposals(table: ProposalTable, path: Path) -> None:
    """Write proposals.

    Parameters
    ----------
    table : ProposalTable
        What to write; nothing is accepted yet.
    path : pathlib.Path
        A ``.gpkg``, ``.xlsx``, ``.csv`` or ``.geojson``. In a GeoPackage the layer is coloured by decision,
        and what has a place but no ground lies in a second layer of points; only ``proposals`` is read back.

    Raises
    ------
    FileError
        The suffix is of no such format, or the file cannot be written.
    """
    records = list(_records(table))
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_table(path, _COLUMNS, (tuple(map(_kept_by_spreadsheets, record)) for record in records))
    elif suffix == ".xlsx":
        choices = {"decision": [one.value for one in Decision], "accepted": ["yes", "no"]}
        write_sheet(path, _COLUMNS, records, title=LAYER, choices=choices)
    else:
        write_vectors(_frame(records, table.rows), path, layer=LAYER, style=PROPOSALS)


def read_proposals(path: Path) -> EditedTable:
    """Read proposals as a person left them.

    Parameters
    ----------
    path : pathlib.Path
        What `write_proposals` wrote, edited and saved in the same or another of its formats. A CSV may have
        been saved by Excel, with semicolons or tabs and in GB18030.

    Raises
    ------
    FileError
        It cannot be read.
    InputError
        A column that is needed is missing.
    """
    columns, rows, ragged = _read(path)
    texts = {
        name: texts_of(
            columns.column(find_field(columns.column_names, name, file_name=path.name)), field=name
        )
        for name in _READ
    }
    edited = [
        EditedRow(row, **{name: texts[name][i] for name in _READ})
        for i, row in enumerate(rows)
        if any(texts[name][i] is not None for name in _READ)  # a line that was emptied is no row
    ]
    return EditedTable(path.name, tuple(edited), ragged)


def made_for_text(made_for: dict[str, str]) -> str:
    """Return what proposals were made for as one cell; `made_for_of` reads it back.

    Examples
    --------
    >>> made_for_of(made_for_text({"areas": "9f8a", "min_gap_m2": "0.0"}))
    {'areas': '9f8a', 'min_gap_m2': '0.0'}
    """
    return _PART.join(f"{name}{_IS}{value}" for name, value in made_for.items())


def made_for_of(text: str) -> dict[str, str]:
    """Read a cell that says what proposals were made for; parts that make no sense are left out."""
    parts = (part.partition(_IS) for part in text.split(_PART))
    return {name.strip(): value.strip() for name, found, value in parts if found}


def _read(path: Path) -> tuple[pa.Table, list[int], dict[int, str]]:
    kind = identify(path)
    if kind in (Format.TEXT_TABLE, Format.EXCEL):
        raw = read_plain_table(path)
        return raw.columns, raw.rows.tolist(), raw.ragged
    layers = list_layers(path)
    with open_vectors(path, layer=LAYER if LAYER in layers else None) as source:
        batches = list(source.batches())
        fields = source.fields
    empty = pa.table({field: pa.array([], type=pa.string()) for field in fields})
    table = pa.Table.from_batches([batch.attributes for batch in batches]) if batches else empty
    return table, list(range(1, table.num_rows + 1)), {}


def _kept_by_spreadsheets(cell: object) -> object:
    """Put a tab before a code that a spreadsheet would take for a number and shorten; reading strips it."""
    is_code = isinstance(cell, str) and cell.isascii() and cell.isdigit()
    shortened = is_code and (len(str(cell)) > _SPREADSHEET_DIGITS or str(cell).startswith("0"))
    return f"\t{cell}" if shortened else cell


def proposals_frame(rows: Sequence[ProposalInfo]) -> geopandas.GeoDataFrame:
    """Return proposals as maps draw them, in EPSG:4326."""
    return _frame(list(_records(ProposalTable(tuple(rows), {}))), rows)


def _frame(records: list[tuple[object, ...]], rows: Sequence[ProposalInfo]) -> geopandas.GeoDataFrame:
    plain = pd.DataFrame.from_records(records, columns=_COLUMNS)
    typed = plain.astype(dict.fromkeys(("area_m2", "width_m", "lon", "lat"), "float64"))
    typed["cover"] = typed["cover"].astype("Int64")
    for name in ("to", "accepted"):  # text, also where all are empty
        typed[name] = typed[name].astype("string")
    return geopandas.GeoDataFrame(typed, geometry=list(ground_of(rows)), crs=WGS84.name)


def _records(table: ProposalTable) -> Iterator[tuple[object, ...]]:
    made_for = made_for_text(dict(table.made_for))
    for one in table.rows:
        yield (
            *(one.number, one.kind, one.decision, one.to, None, ", ".join(one.options), one.reason),
            *(one.area_m2, one.width_m, one.cover, ", ".join(one.areas), one.lon, one.lat),
            *(one.words, one.key, made_for),
        )

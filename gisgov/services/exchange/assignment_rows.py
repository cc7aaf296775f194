"""Rows of a file that say which block belongs to which area: read, with a header or without one."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from gisgov.errors import FileError, InputError
from gisgov.files.columns import REJECT_FIELDS, find_field, texts_of
from gisgov.files.tables import read_plain_table
from gisgov.services.importing.row_problems import ProblemKind, RowProblem
from gisgov.types import Ints, Texts

_BLOCK_NAMES: Final = (
    "block", "block_code", "blockid", "block_id", "geoid", "geoid20", "geoid10",
    "基本单元", "单元编码", "地块编码",
)  # fmt: skip
_AREA_NAMES: Final = (
    "area", "area_code", "district", "district_id", "assignment", "grid", "grid_code",
    "网格", "网格编码", "区域编码",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class AssignmentRows:
    """Rows as a file has them.

    Attributes
    ----------
    columns : pyarrow.Table
        All cells, as text, under the names of the header or ``column_N``.
    numbers : numpy.ndarray
        Their numbers in the file, from 1; a header does not count.
    blocks, areas : numpy.ndarray
        Codes; None in an empty cell.
    problems : tuple of RowProblem
        Rows that have more or fewer cells than the others.
    has_header : bool
        Whether the first row was one.
    """

    columns: pa.Table
    numbers: Ints
    blocks: Texts
    areas: Texts
    problems: tuple[RowProblem, ...]
    has_header: bool


def read_assignments(
    path: Path,
    known: Container[str],
    *,
    block_field: str | None = None,
    area_field: str | None = None,
    sheet: str | None = None,
) -> AssignmentRows:
    """Read a file of assignments.

    Parameters
    ----------
    path : pathlib.Path
        A CSV, TSV, Excel or Parquet file.
    known : container of str
        Codes of blocks. A first row that begins with one of them is no header, nor is one that names no
        column that is known, unless the second row begins with one. Without a header the first column is
        the block, the second its area.
    block_field, area_field : str, optional
        Names of the columns; a first row is a header then.
    sheet : str, optional
        Sheet of a workbook, if it has several.

    Raises
    ------
    FileError
        The file cannot be read, holds no rows or has one column.
    InputError
        There is no such column.
    """
    table = read_plain_table(path, layer=sheet, has_header=False)
    columns, ragged = table.columns, table.ragged
    if not columns.num_rows:
        raise FileError(f"{path.name} holds no rows.")
    if columns.num_columns < 2:
        raise FileError(f"{path.name} has one column.", hint="Give two: the block and its area.")
    names = _names(columns, known, is_named=bool(block_field or area_field))
    has_header = names is not None
    if names is not None:
        columns = columns.slice(1).rename_columns(names) if names != columns.column_names else columns
    if not columns.num_rows:
        raise FileError(f"{path.name} holds no rows below the names of its columns.")
    places = _places(path, columns.column_names, block_field, area_field, has_header=has_header)
    taken = columns.num_rows < table.columns.num_rows
    numbers = np.asarray(table.rows, dtype=np.int64)
    numbers = numbers[1:] - 1 if taken else numbers
    blocks, areas = (texts_of(columns.column(place), field=columns.column_names[place]) for place in places)
    problems = [
        RowProblem(row - taken, None, str(ProblemKind.RAGGED_ROW), words) for row, words in ragged.items()
    ]
    return AssignmentRows(columns, numbers, blocks, areas, tuple(problems), has_header)


def _names(columns: pa.Table, known: Container[str], *, is_named: bool) -> list[str] | None:
    """Return the names of the columns if the file has any; a Parquet file always does."""
    names: list[str] = columns.column_names
    if names[0] != "column_1":
        return names
    cells, *more = (
        [str(cell or "").strip() for cell in row.values()] for row in columns.slice(0, 2).to_pylist()
    )
    folded = {cell.casefold() for cell in cells}
    is_named |= bool(folded & {*_BLOCK_NAMES, *_AREA_NAMES}) or any(row[0] in known for row in more)
    if not is_named or cells[0] in known:
        return None
    return [cell or f"column_{i + 1}" for i, cell in enumerate(cells)]


def _places(
    path: Path, names: list[str], block_field: str | None, area_field: str | None, *, has_header: bool
) -> tuple[int, int]:
    """Return which columns are the block and the area.

    Raises
    ------
    InputError
        There is no such column.
    """
    if not has_header:
        if block_field or area_field:
            raise InputError(f"{path.name} has no header to find columns by.", field="block_field")
        return 0, 1
    own = tuple(name for name in names if name not in REJECT_FIELDS)
    block = block_field or _known_name(own, _BLOCK_NAMES) or own[0]
    block = find_field(own, block, file_name=path.name)
    others = tuple(name for name in own if name != block)
    area = area_field or _known_name(others, _AREA_NAMES) or (others or own)[0]
    return names.index(block), names.index(find_field(own, area, file_name=path.name))


def _known_name(names: tuple[str, ...], known: tuple[str, ...]) -> str | None:
    folded = {name.strip().casefold(): name for name in reversed(names)}
    return next((folded[name] for name in known if name in folded), None)

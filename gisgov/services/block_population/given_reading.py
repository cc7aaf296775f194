"""Counts of blocks as a file gives them, by the codes of the blocks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from gisgov.errors import InputError
from gisgov.files.columns import texts_of
from gisgov.files.formats import Format, identify
from gisgov.files.tables import read_plain_table
from gisgov.files.text_tables import RawTable
from gisgov.files.vectors import open_vectors
from gisgov.services.block_building.line_files import options_of
from gisgov.services.block_population.requests import CountFile
from gisgov.services.block_population.whole_counts import UNREADABLE, count_fields, whole_counts
from gisgov.services.importing.row_problems import ProblemKind, RowProblem, sorted_problems
from gisgov.types import Ints, Texts

_PLAIN = (Format.TEXT_TABLE, Format.EXCEL, Format.PARQUET)


@dataclass(frozen=True, slots=True, eq=False)
class GivenCounts:
    """Counts for some of the ``n`` blocks.

    Attributes
    ----------
    block : numpy.ndarray of int, shape (k,)
        Numbers of the blocks that are named.
    population : numpy.ndarray of int, shape (k,)
        Their people.
    households : numpy.ndarray of int, shape (k,), or None
        Their households; None where the file has none.
    rows_read : int
        Rows of the file.
    refused : tuple of RowProblem
        Rows that could not be used, and why.
    refused_population : int
        Their people, as far as their count can be read.
    rounded : int
        Numbers of people that were rounded.
    """

    block: Ints
    population: Ints
    households: Ints | None
    rows_read: int
    refused: tuple[RowProblem, ...]
    refused_population: int
    rounded: int


def read_given(file: CountFile, block_codes: Texts) -> GivenCounts:
    """Read counts of blocks by their codes.

    Parameters
    ----------
    file : CountFile
        A table, or the attributes of a vector layer.
    block_codes : numpy.ndarray of str, shape (n,)
        Codes of the blocks, unlike each other.

    Returns
    -------
    GivenCounts
        A row is refused that names no block of these, or one that another row names too, or whose counts are
        no whole numbers.

    Raises
    ------
    FileError
        The file cannot be read or holds no rows.
    InputError
        There is no such layer or column.
    """
    fields, columns, rows, ragged = _whole(file)
    counts = {
        holds: whole_counts(columns[holds], fields[holds], rounded=file.rounded)
        for holds in fields
        if holds != "code"
    }
    number = {code: i for i, code in enumerate(block_codes)}
    codes = columns["code"]
    naming: dict[str | None, list[int]] = defaultdict(list)
    for row, code in zip(rows.tolist(), codes, strict=True):
        naming[code].append(row)
    problems: list[RowProblem] = []
    for i, (row, code) in enumerate(zip(rows.tolist(), codes, strict=True)):
        found = [(ProblemKind.BAD_NUMBER, one.faults[i]) for one in counts.values() if one.faults[i]]
        if row in ragged:
            found.append((ProblemKind.RAGGED_ROW, ragged[row]))
        if code is None:
            found.append((ProblemKind.MISSING_CODE, f"has no code in {fields['code']!r}"))
        elif code not in number:
            found.append((ProblemKind.UNKNOWN_AREA, "names no block of the scope"))
        elif len(naming[code]) > 1:
            others = ", ".join(str(other) for other in naming[code] if other != row)
            found.append((ProblemKind.DUPLICATE_CODE, f"names the block that row {others} names"))
        problems += [RowProblem(row, code, str(kind), message) for kind, message in found]
    bad = np.isin(rows, [problem.row for problem in problems])
    lost = counts["population"].counts[bad]
    return GivenCounts(
        block=np.array([number[code] for code in codes[~bad]], dtype=np.int64),
        population=counts["population"].counts[~bad],
        households=counts["households"].counts[~bad] if "households" in counts else None,
        rows_read=len(rows),
        refused=sorted_problems(problems),
        refused_population=int(lost[lost != UNREADABLE].sum()),
        rounded=counts["population"].rounded,
    )


def _whole(file: CountFile) -> tuple[dict[str, str], dict[str, Texts], Ints, dict[int, str]]:
    """Read the columns of code and counts: their names, their texts, the row numbers, and ragged rows."""
    named = file if file.code_field is not None else replace(file, code_field="code")
    with options_of("given"):
        raw = _table(file)
    table, rows, ragged = raw.columns, raw.rows, raw.ragged
    if not len(rows):
        raise InputError(f"{file.path.name} holds no rows.", field="given")
    fields = count_fields(named, tuple(table.column_names), "given")
    columns = {holds: texts_of(table.column(column), field=column) for holds, column in fields.items()}
    return fields, columns, rows, ragged


def _table(file: CountFile) -> RawTable:
    if identify(file.path) in _PLAIN:
        return read_plain_table(file.path, layer=file.layer)
    with open_vectors(file.path, layer=file.layer) as source:
        batches = list(source.batches())
    if not batches:
        return RawTable(pa.table({}), np.zeros(0, dtype=np.int64), {})
    table = pa.Table.from_batches([batch.attributes for batch in batches])
    return RawTable(table, np.concatenate([batch.rows for batch in batches]), {})

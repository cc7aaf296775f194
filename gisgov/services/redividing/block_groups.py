"""Groups of blocks from a table: the codes in each row."""

from __future__ import annotations

from pathlib import Path

from gisgov.errors import InputError
from gisgov.files.columns import texts_of
from gisgov.files.tables import read_plain_table
from gisgov.services.redividing.requests import BlockGroups


def read_block_groups(path: Path, *, layer: str | None = None) -> BlockGroups:
    """Read groups of blocks: each row of the table has the codes of one group in its cells.

    Raises
    ------
    FileError
        The file is no table, or cannot be read.
    InputError
        No row has two codes.
    """
    table = read_plain_table(path, layer=layer)
    columns = [texts_of(table.columns.column(name), field=name) for name in table.columns.column_names]
    groups = tuple(tuple(code for code in row if code is not None) for row in zip(*columns, strict=True))
    found = tuple(group for group in groups if len(group) > 1)
    if not found:
        raise InputError(f"{path.name} has no row with the codes of two blocks.", field="apart")
    return found

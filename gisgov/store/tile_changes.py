"""What tiles have to take over: which rows changed, and what they were given where the log tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import sqlalchemy as sa

from gisgov.store.changes import Subject, Version
from gisgov.store.packed import packed_rows
from gisgov.store.statements import statement
from gisgov.store.tile_reading import unpacked_ids
from gisgov.store.tile_rows import COLUMNS, TileSubject, TileValues, no_rows, unpacked_values
from gisgov.types import Bools, Ints

_MOST_TOLD: Final = 4_000_000
"""Where rows were told of more often than that, any row may have changed: so many are not looked through."""

_MOST_STATEMENTS: Final = 20
"""Of how many statements values are read at most, 50,000 rows of each; of others the rows are read."""


@dataclass(frozen=True, slots=True, eq=False)
class ChangedRows:
    """What changed of a subject.

    Attributes
    ----------
    version : Version
        The state that the changes lead to.
    changed_at : int or None
        The version of the last of them; None where nothing changed.
    ids : numpy.ndarray of int64 or None
        Of the rows that are new, changed or gone, ascending; None: any may be.
    is_once : numpy.ndarray of bool
        Parallel: whether a single statement told of the row.
    """

    version: Version
    changed_at: int | None
    ids: Ints | None
    is_once: Bools


def changed_rows(connection: sa.Connection, subject: Subject, seen: Version) -> ChangedRows:
    """Return what changed of a subject since a version: `gisgov.store.changes.changes_since`, packed."""
    given = {"subject": subject, "seen": seen.number, "most": _MOST_TOLD}
    (row,) = packed_rows(connection, statement("tile_changes"), given)
    version = Version(str(row.epoch), row.version)
    ids, times = np.unique(unpacked_ids(row.ids), return_counts=True)
    if version == seen:
        return ChangedRows(version, None, ids, times == 1)
    is_told = version.epoch == seen.epoch and seen.number < version.number
    if not is_told or row.oldest is None or row.oldest > seen.number + 1 or row.is_any:
        return ChangedRows(version, row.changed_at, None, times == 1)
    return ChangedRows(version, row.changed_at, ids, times == 1)


def told_values(connection: sa.Connection, subject: TileSubject, seen: Version, changed: Ints) -> TileValues:
    """Return what rows have, as the statement told that changed them.

    Statements that give many buildings other values without another shape tell them: a row of the log is read
    in a small part of the time that the rows of the buildings take.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction that sees one state: REPEATABLE READ.
    subject : str
        Only of ``buildings`` something is told.
    seen : Version
        Since when.
    changed : numpy.ndarray of int64
        Rows that a single statement told of since. What it told is what they have: had another one changed
        them after it, or brought them, it had told of them too.

    Returns
    -------
    TileValues
        Of as many of these rows as it was told of.
    """
    found = [no_rows(subject).values]
    if subject == "buildings" and len(changed):
        given = {"seen": seen.number, "most": _MOST_STATEMENTS}
        for row in packed_rows(connection, statement("tile_values"), given):
            of_statement = unpacked_values(row, COLUMNS[subject])
            found.append(of_statement.taken(np.isin(of_statement.ids, changed)))
    return TileValues.joined(found)

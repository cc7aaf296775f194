"""What rules ask of buildings: facts written down with them, some ten thousand buildings at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import sqlalchemy as sa

from gisgov.store.array_literals import integers_literal
from gisgov.store.packed import packed_rows
from gisgov.store.statements import statement
from gisgov.store.tables import building
from gisgov.types import Ints, Texts

BATCH: Final = 50_000
"""Buildings that are read, rated and written at a time: enough to be fast, few enough for any memory."""

_OWN: Final = ("floors", "households", "population", "built_year", "use")


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Some buildings with what is written down of them, as parallel columns.

    Attributes
    ----------
    ids : numpy.ndarray of int
        Rising.
    classes : numpy.ndarray of str
        How they are rated so far, an empty text for those that never were.
    answers : dict
        For each fact a column of texts, None where it is not known.
    """

    ids: Ints
    classes: Texts
    answers: dict[str, Texts]


def next_ids(connection: sa.Connection, after: int, *, most: int = BATCH) -> Ints:
    """Return the ids of the next buildings, rising; none after the last."""
    query = sa.select(building.c.id).where(building.c.id > after).order_by(building.c.id).limit(most)
    return np.array(connection.execute(query).scalars().all(), dtype=np.int64)


def ask_buildings(connection: sa.Connection, ids: Ints, facts: Sequence[str]) -> Asked:
    """Read facts of buildings; those that there are not, or that are hidden, are left out.

    A column of the table goes before a fact of that name.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    ids : numpy.ndarray of int
        Which buildings.
    facts : sequence of str
        Names of the facts.
    """
    given = {"ids": integers_literal(ids), **{f"fact_{i}": name for i, name in enumerate(facts)}}
    columns = "".join(f", {_column(name, i)} AS f{i}" for i, name in enumerate(facts))
    gathered = "".join(f", array_agg(f{i}) AS f{i}" for i in range(len(facts)))
    (row,) = packed_rows(connection, statement("building_facts", columns=columns, gathered=gathered), given)
    return Asked(
        ids=np.array(row.ids or [], dtype=np.int64),
        classes=_texts(row.classes),
        answers={name: _texts(getattr(row, f"f{i}")) for i, name in enumerate(facts)},
    )


def names_of(connection: sa.Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return source and identifier of buildings, for messages."""
    query = sa.select(building.c.id, building.c.source, building.c.external_id).where(building.c.id.in_(ids))
    return {row.id: f"{row.source} {row.external_id}" for row in connection.execute(query)}


def _column(name: str, place: int) -> str:
    if name in _OWN:
        return f"COALESCE(CAST(building.{name} AS TEXT), building.facts ->> '{name}')"
    return f"building.facts ->> :fact_{place}"


def _texts(values: Sequence[str | None] | None) -> Texts:
    column = np.empty(len(values or ()), dtype=object)
    column[:] = values or ()
    return column

"""People and households of blocks, written apart from the ground that they live on."""

from __future__ import annotations

import sqlalchemy as sa

from gisgov.store.statements import statement
from gisgov.types import Ints

_BATCH = 20_000


def lock_blocks(connection: sa.Connection) -> None:
    """Keep others from writing blocks until the transaction ends; everybody goes on reading them."""
    connection.execute(sa.text("LOCK TABLE block IN SHARE ROW EXCLUSIVE MODE"))


def put_block_counts(
    connection: sa.Connection, ids: Ints, population: Ints, households: Ints, source: str
) -> int:
    """Write the people and households of blocks.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    ids : numpy.ndarray of int, shape (n,)
        Ids of the blocks.
    population, households : numpy.ndarray of int, shape (n,)
        Counts from 0.
    source : str
        What they were counted from, in words; kept as the attribute ``population_source``.

    Returns
    -------
    int
        How many blocks were known otherwise before.
    """
    changed = 0
    for begin in range(0, len(ids), _BATCH):
        part = slice(begin, begin + _BATCH)
        changed += connection.execute(
            statement("put_block_counts"),
            {
                "ids": ids[part].tolist(),
                "population": population[part].tolist(),
                "households": households[part].tolist(),
                "source": source,
            },
        ).scalar_one()
    return changed

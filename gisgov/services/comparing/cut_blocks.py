"""Common ground of the pieces of blocks that one plan cut, or two plans cut differently."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import sqlalchemy as sa

from gisgov.geometry.common_ground import OUTSIDE, common_ground
from gisgov.geometry.systems import CoordinateSystem
from gisgov.services.comparing.pairs import Pairs
from gisgov.services.comparing.people import share_out
from gisgov.store.cells import Cells, shapes_of_cells
from gisgov.types import Bools, Ints


def overlaps_of_cuts(
    connection: sa.Connection, before: Cells, after: Cells, old: Ints, new: Ints, working: CoordinateSystem
) -> Iterator[Pairs]:
    """Find what the areas of two plans have in common in blocks that both have in pieces.

    A block all of whose pieces are in one area on one side is in that area, and the pieces of the other side
    say the rest. Only where both sides have it in several areas are the pieces laid over each other.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    before, after : Cells
        Blocks and pieces of the two plans, of the same roots.
    old, new : numpy.ndarray of int
        Numbers of their areas, `NOWHERE` for none.
    working : CoordinateSystem
        The plane that is measured in.
    """
    if not len(before):
        return
    roots = np.unique(before.root)
    of_before, of_after = np.searchsorted(roots, before.root), np.searchsorted(roots, after.root)
    whole_before, whole_after = _in_one(of_before, old, len(roots)), _in_one(of_after, new, len(roots))
    first_old, first_new = np.zeros(len(roots), dtype=np.int64), np.zeros(len(roots), dtype=np.int64)
    first_old[of_before], first_new[of_after] = old, new
    pieces = whole_before[of_after]
    yield Pairs(
        first_old[of_after][pieces],
        new[pieces],
        after.ground_m2[pieces],
        after.people[pieces],
        np.ones(int(pieces.sum()), dtype=np.int64),
    )
    pieces = (whole_after & ~whole_before)[of_before]
    yield Pairs(
        old[pieces],
        first_new[of_before][pieces],
        before.ground_m2[pieces],
        before.people[pieces],
        np.ones(int(pieces.sum()), dtype=np.int64),
    )
    both = ~whole_before & ~whole_after
    for i in np.flatnonzero(both).tolist():
        one, other = np.flatnonzero(of_before == i), np.flatnonzero(of_after == i)
        yield _laid_over(connection, before.chosen(one), after.chosen(other), old[one], new[other], working)


def _in_one(group: Ints, area: Ints, count: int) -> Bools:
    """Whether all pieces of each block are in one area."""
    last = np.zeros(count, dtype=np.int64)
    last[group] = area
    others = np.bincount(group, weights=area != last[group], minlength=count)
    return np.asarray(others == 0)


def _laid_over(
    connection: sa.Connection, before: Cells, after: Cells, old: Ints, new: Ints, working: CoordinateSystem
) -> Pairs:
    found = common_ground(
        shapes_of_cells(connection, before), shapes_of_cells(connection, after), working
    )  # the pieces of a block make up all of it on both sides
    inside = found.target != OUTSIDE
    source, target, ground = found.source[inside], found.target[inside], found.area_m2[inside]
    people = share_out(source, target, ground, before.people, after.people)
    return Pairs(old[source], new[target], ground, people, np.ones(len(source), dtype=np.int64))

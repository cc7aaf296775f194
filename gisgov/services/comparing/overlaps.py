"""What the areas of plans have in common: by common blocks where they have them, else by common ground."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import sqlalchemy as sa

from gisgov.geometry.crs import parse_crs
from gisgov.geometry.systems import CoordinateSystem
from gisgov.governance.comparison import Overlaps
from gisgov.governance.lineage import NOWHERE
from gisgov.services.comparing.cut_blocks import overlaps_of_cuts
from gisgov.services.comparing.laid_over import overlaps_of_ground
from gisgov.services.comparing.pairs import Pairs, joined
from gisgov.store.acting import as_owner
from gisgov.store.cells import Cells, cells_of_plans, codes_of_plans
from gisgov.store.plans import StoredPlan
from gisgov.types import Ints, Texts


def overlaps_of(connection: sa.Connection, former: StoredPlan, plan: StoredPlan) -> Overlaps:
    """Return what the areas of two plans have in common; see `overlaps_between`."""
    return overlaps_between(connection, [former], [plan])


def overlaps_between(
    connection: sa.Connection, formers: Sequence[StoredPlan], plans: Sequence[StoredPlan]
) -> Overlaps:
    """Return what the areas of some plans have in common with those of others.

    Blocks that both sides are made of are their common ground, and so are the pieces of a block that one or
    both of them cut: each piece lies in its block, whose people are shared out so that they add up. What is
    not made of common blocks is laid over each other, and its people are those of the blocks of either side,
    else of buildings or blocks by their places, else of the areas by their ground.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction; whoever acts sees the plans.
    formers, plans : sequence of StoredPlan
        The plans before and after, drafts too; several are of one layer and different scopes.

    Returns
    -------
    Overlaps
        Pairs that only touch, or share no more than a sliver, are not among them.
    """
    with as_owner(connection):  # sums of blocks, which not everybody may see one by one
        before = cells_of_plans(connection, [one.id for one in formers])
        after = cells_of_plans(connection, [one.id for one in plans])
        former_codes = codes_of_plans(connection, [one.id for one in formers])
        codes = codes_of_plans(connection, [one.id for one in plans])
        old, new = _numbers(former_codes, before.area), _numbers(codes, after.area)
        working = parse_crs((*plans, *formers)[0].working_crs)
        pairs = joined(_found(connection, before, after, old, new, working))
    return Overlaps(
        former_codes, codes, pairs.former, pairs.area, pairs.ground_m2, pairs.people, pairs.blocks
    )


def _found(
    connection: sa.Connection, before: Cells, after: Cells, old: Ints, new: Ints, working: CoordinateSystem
) -> Iterable[Pairs]:
    _, left, right = np.intersect1d(
        np.where(before.is_block, before.ids, -1),
        np.where(after.is_block, after.ids, -2),
        return_indices=True,
    )
    ones = np.ones(len(left), dtype=np.int64)
    yield Pairs(old[left], new[right], before.ground_m2[left], before.people[left], ones)
    rest_before = np.setdiff1d(np.arange(len(before)), left)
    rest_after = np.setdiff1d(np.arange(len(after)), right)
    roots = np.intersect1d(before.root[rest_before], after.root[rest_after])
    roots = roots[roots > 0]
    cut_before = np.isin(before.root[rest_before], roots)
    cut_after = np.isin(after.root[rest_after], roots)
    one, other = rest_before[cut_before], rest_after[cut_after]
    yield from overlaps_of_cuts(
        connection, before.chosen(one), after.chosen(other), old[one], new[other], working
    )
    one, other = rest_before[~cut_before], rest_after[~cut_after]
    yield from overlaps_of_ground(
        connection, before.chosen(one), after.chosen(other), old[one], new[other], working
    )


def _numbers(codes: Texts, asked: Texts) -> Ints:
    number = {code: i for i, code in enumerate(codes.tolist())}
    return np.array([number.get(code, NOWHERE) for code in asked.tolist()], dtype=np.int64)

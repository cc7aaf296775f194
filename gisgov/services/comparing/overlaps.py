"""What the areas of plans have in common: by common blocks where they have them, else by common ground."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
from gisgov.store.cells import Cells, CommonBlocks, blocks_in_common, cells_of_plans, codes_of_plans
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
    former_ids, ids = [one.id for one in formers], [one.id for one in plans]
    with as_owner(connection):  # sums of blocks, which not everybody may see one by one
        before = cells_of_plans(connection, former_ids, ids)
        after = cells_of_plans(connection, ids, former_ids)
        former_codes, codes = codes_of_plans(connection, former_ids), codes_of_plans(connection, ids)
        common = _pairs(blocks_in_common(connection, former_ids, ids), former_codes, codes)
        old, new = _numbers(former_codes, before.area), _numbers(codes, after.area)
        working = parse_crs((*plans, *formers)[0].working_crs)
        pairs = joined([common, *_rest(connection, before, after, old, new, working)])
    return Overlaps(
        former_codes, codes, pairs.former, pairs.area, pairs.ground_m2, pairs.people, pairs.blocks
    )


def _pairs(common: Sequence[CommonBlocks], former_codes: Texts, codes: Texts) -> Pairs:
    return Pairs(
        _numbers(former_codes, [one.former_code for one in common]),
        _numbers(codes, [one.code for one in common]),
        np.array([one.area_m2 for one in common], dtype=np.float64),
        np.array([one.population for one in common], dtype=np.int64),
        np.array([one.blocks for one in common], dtype=np.int64),
    )


def _rest(
    connection: sa.Connection, before: Cells, after: Cells, old: Ints, new: Ints, working: CoordinateSystem
) -> Iterator[Pairs]:
    """Yield what is common in the pieces of blocks, and in all other ground."""
    roots = np.intersect1d(before.root, after.root)
    roots = roots[roots > 0]
    cut_before, cut_after = np.isin(before.root, roots), np.isin(after.root, roots)
    for find, one, other in (
        (overlaps_of_cuts, np.flatnonzero(cut_before), np.flatnonzero(cut_after)),
        (overlaps_of_ground, np.flatnonzero(~cut_before), np.flatnonzero(~cut_after)),
    ):
        yield from find(connection, before.chosen(one), after.chosen(other), old[one], new[other], working)


def _numbers(codes: Texts, asked: Iterable[str | None]) -> Ints:
    number = {code: i for i, code in enumerate(codes.tolist())}
    return np.array([NOWHERE if code is None else number[code] for code in asked], dtype=np.int64)

"""Blocks that must stay together as one, and those of locked areas left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from gisgov.errors import InputError
from gisgov.types import Bools, Ints
from gisgov.zoning.aims import Rules
from gisgov.zoning.blocks import Blocks


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """What is moved as a whole: single blocks, and groups of blocks.

    Attributes
    ----------
    of_block : numpy.ndarray of int, shape (n,)
        Node of each block, 0 … m - 1; -1 for blocks of locked areas.
    count : int
        Number of nodes.
    joined : numpy.ndarray of int, shape (q, 2)
        Groups that were in several pieces: number of the group, and how many blocks between its pieces
        were put to it.
    """

    of_block: Ints
    count: int
    joined: Ints


def nodes_of(blocks: Blocks, rules: Rules, current: Ints | None) -> Nodes:
    """Put blocks that stay together into one node each.

    Raises
    ------
    InputError
        A rule names a block that does not exist, a locked block has no area, or a group has blocks in two
        parents, in pieces of a parent that do not touch, or both in a locked area and outside it.
    """
    free = ~locked_blocks(blocks, rules, current)
    group = _groups(blocks, rules, free)
    if group is None:
        of_block = np.where(free, np.cumsum(free) - 1, -1)
        return Nodes(of_block, int(free.sum()), np.zeros((0, 2), dtype=np.int64))
    joined = [row for row in (_join(blocks, group, free, one) for one in np.unique(group[group >= 0])) if row]
    # groups that share the ground between their pieces have become one
    alone = np.flatnonzero(free & (group < 0))
    number = np.full(len(blocks), -1, dtype=np.int64)
    number[free & (group >= 0)] = np.unique(group[free & (group >= 0)], return_inverse=True)[1]
    number[alone] = int(number.max()) + 1 + np.arange(len(alone))
    # in the order of their first blocks, so that a group that binds nothing changes nothing
    _, first, place = np.unique(number[free], return_index=True, return_inverse=True)
    of_block = np.full(len(blocks), -1, dtype=np.int64)
    of_block[free] = np.argsort(np.argsort(first))[place]
    return Nodes(of_block, len(first), np.array(joined, dtype=np.int64).reshape(-1, 2))


def locked_blocks(blocks: Blocks, rules: Rules, current: Ints | None) -> Bools:
    """Tell which blocks belong to areas that stay as they are."""
    if rules.locked is None or not np.any(rules.locked):
        return np.zeros(len(blocks), dtype=np.bool_)
    asked = np.flatnonzero(rules.locked)
    if current is None or (current[asked] < 0).any():
        row = int(asked[0] if current is None else asked[current[asked] < 0][0])
        raise InputError(
            f"Block {row} is locked, and there is no present area that it could stay in.",
            hint="Lock areas of the present division only.",
            field="locked",
        )
    return np.isin(current, np.unique(current[asked]))


def _groups(blocks: Blocks, rules: Rules, free: Bools) -> Ints | None:
    """Return the group of each block, -1 for none; None where no group binds anything."""
    if rules.together is None or not (rules.together >= 0).any():
        return None
    group = np.array(rules.together, dtype=np.int64)
    for one, both, what in (
        (blocks.parent, group >= 0, "two parents, which no area may take parts of"),
        (free, group >= 0, "a locked area and outside it"),
    ):
        low, high = np.full(int(group.max()) + 1, np.inf), np.full(int(group.max()) + 1, -np.inf)
        np.minimum.at(low, group[both], one[both])
        np.maximum.at(high, group[both], one[both])
        wrong = np.flatnonzero(low < high)
        if len(wrong):
            raise InputError(
                f"The blocks of group {wrong[0]} shall stay together and lie in {what}.",
                hint="Divide the group, or take it out of those that stay together.",
                field="together",
            )
    return group


def _join(blocks: Blocks, group: Ints, free: Bools, one: int) -> tuple[int, int] | None:
    """Put the blocks between the pieces of a group to it, in place; None where it is in one piece.

    A group with a block in between becomes part of this one.
    """
    members = np.flatnonzero(group == one)
    if len(members) < 2:
        return None
    ground = np.flatnonzero(free & (blocks.parent == blocks.parent[members[0]]))
    number = np.full(len(blocks), -1, dtype=np.int64)
    number[ground] = np.arange(len(ground))
    graph = blocks.graph
    inside = (number[graph.block] >= 0) & (number[graph.neighbour] >= 0)
    rows, others = number[graph.block[inside]], number[graph.neighbour[inside]]
    added = 0
    while True:
        own = group[ground] == one
        within = own[rows] & own[others]
        matrix = csr_array((np.ones(within.sum()), (rows[within], others[within])), shape=(len(ground),) * 2)
        _, piece = connected_components(matrix, directed=False)
        first = int(own.argmax())
        elsewhere = np.flatnonzero(own & (piece != piece[first]))
        if not len(elsewhere):
            return (int(one), added) if added else None
        # each further block on the way costs one, those of the group nothing
        price = np.where(own[others], 1e-9, 1.0)
        way = csr_array((price, (rows, others)), shape=(len(ground),) * 2)
        distance, before = dijkstra(way, indices=first, return_predecessors=True)
        step = int(elsewhere[np.argmin(distance[elsewhere])])
        if not np.isfinite(distance[step]):
            raise InputError(
                f"The blocks of group {one} shall stay together and lie in pieces of their parent that do "
                "not touch.",
                hint="Divide the group, or take it out of those that stay together.",
                field="together",
            )
        while step != first:
            other = int(group[ground[step]])
            added += other != one
            if other >= 0:
                group[group == other] = one
            group[ground[step]] = one
            step = int(before[step])

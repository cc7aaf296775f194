"""Kernels: large neighbourhood search (Shaw, 1998) over a division.

A few neighbouring areas are taken out as a piece of their own, divided anew, and put back where that is
cheaper; their borders with all others stay, so the price of the whole falls by as much as theirs.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from gisgov.geometry.kernel import kernel
from gisgov.types import Ints
from gisgov.zoning import annealing_kernel, bisection_kernel, piece
from gisgov.zoning.annealing_kernel import anneal, below, next_random, price_of, seeded
from gisgov.zoning.bisection_kernel import bisect
from gisgov.zoning.piece import Piece, Weights

Small = npt.NDArray[np.int32]
_HIGH = np.uint64(11)
_TURN = 2 * np.pi / 2.0**53


@kernel
def _neighbourhood(
    piece: Piece,
    label: Ints,
    first: Small,
    after: Small,
    chosen: Small,
    slot: Small,
    wanted: int,
    state: np.uint64,
) -> tuple[int, np.uint64]:
    """Add areas that touch the chosen ones until there are enough; return how many there are.

    ``slot`` tells which areas are chosen; ``first`` and ``after`` list the blocks of each. The longer its
    border with those chosen is, counted in borders of blocks, the likelier an area is to be taken.
    """
    count = 1
    while count < wanted:
        met, pick = 0, -1
        for i in range(count):
            block = first[chosen[i]]
            while block >= 0:
                for j in range(piece.start[block], piece.start[block + 1]):
                    area = label[piece.neighbour[j]]
                    if slot[area] < 0:
                        met += 1
                        state = next_random(state)
                        if below(state, met) == 0:
                            pick = area
                block = after[block]
        if pick < 0:
            break
        slot[pick] = count
        chosen[count] = pick
        count += 1
    return count, state


@kernel
def cut_out(piece: Piece, members: Small, number: Small, slot: Small, chosen: Small) -> Piece:
    """Return blocks as a piece of their own; ``number`` is their place among ``members``, -1 for others."""
    size = len(members)
    start, clash_start = np.zeros(size + 1, np.int32), np.zeros(size + 1, np.int32)
    for i in range(size):
        start[i + 1], clash_start[i + 1] = start[i], clash_start[i]
        for j in range(piece.start[members[i]], piece.start[members[i] + 1]):
            start[i + 1] += number[piece.neighbour[j]] >= 0
        for j in range(piece.clash_start[members[i]], piece.clash_start[members[i] + 1]):
            clash_start[i + 1] += number[piece.clash[j]] >= 0
    neighbour, clash = np.empty(start[-1], np.int32), np.empty(clash_start[-1], np.int32)
    border_m, cost = np.empty(start[-1]), np.empty(start[-1])
    home = np.full(size, -1, np.int32)
    edge, pair = 0, 0
    for i in range(size):
        block = members[i]
        if piece.home[block] >= 0:
            # a home that is not among those chosen is as far away from each of them
            home[i] = slot[piece.home[block]]
        for j in range(piece.start[block], piece.start[block + 1]):
            other = number[piece.neighbour[j]]
            if other >= 0:
                neighbour[edge], border_m[edge], cost[edge] = other, piece.border_m[j], piece.cost[j]
                edge += 1
        for j in range(piece.clash_start[block], piece.clash_start[block + 1]):
            other = number[piece.clash[j]]
            if other >= 0:
                clash[pair] = other
                pair += 1
    return Piece(
        start,
        neighbour,
        border_m,
        cost,
        piece.rim_m[members],
        piece.load[members],
        piece.area_m2[members],
        piece.x[members],
        piece.y[members],
        home,
        piece.price[members],
        piece.held[members],
        clash_start,
        clash,
        piece.target[chosen],
    )


@kernel
def _move(block: int, giver: int, taker: int, first: Small, after: Small, before: Small) -> None:
    """Take a block out of the list of one area and put it into another's."""
    if before[block] >= 0:
        after[before[block]] = after[block]
    else:
        first[giver] = after[block]
    if after[block] >= 0:
        before[after[block]] = before[block]
    before[block], after[block] = -1, first[taker]
    if first[taker] >= 0:
        before[first[taker]] = block
    first[taker] = block


def _made(sources: str) -> Callable[[Piece, Ints, Weights, int, int, int, int, int, Small], int]:
    # what a function closes over is part of its name on disk: a kernel that calls those of other files is
    # compiled anew when they change
    @kernel
    def improve(
        piece: Piece,
        label: Ints,
        weights: Weights,
        tries: int,
        most: int,
        effort: int,
        directions: int,
        seed: int,
        stop: Small,
    ) -> int:
        sources  # noqa: B018
        n, count = len(label), len(piece.target)
        number, slot, chosen = (
            np.full(n, -1, np.int32),
            np.full(count, -1, np.int32),
            np.empty(most, np.int32),
        )
        first, after, before = (
            np.full(count, -1, np.int32),
            np.full(n, -1, np.int32),
            np.full(n, -1, np.int32),
        )
        for block in range(n):
            own = label[block]
            after[block] = first[own]
            if first[own] >= 0:
                before[first[own]] = block
            first[own] = block
        # how often an area was taken out in vain since it last changed: those least tried come first
        vain = np.zeros(count, np.int64)
        state = seeded(seed)
        better = 0
        for _ in range(tries):
            if stop[0] != 0:
                break
            state = next_random(state)
            begin = below(state, count)
            for _ in range(2):
                state = next_random(state)
                other = below(state, count)
                if vain[other] < vain[begin]:
                    begin = other
            state = next_random(state)
            slot[begin], chosen[0] = 0, begin
            areas, state = _neighbourhood(
                piece, label, first, after, chosen, slot, 2 + below(state, most - 1), state
            )
            size = 0
            for i in range(areas):
                block = first[chosen[i]]
                while block >= 0:
                    number[block] = size
                    size += 1
                    block = after[block]
            members = np.empty(size, np.int32)
            is_free = True
            for i in range(areas):
                block = first[chosen[i]]
                while block >= 0:
                    members[number[block]] = block
                    is_free = is_free and not piece.held[block] and piece.home[block] < 0
                    block = after[block]
            part = cut_out(piece, members, number, slot, chosen[:areas])
            divided = np.empty(size, np.int64)
            for i in range(size):
                divided[i] = slot[label[members[i]]]
                number[members[i]] = -1
            for i in range(areas):
                slot[chosen[i]] = -1
            old_price = price_of(part, divided, weights)
            state = next_random(state)
            # where nothing binds a block to its area, three of four times from new cuts
            if is_free and below(state, 4) > 0:
                bisect(part, divided, np.float64(state >> _HIGH) * _TURN, directions)
            state = next_random(state)
            price = anneal(part, divided, weights, effort * size, np.int64(state >> _HIGH), stop)
            if price < old_price - 1e-9:
                better += 1
                for i in range(size):
                    giver, taker = label[members[i]], chosen[divided[i]]
                    if giver != taker:
                        vain[giver], vain[taker] = 0, 0
                        _move(members[i], giver, taker, first, after, before)
                        label[members[i]] = taker
            else:
                for i in range(areas):
                    vain[chosen[i]] += 1
        return better

    return improve


_compiled = _made(
    hashlib.sha256(
        "".join(inspect.getsource(part) for part in (annealing_kernel, bisection_kernel, piece)).encode()
    ).hexdigest()
)


def improve(
    piece: Piece,
    label: Ints,
    weights: Weights,
    *,
    tries: int,
    most: int,
    effort: int,
    directions: int,
    seed: int,
    stop: Small,
) -> int:
    """Improve a division, in place, by dividing a few neighbouring areas anew, again and again.

    Parameters
    ----------
    piece : Piece
        The ground, with two areas or more.
    label : numpy.ndarray of int64, shape (n,)
        Area of each block, each in one piece; changed.
    weights : Weights
        Prices, and the temperatures of each new division.
    tries : int
        How often areas are taken out.
    most : int
        How many are taken out at the most, 2 or more.
    effort : int
        Steps of annealing per block that is taken out.
    directions : int
        Of the straight cuts.
    seed : int
        Same seed and input, same result.
    stop : numpy.ndarray of int32, shape (1,)
        Ends the search early as soon as it is not 0.

    Returns
    -------
    int
        How often the result was cheaper and kept.
    """
    return _compiled(piece, label, weights, tries, most, effort, directions, seed, stop)

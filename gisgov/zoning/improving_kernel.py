"""Kernels: large neighbourhood search (Shaw, 1998) over a division.

A few neighbouring areas are taken out as a piece of their own, divided anew, and put back where that is
cheaper; their borders with all others stay, so the price of the whole falls by as much as theirs.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Ints
from gisgov.zoning import annealing_kernel, bisection_kernel, piece
from gisgov.zoning.annealing_kernel import anneal, below, next_random, price_of, seeded
from gisgov.zoning.bisection_kernel import bisect
from gisgov.zoning.piece import Piece, Small, Weights

_HIGH = np.uint64(11)
_TURN = 2 * np.pi / 2.0**53


class _Lists(NamedTuple):
    """The blocks of each area as a chain, and where blocks and areas stand among those taken out, or -1."""

    first: Small
    after: Small
    before: Small
    number: Small
    slot: Small


@kernel
def _neighbourhood(
    piece: Piece, label: Ints, lists: _Lists, chosen: Small, wanted: int, state: np.uint64
) -> tuple[int, np.uint64]:
    """Add areas that touch the first of the chosen ones until there are enough; return how many there are.

    The longer its border with those chosen is, counted in borders of blocks, the likelier an area is taken.
    """
    count = 1
    lists.slot[chosen[0]] = 0
    while count < wanted:
        met, pick = 0, -1
        for i in range(count):
            block = lists.first[chosen[i]]
            while block >= 0:
                for j in range(piece.start[block], piece.start[block + 1]):
                    area = label[piece.neighbour[j]]
                    if lists.slot[area] < 0:
                        met += 1
                        state = next_random(state)
                        pick = area if below(state, met) == 0 else pick
                block = lists.after[block]
        if pick < 0:
            break
        lists.slot[pick] = count
        chosen[count] = pick
        count += 1
    return count, state


@kernel
def _rows_among(start: Small, neighbour: Small, members: Small, number: Small) -> tuple[Small, Small, Small]:
    """Return the rows of a graph that lie among some of its blocks: starts, neighbours, and old places."""
    size = len(members)
    begins, total = np.zeros(size + 1, np.int32), 0
    for i in range(size):
        for j in range(start[members[i]], start[members[i] + 1]):
            total += number[neighbour[j]] >= 0
        begins[i + 1] = total
    others, places = np.empty(total, np.int32), np.empty(total, np.int32)
    edge = 0
    for i in range(size):
        for j in range(start[members[i]], start[members[i] + 1]):
            if number[neighbour[j]] >= 0:
                others[edge], places[edge] = number[neighbour[j]], j
                edge += 1
    return begins, others, places


@kernel
def cut_out(piece: Piece, members: Small, number: Small, slot: Small, chosen: Small) -> Piece:
    """Return blocks as a piece of their own, with the targets of the chosen areas.

    ``number`` is the place of each block among the members, ``slot`` that of each area among those chosen;
    -1 for others. A home that is not among the chosen areas is none.
    """
    start, neighbour, edges = _rows_among(piece.start, piece.neighbour, members, number)
    clash_start, clash, _ = _rows_among(piece.clash_start, piece.clash, members, number)
    home = np.full(len(members), -1, np.int32)
    for i in range(len(members)):
        if piece.home[members[i]] >= 0:
            home[i] = slot[piece.home[members[i]]]
    return Piece(
        start,
        neighbour,
        piece.border_m[edges],
        piece.cost[edges],
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
def _move(block: int, giver: int, taker: int, lists: _Lists) -> None:
    """Take a block out of the chain of one area and put it into another's."""
    first, after, before = lists.first, lists.after, lists.before
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


@kernel
def _least_tried(vain: Ints, state: np.uint64) -> tuple[int, np.uint64]:
    """Return the area of three that was taken out in vain the least, and the state of chance."""
    count = len(vain)
    state = next_random(state)
    area = below(state, count)
    for _ in range(2):
        state = next_random(state)
        other = below(state, count)
        if vain[other] < vain[area]:
            area = other
    return area, state


@kernel
def _listed(lists: _Lists, chosen: Small) -> Small:
    """Return the blocks of areas, and number them in that order."""
    size = 0
    for i in range(len(chosen)):
        block = lists.first[chosen[i]]
        while block >= 0:
            lists.number[block] = size
            size += 1
            block = lists.after[block]
    members = np.empty(size, np.int32)
    for i in range(len(chosen)):
        block = lists.first[chosen[i]]
        while block >= 0:
            members[lists.number[block]] = block
            block = lists.after[block]
    return members


@kernel
def _name_after_homes(piece: Piece, label: Ints) -> None:
    """Renumber areas, in place, after the homes of their blocks: those that most belongs to come first."""
    count = len(piece.target)
    common = np.zeros((count, count))
    for block in range(len(label)):
        if piece.home[block] >= 0:
            common[label[block], piece.home[block]] += piece.price[block]
    name, taken = np.full(count, -1, np.int64), np.zeros(count, np.bool_)
    for _ in range(count):
        best = np.argmax(common)
        area, home = best // count, best % count
        if common[area, home] <= 0:
            break
        name[area], taken[home] = home, True
        common[area, :] = 0.0
        common[:, home] = 0.0
    others = np.flatnonzero(~taken)
    nameless = np.flatnonzero(name < 0)
    name[nameless] = others[: len(nameless)]
    for block in range(len(label)):
        label[block] = name[label[block]]


@kernel
def _lists_of(label: Ints, count: int) -> _Lists:
    n = len(label)
    number, slot = np.full(n, -1, np.int32), np.full(count, -1, np.int32)
    first, after, before = np.full(count, -1, np.int32), np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    for block in range(n):
        own = label[block]
        after[block] = first[own]
        if first[own] >= 0:
            before[first[own]] = block
        first[own] = block
    return _Lists(first, after, before, number, slot)


@kernel
def _put_back(label: Ints, lists: _Lists, members: Small, divided: Ints, chosen: Small, vain: Ints) -> None:
    """Carry a new division of some areas out."""
    for i in range(len(members)):
        giver, taker = label[members[i]], chosen[divided[i]]
        if giver != taker:
            vain[giver], vain[taker] = 0, 0
            _move(members[i], giver, taker, lists)
            label[members[i]] = taker


def _made(sources: str) -> Callable[[Piece, Ints, Weights, Ints, int, int, int, int, int, int, Small], int]:
    # what a function closes over is part of its name on disk: a kernel that calls those of other files is
    # compiled anew when they change
    @kernel
    def improve(
        piece: Piece,
        label: Ints,
        weights: Weights,
        vain: Ints,
        tries: int,
        most: int,
        effort: int,
        anew: int,
        directions: int,
        seed: int,
        stop: Small,
    ) -> int:
        sources  # noqa: B018
        lists, chosen = _lists_of(label, len(piece.target)), np.empty(most, np.int32)
        state = seeded(seed)
        better = 0
        for _ in range(tries):
            if stop[0] != 0:
                break
            chosen[0], state = _least_tried(vain, state)
            state = next_random(state)
            areas, state = _neighbourhood(piece, label, lists, chosen, 2 + below(state, most - 1), state)
            members = _listed(lists, chosen[:areas])
            part = cut_out(piece, members, lists.number, lists.slot, chosen[:areas])
            divided = np.empty(len(members), np.int64)
            for i in range(len(members)):
                divided[i] = lists.slot[label[members[i]]]
                lists.number[members[i]] = -1
            lists.slot[chosen[:areas]] = -1
            old_price = price_of(part, divided, weights)
            state = next_random(state)
            # where no block is held in its area, so many of four times from new cuts
            if below(state, 4) < anew and not part.held.any():
                bisect(part, divided, np.float64(state >> _HIGH) * _TURN, directions)
                _name_after_homes(part, divided)
            state = next_random(state)
            seed = int(state >> _HIGH)
            if anneal(part, divided, weights, effort * len(members), seed, stop) < old_price - 1e-9:
                better += 1
                _put_back(label, lists, members, divided, chosen, vain)
            else:
                vain[chosen[:areas]] += 1
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
    vain: Ints,
    *,
    tries: int,
    most: int,
    effort: int,
    anew: int,
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
    vain : numpy.ndarray of int64, shape (k,)
        How often each area was taken out in vain since it last changed; changed. Of three areas the one
        with the least is taken out, with some of its neighbours.
    tries : int
        How often areas are taken out.
    most : int
        How many are taken out at the most, 2 or more.
    effort : int
        Steps of annealing per block that is taken out.
    anew : int
        How many of four times they are cut anew, before they are annealed; otherwise as they are.
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
    return _compiled(piece, label, weights, vain, tries, most, effort, anew, directions, seed, stop)

"""Kernels: a division of one connected piece of ground, made better by moves of single blocks.

The price of a division is

    Σ areas  balance·max(0, |load/target − 1| − band)² + shape·perimeter²/(4π·ground)
  + Σ borders between areas  cost
  + Σ blocks away from home  their price  +  clash · pairs of blocks in one area that shall be apart

where perimeter²/(4π·ground) is the inverse of Polsby and Popper's measure (1991). Annealing is that of
Kirkpatrick, Gelatt and Vecchi (1983), with the weight of balance rising as the temperature falls, so that
ground can first flow through areas that are full. Random numbers are Marsaglia's xorshift64 (2003).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Floats, Ints
from gisgov.zoning.piece import Piece, Small, Weights

_FOUR_PI = 12.566370614359172
_S7 = np.uint64(7)
_S13 = np.uint64(13)
_S17 = np.uint64(17)
_S32 = np.uint64(32)
_LEVELS = 4096
_MASK = np.uint64(_LEVELS - 1)
_HEATS, _STEPS_AT_LEAST = 400, 64
"""How often the temperature falls, at the most, and steps at each."""
_LIMIT = -np.log((np.arange(_LEVELS) + 0.5) / _LEVELS)
"""How much dearer than the temperature a step may be, by chance: negative logarithms of even chances."""


@kernel
def seeded(seed: int) -> np.uint64:
    """Return a first state of chance, never 0, far from those of other seeds."""
    state = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0xD1B54A32D192ED03)
    for _ in range(4):
        state = next_random(state)
    return state


@kernel
def next_random(state: np.uint64) -> np.uint64:
    """Return the state after this one; its bits are the chances."""
    state ^= state << _S13
    state ^= state >> _S7
    return state ^ (state << _S17)


@kernel
def below(state: np.uint64, count: int) -> int:
    """Return a number from 0 to ``count - 1`` made of the upper bits."""
    return int(((state >> _S32) * np.uint64(count)) >> _S32)


class _Sums(NamedTuple):
    """Of each area."""

    load: Floats
    ground: Floats
    rim_m: Floats
    price: Floats
    blocks: Ints


class _Borders(NamedTuple):
    """Borders between areas as half-edges: a list of them, and where in it each one stands, or -1."""

    side: Small
    twin: Small
    place: Small
    listed: Small
    total: Small


@kernel
def _met_around(
    start: Small,
    neighbour: Small,
    own: int,
    label: Ints,
    stamp: Ints,
    tick: int,
    queue: Small,
    end: int,
    wanted: int,
) -> tuple[int, int]:
    """Go from the blocks of a queue to those stamped with the tick, until so many of them were met.

    The way goes through the area ``own``; -1 allows steps from one stamped block to the next only. Blocks
    that were met are stamped with ``tick + 1`` and queued. Returns how many are still wanted, and the end
    of the queue.
    """
    front = 0
    while front < end and wanted > 0:
        block = queue[front]
        front += 1
        for j in range(start[block], start[block + 1]):
            other = neighbour[j]
            if stamp[other] == tick:
                wanted -= 1
            elif label[other] != own or stamp[other] == tick + 1:
                continue
            stamp[other] = tick + 1
            queue[end] = other
            end += 1
    return wanted, end


@kernel
def _holds_without(
    start: Small, neighbour: Small, label: Ints, block: int, stamp: Ints, tick: int, queue: Small
) -> bool:
    """Tell whether an area stays in one piece when a block leaves it.

    Its neighbours in the area must reach each other without it. Mostly they do so among themselves;
    otherwise the search goes on through the area.
    """
    own = label[block]
    wanted = -1
    for j in range(start[block], start[block + 1]):
        other = neighbour[j]
        if label[other] == own:
            stamp[other] = tick
            queue[0] = other
            wanted += 1
    if wanted < 1:
        return wanted == 0
    stamp[queue[0]] = tick + 1
    wanted, end = _met_around(start, neighbour, -1, label, stamp, tick, queue, 1, wanted)
    if wanted > 0:
        stamp[block] = tick + 1
        wanted, _ = _met_around(start, neighbour, own, label, stamp, tick, queue, end, wanted)
    return wanted == 0


@kernel
def _price_of_area(
    load: float, target: float, rim_m: float, ground: float, weights: Weights, balance: float
) -> float:
    off = abs(load / target - 1.0) - weights.band
    price = weights.shape * rim_m * rim_m / (_FOUR_PI * ground)
    return price + balance * off * off if off > 0 else price


@kernel
def _clashes(piece: Piece, label: Ints, block: int, area: int) -> int:
    count = 0
    for j in range(piece.clash_start[block], piece.clash_start[block + 1]):
        if label[piece.clash[j]] == area:
            count += 1
    return count


@kernel
def _summed(piece: Piece, label: Ints) -> _Sums:
    count = len(piece.target)
    load, ground, rim_m, blocks = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count, np.int64)
    for block in range(len(label)):
        own = label[block]
        blocks[own] += 1
        load[own] += piece.load[block]
        ground[own] += piece.area_m2[block]
        rim_m[own] += piece.rim_m[block]
        for j in range(piece.start[block], piece.start[block + 1]):
            if label[piece.neighbour[j]] == own:
                rim_m[own] -= piece.border_m[j]
    return _Sums(load, ground, rim_m, np.zeros(count), blocks)


@kernel
def _price_all(piece: Piece, sums: _Sums, weights: Weights, balance: float) -> float:
    """Write the price of each area and return their sum."""
    total = 0.0
    for area in range(len(piece.target)):
        sums.price[area] = _price_of_area(
            sums.load[area], piece.target[area], sums.rim_m[area], sums.ground[area], weights, balance
        )
        total += sums.price[area]
    return total


@kernel
def price_of(piece: Piece, label: Ints, weights: Weights) -> float:
    """Return the price of a division, as the module says."""
    price = _price_all(piece, _summed(piece, label), weights, weights.firm)
    for block in range(len(label)):
        own = label[block]
        if piece.home[block] >= 0 and own != piece.home[block]:
            price += piece.price[block]
        price += 0.5 * weights.clash * _clashes(piece, label, block, own)
        for j in range(piece.start[block], piece.start[block + 1]):
            if label[piece.neighbour[j]] != own:
                price += 0.5 * piece.cost[j]
    return price


@kernel
def _borders_of(piece: Piece, label: Ints) -> _Borders:
    m = piece.start[-1]
    side, twin = np.empty(m, np.int32), np.empty(m, np.int32)
    place, listed, count = np.full(m, -1, np.int32), np.empty(m, np.int32), np.zeros(1, np.int32)
    for block in range(len(label)):
        for j in range(piece.start[block], piece.start[block + 1]):
            other = piece.neighbour[j]
            side[j] = block
            for i in range(piece.start[other], piece.start[other + 1]):
                if piece.neighbour[i] == block:
                    twin[j] = i
                    break
            if label[other] != label[block]:
                place[j], listed[count[0]] = count[0], j
                count[0] += 1
    return _Borders(side, twin, place, listed, count)


@kernel
def _homesick(home: int, giver: int, taker: int, price: float) -> float:
    """Return what it costs more, or less, that a block goes from one area to another."""
    if home == giver:
        return price
    return -price if home == taker else 0.0


@kernel
def _move(
    piece: Piece,
    label: Ints,
    sums: _Sums,
    borders: _Borders,
    block: int,
    taker: int,
    rims: tuple[float, float],
) -> None:
    giver = label[block]
    label[block] = taker
    sums.load[giver] -= piece.load[block]
    sums.load[taker] += piece.load[block]
    sums.ground[giver] -= piece.area_m2[block]
    sums.ground[taker] += piece.area_m2[block]
    sums.rim_m[giver], sums.rim_m[taker] = rims
    sums.blocks[giver] -= 1
    sums.blocks[taker] += 1
    place, listed, count = borders.place, borders.listed, borders.total[0]
    for j in range(piece.start[block], piece.start[block + 1]):
        is_border = label[piece.neighbour[j]] != taker
        if is_border == (place[j] >= 0):
            continue
        for half in (j, borders.twin[j]):
            if is_border:
                place[half], listed[count] = count, half
                count += 1
            else:
                count -= 1
                last = listed[count]
                listed[place[half]], place[last] = last, place[half]
                place[half] = -1
    borders.total[0] = count


@kernel
def _at_one_heat(
    piece: Piece,
    label: Ints,
    sums: _Sums,
    borders: _Borders,
    stamp: Ints,
    queue: Small,
    weights: Weights,
    heat: float,
    balance: float,
    steps: int,
    state: np.uint64,
    tick: int,
) -> tuple[np.uint64, int]:
    """Try so many moves, in place; return the state of chance and the last tick.

    What every step does is written out here: to hand a piece on costs more than a step does.
    """
    start, neighbour, border_m, cost = piece.start, piece.neighbour, piece.border_m, piece.cost
    listed, side, count = borders.listed, borders.side, borders.total[0]
    for _ in range(steps):
        state = next_random(state)
        j = listed[below(state, count)]
        block = side[j]
        giver, taker = label[block], label[neighbour[j]]
        if sums.blocks[giver] == 1 or piece.held[block]:
            continue
        load, ground = piece.load[block], piece.area_m2[block]
        giver_rim, taker_rim = sums.rim_m[giver] - piece.rim_m[block], sums.rim_m[taker] + piece.rim_m[block]
        change = _homesick(piece.home[block], giver, taker, piece.price[block])
        for i in range(start[block], start[block + 1]):
            own = label[neighbour[i]]
            if own == giver:
                giver_rim += 2 * border_m[i]
                change += cost[i]
            elif own == taker:
                taker_rim -= 2 * border_m[i]
                change -= cost[i]
        giver_price = _price_of_area(
            sums.load[giver] - load,
            piece.target[giver],
            giver_rim,
            sums.ground[giver] - ground,
            weights,
            balance,
        )
        taker_price = _price_of_area(
            sums.load[taker] + load,
            piece.target[taker],
            taker_rim,
            sums.ground[taker] + ground,
            weights,
            balance,
        )
        change += giver_price + taker_price - sums.price[giver] - sums.price[taker]
        if piece.clash_start[block + 1] > piece.clash_start[block]:
            more = _clashes(piece, label, block, taker) - _clashes(piece, label, block, giver)
            change += weights.clash * more
        if change > heat * _LIMIT[np.int64(state & _MASK)]:
            continue
        tick += 2
        if _holds_without(start, neighbour, label, block, stamp, tick, queue):
            _move(piece, label, sums, borders, block, taker, (giver_rim, taker_rim))
            sums.price[giver], sums.price[taker] = giver_price, taker_price
            count = borders.total[0]
    return state, tick


@kernel
def anneal(piece: Piece, label: Ints, weights: Weights, steps: int, seed: int, stop: Small) -> float:
    """Improve a division, in place, by moves of single blocks over the borders of areas.

    Parameters
    ----------
    piece : Piece
        The ground.
    label : numpy.ndarray of int64, shape (n,)
        Area of each block, each in one piece; changed.
    weights : Weights
        Prices and temperatures.
    steps : int
        Moves that are tried.
    seed : int
        Same seed and input, same result.
    stop : numpy.ndarray of int32, shape (1,)
        Ends the search early as soon as it is not 0; the division is then whole, too.

    Returns
    -------
    float
        `price_of` the result.
    """
    sums, borders = _summed(piece, label), _borders_of(piece, label)
    stamp, queue, tick = np.zeros(len(label), np.int64), np.empty(len(label), np.int32), 1
    state = seeded(seed)
    levels = min(_HEATS, steps // _STEPS_AT_LEAST + 1)
    for level in range(levels):
        gone = level / levels
        heat = weights.hot * (weights.cold / weights.hot) ** gone
        balance = weights.loose * (weights.firm / weights.loose) ** gone
        _price_all(piece, sums, weights, balance)
        if borders.total[0] == 0 or stop[0] != 0:
            break
        state, tick = _at_one_heat(
            piece, label, sums, borders, stamp, queue, weights, heat, balance, steps // levels, state, tick
        )
    return price_of(piece, label, weights)

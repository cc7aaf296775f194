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

import numpy as np
import numpy.typing as npt

from gisgov.geometry.kernel import kernel
from gisgov.types import Ints
from gisgov.zoning.piece import Piece, Weights

Small = npt.NDArray[np.int32]

_FOUR_PI = 12.566370614359172
_S7 = np.uint64(7)
_S13 = np.uint64(13)
_S17 = np.uint64(17)
_S32 = np.uint64(32)
_LEVELS = 4096
_MASK = np.uint64(_LEVELS - 1)
_LIMIT = -np.log((np.arange(_LEVELS) + 0.5) / _LEVELS)
"""How much dearer than the temperature a step may be, by chance: negative logarithms of even chances."""


@kernel
def seeded(seed: int) -> np.uint64:
    state = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0xD1B54A32D192ED03)
    for _ in range(4):
        state = next_random(state)
    return state


@kernel
def next_random(state: np.uint64) -> np.uint64:
    state ^= state << _S13
    state ^= state >> _S7
    return state ^ (state << _S17)


@kernel
def below(state: np.uint64, count: int) -> int:
    """Return a number from 0 to ``count - 1`` made of the upper bits."""
    return np.int64(((state >> _S32) * np.uint64(count)) >> _S32)


@kernel
def _holds_without(piece: Piece, label: Ints, block: int, stamp: Ints, tick: int, queue: Small) -> bool:
    """Tell whether an area stays in one piece when a block leaves it.

    Its neighbours in the area must reach each other without it. Mostly they do so among themselves;
    otherwise the search goes on through the area until the last of them is met.
    """
    start, neighbour = piece.start, piece.neighbour
    own = label[block]
    wanted = 0
    first = np.int32(-1)
    for j in range(start[block], start[block + 1]):
        other = neighbour[j]
        if label[other] == own:
            if wanted == 0:
                first = other
            stamp[other] = tick
            wanted += 1
    if wanted < 2:
        return wanted == 1
    found, front, end = 1, 0, 1
    stamp[first] = tick + 1
    queue[0] = first
    while front < end:
        for j in range(start[queue[front]], start[queue[front] + 1]):
            other = neighbour[j]
            if stamp[other] == tick:
                stamp[other] = tick + 1
                queue[end] = other
                end += 1
                found += 1
        front += 1
    if found == wanted:
        return True
    stamp[block] = tick + 1
    front = 0
    while front < end:
        for j in range(start[queue[front]], start[queue[front] + 1]):
            other = neighbour[j]
            if label[other] == own and stamp[other] != tick + 1:
                if stamp[other] == tick:
                    found += 1
                    if found == wanted:
                        return True
                stamp[other] = tick + 1
                queue[end] = other
                end += 1
        front += 1
    return False


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
def price_of(piece: Piece, label: Ints, weights: Weights) -> float:
    """Return the price of a division, as the module says."""
    count = len(piece.target)
    load, ground, rim_m = np.zeros(count), np.zeros(count), np.zeros(count)
    price = 0.0
    for block in range(len(label)):
        own = label[block]
        load[own] += piece.load[block]
        ground[own] += piece.area_m2[block]
        rim_m[own] += piece.rim_m[block]
        if piece.home[block] >= 0 and own != piece.home[block]:
            price += piece.price[block]
        price += 0.5 * weights.clash * _clashes(piece, label, block, own)
        for j in range(piece.start[block], piece.start[block + 1]):
            if label[piece.neighbour[j]] == own:
                rim_m[own] -= piece.border_m[j]
            else:
                price += 0.5 * piece.cost[j]
    for area in range(count):
        price += _price_of_area(
            load[area], piece.target[area], rim_m[area], ground[area], weights, weights.firm
        )
    return price


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
    start, neighbour, border_m, cost = piece.start, piece.neighbour, piece.border_m, piece.cost
    n, count, m = len(label), len(piece.target), start[-1]
    load, ground, rim_m, price = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count)
    blocks = np.zeros(count, np.int64)
    # borders between areas, as half-edges: a list of them, and where in it each one stands
    side, twin, place = np.empty(m, np.int32), np.empty(m, np.int32), np.full(m, -1, np.int32)
    border, borders = np.empty(m, np.int32), 0
    for block in range(n):
        own = label[block]
        blocks[own] += 1
        load[own] += piece.load[block]
        ground[own] += piece.area_m2[block]
        rim_m[own] += piece.rim_m[block]
        for j in range(start[block], start[block + 1]):
            other = neighbour[j]
            side[j] = block
            for i in range(start[other], start[other + 1]):
                if neighbour[i] == block:
                    twin[j] = i
                    break
            if label[other] == own:
                rim_m[own] -= border_m[j]
            else:
                place[j], border[borders] = borders, j
                borders += 1
    stamp, queue, tick = np.zeros(n, np.int64), np.empty(n, np.int32), 1
    state = seeded(seed)
    chunk = max(64, steps // 400)
    heat, balance = weights.hot, weights.loose
    cooler = (weights.cold / weights.hot) ** (chunk / max(steps, 1))
    firmer = (weights.firm / weights.loose) ** (chunk / max(steps, 1))
    for step in range(steps):
        if step % chunk == 0:
            if step > 0:
                heat *= cooler
                balance *= firmer
            for area in range(count):
                price[area] = _price_of_area(
                    load[area], piece.target[area], rim_m[area], ground[area], weights, balance
                )
            if borders == 0 or stop[0] != 0:
                break
        state = next_random(state)
        j = border[below(state, borders)]
        block, giver, taker = side[j], label[side[j]], label[neighbour[j]]
        if blocks[giver] == 1 or piece.held[block]:
            continue
        with_giver, with_taker, change = 0.0, 0.0, 0.0
        for i in range(start[block], start[block + 1]):
            own = label[neighbour[i]]
            if own == giver:
                with_giver += border_m[i]
                change += cost[i]
            elif own == taker:
                with_taker += border_m[i]
                change -= cost[i]
        giver_rim = rim_m[giver] - piece.rim_m[block] + 2 * with_giver
        taker_rim = rim_m[taker] + piece.rim_m[block] - 2 * with_taker
        giver_price = _price_of_area(
            load[giver] - piece.load[block], piece.target[giver], giver_rim,
            ground[giver] - piece.area_m2[block], weights, balance,
        )  # fmt: skip
        taker_price = _price_of_area(
            load[taker] + piece.load[block], piece.target[taker], taker_rim,
            ground[taker] + piece.area_m2[block], weights, balance,
        )  # fmt: skip
        change += giver_price + taker_price - price[giver] - price[taker]
        if piece.home[block] == giver:
            change += piece.price[block]
        elif piece.home[block] == taker:
            change -= piece.price[block]
        if piece.clash_start[block + 1] > piece.clash_start[block]:
            change += weights.clash * (
                _clashes(piece, label, block, taker) - _clashes(piece, label, block, giver)
            )
        if change > heat * _LIMIT[np.int64(state & _MASK)]:
            continue
        tick += 2
        if not _holds_without(piece, label, block, stamp, tick, queue):
            continue
        label[block] = taker
        load[giver] -= piece.load[block]
        load[taker] += piece.load[block]
        ground[giver] -= piece.area_m2[block]
        ground[taker] += piece.area_m2[block]
        rim_m[giver], rim_m[taker] = giver_rim, taker_rim
        price[giver], price[taker] = giver_price, taker_price
        blocks[giver] -= 1
        blocks[taker] += 1
        for i in range(start[block], start[block + 1]):
            if label[neighbour[i]] != taker:
                if place[i] < 0:
                    place[i], border[borders] = borders, i
                    place[twin[i]], border[borders + 1] = borders + 1, twin[i]
                    borders += 2
            elif place[i] >= 0:
                for gone in (i, twin[i]):
                    borders -= 1
                    last = border[borders]
                    border[place[gone]], place[last] = last, place[gone]
                    place[gone] = -1
    return price_of(piece, label, weights)

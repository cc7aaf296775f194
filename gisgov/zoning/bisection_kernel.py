"""Kernels: first divisions of a connected piece of ground, by straight cuts or from seeds."""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Floats, Ints
from gisgov.zoning.piece import Piece, Small

_TRIFLE = 1e-9
"""Work that a block has at least, in shares of the mean: of two empty parts the larger one counts."""


@kernel
def _total(weight: Floats, members: Ints) -> float:
    """Add one by one: the same sum wherever this runs."""
    total = 0.0
    for block in members:
        total += weight[block]
    return total


@kernel
def _part_of(piece: Piece, block: int, side: Small, mark: Ints, before: int, tick: int, queue: Small) -> int:
    """Mark the part of its side that a block lies in, list it in ``queue``, and return how many they are."""
    mark[block] = tick
    queue[0] = block
    front, end = 0, 1
    while front < end:
        for j in range(piece.start[queue[front]], piece.start[queue[front] + 1]):
            other = piece.neighbour[j]
            if side[other] == side[block] and mark[other] <= before:
                mark[other] = tick
                queue[end] = other
                end += 1
        front += 1
    return end


@kernel
def _keep_heaviest(
    piece: Piece, weight: Floats, members: Ints, side: Small, which: int, mark: Ints, tick: int, queue: Small
) -> int:
    """Give all parts but the heaviest of one side to the other; return the last mark used."""
    best, heaviest, before = -1.0, 0, tick
    for block in members:
        if side[block] != which or mark[block] > before:
            continue
        tick += 1
        total = 0.0
        for i in range(_part_of(piece, block, side, mark, before, tick, queue)):
            total += weight[queue[i]]
        if total > best:
            best, heaviest = total, tick
    for block in members:
        if side[block] == which and mark[block] != heaviest:
            side[block] = 1 - which
    return tick


@kernel
def _sweep(
    piece: Piece, weight: Floats, members: Ints, angle: float, wanted: float, key: Floats, side: Small
) -> None:
    """Put the blocks that a line passes first to side 0, until they have the weight that is wanted."""
    east, north = np.cos(angle), np.sin(angle)
    size = len(members)
    for i in range(size):
        key[i] = piece.x[members[i]] * east + piece.y[members[i]] * north
    order = np.argsort(key[:size], kind="mergesort")  # of equals the first one first
    behind, cut = 0.0, 0
    while cut < size - 1:
        further = behind + weight[members[order[cut]]]
        # the block on the line goes to the side that comes closer to what is wanted
        if cut > 0 and further - wanted > wanted - behind:
            break
        behind = further
        cut += 1
    for i in range(size):
        side[members[order[i]]] = 0 if i < cut else 1


@kernel
def _judge(
    piece: Piece, weight: Floats, members: Ints, side: Small, areas: int, total: float
) -> tuple[float, int]:
    """Return the price of a cut, and how many of the areas side 0 gets."""
    first, first_weight, price = 0, 0.0, 0.0
    for block in members:
        if side[block] == 0:
            first += 1
            first_weight += weight[block]
            for j in range(piece.start[block], piece.start[block + 1]):
                if side[piece.neighbour[j]] == 1:
                    price += piece.cost[j]
    share = first_weight / total
    room = len(members) - first
    first_areas = min(max(int(np.round(areas * share)), 1, areas - room), areas - 1, first)
    off = max(abs(share / first_areas * areas - 1), abs((1 - share) / (areas - first_areas) * areas - 1))
    return price + 1.5 * areas * off + max(0.0, 10.0 * (off - 0.3)), first_areas


@kernel
def _parted(own: Ints, side: Small, members: Ints) -> int:
    """Write the blocks of side 0, then the others, and return how many the first are."""
    begin, end = 0, len(own)
    for block in own:
        if side[block] == 0:
            members[begin] = block
            begin += 1
        else:
            end -= 1
            members[end] = block
    return begin


@kernel
def bisect(piece: Piece, label: Ints, turn: float, directions: int) -> None:
    """Divide a connected piece by recursive bisection, in place.

    The blocks are swept by a straight line in several directions; each sweep stops where the load behind
    it is right, what was cut off goes to the other side, and the cheapest cut is taken (recursive
    coordinate bisection, Berger and Bokhari, 1987, with the parts mended). Both sides are connected, so
    every area is.

    Parameters
    ----------
    piece : Piece
        Has at least as many blocks as areas.
    label : numpy.ndarray of int64, shape (n,)
        Written.
    turn : float
        Angle in radians of the first direction; another angle, another division.
    directions : int
        How many, evenly spread; both ends of one count.
    """
    n = len(label)
    members, queue, mark, tick = np.arange(n), np.empty(n, np.int32), np.zeros(n, np.int64), 1
    side, best_side, key = np.full(n, -1, np.int32), np.empty(n, np.int32), np.empty(n)
    weight = piece.load + _TRIFLE * _total(piece.load, members) / n
    waiting = np.empty((len(piece.target) + 1, 4), np.int64)
    waiting[0] = np.array([0, n, len(piece.target), 0])
    top = 1
    while top > 0:
        top -= 1
        low, high, areas, lowest = waiting[top]
        own = members[low:high].copy()
        if areas == 1:
            label[own] = lowest
            continue
        total = _total(weight, own)
        best, best_areas = np.inf, 1
        for direction in range(directions):
            angle = turn + 2 * np.pi * direction / directions
            _sweep(piece, weight, own, angle, total * (areas // 2) / areas, key, side)
            tick = _keep_heaviest(piece, weight, own, side, 0, mark, tick, queue)
            tick = _keep_heaviest(piece, weight, own, side, 1, mark, tick, queue)
            price, first_areas = _judge(piece, weight, own, side, areas, total)
            if price < best:
                best, best_areas = price, first_areas
                best_side[own] = side[own]
        side[own] = -1  # no part goes on beyond the blocks that are swept
        middle = low + _parted(own, best_side, members[low:high])
        waiting[top] = np.array([low, middle, best_areas, lowest])
        waiting[top + 1] = np.array([middle, high, areas - best_areas, lowest + best_areas])
        top += 2


@kernel
def _lightest(load: Floats, target: Floats, closed: Bools) -> int:
    """Return the open area with the smallest load for its target."""
    lightest = -1
    for area in range(len(load)):
        if not closed[area] and (
            lightest < 0 or load[area] * target[lightest] < load[lightest] * target[area]
        ):
            lightest = area
    return lightest


@kernel
def _nearest(piece: Piece, label: Ints, area: int, east: float, north: float) -> int:
    """Return the block without an area that touches one and is nearest to a place; -1 for none."""
    nearest, distance = -1, np.inf
    for block in range(len(label)):
        if label[block] >= 0:
            continue
        for j in range(piece.start[block], piece.start[block + 1]):
            if label[piece.neighbour[j]] == area:
                away = np.hypot(piece.x[block] - east, piece.y[block] - north)
                if away < distance:
                    nearest, distance = block, away
                break
    return nearest


@kernel
def grow(piece: Piece, label: Ints) -> None:
    """Give the blocks without an area to areas that touch them, in place.

    The area with the smallest load for its target goes first, and takes of the blocks that touch it the
    one nearest to the middle of its ground, so that areas grow round and alike.

    Parameters
    ----------
    piece : Piece
        A connected one.
    label : numpy.ndarray of int64, shape (n,)
        Area of each block, -1 for none yet; every area has a block. Written.
    """
    count = len(piece.target)
    load, ground, east, north = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count)
    closed = np.zeros(count, np.bool_)
    waiting = np.flatnonzero(label < 0)
    left = len(waiting)
    taken = np.flatnonzero(label >= 0)
    begun, block = 0, 0
    while left > 0:
        if begun < len(taken):
            block = taken[begun]
            begun += 1
        else:
            area = _lightest(load, piece.target, closed)
            block = _nearest(piece, label, area, east[area] / ground[area], north[area] / ground[area])
            if block < 0:
                closed[area] = True  # other areas lie all around it
                continue
            label[block] = area
            left -= 1
        own = label[block]
        load[own] += piece.load[block]
        ground[own] += piece.area_m2[block]
        east[own] += piece.area_m2[block] * piece.x[block]
        north[own] += piece.area_m2[block] * piece.y[block]

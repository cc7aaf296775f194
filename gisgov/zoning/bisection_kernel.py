"""Kernels: first divisions of a connected piece of ground, by straight cuts or from seeds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gisgov.geometry.kernel import kernel
from gisgov.types import Ints
from gisgov.zoning.piece import Piece

Small = npt.NDArray[np.int32]


@kernel
def _keep_heaviest(
    piece: Piece, members: Ints, side: Small, which: int, mark: Ints, tick: int, queue: Small
) -> int:
    """Give all parts but the heaviest of one side to the other; return the last mark used."""
    total = 0.0
    for block in members:
        total += piece.load[block]
    trifle = 1e-9 * (total + 1.0)  # of two parts without load the one with more blocks counts more
    best, heaviest, before = -1.0, 0, tick
    for block in members:
        if side[block] != which or mark[block] > before:
            continue
        tick += 1
        mark[block] = tick
        queue[0] = block
        front, end, weight = 0, 1, 0.0
        while front < end:
            weight += piece.load[queue[front]] + trifle
            for j in range(piece.start[queue[front]], piece.start[queue[front] + 1]):
                other = piece.neighbour[j]
                if side[other] == which and mark[other] <= before:
                    mark[other] = tick
                    queue[end] = other
                    end += 1
            front += 1
        if weight > best:
            best, heaviest = weight, tick
    for block in members:
        if side[block] == which and mark[block] != heaviest:
            side[block] = 1 - which
    return tick


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
    waiting = np.empty((len(piece.target) + 1, 4), np.int64)
    waiting[0] = np.array([0, n, len(piece.target), 0])
    top = 1
    while top > 0:
        top -= 1
        low, high, areas, lowest = waiting[top]
        own = members[low:high].copy()
        size = high - low
        if areas == 1:
            for block in own:
                label[block] = lowest
            continue
        total = 0.0
        for block in own:
            total += piece.load[block]
        best, best_areas = np.inf, 1
        for direction in range(directions):
            angle = turn + 2 * np.pi * direction / directions
            east, north = np.cos(angle), np.sin(angle)
            for i in range(size):
                key[i] = piece.x[own[i]] * east + piece.y[own[i]] * north
            order = np.argsort(key[:size])
            wanted, behind, cut = total * (areas // 2) / areas, 0.0, 0
            while cut < size - 1:
                next_load = piece.load[own[order[cut]]]
                if cut > 0 and behind + next_load - wanted > wanted - behind:
                    break
                behind += next_load
                cut += 1
            for i in range(size):
                side[own[order[i]]] = 0 if i < cut else 1
            tick = _keep_heaviest(piece, own, side, 0, mark, tick, queue)
            tick = _keep_heaviest(piece, own, side, 1, mark, tick, queue)
            first, first_load, price = 0, 0.0, 0.0
            for block in own:
                if side[block] == 0:
                    first += 1
                    first_load += piece.load[block]
                    for j in range(piece.start[block], piece.start[block + 1]):
                        if side[piece.neighbour[j]] == 1:
                            price += piece.cost[j]
            share = first_load / total
            first_areas = min(
                max(np.int64(np.round(areas * share)), 1, areas - (size - first)), areas - 1, first
            )
            off = max(
                abs(share / first_areas * areas - 1), abs((1 - share) / (areas - first_areas) * areas - 1)
            )
            price += 1.5 * areas * off + max(0.0, 10.0 * (off - 0.3))
            if price < best:
                best, best_areas = price, first_areas
                for block in own:
                    best_side[block] = side[block]
        begin, end = low, high
        for block in own:
            side[block] = -1
            if best_side[block] == 0:
                members[begin] = block
                begin += 1
        for block in own:
            if best_side[block] == 1:
                end -= 1
                members[end] = block
        waiting[top] = np.array([low, begin, best_areas, lowest])
        waiting[top + 1] = np.array([begin, high, areas - best_areas, lowest + best_areas])
        top += 2


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
    count, n = len(piece.target), len(label)
    load, ground, east, north = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count)
    closed = np.zeros(count, np.bool_)
    left = 0
    for block in range(n):
        own = label[block]
        if own < 0:
            left += 1
            continue
        load[own] += piece.load[block]
        ground[own] += piece.area_m2[block]
        east[own] += piece.area_m2[block] * piece.x[block]
        north[own] += piece.area_m2[block] * piece.y[block]
    while left > 0:
        lightest = -1
        for area in range(count):
            if not closed[area] and (
                lightest < 0 or load[area] / piece.target[area] < load[lightest] / piece.target[lightest]
            ):
                lightest = area
        nearest, distance = -1, np.inf
        for block in range(n):
            if label[block] >= 0:
                continue
            for j in range(piece.start[block], piece.start[block + 1]):
                if label[piece.neighbour[j]] == lightest:
                    away = np.hypot(
                        piece.x[block] - east[lightest] / ground[lightest],
                        piece.y[block] - north[lightest] / ground[lightest],
                    )
                    if away < distance:
                        nearest, distance = block, away
                    break
        if nearest < 0:
            closed[lightest] = True
            continue
        label[nearest] = lightest
        left -= 1
        load[lightest] += piece.load[nearest]
        ground[lightest] += piece.area_m2[nearest]
        east[lightest] += piece.area_m2[nearest] * piece.x[nearest]
        north[lightest] += piece.area_m2[nearest] * piece.y[nearest]

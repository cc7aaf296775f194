"""Join superblocks to communities of many sizes that hang together, rather on one bank than on two."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Final

import numpy as np

from benchmarks.districts.faces import Borders
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.types import Floats, Ints

_BRIDGE: Final = 3.0
"""How much farther the other bank is."""
_UNEVEN: Final = 0.35
"""Spread of the sizes of communities (of their logarithms, as the next one)."""
_ROUGH: Final = 0.45
"""Spread of the distances between neighbours."""
_FADING: Final = 0.8
"""How much of the way to a superblock counts for the way to those behind it."""
_PEOPLE_OF_GROUND: Final = 0.1
"""Ground counts too, all of it as a tenth of the people."""

Roads = list[dict[int, float]]
"""Of each superblock its neighbours, and how far each is."""


def communities(
    superblock: Ints,
    borders: Borders,
    weights: tuple[Ints, Floats],
    centres: tuple[Floats, Floats],
    count: int,
    rng: np.random.Generator,
) -> Ints:
    """Tell the community of each block.

    Parameters
    ----------
    superblock : numpy.ndarray of int, shape (n,)
        Each goes to one community as a whole.
    borders : Borders
        Of the blocks.
    weights : numpy.ndarray, numpy.ndarray, shape (n,)
        People and square metres of the blocks.
    centres : numpy.ndarray, numpy.ndarray, shape (n,)
        Of the blocks in metres.
    count : int
        How many communities; no more than there are superblocks.
    rng : numpy.random.Generator
        Decides on their sizes and shapes.
    """
    population, area_m2 = weights
    blocks = np.bincount(superblock)
    weight = np.bincount(superblock, population).astype(np.float64)
    weight += _PEOPLE_OF_GROUND * population.sum() * np.bincount(superblock, area_m2) / area_m2.sum()
    x, y = (np.bincount(superblock, values) / blocks for values in centres)
    seeds = _seeds(x, y, np.sqrt(weight) + 1, min(count, len(weight)), rng)
    sizes = rng.lognormal(0, _UNEVEN, len(seeds))
    return _grown(_roads(superblock, borders, rng), weight, seeds, sizes)[superblock]


def _seeds(x: Floats, y: Floats, weight: Floats, count: int, rng: np.random.Generator) -> list[int]:
    """Choose superblocks far from each other (Arthur and Vassilvitskii, k-means++, 2007)."""
    seeds = [int(rng.choice(len(x), p=weight / weight.sum()))]
    away = np.hypot(x - x[seeds[0]], y - y[seeds[0]])
    while len(seeds) < count:
        chance = away**2 * weight
        seeds.append(int(rng.choice(len(x), p=chance / chance.sum())))
        away = np.minimum(away, np.hypot(x - x[seeds[-1]], y - y[seeds[-1]]))
    return seeds


def _roads(superblock: Ints, borders: Borders, rng: np.random.Generator) -> Roads:
    a, b = superblock[borders.a], superblock[borders.b]
    between = a != b
    wet = borders.class_length_m.argmax(axis=1)[between] == EdgeClass.WATER
    far = rng.lognormal(0, _ROUGH, len(wet)) * np.where(wet, _BRIDGE, 1.0)
    roads: Roads = [{} for _ in range(int(superblock.max()) + 1)]
    for one, other, distance in zip(a[between].tolist(), b[between].tolist(), far.tolist(), strict=True):
        roads[one].setdefault(other, distance)
        roads[other].setdefault(one, distance)
    return roads


def _grown(roads: Roads, weight: Floats, seeds: Iterable[int], sizes: Floats) -> Ints:
    """Let the community grow that is smallest for its size, each along its nearest roads."""
    of = np.full(len(roads), -1, dtype=np.int64)
    held: list[float] = []
    fronts: list[list[tuple[float, int]]] = []
    for i, seed in enumerate(seeds):
        of[seed] = i
        held.append(float(weight[seed]))
        fronts.append([(far, to) for to, far in roads[seed].items()])
        heapq.heapify(fronts[-1])
    turns = [(have / size, i) for i, (have, size) in enumerate(zip(held, sizes, strict=True))]
    heapq.heapify(turns)
    while turns:
        _, i = heapq.heappop(turns)
        front = fronts[i]
        while front and of[front[0][1]] >= 0:
            heapq.heappop(front)
        if not front:
            continue
        distance, taken = heapq.heappop(front)
        of[taken] = i
        held[i] += float(weight[taken])
        for to, far in roads[taken].items():
            if of[to] < 0:
                heapq.heappush(front, (distance * _FADING + far, to))
        heapq.heappush(turns, (held[i] / sizes[i], i))
    return of

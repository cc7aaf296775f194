"""Who lives where: a heavy tail of blocks, and a quarter of them empty."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.districts.cuts import Cuts
from benchmarks.districts.faces import Borders
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.types import Floats, Ints

_USES: Final = (0.55, 0.10, 0.22, 0.13)
"""Shares of superblocks: homes, urban villages, industry, parks."""
_CROWDING: Final = np.array([1.0, 3.0, 0.25, 0.0])
_INDUSTRY: Final = 2
_DORMITORIES: Final = (0.03, 12.0)
"""Share of industrial blocks that are dormitories, and how much more people they hold."""
_EMPTY: Final = 0.12
"""Share of blocks that are empty wherever they lie."""
_LARGEST: Final = 0.55
"""No block holds more of an area's people."""


def superblocks(cuts: Cuts, node: Ints, borders: Borders) -> Ints:
    """Tell the superblocks: blocks that only local streets part, on one bank."""
    top = node.copy()
    while True:
        lower = (cuts.street[top] == EdgeClass.LOCAL) & (cuts.parent[top] >= 0)
        if not lower.any():
            break
        top[lower] = cuts.parent[top[lower]]
    dry = borders.class_length_m.argmax(axis=1) != EdgeClass.WATER
    inside = (top[borders.a] == top[borders.b]) & dry
    ones = np.ones(int(inside.sum()))
    joined = coo_array((ones, (borders.a[inside], borders.b[inside])), shape=(len(node), len(node)))
    _, number = connected_components(joined, directed=False)
    return np.asarray(number, dtype=np.int64)


def settle(
    density: Floats, area_m2: Floats, superblock: Ints, people: float, areas: int, rng: np.random.Generator
) -> Ints:
    """People of each block.

    Parameters
    ----------
    density, area_m2 : numpy.ndarray, shape (n,)
        Of the blocks, the density relative (`benchmarks.districts.ground.Ground.density_at`).
    superblock : numpy.ndarray of int, shape (n,)
        All blocks of a superblock are used alike.
    people : float
        In all, about.
    areas : int
        Among how many areas the people will be divided.
    """
    use = rng.choice(len(_USES), int(superblock.max()) + 1, p=_USES)[superblock]
    crowding = _CROWDING[use] * rng.lognormal(-0.5, 1.0, len(use))
    share, times = _DORMITORIES
    crowding[(use == _INDUSTRY) & (rng.random(len(use)) < share)] *= times
    crowding[rng.random(len(use)) < _EMPTY] = 0.0
    living = density * area_m2 * crowding
    for _ in range(30):  # what the largest may not hold goes to all others
        living = np.minimum(living * people / living.sum(), _LARGEST * people / areas)
    return np.rint(living).astype(np.int64)

"""The search for the best division of one connected piece of ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gisgov.types import Bools, Floats, Ints
from gisgov.zoning.aims import Aims, Effort
from gisgov.zoning.annealing_kernel import anneal, price_of
from gisgov.zoning.bisection_kernel import bisect, grow
from gisgov.zoning.improving_kernel import improve
from gisgov.zoning.piece import Piece, Weights

Small = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Budget:
    """How long is searched."""

    starts: int
    """First divisions that are tried, and ..."""
    starts_times_areas: int
    """... more of them where there are few areas, so that this many areas are made in all."""
    steps: int
    """Steps of annealing per block, for as many blocks as 40 an area."""
    tries: int
    """How often each area is taken out with some of its neighbours."""


_BUDGETS: Final[dict[Effort, _Budget]] = {
    "standard": _Budget(starts=6, starts_times_areas=60, steps=60, tries=3),
    "quality": _Budget(starts=6, starts_times_areas=60, steps=60, tries=12),
}
_BLOCKS_PER_AREA: Final = 40
_DIRECTIONS: Final = 8
_TURN: Final = 0.37
"""Between the first cuts of one start and the next, in radians: they never meet again."""
_MOST, _EFFORT, _FEW_DIRECTIONS = 5, 30, 3
"""Areas taken out at a time, steps of annealing per block of them, and directions of their cuts."""
_CLASH: Final = 50.0
_FIRM: Final = 4000.0
"""Price of a load that is 100 % outside the band, squared; at a band of 5 %."""
_RESCUES: Final = 6
"""How often the search goes on where areas stay outside the limit."""


@dataclass(frozen=True, slots=True)
class Search:
    """One search: the ground, what is sought, and by which chances.

    Attributes
    ----------
    piece : Piece
        The ground.
    aims : Aims
        What is sought.
    seed : int
        Same seed and input, same result.
    stop : numpy.ndarray of int32, shape (1,)
        Not 0 once nobody wants the result any more.
    """

    piece: Piece
    aims: Aims
    seed: int
    stop: Small

    def weights(self, *, hot: float, loose: float, band: float | None = None) -> Weights:
        """Return prices and temperatures; a narrow band is held as firmly as a wide one."""
        band = self.aims.band if band is None else band
        firm = _FIRM * (0.05 / max(band, 0.005)) ** 1.5
        return Weights(band, min(loose, firm), firm, self.aims.compactness, _CLASH, hot, min(hot, 0.01))

    def steps(self, per_block: int) -> int:
        """Return the steps for the whole piece: they are for its borders, which grow as a root."""
        blocks, areas = len(self.piece.load), len(self.piece.target)
        return int(per_block * blocks * min(1.0, np.sqrt(_BLOCKS_PER_AREA * areas / blocks)))

    def off(self, label: Ints) -> Floats:
        """Return by which share the load of each area is off its target."""
        load = np.bincount(label, weights=self.piece.load, minlength=len(self.piece.target))
        return np.abs(load / self.piece.target - 1.0)

    def worth(self, label: Ints) -> tuple[int, float]:
        """Return what makes one division better than another: areas outside the limit first, then price."""
        outside = int((self.off(label) > self.aims.limit).sum())
        return outside, price_of(self.piece, label, self.weights(hot=1.0, loose=1.0))


def divide_anew(search: Search, first: list[Ints] | None = None) -> Ints:
    """Divide a piece without regard to a present division.

    Parameters
    ----------
    search : Search
        The ground, and what is sought.
    first : list of numpy.ndarray of int64, shape (n,), optional
        Divisions to start from, instead of straight cuts.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Area of each block, each in one piece.
    """
    piece, areas = search.piece, len(search.piece.target)
    best = np.zeros(len(piece.load), dtype=np.int64)
    if areas == 1:
        return best
    if areas == len(best):
        return np.arange(areas, dtype=np.int64)
    budget = _BUDGETS[search.aims.effort]
    weights = search.weights(hot=0.5, loose=20.0)
    worth: tuple[int, float] | None = None
    rounds = max(budget.starts, budget.starts_times_areas // areas)
    attempt = 0
    while attempt < rounds and not search.stop[0]:
        label = _first(search, first, attempt)
        anneal(piece, label, weights, search.steps(budget.steps), search.seed + attempt, search.stop)
        found = search.worth(label)
        if worth is None or found < worth:
            best, worth = label, found
        attempt += 1
        if attempt == rounds and worth[0] and rounds < 4 * budget.starts_times_areas // areas:
            rounds += budget.starts
    return _improved(search, best, budget.tries)


def divide_again(search: Search, starts: list[tuple[Ints, Piece]]) -> tuple[int, Ints]:
    """Change a present division as little as brings it within the limit.

    Parameters
    ----------
    search : Search
        The ground without homes, and what is sought.
    starts : list of (numpy.ndarray of int64, Piece)
        Divisions to start from, each in its own numbering of areas, and the ground with the homes of its
        blocks in that numbering.

    Returns
    -------
    which : int
        The start from which the best division came.
    label : numpy.ndarray of int64, shape (n,)
        That division.
    """
    best: tuple[tuple[int, float], int, Ints] | None = None
    # inside the limit nobody moves for the sake of evenness
    band = min(search.aims.limit * 0.95, max(search.aims.limit - 0.002, 0.0))
    for which, (label, piece) in enumerate(starts):
        weights = search.weights(hot=0.03, loose=3000.0, band=band)
        anneal(piece, label, weights, search.steps(150), search.seed + which, search.stop)
        outside = int((search.off(label) > search.aims.limit).sum())
        found = ((outside, price_of(piece, label, weights)), which, label)
        if best is None or found[0] < best[0]:
            best = found
    assert best is not None  # noqa: S101 - there is a start
    (outside, _), which, label = best
    piece = starts[which][1]
    for rescue in range(_RESCUES):
        if not outside or len(piece.target) < 2 or search.stop[0]:
            break
        weights = search.weights(hot=0.1 * (rescue + 1), loose=300.0, band=band)
        tried = label.copy()
        improve(
            piece, tried, weights, tries=4 * len(piece.target), most=_MOST, effort=4 * _EFFORT,
            directions=_FEW_DIRECTIONS, seed=search.seed + 977 * (rescue + 1), stop=search.stop,
        )  # fmt: skip
        still = int((search.off(tried) > search.aims.limit).sum())
        if still < outside:
            outside, label = still, tried
    return which, label


def _first(search: Search, first: list[Ints] | None, attempt: int) -> Ints:
    if first:
        return first[attempt % len(first)].copy()
    label = np.zeros(len(search.piece.load), dtype=np.int64)
    turn = 2 * np.pi * (search.seed % 1009) / 1009 + _TURN * attempt
    bisect(search.piece, label, turn, _DIRECTIONS)
    return label


def _improved(search: Search, label: Ints, tries: int) -> Ints:
    areas = len(search.piece.target)
    if areas < 3 and not search.worth(label)[0]:
        return label
    for rescue in range(_RESCUES):
        weights = search.weights(hot=0.2 * (1 + rescue), loose=300.0 / (1 + rescue) ** 2)
        improved = label.copy()
        improve(
            search.piece, improved, weights, tries=tries * areas, most=max(2, min(_MOST, areas)),
            effort=_EFFORT * (1 + rescue), directions=_FEW_DIRECTIONS,
            seed=search.seed + 7919 * (rescue + 1), stop=search.stop,
        )  # fmt: skip
        if search.worth(improved) < search.worth(label):
            label = improved
        if not search.worth(label)[0] or search.stop[0]:
            break
    return label


def grown_from(piece: Piece, seeds: Ints) -> Ints:
    """Return a division that grows from one block of each area.

    Parameters
    ----------
    piece : Piece
        The ground.
    seeds : numpy.ndarray of int, shape (k,)
        A block of each area, all different.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Area of each block, each in one piece.
    """
    label = np.full(len(piece.load), -1, dtype=np.int64)
    label[seeds] = np.arange(len(seeds))
    grow(piece, label)
    return label


def spread_seeds(piece: Piece, fixed: Ints, count: int, chance: np.random.Generator) -> Ints:
    """Return ``count`` blocks far from each other, the fixed ones first.

    Each further one is the block farthest from those before it, of a random half of all blocks.
    """
    n = len(piece.load)
    seeds = [int(one) for one in fixed] or [int(chance.integers(n))]
    away = np.full(n, np.inf)
    for one in seeds:
        away = np.minimum(away, np.hypot(piece.x - piece.x[one], piece.y - piece.y[one]))
    while len(seeds) < count:
        free: Bools = np.ones(n, dtype=np.bool_)
        free[seeds] = False
        some = free & (chance.random(n) < 0.5)
        among = np.flatnonzero(some if some.any() else free)
        one = int(among[np.argmax(away[among])])
        seeds.append(one)
        away = np.minimum(away, np.hypot(piece.x - piece.x[one], piece.y - piece.y[one]))
    return np.array(seeds[:count], dtype=np.int64)

"""The search for the best division of one connected piece of ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from gisgov.types import Bools, Ints
from gisgov.zoning.aims import Aims, Effort
from gisgov.zoning.piece import Piece, Small, Weights


@dataclass(frozen=True, slots=True)
class _Budget:
    """How long is searched."""

    starts: int
    """First divisions that are tried, and ..."""
    starts_times_areas: int
    """... more of them where there are few areas, so that this many areas are made in all."""
    steps: int
    """Steps of annealing per block, for as many blocks as 40 an area."""
    finalists: int
    """How many of them are improved, until ..."""
    tries_of_finalists: int
    """... each area was taken out so often with some of its neighbours; then the best of them ..."""
    tries: int
    """... so often again."""
    effort: int
    """Steps of annealing per block of those taken out."""
    attempts: int
    """How often a present division is annealed."""
    within: float
    """Share of the band that has no price: a short search leaves more areas a little outside, ..."""
    firm: float
    """... and holds loads more firmly: price of one 100 % outside, squared, at a band of 5 %."""


_Worth: TypeAlias = tuple[int, int, float]

_BUDGETS: Final[dict[Effort, _Budget]] = {
    "standard": _Budget(
        starts=4,
        starts_times_areas=48,
        steps=40,
        finalists=1,
        tries_of_finalists=0,
        tries=6,
        effort=20,
        attempts=2,
        within=0.96,
        firm=6000.0,
    ),
    "quality": _Budget(
        starts=6,
        starts_times_areas=60,
        steps=60,
        finalists=3,
        tries_of_finalists=3,
        tries=8,
        effort=30,
        attempts=6,
        within=1.0,
        firm=4000.0,
    ),
}
_BLOCKS_PER_AREA: Final = 40
_PATIENCE: Final = 4
"""So many times more starts where none keeps to the limit."""
_RESCUES: Final = 6
"""How often areas are taken out anew where some stay outside the limit."""
_DIRECTIONS: Final = 8
_TURN: Final = 0.37
"""Between the first cuts of one start and the next, in radians: they never meet again."""
_MOST, _FEW_DIRECTIONS, _WARM, _LOOSE = 5, 3, 0.2, 300.0
"""Areas taken out at a time, directions of their cuts, heat, and the weight of balance at first."""
_CLASH: Final = 1e9
"""More than any balance is worth: what shall be apart is kept apart."""
_NEAR_THE_LIMIT, _FIRM_AT_THE_LIMIT = 0.98, 80_000.0
"""The same where people shall stay: band as a share of the limit, and price."""
_STEPS_AGAIN, _TRIES_AGAIN = 150, 2
_LAST: Final = 10
"""Areas within the limit come after this many vain tries of those outside."""
_FIRMER: Final = 4.0
"""By how much the limit is held more firmly at each rescue."""


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

    def weights(self, *, hot: float, loose: float) -> Weights:
        """Return prices and temperatures; a narrow band is held as firmly as a wide one."""
        budget = _BUDGETS[self.aims.effort]
        firm = budget.firm * (0.05 / max(self.aims.band, 0.005)) ** 1.5
        return Weights(budget.within * self.aims.band, loose, firm, self.aims.compactness, _CLASH, hot, 0.01)

    def steps(self, per_block: int) -> int:
        """Return the steps for the whole piece."""
        return int(per_block * len(self.piece.load) * self.crowd)

    @property
    def crowd(self) -> float:
        """Share of the steps that blocks need where there are many to an area: borders grow as a root."""
        return min(1.0, float(np.sqrt(_BLOCKS_PER_AREA * len(self.piece.target) / len(self.piece.load))))

    def outside(self, label: Ints) -> Bools:
        """Tell which areas are outside the limit."""
        load = np.bincount(label, weights=self.piece.load, minlength=len(self.piece.target))
        return np.abs(load / self.piece.target - 1.0) > self.aims.limit

    def worth(self, label: Ints, weights: Weights, piece: Piece | None = None) -> _Worth:
        """Return what makes one division better than another: pairs that clash, areas outside, price."""
        from gisgov.zoning.annealing_kernel import price_of

        row = np.repeat(np.arange(len(label)), np.diff(self.piece.clash_start))
        clashes = int((label[row] == label[self.piece.clash]).sum())
        return clashes, int(self.outside(label).sum()), price_of(piece or self.piece, label, weights)

    def anneal(self, piece: Piece, label: Ints, weights: Weights, *, steps: int, attempt: int) -> None:
        """Move blocks, in place: where some clash, first without regard to balance, which may hinder."""
        from gisgov.zoning.annealing_kernel import anneal

        if len(piece.clash):
            anneal(
                piece, label, weights._replace(loose=1.0, firm=1.0), self.steps(steps), self.seed, self.stop
            )
        anneal(piece, label, weights, self.steps(steps), self.seed + attempt, self.stop)

    def improved(
        self,
        one: tuple[_Worth, Ints],
        weights: Weights,
        *,
        tries: int,
        rescue: int,
        piece: Piece | None = None,
    ) -> tuple[_Worth, Ints]:
        """Take each area out so often, warmer at every rescue; return what is better, with its worth."""
        from gisgov.zoning.improving_kernel import improve

        budget = _BUDGETS[self.aims.effort]
        piece, label, areas = piece or self.piece, one[1].copy(), len(self.piece.target)
        # a rescue is for those outside the limit, and what lies around them
        vain = np.where(self.outside(label) | (rescue == 0), 0, _LAST).astype(np.int64)
        improve(
            piece,
            label,
            weights._replace(
                hot=_WARM * (1 + rescue),
                loose=_LOOSE / (1 + rescue) ** 2,
                firm=weights.firm * _FIRMER**rescue,
            ),
            vain,
            tries=tries * areas,
            most=min(_MOST, areas),
            effort=int(budget.effort * self.crowd) * (1 + rescue),
            # people stay where they are as long as that can help
            anew=3 if (piece.home < 0).all() else 2 * (rescue > 1),
            directions=_FEW_DIRECTIONS,
            seed=self.seed + 7919 * (rescue + 1) + tries,
            stop=self.stop,
        )
        return min(one, (self.worth(label, weights, piece), label), key=lambda one: one[0])


def _is_kept(worth: _Worth) -> bool:
    """Tell whether nothing clashes and no area is outside the limit."""
    return not (worth[0] or worth[1])


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
    blocks, areas = len(search.piece.load), len(search.piece.target)
    if areas in (1, blocks):
        return np.arange(blocks, dtype=np.int64) % areas
    budget = _BUDGETS[search.aims.effort]
    weights = search.weights(hot=0.5, loose=20.0)
    rounds = max(budget.starts, budget.starts_times_areas // areas)
    found: list[tuple[_Worth, Ints]] = []
    for attempt in range(_PATIENCE * rounds):
        # further starts only as long as none keeps to the limit
        if found and ((attempt >= rounds and _is_kept(found[0][0])) or search.stop[0]):
            break
        label = _first(search, first, attempt)
        search.anneal(search.piece, label, weights, steps=budget.steps, attempt=attempt)
        found.append((search.worth(label, weights), label))
        found.sort(key=lambda one: one[0])
    finalists = found[: budget.finalists]
    # two areas taken out are the whole piece, which has been divided anew often enough
    for tries in (budget.tries_of_finalists, budget.tries) if areas > 2 else ():
        finalists = [search.improved(one, weights, tries=tries, rescue=0) for one in finalists]
        finalists = [min(finalists, key=lambda one: one[0])]
    best = finalists[0]
    for rescue in range(1, _RESCUES + 1):
        if _is_kept(best[0]) or search.stop[0]:
            break
        best = search.improved(best, weights, tries=budget.tries, rescue=rescue)
    return best[1]


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
    budget = _BUDGETS[search.aims.effort]
    # inside the limit nobody moves for the sake of evenness; near it, everybody who must
    weights = search.weights(hot=0.2, loose=3000.0)._replace(
        band=_NEAR_THE_LIMIT * search.aims.limit, firm=_FIRM_AT_THE_LIMIT
    )
    label, piece = starts[0]
    if len(starts) == 1 and (label == piece.home).all() and _is_kept(search.worth(label, weights, piece)):
        return 0, label  # nothing asks for a change
    found: list[tuple[_Worth, Ints, int]] = []
    for attempt in range(budget.attempts * len(starts)):
        label, piece = starts[attempt % len(starts)]
        label = label.copy()
        search.anneal(piece, label, weights, steps=_STEPS_AGAIN, attempt=attempt)
        found.append((search.worth(label, weights, piece), label, attempt % len(starts)))
    worth, label, which = min(found, key=lambda one: one[0])
    best = worth, label
    for rescue in range(1, _RESCUES + 1):
        if _is_kept(best[0]) or len(search.piece.target) < 2 or search.stop[0]:
            break
        best = search.improved(best, weights, tries=_TRIES_AGAIN, rescue=rescue, piece=starts[which][1])
    return which, best[1]


def _first(search: Search, first: list[Ints] | None, attempt: int) -> Ints:
    from gisgov.zoning.bisection_kernel import bisect

    if first:
        return first[attempt % len(first)].copy()
    label = np.zeros(len(search.piece.load), dtype=np.int64)
    turn = 2 * np.pi * (search.seed % 1009) / 1009 + _TURN * attempt
    bisect(search.piece, label, turn, _DIRECTIONS)
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
    from gisgov.zoning.bisection_kernel import grow

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

"""What no division could better: figures that follow from the ground and the numbers of areas alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.types import Floats, Ints
from gisgov.zoning.aims import Aims
from gisgov.zoning.blocks import Blocks
from gisgov.zoning.graph import connected_parts


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Bounds of a division, per parent and in all.

    Attributes
    ----------
    mean_load : numpy.ndarray of float, shape (p,)
        Load of an area of the parent on average; NaN for a parent without areas.
    nesting_deviation : numpy.ndarray of float, shape (p,)
        Share by which that is off the mean of all areas: what whole numbers per parent cost.
    giant_block_deviation : numpy.ndarray of float, shape (p,)
        Share by which the area with the heaviest block is at least above its parent's mean; 0 where no
        block is heavier than that mean.
    parts : numpy.ndarray of int, shape (p,)
        Connected pieces of the parent; its areas have no more pieces in all than areas and pieces require.
    least_moved_population : int
        Fewest people that change hands in any division whose loads keep to the limit; 0 without a present
        division.
    """

    mean_load: Floats
    nesting_deviation: Floats
    giant_block_deviation: Floats
    parts: Ints
    least_moved_population: int


def bounds(blocks: Blocks, counts: Ints, *, current: Ints | None = None, aims: Aims | None = None) -> Bounds:
    """Tell what no division of the blocks into so many areas could better.

    Parameters
    ----------
    blocks : Blocks
        The ground.
    counts : numpy.ndarray of int, shape (p,)
        Areas per parent.
    current : numpy.ndarray of int, shape (n,), optional
        Present area of each block, -1 for none.
    aims : Aims, optional
        The limit counts.

    Returns
    -------
    Bounds
    """
    aims = aims or Aims()
    parents = len(counts)
    load = np.bincount(blocks.parent, weights=blocks.load, minlength=parents)
    heaviest = np.zeros(parents)
    np.maximum.at(heaviest, blocks.parent, blocks.load)
    _, first = np.unique(_parts(blocks), return_index=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(counts > 0, load / counts, np.nan)
        overall = load.sum() / max(int(counts.sum()), 1)
        giant = np.where(mean > 0, np.maximum(heaviest / mean - 1.0, 0.0), 0.0)
        nesting = np.where(counts > 0, mean / overall - 1.0, np.nan) if overall > 0 else np.zeros(parents)
    return Bounds(
        mean_load=mean,
        nesting_deviation=nesting,
        giant_block_deviation=giant,
        parts=np.bincount(blocks.parent[first], minlength=parents).astype(np.int64),
        least_moved_population=0 if current is None else _least_moved(blocks, counts, current, mean, aims),
    )


def _parts(blocks: Blocks) -> Ints:
    return connected_parts(blocks.graph, blocks.parent)


def _least_moved(blocks: Blocks, counts: Ints, current: Ints, mean: Floats, aims: Aims) -> int:
    """Return how many people change hands at least, parent by parent.

    An area above the limit gives up at least what it has too much, of its blocks with the fewest people for
    their load; one below it, or a new one, takes at least what it lacks. One move can serve both.
    """
    placed = current >= 0
    areas = int(current.max()) + 1 if placed.any() else 0
    above = np.zeros(areas, dtype=np.int64)
    above[current[placed]] = blocks.parent[placed]
    exists = np.bincount(current[placed], minlength=areas) > 0
    load = np.bincount(current[placed], weights=blocks.load[placed], minlength=areas)
    people = np.bincount(current[placed], weights=blocks.population[placed], minlength=areas)
    excess = np.where(exists, np.maximum(load - (1 + aims.limit) * mean[above], 0.0), 0.0)
    lack = np.where(exists, np.maximum((1 - aims.limit) * mean[above] - load, 0.0), 0.0)
    unplaced = np.bincount(blocks.parent[~placed], weights=blocks.load[~placed], minlength=len(counts))
    now = np.bincount(above[exists], minlength=len(counts))
    total = 0.0
    for p in range(len(counts)):
        if counts[p] == 0:
            continue
        mine = np.flatnonzero(exists & (above == p))
        if now[p] > counts[p]:  # those with the fewest people go, and all their people with them
            total += float(np.sort(people[mine])[: now[p] - counts[p]].sum())
            continue
        given = sum(
            _fewest_people(blocks, current == area, excess[area]) for area in mine if excess[area] > 0
        )
        wanted = lack[mine].sum() + (counts[p] - now[p]) * (1 - aims.limit) * mean[p] - unplaced[p]
        taken = _fewest_people(blocks, placed & (blocks.parent == p), wanted)
        total += max(given, taken)
    return int(np.floor(total + 1e-6))


def _fewest_people(blocks: Blocks, among: npt.NDArray[np.bool_], load: float) -> float:
    """Return the fewest people in parts of blocks that have a load together (a fractional knapsack)."""
    if load <= 0:
        return 0.0
    own = np.flatnonzero(among & (blocks.load > 0))
    people = blocks.population[own].astype(np.float64)
    order = np.argsort(people / blocks.load[own], kind="stable")
    filled = np.cumsum(blocks.load[own][order])
    cut = int(np.searchsorted(filled, load))
    if cut >= len(own):
        return float(people.sum())
    before = float(filled[cut - 1]) if cut else 0.0
    part = (load - before) / float(blocks.load[own][order][cut])
    return float(people[order][:cut].sum() + part * people[order][cut])


def two_balances(
    population: npt.ArrayLike,
    area_m2: npt.ArrayLike,
    *,
    target_population: float = 5000.0,
    target_area_km2: float = 0.5,
) -> Floats:
    """Tell how far off areas are at best when both targets are to be met at once.

    Parameters
    ----------
    population, area_m2 : array_like, shape (p,)
        People and ground of each parent.
    target_population, target_area_km2 : float
        What each area shall have of both; positive.

    Returns
    -------
    numpy.ndarray of float, shape (p,)
        Share by which the areas of the parent miss one target or the other, on average and at best, whatever
        their number: with ``r`` the parent's people per target over its ground per target, their means are
        1 + e and 1 - e where (1 + e) / (1 - e) = r. 1 where there are no people or no ground.

    Examples
    --------
    Where 20,000 people live on a square kilometre, areas are a third above the one and below the other:

    >>> two_balances([20_000], [1e6]).round(3).tolist()
    [0.333]
    """
    if not (target_population > 0 and target_area_km2 > 0):
        raise InputError(
            f"Targets must be positive, not {target_population} people and {target_area_km2} km²."
        )
    people = np.asarray(population, dtype=np.float64) / target_population
    ground = np.asarray(area_m2, dtype=np.float64) / (target_area_km2 * 1e6)
    both = people + ground
    return np.where(both > 0, np.abs(people - ground) / np.where(both > 0, both, 1.0), 0.0)

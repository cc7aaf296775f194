"""How many areas each parent gets: its load in targets, rounded to whole numbers by Webster's method."""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.types import Floats, Ints


def workload(
    population: npt.ArrayLike,
    area_m2: npt.ArrayLike,
    *,
    target_population: float = 5000.0,
    target_area_km2: float = 0.5,
    weight_population: float = 0.5,
    weight_area: float = 0.5,
) -> Floats:
    """Measure blocks or areas in units of the target: 1 is one area's worth of work.

    ``weight_population * population / target_population + weight_area * area / target_area``. The
    defaults read the guideline "on average 0.5 km² or 5,000 people" with both halves equal.

    Parameters
    ----------
    population : array_like, shape (n,)
        People; not negative.
    area_m2 : array_like, shape (n,)
        Ground in square metres; not negative.
    target_population, target_area_km2 : float
        Size of one area that is all population or all ground; positive.
    weight_population, weight_area : float
        Weights of the two; not negative.

    Returns
    -------
    numpy.ndarray of float, shape (n,)

    Raises
    ------
    InputError
        A target is not positive, a weight is negative or both are zero, or a number of people or
        square metres is negative or not finite.

    Examples
    --------
    >>> workload([5000, 0], [500_000.0, 250_000.0]).tolist()
    [1.0, 0.25]
    """
    people = np.asarray(population, dtype=np.float64)
    ground = np.asarray(area_m2, dtype=np.float64)
    if not (target_population > 0 and target_area_km2 > 0):
        raise InputError(
            f"Targets must be positive, not {target_population} people and {target_area_km2} km²."
        )
    if min(weight_population, weight_area) < 0 or weight_population + weight_area <= 0:
        raise InputError(f"Weights {weight_population} and {weight_area} must not be negative nor both zero.")
    for name, values in (("population", people), ("area", ground)):
        wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
        if len(wrong):
            i = int(wrong[0])
            raise InputError(f"Block {i} has {name} {values[i]}, which is not a size.", field=name)
    return weight_population * people / target_population + weight_area * ground / (target_area_km2 * 1e6)


def apportion(
    loads: npt.ArrayLike,
    total: int | None = None,
    *,
    minimum: npt.ArrayLike = 1,
    at_most: npt.ArrayLike | None = None,
) -> Ints:
    """Give whole numbers of areas to parents in proportion to their loads.

    Webster's method (Sainte-Laguë): seats go one by one to the parent with the largest
    ``load / (2 * seats + 1)``, after every parent has its minimum. Of all divisor methods it favours
    neither large nor small parents (Balinski and Young, Fair Representation, 1982). Ties go to the
    parent that comes first.

    Parameters
    ----------
    loads : array_like of float, shape (p,)
        Load of each parent; not negative.
    total : int, optional
        Number of areas to give. Without it: the sum of the loads, rounded, but no less than the
        minimum of all parents.
    minimum : array_like of int, () or shape (p,)
        Areas that every parent, or each, gets whatever its load.
    at_most : array_like of int, shape (p,), optional
        Upper limit per parent (its number of blocks).

    Returns
    -------
    numpy.ndarray of int, shape (p,)
        Adds up to ``total``.

    Raises
    ------
    InputError
        ``total`` is below the minimum or above the limits, or a load is negative or not finite.

    Examples
    --------
    >>> apportion([5.3, 2.4, 0.1]).tolist()
    [5, 2, 1]
    >>> apportion([5.3, 2.4, 0.1], 10).tolist()
    [6, 3, 1]
    """
    load = np.asarray(loads, dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(load) & (load >= 0)))
    if len(wrong):
        raise InputError(f"Parent {int(wrong[0])} has load {load[wrong[0]]}, which is not a size.")
    limit = np.full(len(load), np.iinfo(np.int64).max) if at_most is None else np.asarray(at_most, np.int64)
    least = np.broadcast_to(np.asarray(minimum, dtype=np.int64), load.shape)
    if (limit < least).any():
        i = int(np.flatnonzero(limit < least)[0])
        raise InputError(f"Parent {i} can hold {limit[i]} areas, fewer than the minimum of {least[i]}.")
    room = int(sum(int(n) for n in limit))  # in Python's integers: the limits may be huge
    if total is None:
        total = min(max(round(float(load.sum())), int(least.sum())), room)
    if not int(least.sum()) <= total <= room:
        raise InputError(
            f"{total} areas cannot be given to {len(load)} parents that take {int(least.sum())} to {room}.",
            hint="Ask for a number between the two.",
            field="total",
        )
    seats = least.copy()
    queue = [(-load[i] / (2 * seats[i] + 1), i) for i in range(len(load)) if seats[i] < limit[i]]
    heapq.heapify(queue)
    for _ in range(total - int(seats.sum())):
        _, i = heapq.heappop(queue)
        seats[i] += 1
        if seats[i] < limit[i]:
            heapq.heappush(queue, (-load[i] / (2 * seats[i] + 1), i))
    return seats


def counts_for_population(
    population: npt.ArrayLike,
    area_m2: npt.ArrayLike,
    *,
    target_population: float,
    area_cap_km2: float | None = None,
) -> Ints:
    """Give parents as many areas as their people ask for, and more where those would be too large.

    Parameters
    ----------
    population, area_m2 : array_like, shape (p,)
        People and ground of each parent; not negative.
    target_population : float
        People that an area should have; positive.
    area_cap_km2 : float, optional
        Ground that areas should not exceed on average; positive.

    Returns
    -------
    numpy.ndarray of int, shape (p,)
        At least 1 each: the number whose mean comes nearest to the target by share, or the smallest one
        whose mean keeps to the cap, whichever is more.

    Examples
    --------
    >>> counts_for_population(
    ...     [16_000, 3_000], [1e6, 5e6], target_population=5000, area_cap_km2=2
    ... ).tolist()
    [3, 3]
    """
    people = np.asarray(population, dtype=np.float64) / target_population
    ground = np.asarray(area_m2, dtype=np.float64) / 1e6
    if not (target_population > 0 and (area_cap_km2 is None or area_cap_km2 > 0)):
        raise InputError(f"Targets must be positive, not {target_population} people and {area_cap_km2} km².")
    low = np.maximum(np.floor(people), 1.0)
    # between two whole numbers the means differ as much by share at their geometric mean
    wanted = np.where(people > np.sqrt(low * (low + 1)), low + 1, low)
    if area_cap_km2 is not None:
        wanted = np.maximum(wanted, np.ceil(ground / area_cap_km2 - 1e-9))
    return wanted.astype(np.int64)

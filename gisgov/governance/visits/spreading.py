"""Visits spread over the working days of their period: whole numbers that add up."""

from __future__ import annotations

from typing import Final

import numpy as np

from gisgov.types import Ints

_MULTIPLIER: Final = 2654435769
"""2**32 over the golden ratio: multiples of it lie evenly (Knuth, The Art of Computer Programming, 6.4)."""


def due_visits(visits: Ints, keys: Ints, *, number: int, days: int) -> Ints:
    """Return how many visits of each building are due on one working day of a period.

    The visits of a building lie as evenly over the days as whole numbers can, and each building begins at
    another place of the period, so that those with one visit do not all fall on the last day. Every area has
    the sum of its buildings: the areas of any layer add up to the same whole.

    Parameters
    ----------
    visits : (n,) array of int
        Visits of each building in the whole period, not below 0.
    keys : (n,) array of int
        A number that stays the building's own, such as its id; not below 0.
    number : int
        Which working day of the period, from 0.
    days : int
        Working days of the period, above ``number``.

    Returns
    -------
    (n,) array of int
        Over all days of a period they are ``visits`` again.

    Notes
    -----
    ``floor(((k + 1) n + p) / d) − floor((k n + p) / d)`` for ``n`` visits on day ``k`` of ``d`` with the
    phase ``0 ≤ p < d``: Bresenham's line, shifted.

    Examples
    --------
    >>> two, one = (
    ...     [int(due_visits(np.array([visits]), np.array([0]), number=k, days=5)[0]) for k in range(5)]
    ...     for visits in (2, 1)
    ... )
    >>> two, one
    ([0, 0, 1, 0, 1], [0, 0, 0, 0, 1])
    """
    hashed = keys.astype(np.uint64) * np.uint64(_MULTIPLIER) & np.uint64(0xFFFFFFFF)
    phase = (hashed * np.uint64(days) >> np.uint64(32)).astype(np.int64)
    due: Ints = ((number + 1) * visits + phase) // days - (number * visits + phase) // days
    return due

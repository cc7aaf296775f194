"""How many areas each connected piece of a parent gets."""

from __future__ import annotations

import numpy as np

from gisgov.errors import InputError
from gisgov.types import Floats, Ints
from gisgov.zoning.apportion import apportion


def share_out(
    load: Floats, size: Ints, count: int, *, present: Ints | None = None, at_least: Ints | None = None
) -> Ints:
    """Give the areas of a parent to its connected pieces.

    Parameters
    ----------
    load : numpy.ndarray of float, shape (q,)
        Load of each piece.
    size : numpy.ndarray of int, shape (q,)
        What it has to make areas of: no piece gets more areas than that.
    count : int
        Areas of the parent, 1 … ``size.sum()``.
    present : numpy.ndarray of int, shape (q,), optional
        Areas that each piece has now. They stay where ``count`` allows: the piece whose areas would carry
        most gets one more, the one whose areas carry least gives one up.
    at_least : numpy.ndarray of int, shape (q,), optional
        Areas that each piece needs: for its service points. 0 by default.

    Returns
    -------
    numpy.ndarray of int, shape (q,)
        Adds up to ``count``. A piece may get none, an islet too small for an area of its own; its ground
        then goes to an area of another piece.

    Examples
    --------
    >>> share_out(np.array([5.2, 2.6, 0.1]), np.array([50, 30, 1]), 8).tolist()
    [5, 3, 0]
    >>> share_out(np.array([5.2, 2.6]), np.array([50, 30]), 8, present=np.array([4, 3])).tolist()
    [5, 3]
    """
    if count < 1 or count > int(size.sum()):
        raise InputError(f"{int(size.sum())} blocks cannot make {count} areas.", field="counts")
    least = np.zeros(len(load), dtype=np.int64) if at_least is None else at_least
    if present is None:
        return apportion(load, count, minimum=least, at_most=size)
    seats = np.clip(present, least, size)
    while seats.sum() < count:
        room = seats < size
        seats[np.argmax(np.where(room, load / (2 * seats + 1), -1.0))] += 1
    while seats.sum() > count:
        taken = seats > least
        seats[np.argmin(np.where(taken, load / np.maximum(2 * seats - 1, 1), np.inf))] -= 1
    return seats

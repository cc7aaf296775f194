"""People of common ground, as whole numbers that add up."""

from __future__ import annotations

import numpy as np

from gisgov.types import Floats, Ints


def share_out(source: Ints, target: Ints, ground: Floats, people: Ints, wanted: Ints) -> Ints:
    """Give the people of pieces of ground to pieces of another cut of the same ground.

    Parameters
    ----------
    source, target : numpy.ndarray of int, shape (k,)
        Numbers of two pieces that have ground in common, each pair once.
    ground : numpy.ndarray of float, shape (k,)
        How much.
    people : numpy.ndarray of int, shape (m,)
        Who lives on each piece of the one cut.
    wanted : numpy.ndarray of int, shape (n,)
        Who lives on each piece of the other.

    Returns
    -------
    numpy.ndarray of int, shape (k,)
        Of each source exactly its people, and of each target exactly its own wherever that can be: the
        largest pairs get what both have left, one after another, and what is left then goes to the largest
        pair of its source.

    Examples
    --------
    A block of 10 people was cut into 6 and 4 by one plan, into 7 and 3 by another:

    >>> share_out(
    ...     np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([5.0, 1.0, 4.0]),
    ...     np.array([6, 4]), np.array([5, 5]),
    ... ).tolist()
    [5, 1, 4]
    """
    given = np.zeros(len(source), dtype=np.int64)
    left, asked = people.copy(), wanted.copy()
    order = np.lexsort((target, source, -ground))
    for i in order.tolist():
        given[i] = min(left[source[i]], asked[target[i]])
        left[source[i]] -= given[i]
        asked[target[i]] -= given[i]
    for i in order.tolist():
        given[i] += left[source[i]]
        left[source[i]] = 0
    return given

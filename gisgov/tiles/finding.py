"""Rows of features by their ids."""

from __future__ import annotations

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Ints, SmallInts


@kernel
def find_rows(ids: Ints, by_id: SmallInts, is_live: Bools, sought: Ints, rows: Ints) -> None:
    """Write the live row of each id, −1 for those that there are none of.

    Ids are mostly counted up by the database, so each is looked for from where it would lie if they were
    evenly far from each other, in steps that double: one or two rows are looked at then, and never many more
    than in a search by halves.

    Parameters
    ----------
    ids : numpy.ndarray of int64, shape (n,)
        Of all rows, distinct.
    by_id : numpy.ndarray of int32, shape (n,)
        Rows in the order of their ids.
    is_live : numpy.ndarray of bool, shape (n,)
        Which rows count.
    sought : numpy.ndarray of int64, shape (m,)
        In any order.
    rows : numpy.ndarray of int64, shape (m,)
        Is written.
    """
    count = len(by_id)
    if count == 0:
        rows[:] = -1
        return
    least, most = ids[by_id[0]], ids[by_id[count - 1]]
    share = (count - 1) / max(float(most - least), 1.0)
    for k in range(len(sought)):
        one = sought[k]
        rows[k] = -1
        if one < least or one > most:
            continue
        guess = min(int((one - least) * share + 0.5), count - 1)
        # the first that is not less lies in low to high
        low, high, step = guess, guess, 1
        while low > 0 and ids[by_id[low]] >= one:
            high, low = low, max(low - step, 0)
            step *= 2
        step = 1
        while ids[by_id[high]] < one:
            low, high = high + 1, min(high + step, count - 1)
            step *= 2
        while low < high:
            middle = (low + high) // 2
            if ids[by_id[middle]] < one:
                low = middle + 1
            else:
                high = middle
        row = by_id[low]
        if ids[row] == one and is_live[row]:
            rows[k] = row

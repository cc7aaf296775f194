"""What is known of each line, and which of them are used."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.types import Bools, Geometries, Ints


def kinds_and_levels(
    lines: Geometries, line_class: npt.ArrayLike, line_level: npt.ArrayLike | None
) -> tuple[Ints, Ints]:
    """Read classes and levels, one for each line.

    Raises
    ------
    InputError
        Lengths differ, or there is no such class.

    Examples
    --------
    >>> kinds_and_levels(np.array([None, None]), [1, 3], None)
    (array([1, 3]), array([0, 0]))
    """
    kinds = np.asarray(line_class, dtype=np.int64)
    levels = np.zeros(len(lines), dtype=np.int64) if line_level is None else np.asarray(line_level, np.int64)
    for name, given in (("line_class", kinds), ("line_level", levels)):
        if given.shape != (len(lines),):
            raise InputError(f"There are {len(lines)} lines and {given.size} values.", field=name)
    strange = np.setdiff1d(kinds, [int(one) for one in EdgeClass])
    if strange.size:
        raise InputError(f"There is no class {strange[0]} of lines.", field="line_class")
    return kinds, levels


def only(lines: Geometries, used: Bools) -> Geometries:
    """Leave some lines out, so that the others keep their numbers.

    Examples
    --------
    >>> only(np.array(["a", "b"], dtype=object), np.array([False, True])).tolist()
    [None, 'b']
    """
    chosen: Geometries = np.full(len(lines), None, dtype=object)
    chosen[used] = lines[used]
    return chosen

"""Rows of a file that lie off the globe, out of the range of their system, or with swapped axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.errors import CoordinateError
from gisgov.services.ground_files import DrawnGround
from gisgov.services.importing.coordinate_ranges import range_faults
from gisgov.types import Floats, Ints, Texts

_MOST: Final = 0.5
"""Where more of the rows than this are out of place, it is the system that is wrong, not the rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Misplaced:
    """Rows that cannot lie where they are said to lie; one entry for each.

    Attributes
    ----------
    index : numpy.ndarray of int, shape (n,)
        Which row, counted from 0.
    reason : numpy.ndarray of str, shape (n,)
        What is wrong, with the coordinates: a sentence without its subject.
    x, y : numpy.ndarray of float, shape (n,)
        The corner at fault, in the coordinates of the file.
    """

    index: Ints
    reason: Texts
    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.index)


def find_misplaced(drawn: DrawnGround) -> Misplaced:
    """Find the rows of a file that are out of place.

    Parameters
    ----------
    drawn : DrawnGround
        Its polygons. What is missing, empty or not finite has no place that could be wrong.

    Raises
    ------
    CoordinateError
        Most of the rows are: the file is in another system than was said.
    """
    west, south, east, north = shapely.bounds(drawn.geometries).T
    lower = range_faults(west, south, drawn.system).message
    upper = range_faults(east, north, drawn.system).message
    is_low, is_high = lower.astype(bool), upper.astype(bool)
    index = np.flatnonzero(is_low | is_high)
    reason: Texts = np.where(is_low, lower, upper)[index]
    placed = int(np.isfinite(west).sum())
    if len(index) > _MOST * placed:
        raise CoordinateError(
            f"{drawn.file.path.name}: {len(index):,} of {placed:,} rows are out of place: "
            f"row {drawn.rows[index[0]]} {reason[0]}.",
            hint="Name the system that the file is in with --crs.",
            field="file",
        )
    return Misplaced(
        index, reason, np.where(is_low, west, east)[index], np.where(is_low, south, north)[index]
    )

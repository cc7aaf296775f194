"""The answer for many points: the owner of each, or why it has none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from gisgov.types import SmallInts


class Status(IntEnum):
    """What was found out about a point; the numbers stay as they are, files and answers hold them."""

    OWNED = 0
    """An area owns it, and it lies inside."""
    BORDER = 1
    """An area owns it, and it lies on that area's border."""
    OUTSIDE = 2
    """No area of the layer covers it."""
    NO_COORDINATE = 3
    """It has no coordinate: one of the two is missing."""
    BAD_COORDINATE = 4
    """Its coordinate is no place: no finite number, out of range, nowhere on the globe, 0, 0 in no area."""
    UNREADABLE = 5
    """What should have been a point could not be read. `assign_points` never says so, readers do."""

    @property
    def word(self) -> str:
        """What it is called in answers and files."""
        return self.name.lower().replace("_", "-")


STATUS_WORDS: Final = tuple(status.word for status in Status)
"""The words of the statuses, by their numbers: ``owned``, ``border``, ``outside``, ``no-coordinate`` …"""


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """The owners of points, in the order of the points.

    Attributes
    ----------
    owner : numpy.ndarray of int32, shape (n,)
        Row of the owning area in the layer's index; −1 where no area owns the point.
    status : numpy.ndarray of int8, shape (n,)
        `Status` of each point.
    """

    owner: SmallInts
    status: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.owner)

    def counts(self) -> dict[str, int]:
        """Return how many points have each status, by its word; also those that none has."""
        numbers = np.bincount(self.status, minlength=len(STATUS_WORDS))
        return dict(zip(STATUS_WORDS, numbers.tolist(), strict=True))

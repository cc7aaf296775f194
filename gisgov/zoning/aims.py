"""What a re-division seeks, and what it keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from gisgov.errors import InputError
from gisgov.types import Bools, Ints

Effort: TypeAlias = Literal["standard", "quality"]


@dataclass(frozen=True, slots=True)
class Aims:
    """What is sought: weights of aims that give way to each other, and limits that are reported.

    Attributes
    ----------
    band : float
        Share by which loads may be off their parent's mean without any price.
    limit : float
        Share that no area should be off by; what cannot be helped is explained.
    compactness : float
        Price of perimeter²/(4π·ground), which is 1 for a disc.
    streets : float
        Price of borders between areas, per metre that they cost (``Graph.cost_m``).
    movement : float
        Where there is a present division: price of the people who change hands, against the people of one
        area. 0 asks for the best division however many move.
    max_moved_share : float or None
        Share of all people that may change hands at the most.
    effort : {"standard", "quality"}
        How long is searched.
    """

    band: float = 0.05
    limit: float = 0.10
    compactness: float = 0.85
    streets: float = 2.5
    movement: float = 12.0
    max_moved_share: float | None = None
    effort: Effort = "standard"

    def __post_init__(self) -> None:
        if not 0 <= self.band <= self.limit:
            raise InputError(
                f"The band of {self.band:g} must lie between 0 and the limit of {self.limit:g}.", field="band"
            )
        for name in ("compactness", "streets", "movement"):
            if not 0 <= getattr(self, name) < np.inf:
                raise InputError(f"The weight of {name} cannot be {getattr(self, name)}.", field=name)
        if self.max_moved_share is not None and not 0 <= self.max_moved_share <= 1:
            raise InputError(
                f"At most {self.max_moved_share:g} of the people cannot be a share; it lies between 0 and 1.",
                field="max_moved_share",
            )


def _no_pairs() -> Ints:
    return np.zeros((0, 2), dtype=np.int64)


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What is kept, whatever the aims: each block once, areas whole and inside their parent, and these.

    Attributes
    ----------
    locked : numpy.ndarray of bool, shape (n,), or None
        Blocks whose present area stays as it is, to the block.
    together : numpy.ndarray of int, shape (n,), or None
        Number of the group whose blocks are in one area, -1 for none: a residents' group, a compound.
    apart : numpy.ndarray of int, shape (q, 2)
        Pairs of blocks that are not in one area.
    seats : numpy.ndarray of int, shape (s,)
        Blocks with a service point: no area has two, and each has one where there are as many.
    """

    locked: Bools | None = None
    together: Ints | None = None
    apart: Ints = field(default_factory=_no_pairs)
    seats: Ints = field(default_factory=_none)

"""Pairs of areas that have ground in common, found bit by bit and put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gisgov.governance.lineage import NOWHERE
from gisgov.types import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Common ground of areas as parallel columns; a pair may come several times.

    Attributes
    ----------
    former, area : numpy.ndarray of int, shape (k,)
        Numbers of the areas, `NOWHERE` for ground that one side does not have.
    ground_m2 : numpy.ndarray of float, shape (k,)
        Their common ground.
    people : numpy.ndarray of int, shape (k,)
        Who lives on it.
    blocks : numpy.ndarray of int, shape (k,)
        How many blocks or pieces of blocks it is.
    """

    former: Ints
    area: Ints
    ground_m2: Floats
    people: Ints
    blocks: Ints


def joined(found: Iterable[Pairs]) -> Pairs:
    """Add up pairs of the same areas, by former, then area; what no side has in an area is left out."""
    parts = list(found)
    former = np.concatenate([one.former for one in parts])
    area = np.concatenate([one.area for one in parts])
    width = int(area.max(initial=NOWHERE)) + 2
    key = (former + 1) * width + area + 1
    known, place = np.unique(key, return_inverse=True)
    kept = known > 0
    return Pairs(
        (known // width - 1)[kept],
        (known % width - 1)[kept],
        np.bincount(place, np.concatenate([one.ground_m2 for one in parts]), len(known)).astype(np.float64)[
            kept
        ],
        _counts(place, [one.people for one in parts], len(known))[kept],
        _counts(place, [one.blocks for one in parts], len(known))[kept],
    )


def _counts(place: Ints, parts: list[Ints], count: int) -> Ints:
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, place, np.concatenate(parts))
    return sums

"""Two plans held against each other: what their areas have in common, and what each area became."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gisgov.governance.lineage import NOWHERE, AreaFate, AreaOrigin, follow
from gisgov.types import Bools, Floats, Ints, Texts

PEOPLE_WEIGHT: Final = 0.5
"""How much people count beside ground when it is told which area goes on in which."""


@dataclass(frozen=True, slots=True, eq=False)
class Overlaps:
    """What ``m`` areas of one plan and ``n`` areas of another have in common.

    Attributes
    ----------
    former_codes : numpy.ndarray of str, shape (m,)
        Codes of the areas of the first plan.
    codes : numpy.ndarray of str, shape (n,)
        Codes of the areas of the second.
    former, area : numpy.ndarray of int, shape (k,)
        Numbers of a pair, each pair once, by former, then area; `NOWHERE` for ground that one plan does not
        have.
    ground_m2 : numpy.ndarray of float, shape (k,)
        Their common ground.
    people : numpy.ndarray of int, shape (k,)
        Who lives on it.
    blocks : numpy.ndarray of int, shape (k,)
        How many blocks, or pieces of blocks, it is made of; 0 where plans of polygons were laid over each
        other.
    """

    former_codes: Texts
    codes: Texts
    former: Ints
    area: Ints
    ground_m2: Floats
    people: Ints
    blocks: Ints

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.former)

    def code_of(self, pair: int) -> tuple[str | None, str | None]:
        """Return the former code and the code of a pair; None for ground that one plan does not have."""
        old, new = int(self.former[pair]), int(self.area[pair])
        return (
            None if old == NOWHERE else str(self.former_codes[old]),
            None if new == NOWHERE else str(self.codes[new]),
        )

    def backwards(self) -> Overlaps:
        """Return the same with the plans exchanged."""
        order = np.lexsort((self.former, self.area))
        return Overlaps(
            former_codes=self.codes,
            codes=self.former_codes,
            former=self.area[order],
            area=self.former[order],
            ground_m2=self.ground_m2[order],
            people=self.people[order],
            blocks=self.blocks[order],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Shares (0..1) of each of ``k`` pairs in what its two areas have; NaN where an area has none of it.

    Attributes
    ----------
    ground, people : numpy.ndarray of float, shape (k,)
        Of the area: how much of it came from the former one.
    former_ground, former_people : numpy.ndarray of float, shape (k,)
        Of the former area: how much of it went to this one.
    """

    ground: Floats
    people: Floats
    former_ground: Floats
    former_people: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What two plans are to each other.

    Attributes
    ----------
    overlaps : Overlaps
        What their areas have in common.
    shares : Shares
        The same as shares, both ways.
    keeps : numpy.ndarray of int, shape (n,)
        The former area that each area goes on from, `NOWHERE` where it goes on from none.
    origin : tuple of AreaOrigin
        What each area of the second plan is.
    fate : tuple of AreaFate
        What became of each area of the first.
    """

    overlaps: Overlaps
    shares: Shares
    keeps: Ints
    origin: tuple[AreaOrigin, ...]
    fate: tuple[AreaFate, ...]

    @property
    def changes_hands(self) -> Bools:
        """Whether the ground of each pair is of another code than before."""
        pairs = (self.overlaps.code_of(i) for i in range(len(self.overlaps)))
        return np.array([old != new for old, new in pairs], dtype=np.bool_)

    def goes_on(self, pair: int) -> bool:
        """Whether the area of a pair goes on from the former area of it."""
        old, new = self.overlaps.former[pair], self.overlaps.area[pair]
        return bool(old != NOWHERE and new != NOWHERE and self.keeps[new] == old)


def compare(overlaps: Overlaps, *, people_weight: float = PEOPLE_WEIGHT) -> Comparison:
    """Say which areas are kept, reshaped, split, merged, new and gone.

    Parameters
    ----------
    overlaps : Overlaps
        What the areas have in common.
    people_weight : float
        A pair weighs ``w · people / all people + (1 − w) · ground / all ground``; without any people ground
        alone counts.

    Returns
    -------
    Comparison
        By the rules of `gisgov.governance.lineage.follow`, whose threshold is `MOST`.

    Examples
    --------
    A loses a quarter of its ground, on which nobody lives, to B:

    >>> names = np.array(["A", "B"], dtype=object)
    >>> told = compare(
    ...     Overlaps(
    ...         names, names, np.array([0, 0, 1]), np.array([0, 1, 1]),
    ...         np.array([3.0, 1.0, 4.0]), np.array([10, 0, 10]), np.array([3, 1, 4]),
    ...     )
    ... )
    >>> [str(one) for one in told.origin], told.shares.ground.tolist(), told.shares.people.tolist()
    (['reshaped', 'reshaped'], [1.0, 0.2, 0.8], [1.0, 0.0, 1.0])
    """
    codes = [overlaps.code_of(i) for i in range(len(overlaps))]
    told = follow(
        overlaps.former,
        overlaps.area,
        _weight(overlaps, people_weight),
        formers=len(overlaps.former_codes),
        areas=len(overlaps.codes),
        same_code=np.array([old == new for old, new in codes], dtype=np.bool_),
    )
    shares = Shares(
        ground=_shares(overlaps.area, overlaps.ground_m2, len(overlaps.codes)),
        people=_shares(overlaps.area, overlaps.people, len(overlaps.codes)),
        former_ground=_shares(overlaps.former, overlaps.ground_m2, len(overlaps.former_codes)),
        former_people=_shares(overlaps.former, overlaps.people, len(overlaps.former_codes)),
    )
    return Comparison(overlaps, shares, told.keeps, told.origin, told.fate)


def _weight(overlaps: Overlaps, people_weight: float) -> Floats:
    ground, people = float(overlaps.ground_m2.sum()), int(overlaps.people.sum())
    of_people = people_weight if people else 0.0
    weight = (1.0 - of_people) * overlaps.ground_m2 / (ground or 1.0)
    return weight + of_people * overlaps.people / (people or 1)


def _shares(number: Ints, amount: npt.NDArray[np.float64] | Ints, count: int) -> Floats:
    """Return what each pair has of the whole of its area; NaN where it has no area, or that has nothing."""
    at = number != NOWHERE
    whole = np.bincount(number[at], weights=amount[at], minlength=count)
    share = np.full(len(number), np.nan)
    divisor = whole[number[at]]
    share[at] = np.divide(amount[at], divisor, out=np.full(len(divisor), np.nan), where=divisor > 0)
    return share

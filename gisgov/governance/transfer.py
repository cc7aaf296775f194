"""Figures of the areas of one plan put onto the areas of another, so that nothing is lost or made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from gisgov.errors import InputError
from gisgov.geometry.interpolation import spread_counts
from gisgov.governance.comparison import Overlaps
from gisgov.types import Floats, Ints

DECIMALS: Final = 6
"""Digits behind the point that a figure that is no whole number is put onto other areas with."""

_LARGEST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Transferred:
    """A figure on other areas.

    Attributes
    ----------
    placed : tuple of decimal.Decimal
        What each of the ``n`` areas has of it.
    in_no_area : decimal.Decimal
        What fell to ground that none of them has.
    remainder : decimal.Decimal
        What there was, less all that: zero.
    """

    placed: tuple[Decimal, ...]
    in_no_area: Decimal
    remainder: Decimal


def transfer_weights(overlaps: Overlaps) -> Floats:
    """Return what each pair weighs of its former area: its people, or its ground where nobody lives there.

    Returns
    -------
    numpy.ndarray of float, shape (k,)
        0 for ground that no former area had.
    """
    had = overlaps.former >= 0
    lives = np.zeros(len(overlaps.former_codes))
    np.add.at(lives, overlaps.former[had], overlaps.people[had])
    weight = np.zeros(len(overlaps))
    by_people = lives[overlaps.former[had]] > 0
    weight[had] = np.where(by_people, overlaps.people[had], overlaps.ground_m2[had])
    return weight


def put_onto(values: Sequence[Decimal], overlaps: Overlaps, *, whole: bool = False) -> Transferred:
    """Put a figure of areas onto the areas that have their ground in another plan.

    The figure of an area is divided among the areas that took its ground over, in proportion to the people on
    that ground, or to the ground where nobody lived in the area. It is divided by largest remainder: in whole
    numbers on request, else in steps of a millionth (`DECIMALS`), so that the parts add up exactly.

    Parameters
    ----------
    values : sequence of decimal.Decimal, shape (m,)
        The figure of each former area; may be negative.
    overlaps : Overlaps
        What the areas of the two plans have in common.
    whole : bool
        Whether whole numbers stay whole.

    Returns
    -------
    Transferred

    Raises
    ------
    InputError
        A figure is not finite, too large, or no whole number where that is asked for.

    Examples
    --------
    A has three people on what X takes over, and one on what Y does:

    >>> from gisgov.governance.comparison import Overlaps
    >>> overlaps = Overlaps(
    ...     np.array(["A"], dtype=object), np.array(["X", "Y"], dtype=object),
    ...     np.array([0, 0]), np.array([0, 1]), np.array([5.0, 5.0]), np.array([3, 1]), np.array([1, 1]),
    ... )
    >>> [str(one) for one in put_onto([Decimal("10")], overlaps).placed]
    ['7.5', '2.5']
    >>> [str(one) for one in put_onto([Decimal("10")], overlaps, whole=True).placed]
    ['8', '2']
    """
    digits = 0 if whole else max([DECIMALS, *(_decimals(one) for one in values)])
    units = _units(values, digits)
    weight, at = transfer_weights(overlaps), np.flatnonzero(overlaps.former >= 0)
    count = len(overlaps.codes)
    placed, outside = np.zeros(count, dtype=np.int64), 0
    for sign in (1, -1):
        part = np.maximum(sign * units, 0)
        spread = spread_counts(part, overlaps.former[at], overlaps.area[at], weight[at], targets=count)
        placed += sign * spread.placed
        # an area that has nothing in common with anything is on ground that no other has
        outside += sign * int(spread.outside.sum() + spread.unweighted.sum())
    remainder = sum(units.tolist()) - sum(placed.tolist()) - outside
    return Transferred(
        tuple(_decimal(one, digits) for one in placed.tolist()),
        _decimal(outside, digits),
        _decimal(remainder, digits),
    )


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _units(values: Sequence[Decimal], digits: int) -> Ints:
    scaled = []
    for value in values:
        if not value.is_finite():
            raise InputError(f"{value} is no number that could be put onto other areas.")
        if digits == 0 and value != value.to_integral_value():
            raise InputError(f"{value} is no whole number.", hint="Do not ask for whole numbers.")
        scaled.append(int(value.scaleb(digits)))
    if sum(abs(one) for one in scaled) >= _LARGEST:
        raise InputError("The numbers are too large to be put onto other areas.")
    return np.array(scaled, dtype=np.int64)


def _decimal(units: int, digits: int) -> Decimal:
    value = Decimal(units).scaleb(-digits)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()

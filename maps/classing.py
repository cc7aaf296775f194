"""Values parted into classes by a method that the legend names.

mapclassify says which values belong together; what is written are limits, each moved to the shortest number
that parts the values in the same way.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.errors import InputError
from gisgov.governance.thematic import ClassingMethod
from gisgov.types import Floats
from maps import palette
from maps.words import Words

FEWEST, MOST = 2, 7
"""Classes: more than seven steps of a colour are not told apart on paper."""
_THINNED: Final = 3000


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for.

    Attributes
    ----------
    method : ClassingMethod
        How the values are parted.
    classes : int
        Classes wished for, from 2 to 7; fewer come of few values.
    breaks : tuple of float
        For ``manual``: rising limits between the classes.
    """

    method: ClassingMethod = ClassingMethod.ROUNDED
    classes: int = 5
    breaks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn.

        Raises
        ------
        InputError
            Too few or too many classes, limits that do not rise, or limits for another method.
        """
        if not FEWEST <= self.classes <= MOST:
            raise InputError(
                f"{self.classes} classes cannot be drawn.",
                hint=f"Give from {FEWEST} to {MOST}.",
                field="classes",
            )
        if (self.method is ClassingMethod.MANUAL) != bool(self.breaks):
            raise InputError(
                "Limits between classes go with the method manual, and it with them.",
                hint="Give both, as --classify manual --breaks 0.02,0.05,0.1, or neither.",
                field="breaks",
            )
        finite = all(math.isfinite(limit) for limit in self.breaks)
        if not finite or list(self.breaks) != sorted(set(self.breaks)) or len(self.breaks) >= MOST:
            raise InputError(
                f"The limits {', '.join(f'{limit:g}' for limit in self.breaks)} are no limits of classes.",
                hint=f"They must rise, and be at most {MOST - 1}.",
                field="breaks",
            )


@dataclass(frozen=True, slots=True)
class Classes:
    """Limits between classes, and where they come from.

    Attributes
    ----------
    method : ClassingMethod
        How the values were parted.
    breaks : tuple of float
        Rising; a value at a limit belongs to the class above it.
    """

    method: ClassingMethod
    breaks: tuple[float, ...]

    @property
    def digits(self) -> int:
        """Decimal places that the limits are written with."""
        return max((_decimals(limit) for limit in self.breaks), default=0)

    def told(self, words: Words) -> str:
        """Return the line of a legend that names the method."""
        count = len(self.breaks) + 1
        return words("classed-by", method=self.method.titled(words.language), count=f"{count}")


def classify(values: Floats, choice: Choice) -> Classes:
    """Part values into classes.

    Parameters
    ----------
    values : (n,) array of float
        NaN and infinities are left out. Where all are whole numbers, so are the limits.
    choice : Choice
        How.

    Returns
    -------
    Classes
        With no limits where there is nothing to part. A manual choice keeps its limits, whatever the values.

    Notes
    -----
    ``quantile`` and ``natural`` are mapclassify's Quantiles and FisherJenks (Fisher 1958, Jenks 1967): the
    same values stand together, though mapclassify counts a value at a limit to the class below and a legend
    here to the class above. ``equal`` is its EqualInterval, the limits rounded to a hundredth of their
    distance. More than 3,000 values are thinned to as many quantiles before natural breaks are sought.
    ``rounded`` is `maps.palette.round_breaks`.

    Examples
    --------
    >>> classify(np.array([0.0, 1, 2, 10, 11, 12, 50, 52]), Choice(ClassingMethod.NATURAL, classes=3)).breaks
    (10.0, 50.0)
    >>> classify(np.array([0.0, 0, 0, 0, 1, 2, 3, 4]), Choice(ClassingMethod.QUANTILE, classes=4)).breaks
    (1.0, 3.0)
    >>> classify(np.array([0.0, 0.1]), Choice(ClassingMethod.EQUAL, classes=4)).breaks
    (0.025, 0.05, 0.075)
    """
    if choice.method is ClassingMethod.MANUAL:
        return Classes(choice.method, choice.breaks)
    known = np.sort(values[np.isfinite(values)])
    is_whole = bool((known == np.rint(known)).all())
    if not len(known) or known[0] == known[-1]:
        return Classes(choice.method, ())
    if choice.method is ClassingMethod.ROUNDED:
        breaks = palette.round_breaks(known, choice.classes)
    elif choice.method is ClassingMethod.EQUAL:
        breaks = _equal_breaks(known, choice.classes)
    else:
        starts = _starts(known, choice)
        breaks = tuple(_shortest(float(known[at - 1]), float(known[at])) for at in starts)
    if is_whole:
        breaks = tuple(sorted({float(math.ceil(limit)) for limit in breaks if math.ceil(limit) > known[0]}))
    return Classes(choice.method, breaks)


def _starts(ordered: Floats, choice: Choice) -> Sequence[int]:
    """First place of the second and later classes among rising values."""
    import mapclassify  # slow to read: only who classifies by it waits

    count = min(choice.classes, len(np.unique(ordered)))
    if choice.method is ClassingMethod.QUANTILE:
        with warnings.catch_warnings(action="ignore"):  # that equal values leave fewer quantiles
            tops = np.asarray(mapclassify.Quantiles(ordered, k=count).bins)
    else:
        sought = ordered
        if len(ordered) > _THINNED:
            # a quantile between two values is one of them, so that a class still ends with a value
            places = np.unique(np.linspace(0, len(ordered) - 1, _THINNED).round().astype(np.int64))
            sought = ordered[places]
        count = min(count, len(np.unique(sought)))
        # mapclassify computes in single precision: let it see values from 0 to 1
        scaled = (sought - sought[0]) / (sought[-1] - sought[0])
        ends = np.searchsorted(scaled, mapclassify.FisherJenks(scaled, k=count).bins, side="right") - 1
        tops = sought[ends]
    places = np.unique(np.searchsorted(ordered, tops, side="right"))
    return [int(place) for place in places if 0 < place < len(ordered)]


def _equal_breaks(ordered: Floats, classes: int) -> tuple[float, ...]:
    import mapclassify

    limits = [float(top) for top in mapclassify.EqualInterval(ordered, k=classes).bins[:-1]]
    digits = 2 - math.floor(math.log10((ordered[-1] - ordered[0]) / classes))
    return tuple(sorted({round(limit, digits) for limit in limits}))


def _shortest(below: float, above: float) -> float:
    """Return the number with the fewest figures that is more than ``below`` and at most ``above``."""
    size = max(abs(below), abs(above))
    first = math.floor(math.log10(size))
    for digits in range(-first, 17 - first):
        unit = 10.0**-digits
        # the last multiple that is not above
        limit = round(math.floor(above / unit + 1e-9) * unit, max(digits, 0))
        if below < limit <= above:
            return limit
    return above


def _decimals(limit: float) -> int:
    text = f"{limit:.12f}".rstrip("0")
    return len(text) - text.index(".") - 1

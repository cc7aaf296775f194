"""The tolerances of a check: what was asked for, and what is usual for the coordinates at hand."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from gisgov.errors import InputError
from gisgov.geometry.coverage import STORED, Tolerances
from gisgov.geometry.crs import CoordinateSystem

DRAWN: Final = Tolerances()
"""Planes are drawn to the millimetre: what is narrower is rounding."""

MOVED: Final = Tolerances(vertex_tolerance_m=0.025)
"""What comes from a file in another system is off by up to 1 cm on either side of a long edge."""


@dataclass(frozen=True, slots=True)
class ToleranceChoice:
    """Tolerances as they were asked for; None takes the one that is usual for the coordinates.

    Attributes
    ----------
    sliver_width_m : float or None
        Faulty ground narrower than this is called a sliver.
    vertex_tolerance_m : float or None
        Ground narrower than this is none: only the vertices of its borders differ.
    min_gap_m2 : float or None
        Smaller gaps are only counted.

    Examples
    --------
    >>> ToleranceChoice(min_gap_m2=5.0).over(STORED)
    Tolerances(sliver_width_m=0.5, vertex_tolerance_m=0.0223, min_gap_m2=5.0)
    """

    sliver_width_m: float | None = None
    vertex_tolerance_m: float | None = None
    min_gap_m2: float | None = None

    def over(self, usual: Tolerances) -> Tolerances:
        """Return the tolerances to check with.

        Parameters
        ----------
        usual : Tolerances
            What holds where nothing was asked for.

        Raises
        ------
        InputError
            One is negative or no finite number.
        """
        asked = {
            name: value
            for name in ("sliver_width_m", "vertex_tolerance_m", "min_gap_m2")
            if (value := getattr(self, name)) is not None
        }
        for name, value in asked.items():
            if not (math.isfinite(value) and value >= 0.0):
                message = f"The tolerance {name} cannot be {value}."
                raise InputError(message, hint="Give 0 or more.", field=name)
        return replace(usual, **asked)


def usual_tolerances(system: CoordinateSystem, *, moved: bool = False) -> Tolerances:
    """Return the tolerances for coordinates of a system.

    Parameters
    ----------
    system : CoordinateSystem
        What they are in: degrees are taken to be on the storage grid, planes to be drawn to the millimetre.
    moved : bool
        Whether some of what is compared was brought over from another system.

    Examples
    --------
    >>> from gisgov.geometry.crs import WGS84
    >>> usual_tolerances(WGS84).vertex_tolerance_m, usual_tolerances(WGS84, moved=True).vertex_tolerance_m
    (0.0223, 0.025)
    """
    if moved:
        return MOVED
    return STORED if system.is_geographic else DRAWN


def told(tolerances: Tolerances) -> dict[str, float]:
    """Return tolerances as reports show them."""
    return {
        "sliver_width_m": tolerances.sliver_width_m,
        "vertex_tolerance_m": tolerances.vertex_tolerance_m,
        "min_gap_m2": tolerances.min_gap_m2,
    }

"""The words of the check: kinds of defects, tolerances, and the table of what was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gisgov.geometry.coverage.certificate import Certificate
from gisgov.geometry.snap import GRID_DEG
from gisgov.types import Floats, Geometries, Ints, Texts


class DefectKind(StrEnum):
    """What can be wrong with a coverage."""

    GAP = "gap"
    """Ground of the scope on which no area lies."""
    OVERLAP = "overlap"
    """Ground on which two or more areas lie."""
    DUPLICATE = "duplicate"
    """The whole ground of two or more areas: they are the same polygon."""
    CONTAINED = "contained"
    """The whole ground of an area that lies inside another."""
    OUTSIDE = "outside"
    """Ground of areas outside the scope."""
    SLIVER = "sliver"
    """A gap, an overlap or ground outside that is narrower than ``sliver_width_m``."""
    CROSSES_PARENT = "crosses-parent"
    """Ground of a nested area outside its parent."""
    INVALID_RING = "invalid-ring"
    """An area whose polygon is none: crossing, collapsed, empty or missing."""
    SEVERAL_PARTS = "several-parts"
    """An area in more than one part."""
    VERTEX_MISMATCH = "vertex-mismatch"
    """Borders that lie on each other within ``vertex_tolerance_m``, with different vertices."""

    @property
    def is_fault(self) -> bool:
        """Whether ground or a ring is at fault; a vertex mismatch is a notice."""
        return self is not DefectKind.VERTEX_MISMATCH


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What is small, in metres of the ground.

    Attributes
    ----------
    sliver_width_m : float
        Narrower faulty ground (by its mean width, and nowhere wider) is called a sliver.
    vertex_tolerance_m : float
        Into narrower ground no circle of that diameter fits: it is a vertex mismatch. Next to nothing
        by default; give the precision of the drawing.
    min_gap_m2 : float
        Smaller gaps are counted and not listed.
    """

    sliver_width_m: float = 0.5
    vertex_tolerance_m: float = 0.001
    min_gap_m2: float = 0.0


STORED: Final = Tolerances(vertex_tolerance_m=round(2.0 * GRID_DEG * 111_320.0, 4))
"""For stored coordinates: a corner rounded to the grid of 1e-7° lies up to 1.41e-7° off its border."""


@dataclass(frozen=True, slots=True, eq=False)
class Defects:
    """What is wrong with a coverage; one row per piece of ground, broken ring or mismatch.

    Rows are in the order of the kinds, the largest piece of a kind first.

    Attributes
    ----------
    kind : numpy.ndarray of DefectKind, shape (n,)
        What is wrong.
    polygon : numpy.ndarray of shapely.Geometry, shape (n,)
        The ground at fault. For several parts, all but the largest part; for an invalid ring the
        area as repaired for the check; None where nothing is left of it, and for a vertex mismatch.
    area_m2 : numpy.ndarray of float, shape (n,)
        What ``measure`` says of the polygon; 0 for None.
    width_m : numpy.ndarray of float, shape (n,)
        Its mean width, twice the area over the perimeter; NaN for None.
    cover : numpy.ndarray of int, shape (n,)
        How many areas lie on the ground: 0 on a gap, 1 or more outside the scope, 2 or more on an overlap.
        −1 where that has no meaning: for rings, parts and mismatches.
    areas : tuple of tuple of int, length n
        Numbers of the areas: those around a gap, all that lie on an overlap or outside the scope, all whose
        vertices differ, else the one at fault.
    lon, lat : numpy.ndarray of float, shape (n,)
        A point in the ground, or where a ring is broken (NaN where it has no place), or a vertex that
        differs, in the coordinates of the areas.
    reason : numpy.ndarray of str, shape (n,)
        For an invalid ring what is wrong with it (`gisgov.geometry.validity.find_invalid`), else empty.
    below : dict of str to int
        By the name of the tolerance, how many pieces were below it and are not listed.
    certificate : Certificate or None
        Of the areas as they are; None without a scope to certify against.
    """

    kind: Texts
    polygon: Geometries
    area_m2: Floats
    width_m: Floats
    cover: Ints
    areas: tuple[tuple[int, ...], ...]
    lon: Floats
    lat: Floats
    reason: Texts
    below: dict[str, int]
    certificate: Certificate | None

    def __len__(self) -> int:
        return len(self.kind)

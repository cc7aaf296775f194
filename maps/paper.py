"""A map frame on paper: its scale, its sizes, and the room that is taken."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from rtree.index import Index

from gisgov.geometry.crs import CoordinateSystem
from gisgov.types import BBox
from maps.density import Density
from maps.lettering import Lettering

PIXEL_MM = 0.22
"""What a page shows one pixel wide is this wide on paper."""


@dataclass(slots=True, eq=False)
class Paper:
    """A map frame on paper.

    Attributes
    ----------
    axes : matplotlib.axes.Axes
        Its coordinates are metres in ``working``.
    working : CoordinateSystem
        Projected system of the sheet.
    ground : tuple of float
        Box of the ground that the map is of, metres.
    scale : float
        Denominator of the scale: 50000 for 1:50,000.
    latitude : float
        Of the middle, degrees.
    lettering : Lettering
        What it writes with.
    """

    axes: Axes
    working: CoordinateSystem
    ground: BBox
    scale: float
    latitude: float
    lettering: Lettering
    order: float = 1.0
    taken: Index = field(default_factory=Index)
    """Boxes of what must not be written over, metres."""
    fields: dict[str, Density] = field(default_factory=dict)
    """Densities drawn, by the layer's name: the legend needs their highest value."""

    @property
    def zoom(self) -> float:
        """Zoom of a page at this scale (a pixel at zoom 0 is 156,543 m on the equator)."""
        pixel_m = self.metres(1.0)
        return math.log2(156543.034 * math.cos(math.radians(self.latitude)) / pixel_m)

    def metres(self, pixels: float) -> float:
        """Return a size of the page on the ground."""
        return pixels * PIXEL_MM / 1000 * self.scale

    @staticmethod
    def points(pixels: float) -> float:
        """Return a size of the page in points of paper."""
        return pixels * PIXEL_MM * 72 / 25.4

    def above(self) -> float:
        """Return the next place in the order of drawing."""
        self.order += 1
        return self.order

    def is_free(self, box: tuple[float, float, float, float]) -> bool:
        """Whether nothing has been written in a box."""
        return next(iter(self.taken.intersection(box)), None) is None

    def take(self, box: tuple[float, float, float, float]) -> None:
        """Keep others from writing in a box."""
        self.taken.insert(0, box)

"""Where a district lies and how many live where: an outline, centres, and green in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.types import Bools, Floats

CELLS: Final = 512
"""Density is known on a grid of so many cells a side."""
_FILLED: Final = 0.70
"""Share of the frame that is the district's."""
_WIDER: Final = 1.15
"""Width of the frame in units of its height, about."""
_STRETCH: Final = 1.07
_COUNTRYSIDE: Final = 0.10
"""Density where no centre is near; that of a centre is about 1."""
_GREEN: Final = 0.03
"""What is left of the density in a green spot."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A frame in metres from (0, 0), and the district's outline in it.

    Attributes
    ----------
    width_m, height_m : float
        The frame.
    radius_m : float
        Of the disc that is as large as the district.
    phase, swing : numpy.ndarray, shape (6,)
        Waves of the outline around the disc.
    density : numpy.ndarray, shape (CELLS, CELLS)
        Relative density of people, rows from south to north.
    """

    width_m: float
    height_m: float
    radius_m: float
    phase: Floats
    swing: Floats
    density: Floats

    def is_inside(self, x: Floats, y: Floats) -> Bools:
        """Whether points lie within the outline."""
        east, north = x - self.width_m / 2, y - self.height_m / 2
        angle = np.arctan2(north, east)
        waves = np.arange(1, len(self.phase) + 1)
        reach = 1 + np.sin(angle[..., None] * waves + self.phase) @ self.swing
        inside: Bools = np.hypot(east / _STRETCH, north * _STRETCH) < self.radius_m * reach
        return inside

    def density_at(self, x: Floats, y: Floats) -> Floats:
        """Relative density of people at points."""
        row = np.clip((y / self.height_m * CELLS).astype(np.int64), 0, CELLS - 1)
        column = np.clip((x / self.width_m * CELLS).astype(np.int64), 0, CELLS - 1)
        return self.density[row, column]

    def cells(self) -> tuple[Floats, Floats]:
        """Centres of the cells of the density's grid."""
        middle = (np.arange(CELLS) + 0.5) / CELLS
        x, y = np.meshgrid(middle * self.width_m, middle * self.height_m)
        return x, y


def lay_ground(areas: int, area_m2: float, rng: np.random.Generator) -> Ground:
    """Lay the ground of a district for so many areas that has ``area_m2`` square metres in all."""
    side = np.sqrt(area_m2 / _FILLED)
    bare = Ground(
        width_m=float(side * _WIDER),
        height_m=float(side / _WIDER),
        radius_m=float(np.sqrt(area_m2 / np.pi)),
        phase=rng.uniform(0, 2 * np.pi, 6),
        swing=rng.normal(0, 0.08, 6),
        density=np.full((CELLS, CELLS), _COUNTRYSIDE),
    )
    _settle(bare, areas, rng)
    return bare


def _settle(ground: Ground, areas: int, rng: np.random.Generator) -> None:
    """Fill the density in: centres of all sizes add up, green spots are cut out."""
    centres, greens = max(6, areas // 7), max(3, areas // 40)
    frame = np.array([ground.width_m, ground.height_m])
    middles = rng.uniform(0, frame, (centres, 2))
    heights, radii = rng.lognormal(0, 1.0, centres), rng.uniform(350, 1300, centres)
    x, y = ground.cells()
    for (east, north), height, radius in zip(middles, heights, radii, strict=True):
        # a hill is the product of its two profiles
        profile_x = np.exp(-((x[0] - east) ** 2) / (2 * radius**2))
        profile_y = np.exp(-((y[:, 0] - north) ** 2) / (2 * radius**2))
        ground.density[...] += height * np.outer(profile_y, profile_x)
    middles, radii = rng.uniform(0, frame, (greens, 2)), rng.uniform(500, 1600, greens)
    flatness = rng.uniform(0.5, 1.0, greens)
    is_green = np.zeros(x.shape, dtype=bool)
    for (east, north), radius, flat in zip(middles, radii, flatness, strict=True):
        is_green |= ((x - east) / radius) ** 2 + ((y - north) / (radius * flat)) ** 2 < 1
    ground.density[is_green] *= _GREEN

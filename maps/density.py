"""Kernel density of points in metres: the same sums as web/maps/density.js, so that page and print agree."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import convolve1d

from gisgov.errors import InputError
from gisgov.types import BBox, Floats

_CELLS_PER_BANDWIDTH = 4
_REACH = 3
_MOST_CELLS = 4_000_000
WIDEST_M = 5000.0
"""Bandwidths beyond it smooth a district to nothing, and reach beyond what a page projects (`maps.plane`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """A density on square cells.

    Attributes
    ----------
    values : (rows, columns) array of float
        Points per km²; the first row is the southernmost.
    west, south : float
        Corner of the cells, metres.
    cell_m : float
        Side of a cell, metres.
    """

    values: Floats
    west: float
    south: float
    cell_m: float

    @property
    def highest(self) -> float:
        """The highest density, points per km²."""
        return float(self.values.max(initial=0.0))

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, east, south and north of the cells, metres."""
        rows, columns = self.values.shape
        return self.west, self.west + columns * self.cell_m, self.south, self.south + rows * self.cell_m


def refuse_bandwidth(bandwidth_m: float, ground: BBox) -> None:
    """Refuse a bandwidth that a map of this ground cannot be drawn with.

    Parameters
    ----------
    bandwidth_m : float
        Standard deviation of the kernel, metres.
    ground : tuple of float
        West, south, east, north of the map, metres.

    Raises
    ------
    InputError
        It is larger than 5 km, or so small that the density would have more than four million cells.
    """
    west, south, east, north = ground
    least = _CELLS_PER_BANDWIDTH * math.sqrt(max((east - west) * (north - south), 1.0) / _MOST_CELLS)
    least = max(1.0, math.ceil(least))
    if not least <= bandwidth_m <= WIDEST_M:
        raise InputError(
            f"A bandwidth of {bandwidth_m:g} m cannot be drawn on this ground.",
            hint=f"Give from {least:g} to {WIDEST_M:g} m.",
            field="bandwidth",
        )


def kernel_density(x: Floats, y: Floats, bandwidth_m: float, *, box: BBox | None = None) -> Density:
    """Smooth points to a density by a Gaussian kernel.

    Points are counted in square cells a quarter of the bandwidth wide, and a Gaussian whose standard
    deviation is the bandwidth, cut at three times it, runs along rows and columns. Nothing is corrected at
    borders: beyond the last points the density falls to zero over three bandwidths.

    Parameters
    ----------
    x, y : (n,) array of float
        Metres in a projected plane, finite.
    bandwidth_m : float
        Standard deviation of the kernel, metres.
    box : tuple of float, optional
        West, south, east, north, metres: cells cover it and three bandwidths around, and points beyond are
        left out, so that one stray coordinate does not stretch them over half the world. By default the box
        of the points.

    Returns
    -------
    Density
        Its sum times the area of a cell is the number of points, less what is smoothed out of the box.
        Without points and box, one cell of zero.

    Examples
    --------
    >>> field = kernel_density(np.array([0.0]), np.array([0.0]), 100.0)
    >>> round(field.highest, 1), round(float(field.values.sum()) * (field.cell_m / 1000) ** 2, 6)
    (16.0, 1.0)
    """
    cell = bandwidth_m / _CELLS_PER_BANDWIDTH
    if box is None:
        if not len(x):
            return Density(np.zeros((1, 1)), 0.0, 0.0, cell)
        box = float(x.min()), float(y.min()), float(x.max()), float(y.max())
    margin = _REACH * bandwidth_m
    west, south = box[0] - margin, box[1] - margin
    # one cell more: the kernel of a point at the very edge reaches into it
    columns = int(np.ceil((box[2] + margin - west) / cell)) + 1
    rows = int(np.ceil((box[3] + margin - south) / cell)) + 1
    column, row = np.floor((x - west) / cell), np.floor((y - south) / cell)
    is_within = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    place = (row * columns + column)[is_within].astype(np.int64)
    counts = np.bincount(place, minlength=rows * columns).reshape(rows, columns).astype(np.float64)
    half = _REACH * _CELLS_PER_BANDWIDTH
    weights = np.exp(-0.5 * (np.arange(-half, half + 1) / _CELLS_PER_BANDWIDTH) ** 2)
    weights /= weights.sum()
    smooth = convolve1d(
        convolve1d(counts, weights, axis=1, mode="constant"), weights, axis=0, mode="constant"
    )
    return Density(smooth / (cell / 1000) ** 2, west, south, cell)


def round_ticks(highest: float) -> tuple[float, ...]:
    """Round numbers from zero up to the highest, for a legend: the same as a page writes.

    Examples
    --------
    >>> round_ticks(152.0)
    (0.0, 50.0, 100.0, 150.0)
    """
    if not highest > 0:
        return (0.0,)
    raw = highest / 3
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(m * power for m in (5, 2, 1) if m * power <= raw * (1 + 1e-12))
    return tuple(float(f"{k * step:.9g}") for k in range(int(highest / step + 1e-9) + 1))

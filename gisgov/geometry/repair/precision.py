"""How finely borders are compared, and where new vertices may lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.geometry.repair.contacts import ARITHMETIC_M
from gisgov.geometry.repair.local_plane import LocalPlane
from gisgov.types import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """How finely borders are compared.

    Attributes
    ----------
    plane : LocalPlane
        In which distances are judged.
    tolerance_m : float
        Within which vertices are one and corners lie on borders.
    grid : float or None
        New vertices are rounded to multiples of it, in units of the coordinates.
    careful : numpy.ndarray of int
        Owners whose borders take no part in tolerance: with it they would come apart.
    """

    plane: LocalPlane
    tolerance_m: float
    grid: float | None
    careful: Ints

    def rounded(self, xy: Floats) -> Floats:
        """Round new vertices to the grid, in coordinates; the float nearest to the decimal number."""
        if self.grid is None:
            return xy
        decimals = int(np.round(-np.log10(self.grid)))
        if np.isclose(self.grid, 10.0**-decimals, rtol=1e-9):
            return np.asarray(np.round(xy, decimals) + 0.0)
        return np.asarray(np.round(xy / self.grid) * self.grid + 0.0)

    @property
    def step_m(self) -> float:
        """Within which a crossing is at a vertex in any case: rounding must not take it past one."""
        step = 0.0 if self.grid is None else 1.5 * self.grid * float(self.plane.metres.max())
        return max(step, ARITHMETIC_M)

    @property
    def snap_m(self) -> float:
        """Within which a crossing is at a vertex where the tolerance applies."""
        return max(self.tolerance_m, self.step_m)

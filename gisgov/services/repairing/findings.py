"""The defects of a coverage as a repair sees them: told, named, and with the areas that touch each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.coverage import Defects
from gisgov.geometry.overlay import repaired
from gisgov.geometry.validity import find_invalid
from gisgov.services.defect_reports import DefectInfo
from gisgov.services.examining import told_all
from gisgov.services.repairing.cases import RepairCase
from gisgov.services.repairing.proposals import ProposalInfo, keys_of
from gisgov.types import Geometries, Progress, silent

_DEGREE_M: Final = 111_320.0
_AT_LEAST_M: Final = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What is wrong with a coverage.

    Attributes
    ----------
    defects : Defects
        As the geometry found them.
    scope : shapely.Geometry or None
        What the areas were compared with: it has their corners in its border.
    told : tuple of DefectInfo, length n
        The same in codes, metres and places, and after them areas without a parent, which have no row in
        ``defects``.
    keys : tuple of str, length n
        Names that stay the same as long as the areas do.
    """

    defects: Defects
    scope: shapely.Geometry | None
    told: tuple[DefectInfo, ...]
    keys: tuple[str, ...]

    def touches(self, case: RepairCase, place: int, area: int) -> bool:
        """Whether an area lies on the ground of a defect or meets it; ``place`` counts defects from 0."""
        if area in self.defects.areas[place]:
            return True
        one = case.question.areas[area : area + 1]
        (sound,) = repaired(one, find_invalid(one))
        return bool(shapely.dwithin(sound, self.defects.polygon[place], _reach(case)))


def find(case: RepairCase, progress: Progress = silent) -> Findings:
    """Find what is wrong with a coverage.

    Raises
    ------
    InputError
        The scope is no valid polygon.
    """
    found = case.question.find(progress)
    told = told_all(case.question, found.defects)
    return Findings(found.defects, found.scope, told, keys_of(told))


def ground_of(told: Sequence[DefectInfo | ProposalInfo]) -> Geometries:
    """Return the ground of defects or proposals in WGS84 degrees; a point where there is only a place."""
    ground = np.full(len(told), None, dtype=object)
    for i, one in enumerate(told):
        if one.geometry is not None:
            ground[i] = shapely.geometry.shape(one.geometry)
        elif one.lon is not None and one.lat is not None:
            ground[i] = shapely.Point(one.lon, one.lat)
    return ground


def _reach(case: RepairCase) -> float:
    """Return how near an area is that touches, in the units of the coordinates."""
    metres = max(2.0 * case.question.tolerances.vertex_tolerance_m, _AT_LEAST_M)
    crs = case.question.system.crs
    if crs is None or case.question.system.is_geographic:
        return metres / _DEGREE_M
    return metres / float(crs.axis_info[0].unit_conversion_factor)

"""The table of proposals while it is made."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely

from gisgov.geometry.coverage import Defects
from gisgov.geometry.repair.decisions import Decision
from gisgov.types import Geometries, Ints, Texts


@dataclass(frozen=True, slots=True, eq=False)
class ProposalTable:
    """Proposals in the making.

    Attributes
    ----------
    defects : Defects
        What they are for.
    scope : shapely.Geometry or None
        What the areas should cover.
    numbers : numpy.ndarray of int, shape (k,)
        The areas that have to do with defects, ascending.
    ground : numpy.ndarray of shapely.Geometry, shape (k,)
        Their valid polygons, or None.
    parents : shapely.STRtree or None
        Of the parents.
    parent_of : numpy.ndarray of int or None
        As for `gisgov.geometry.repair.propose`.
    decision, to, reason, options
        As those of `Proposals`, being filled.
    asked : list of int
        Rows for which a rule has to choose.
    """

    defects: Defects
    scope: shapely.Geometry | None
    numbers: Ints
    ground: Geometries
    parents: shapely.STRtree | None
    parent_of: Ints | None
    decision: Texts
    to: Ints
    reason: Texts
    options: list[tuple[int, ...]]
    asked: list[int] = field(default_factory=list)

    def put(self, row: int, decision: Decision, reason: str, to: int = -1) -> None:
        """Note a decision for a row."""
        self.decision[row], self.reason[row], self.to[row] = decision, reason, to

    def ground_of(self, area: int) -> shapely.Geometry | None:
        """Give the polygon of an area by its number."""
        ground: shapely.Geometry | None = self.ground[np.searchsorted(self.numbers, area)]
        return ground

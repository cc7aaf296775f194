"""What is known of injected faults: their kinds, and for each what a check must say of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import shapely

from gisgov.geometry.coverage import DefectKind


class FaultKind(StrEnum):
    """What was done to a sound coverage."""

    GAP_5M = "gap-5m"
    """An area drawn 5 m inside its borders."""
    GAP_1CM = "gap-1cm"
    """A vertex of an area pulled 1 cm back from the border that it has with one neighbour."""
    MISSING = "missing-area"
    """An area left out."""
    GAP_AT_RIM = "gap-at-rim"
    """A vertex on the border of the scope pulled 5 m inwards."""
    OVERLAP_1CM = "overlap-1cm"
    """A vertex of an area pushed 1 cm into one neighbour."""
    OVERLAP_5M = "overlap-5m"
    """An area drawn 5 m beyond its borders."""
    DUPLICATE = "duplicate"
    """An area given twice, the second time from another vertex and the other way round."""
    CONTAINED = "contained"
    """A further area that lies inside another."""
    FAR_OUTSIDE = "far-outside"
    """A further area far from the scope."""
    PROTRUDING = "protruding"
    """A vertex on the border of the scope pushed 5 m outwards."""
    T_VERTEX = "t-vertex"
    """A vertex put into a straight edge of one of the two areas that share it."""
    NOISE = "noise-1e-7"
    """All vertices of an area moved by up to 1e-7 m."""


_KINDS: Final = {
    FaultKind.GAP_5M: (DefectKind.GAP, 0),
    FaultKind.GAP_1CM: (DefectKind.SLIVER, 0),
    FaultKind.MISSING: (DefectKind.GAP, 0),
    FaultKind.GAP_AT_RIM: (DefectKind.GAP, 0),
    FaultKind.OVERLAP_1CM: (DefectKind.SLIVER, 2),
    FaultKind.OVERLAP_5M: (DefectKind.OVERLAP, 2),
    FaultKind.DUPLICATE: (DefectKind.DUPLICATE, 2),
    FaultKind.CONTAINED: (DefectKind.CONTAINED, 2),
    FaultKind.FAR_OUTSIDE: (DefectKind.OUTSIDE, 1),
    FaultKind.PROTRUDING: (DefectKind.OUTSIDE, 1),
    FaultKind.T_VERTEX: (DefectKind.VERTEX_MISMATCH, -1),
    FaultKind.NOISE: (DefectKind.VERTEX_MISMATCH, -1),
}


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Ground at fault and whose it is.

    Attributes
    ----------
    place : shapely.Geometry
        The ground; of a vertex mismatch, which has none, the line along which borders differ.
    areas : frozenset of int
        Numbers of the areas that have to be named with it.
    """

    place: shapely.Geometry
    areas: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """An injected fault.

    Attributes
    ----------
    fault : FaultKind
        What was done.
    pieces : tuple of Piece
        Where; one piece for each set of areas, no two of which meet in more than lines.
    """

    fault: FaultKind
    pieces: tuple[Piece, ...]

    @property
    def kind(self) -> DefectKind:
        """What a check has to call it."""
        return _KINDS[self.fault][0]

    @property
    def cover(self) -> int:
        """How many areas lie on the ground; -1 where there is none."""
        return _KINDS[self.fault][1]

    @property
    def has_ground(self) -> bool:
        """Whether ground is at fault, and not only vertices."""
        return self.kind is not DefectKind.VERTEX_MISMATCH

    @property
    def areas(self) -> frozenset[int]:
        """All areas involved."""
        return frozenset().union(*(piece.areas for piece in self.pieces))

"""The question that a check puts to `gisgov.geometry.coverage`."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from gisgov.geometry.coverage import DefectKind, Defects, Tolerances, find_defects, node_scope
from gisgov.geometry.crs import WGS84, CoordinateSystem, to_wgs84_geometries
from gisgov.geometry.measures import areas_m2
from gisgov.services.misplaced_rows import Misplaced
from gisgov.types import Floats, Geometries, Ints, Progress, silent


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What a check found.

    Attributes
    ----------
    defects : Defects
        What is wrong.
    scope : shapely.Geometry or None
        The scope as it was compared.
    scope_vertices : int
        How many corners of areas were put into its border for that.
    """

    defects: Defects
    scope: shapely.Geometry | None
    scope_vertices: int


@dataclass(frozen=True, slots=True, eq=False)
class Examination:
    """A coverage to be checked, all in the coordinates of ``system``.

    Attributes
    ----------
    areas : numpy.ndarray of shapely.Geometry or of bytes, shape (n,)
        The areas, as shapes or as well-known binary.
    labels : sequence of str, length n
        Their codes.
    system : CoordinateSystem
        What the coordinates are in.
    working : CoordinateSystem
        Plane to measure in.
    tolerances : Tolerances
        What is narrow or small.
    must_cover : bool
        Whether ground of the scope without an area is a defect; not so for an overlay.
    scope : shapely.Geometry or None
        What they are to cover; None asks for enclosed gaps only.
    parents : numpy.ndarray of shapely.Geometry or None
        The areas they are to lie in.
    parent_of : numpy.ndarray of int or None
        For each area the number of its parent; −1 for none.
    misplaced : Misplaced or None
        Rows that are out of place; their areas are None.
    """

    areas: Geometries
    labels: Sequence[str]
    system: CoordinateSystem
    working: CoordinateSystem
    tolerances: Tolerances
    must_cover: bool = True
    scope: shapely.Geometry | None = None
    parents: Geometries | None = None
    parent_of: Ints | None = None
    misplaced: Misplaced | None = None

    def measure(self, geometries: Geometries) -> Floats:
        """Return the square metres of polygons."""
        stored = functools.partial(areas_m2, working=self.working)
        return stored(geometries if self.system == WGS84 else to_wgs84_geometries(geometries, self.system))

    def shapes(self, numbers: Ints) -> Geometries:
        """Return some of the areas as shapes."""
        chosen: Geometries = self.areas[numbers]
        if any(isinstance(area, bytes) for area in chosen[:1]):
            chosen = shapely.from_wkb(chosen)
        return chosen

    def find(self, progress: Progress = silent) -> Findings:
        """Find the defects of the coverage.

        Where vertices differ, the border of the scope is given the corners of the areas before it is
        compared: most scopes were drawn for themselves.

        Raises
        ------
        InputError
            The scope is no valid polygon.
        """
        found = self._compared_with(self.scope, progress)
        if self.scope is None or not self.must_cover or DefectKind.VERTEX_MISMATCH not in found.kind:
            return Findings(found, self.scope, 0)
        noded, added = node_scope(self.areas, self.scope, tolerances=self.tolerances, system=self.system)
        return Findings(self._compared_with(noded, progress) if added else found, noded, added)

    def _compared_with(self, scope: shapely.Geometry | None, progress: Progress) -> Defects:
        return find_defects(
            self.areas,
            scope,
            parents=self.parents,
            parent_of=self.parent_of,
            tolerances=self.tolerances,
            system=self.system,
            measure=self.measure,
            must_cover=self.must_cover,
            progress=progress,
        )

"""Rows of defects as they are found, and the table of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import shapely

from gisgov.geometry.coverage.certificate import Certificate
from gisgov.geometry.coverage.defects import DefectKind, Defects, Tolerances
from gisgov.geometry.coverage.local import in_metres, widths_m
from gisgov.geometry.pieces import inner_points, is_thin
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Bools, Floats, Geometries


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """How ground is measured.

    Attributes
    ----------
    tolerances : Tolerances
        What is small.
    system : CoordinateSystem or None
        What the coordinates are in; None for a plane in metres.
    area : callable
        Takes polygons, gives their areas.
    """

    tolerances: Tolerances
    system: CoordinateSystem | None
    area: Callable[[Geometries], Floats]

    def is_thin(self, polygons: Geometries, width_m: float) -> Bools:
        """Say which polygons are nowhere as wide as a width in metres."""
        return is_thin(in_metres(polygons, self.system), width_m)

    def are_slivers(self, polygons: Geometries) -> Bools:
        """Say which polygons are nowhere as wide as ground that is no sliver."""
        return self.is_thin(polygons, self.tolerances.sliver_width_m)


@dataclass(slots=True)
class Rows:
    """Defects as they are found; see `gisgov.geometry.coverage.defects.Defects` for the columns."""

    kind: list[DefectKind] = field(default_factory=list)
    polygon: list[shapely.Geometry | None] = field(default_factory=list)
    areas: list[tuple[int, ...]] = field(default_factory=list)
    cover: list[int] = field(default_factory=list)
    place: list[tuple[float, float] | None] = field(default_factory=list)
    reason: list[str] = field(default_factory=list)
    below: dict[str, int] = field(default_factory=lambda: {"min_gap_m2": 0, "vertex_tolerance_m": 0})

    def add(
        self,
        kind: DefectKind,
        polygon: shapely.Geometry | None,
        areas: tuple[int, ...],
        *,
        cover: int = -1,
        place: tuple[float, float] | None = None,
        reason: str = "",
    ) -> None:
        """Take down a defect; without a place one in its polygon is chosen."""
        self.kind.append(kind)
        self.polygon.append(polygon)
        self.areas.append(areas)
        self.cover.append(cover)
        self.place.append(place)
        self.reason.append(reason)

    def table(self, measures: Measures, certificate: Certificate | None) -> Defects:
        """Measure all rows and put them in order."""
        polygon: Geometries = np.empty(len(self.polygon), dtype=object)
        polygon[:] = self.polygon
        inside = inner_points(polygon)
        lon, lat = shapely.get_x(inside), shapely.get_y(inside)
        for i, place in enumerate(self.place):
            if place is not None:
                lon[i], lat[i] = place
        area = np.nan_to_num(measures.area(polygon), nan=0.0)
        kinds = list(DefectKind)
        rank = np.array([kinds.index(kind) for kind in self.kind], dtype=np.int64)
        order = np.lexsort((lat, lon, -area, rank))
        return Defects(
            kind=np.array(self.kind, dtype=object)[order],
            polygon=polygon[order],
            area_m2=area[order],
            width_m=widths_m(in_metres(polygon, measures.system))[order],
            cover=np.array(self.cover, dtype=np.int64)[order],
            areas=tuple(self.areas[i] for i in order),
            lon=lon[order],
            lat=lat[order],
            reason=np.array(self.reason, dtype=object)[order],
            below=self.below,
            certificate=certificate,
        )

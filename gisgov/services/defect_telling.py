"""Defects as the geometry finds them, told in codes, metres and places."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

from gisgov.geometry.coverage import DefectKind, Defects
from gisgov.geometry.crs import to_wgs84, to_wgs84_geometries
from gisgov.geometry.overlay import repaired
from gisgov.geometry.validity import find_invalid
from gisgov.services.coverage_questions import Examination
from gisgov.services.defect_reports import MISSING_PARENT, DefectInfo, defect_info, numbered


def told_all(question: Examination, found: Defects) -> tuple[DefectInfo, ...]:
    """Tell and number defects, and after them areas without a parent, of which the geometry knows nothing."""
    return numbered([*told_defects(question, found), *_missing_parents(question)])


def told_defects(question: Examination, found: Defects) -> list[DefectInfo]:
    """Tell defects in codes, metres and places; their numbers are still to be given."""
    lon, lat = to_wgs84(found.lon, found.lat, question.system)
    ground = to_wgs84_geometries(found.polygon, question.system)
    misplaced = _misplaced(question)
    rows = zip(
        (kind.value for kind in found.kind),
        found.area_m2.tolist(),
        found.areas,
        found.reason,
        zip(lon.tolist(), lat.tolist(), strict=True),
        ground,
        found.width_m.tolist(),
        found.cover.tolist(),
        strict=True,
    )
    return [
        misplaced[areas[0]]
        if kind == DefectKind.INVALID_RING and areas[0] in misplaced
        else defect_info(
            kind,
            area_m2,
            tuple(question.labels[i] for i in areas),
            reason or None,
            place,
            shape,
            width_m=width_m,
            cover=cover,
        )
        for kind, area_m2, areas, reason, place, shape, width_m, cover in rows
    ]


def _misplaced(question: Examination) -> dict[int, DefectInfo]:
    """Tell rows that are out of place, by their numbers; without a point where it would lie off the globe."""
    rows = question.misplaced
    if rows is None or not len(rows):
        return {}
    x, y = rows.x, rows.y
    if question.system.is_geographic:
        on_globe = (np.abs(x) <= 180.0) & (np.abs(y) <= 90.0)
        x, y = np.where(on_globe, x, np.nan), np.where(on_globe, y, np.nan)
    lon, lat = to_wgs84(x, y, question.system)
    return {
        i: defect_info(DefectKind.INVALID_RING.value, 0.0, (question.labels[i],), reason, (east, north), None)
        for i, reason, east, north in zip(
            rows.index.tolist(), rows.reason.tolist(), lon.tolist(), lat.tolist(), strict=True
        )
    }


def _missing_parents(question: Examination) -> Iterable[DefectInfo]:
    if question.parent_of is None:
        return
    homeless = np.flatnonzero(question.parent_of < 0)
    areas = question.shapes(homeless)
    areas = repaired(areas, find_invalid(areas))
    # what has no ground is an invalid ring already, and no ground of it lies outside a parent
    there = ~shapely.is_missing(areas)
    homeless, areas = homeless[there], areas[there]
    ground = to_wgs84_geometries(areas, question.system)
    on = shapely.point_on_surface(ground)
    rows = zip(
        homeless.tolist(),
        np.nan_to_num(question.measure(areas)).tolist(),
        shapely.get_x(on).tolist(),
        shapely.get_y(on).tolist(),
        ground,
        strict=True,
    )
    for i, area_m2, lon, lat, shape in rows:
        yield defect_info(MISSING_PARENT, area_m2, (question.labels[i],), None, (lon, lat), shape)

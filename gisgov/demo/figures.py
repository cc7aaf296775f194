"""Figures of the report, computed from what the services answer."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.demo.report import LayerSummary, PointSummary, RiskCount, Spread, StaffSummary, SubgridFigures
from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.crs import CoordinateSystem, working_crs
from gisgov.geometry.edge_classes import MAJOR
from gisgov.geometry.measures import polsby_popper
from gisgov.governance.layers import Targets
from gisgov.governance.risk import RiskClass
from gisgov.governance.staffing import StaffingFormula
from gisgov.services.area_records import MOST, AreaRecord
from gisgov.services.areas import list_areas
from gisgov.services.checking import CheckReport
from gisgov.services.importing.points import PointImportReport
from gisgov.services.plans import PlanDetail
from gisgov.services.rating import RatingReport
from gisgov.store.block_edges import block_edges_of_scope
from gisgov.store.database import Database
from gisgov.types import Floats, Geometries, Ints

Edges = tuple[Geometries, Ints]
"""Lines along borders of blocks, and the `EdgeClass` of each."""


def layer_summary(detail: PlanDetail, report: CheckReport) -> LayerSummary:
    """Return the line of one layer: its plan in figures and what the check found."""
    return LayerSummary(
        layer=detail.plan.layer,
        title_zh=detail.layer_title_zh,
        title_en=detail.layer_title_en,
        plan=detail.plan.name,
        areas=detail.plan.areas,
        area_km2=round(detail.area_m2 / 1e6, 3),
        population=detail.population or 0,
        households=detail.households or 0,
        defects=sum(defect.is_fault for defect in report.defects),
    )


def point_summary(report: PointImportReport, seconds: float) -> PointSummary:
    """Return the line of one import of buildings or events."""
    return PointSummary(
        kind=report.kind,
        file=report.file,
        rows=report.rows_read,
        inserted=report.inserted,
        updated=report.updated,
        unchanged=report.unchanged,
        rejected=report.rejected,
        without_place=report.without_place,
        joined=report.joined,
        seconds=seconds,
    )


def subgrid_figures(
    areas: tuple[AreaRecord, ...], targets: Targets, *, edges: Edges, in_practice: int
) -> SubgridFigures:
    """Measure sub-grids in force: sizes, loads against their community's mean, shapes, borders.

    Parameters
    ----------
    areas : tuple of AreaRecord
        All sub-grids, with geometry.
    targets : Targets
        What their layer aims at.
    edges : tuple of numpy.ndarray
        Lines along the borders of the blocks that they are made of, and the class of each.
    in_practice : int
        How many the practice has that the district is drawn after.
    """
    population = np.array([area.population or 0 for area in areas], dtype=np.float64)
    area_m2 = np.array([area.area_m2 for area in areas])
    load = targets.load(area_m2, population)
    _, community = np.unique([area.parent_codes[0] for area in areas], return_inverse=True)
    mean = np.bincount(community, weights=load) / np.bincount(community)
    off = np.abs(load / mean[community] - 1)
    shapes = _shapes(areas)
    west, south, east, north = shapely.total_bounds(shapes)
    working = working_crs((west + east) / 2, (south + north) / 2)
    return SubgridFigures(
        areas=len(areas),
        load_of_people=round(float(targets.load(np.zeros(len(areas)), population).sum()), 1),
        load_of_ground=round(float(targets.load(area_m2, np.zeros(len(areas))).sum()), 1),
        in_practice=in_practice,
        population=_spread(population),
        area_km2=_spread(area_m2 / 1e6),
        load=_spread(load),
        within_10_percent=float(np.mean(off <= 0.1)),
        within_20_percent=float(np.mean(off <= 0.2)),
        polsby_popper=float(np.mean(polsby_popper(shapes, working))),
        along_streets=_along_streets(shapes, edges, working),
        several_parts=int((shapely.get_num_geometries(shapes) > 1).sum()),
    )


def _along_streets(shapes: Geometries, edges: Edges, working: CoordinateSystem) -> float:
    borders = shared_borders(shapes, working=working, edges=edges[0], edge_class=edges[1])
    if not len(borders):  # one area alone
        return 0.0
    return float(borders.class_length_m[:, list(MAJOR)].sum() / borders.length_m.sum())


def risk_counts(ratings: RatingReport) -> tuple[RiskCount, ...]:
    """Count the buildings of each class; the unclassified ones are a class of their own."""
    return tuple(
        RiskCount(
            risk_class=one.value,
            title_zh=one.title_zh,
            title_en=one.title_en,
            buildings=ratings.counts[one.value],
            share=ratings.counts[one.value] / ratings.buildings if ratings.buildings else 0.0,
        )
        for one in RiskClass
    )


def staff_summary(layer: str, areas: tuple[AreaRecord, ...], formula: StaffingFormula) -> StaffSummary:
    """Count the posts of a layer's areas, and the areas whose posts do not fit the formula."""
    faults = (formula.problems(Counter(post.role for post in area.staff)) for area in areas)
    return StaffSummary(
        layer=layer,
        formula=formula.short,
        posts=sum(len(area.staff) for area in areas),
        areas=len(areas),
        vacant_areas=sum(bool(fault) for fault in faults),
    )


def crowded_place(areas: tuple[AreaRecord, ...]) -> tuple[float, float]:
    """Return lon, lat of a point in the sub-grid where most people live."""
    crowded = max(areas, key=lambda area: (area.population or 0, area.code))
    inside = shapely.point_on_surface(_shapes((crowded,))[0])
    return round(inside.x, 7), round(inside.y, 7)


def stored_edges(database: Database, scope_code: str) -> Edges:
    """Return what lies along the borders of the blocks of a scope."""
    with database.begin() as connection:
        return block_edges_of_scope(connection, scope_code)


def areas_in_force(database: Database, layer: str, day: date) -> tuple[AreaRecord, ...]:
    """Return all areas of a layer in force on a day, with geometry."""
    page = list_areas(database, layer, at=day, limit=MOST)
    found = list(page.areas)
    while page.after is not None:
        page = list_areas(database, layer, at=day, limit=MOST, after=page.after)
        found += page.areas
    return tuple(found)


def _shapes(areas: tuple[AreaRecord, ...]) -> Geometries:
    shapes = np.empty(len(areas), dtype=object)
    shapes[:] = [shapely.geometry.shape(area.geometry or {}) for area in areas]
    return shapes


def _spread(values: npt.NDArray[np.float64] | Floats) -> Spread:
    return Spread(*(round(float(value), 4) for value in (values.mean(), values.min(), values.max())))

"""A division found by the engine, as areas: their ground, codes, names and sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.geometry.crs import from_wgs84_geometries
from gisgov.geometry.dissolve import dissolve
from gisgov.geometry.measures import areas_m2
from gisgov.governance.lineage import AreaOrigin, Lineage, trace
from gisgov.services.redividing.codes import CodeBook, name_areas
from gisgov.services.redividing.problems import Problem
from gisgov.store.areas import AreaTable
from gisgov.types import Floats, Geometries, Ints, Json, Texts
from gisgov.zoning import Redivision


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """A division as areas.

    Attributes
    ----------
    solution : Redivision
        What the engine found.
    lineage : Lineage
        Where its ``k`` areas come from.
    areas : AreaTable
        The areas, in the order of the engine's labels.
    """

    solution: Redivision
    lineage: Lineage
    areas: AreaTable


def make_areas(problem: Problem, solution: Redivision, book: CodeBook) -> Division:
    """Make areas of the blocks that a solution puts together.

    Only those whose blocks are not the same as before are dissolved anew.

    Raises
    ------
    InputError
        The blocks of an area overlap, or the codes of the areas above do not fit the scheme.
    """
    territory, labels = problem.territory, solution.labels
    blocks, count = territory.blocks.chosen(problem.chosen), len(solution.figures)
    before = np.full(len(blocks), -1, dtype=np.int64)
    if territory.former is not None:
        before = territory.former.area[problem.chosen]
    lineage = trace(before, labels, problem.weight)
    geometries, ground = _grounds(problem, blocks.geometries, labels, lineage)
    held = _hosts_of(labels, territory.host[problem.chosen], problem.weight, count)
    on = shapely.point_on_surface(from_wgs84_geometries(geometries, territory.working))
    named = name_areas(book, lineage, territory.former, territory.hosts, held, on)
    attributes: list[Json] = [{} for _ in range(count)]
    if territory.former is not None:
        for i in np.flatnonzero(lineage.keeps >= 0).tolist():
            attributes[i] = territory.former.areas.attributes[lineage.keeps[i]]
    return Division(
        solution,
        lineage,
        AreaTable(
            codes=named.codes,
            names=named.names,
            parent_codes=[()] * count if territory.layer.parent_id is None else named.parent_codes,
            geometries=geometries,
            area_m2=ground,
            population=_totals(labels, blocks.population, count),
            households=_totals(labels, blocks.households, count),
            attributes=attributes,
        ),
    )


def _grounds(
    problem: Problem, blocks: Geometries, labels: Ints, lineage: Lineage
) -> tuple[Geometries, Floats]:
    """Return the ground of each area and its square metres."""
    former, count = problem.territory.former, len(lineage.keeps)
    geometries, ground = np.empty(count, dtype=object), np.zeros(count)
    same = np.zeros(count, dtype=np.bool_)
    if former is not None and former.is_current and former.of_blocks:
        same = np.array([one is AreaOrigin.KEPT for one in lineage.origin])
        geometries[same] = former.areas.geometries[lineage.keeps[same]]
        ground[same] = former.areas.area_m2[lineage.keeps[same]]
    other = np.flatnonzero(~same[labels])
    geometries[~same] = dissolve(blocks[other], labels[other])
    ground[~same] = areas_m2(geometries[~same], problem.territory.working)
    return geometries, ground


def _hosts_of(labels: Ints, host: Ints, weight: Floats, count: int) -> list[Ints]:
    """Return for each area the areas above that it has blocks in, the one with most of it first."""
    hosts = int(host.max(initial=0)) + 1
    pair, place = np.unique(labels * hosts + host, return_inverse=True)
    share = np.bincount(place, weights=weight, minlength=len(pair))
    area, above = pair // hosts, pair % hosts
    order = np.lexsort((above, -share, area))
    ends = np.searchsorted(area[order], np.arange(count + 1))
    return [above[order[ends[i] : ends[i + 1]]] for i in range(count)]


def _totals(labels: Ints, values: Ints, count: int) -> Texts:
    sums = np.empty(count, dtype=object)
    sums[:] = np.bincount(labels, weights=values, minlength=count).astype(np.int64).tolist()
    return sums

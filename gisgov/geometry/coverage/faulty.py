"""Faulty ground with its names: gaps, overlaps and their kinds, ground outside, vertices that differ."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.coverage.defects import DefectKind
from gisgov.geometry.coverage.faces import Faces, find_faces, mismatches, missing_somewhere
from gisgov.geometry.coverage.local import metres_per_unit
from gisgov.geometry.coverage.owners import Held, held_ground
from gisgov.geometry.coverage.residual import Residual, distinct, find_residual
from gisgov.geometry.coverage.rings import Areas, Rings, rings_of, shapes_of
from gisgov.geometry.coverage.rows import Measures, Rows
from gisgov.types import Ints, Progress


def find_faulty_ground(
    areas: Areas,
    rings: Rings,
    scope: shapely.Geometry | None,
    *,
    must_cover: bool,
    measures: Measures,
    rows: Rows,
    progress: Progress,
) -> None:
    """Take down the faulty ground between valid areas.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, or sequence of bytes
        Valid ones or None.
    rings : Rings
        Their rings.
    scope : shapely.Geometry or None
        What they are to cover; without it gaps are what they enclose.
    must_cover : bool
        Whether gaps are defects.
    measures : Measures
        How ground is measured.
    rows : Rows
        Added to.
    progress : Progress
        Told of the steps.
    """
    border = None if scope is None else rings_of(np.array([scope], dtype=object))
    (residual,) = [
        find_residual(one, border) for one in progress((rings,), label="finding what is left", total=1)
    ]
    if not len(residual):
        return
    faces, thin = find_faces(
        residual,
        whole=scope is None and must_cover,
        width_m=measures.tolerances.vertex_tolerance_m,
        system=measures.system,
        progress=progress,
    )
    rows.below["vertex_tolerance_m"] += thin
    none = -1 if scope is not None else 0
    _take_mismatches(residual, faces, none + 1, measures, rows)
    if must_cover:
        _take_gaps(residual, faces.where(faces.surplus == none), measures, rows)
    crowded = faces.where(faces.surplus > none + 1)
    if len(crowded):
        held = held_ground(crowded, areas, rings, has_scope=scope is not None, progress=progress)
        _take_held(areas, held, measures, rows)


def _take_gaps(residual: Residual, gaps: Faces, measures: Measures, rows: Rows) -> None:
    around = residual.owners_of(gaps.bound, gaps.edge, len(gaps))
    sliver = measures.are_slivers(gaps.polygon)
    is_small = measures.area(gaps.polygon) < measures.tolerances.min_gap_m2
    rows.below["min_gap_m2"] += int(np.count_nonzero(is_small))
    for i in np.flatnonzero(~is_small):
        kind = DefectKind.SLIVER if sliver[i] else DefectKind.GAP
        rows.add(kind, gaps.polygon[i], around[i], cover=0)


def _take_held(areas: Areas, held: Held, measures: Measures, rows: Rows) -> None:
    thin = measures.is_thin(held.polygon, measures.tolerances.vertex_tolerance_m)
    rows.below["vertex_tolerance_m"] += int(np.count_nonzero(thin))
    sliver = measures.are_slivers(held.polygon)
    whole = _whole_areas(areas, held, measures)
    for i in np.flatnonzero(~thin):
        polygon, owners = held.polygon[i], held.areas[i]
        if sliver[i]:
            rows.add(DefectKind.SLIVER, polygon, owners, cover=len(owners))
            continue
        if not held.in_scope[i]:
            rows.add(DefectKind.OUTSIDE, polygon, owners, cover=len(owners))
        if len(owners) > 1:
            kinds = (DefectKind.OVERLAP, DefectKind.CONTAINED, DefectKind.DUPLICATE)
            rows.add(kinds[min(whole[i], 2)], polygon, owners, cover=len(owners))


def _whole_areas(areas: Areas, held: Held, measures: Measures) -> list[int]:
    """Count, for each piece of ground, the areas on it that have no other ground."""
    named = np.unique([number for owners in held.areas for number in owners]).astype(np.int64)
    size = dict(zip(named.tolist(), shapely.area(shapes_of(areas, named)).tolist(), strict=True))
    south = shapely.bounds(held.polygon)[:, 1]
    seam = measures.tolerances.vertex_tolerance_m / metres_per_unit(south, measures.system).min(
        axis=1, initial=1e9
    )
    mine = shapely.area(held.polygon)
    slack = 1e-9 * mine + seam * shapely.length(held.polygon)
    return [
        sum(size[number] - here <= close for number in owners)
        for owners, here, close in zip(held.areas, mine.tolist(), slack.tolist(), strict=True)
    ]


def _take_mismatches(residual: Residual, faces: Faces, ordinary: int, measures: Measures, rows: Rows) -> None:
    tolerance_m = measures.tolerances.vertex_tolerance_m
    group, edge = mismatches(
        residual, faces, ordinary=ordinary, tolerance_m=tolerance_m, system=measures.system
    )
    count = int(group.max(initial=-1)) + 1
    differing = residual.owners_of(group, edge, count)
    # the vertex to show is one on a border without it, if there is any, else one that the fewest areas have
    shared = np.bincount(_vertices_of_areas(residual), minlength=len(residual.vertex))
    is_missing = missing_somewhere(residual, edge, tolerance_m=tolerance_m, system=measures.system)
    vertex = np.concatenate((residual.start[edge], residual.end[edge]))
    of_group = np.concatenate((group, group))
    order = np.lexsort((vertex, shared[vertex], ~is_missing[vertex], of_group))
    first = order[np.searchsorted(of_group[order], np.arange(count))]
    for number, (x, y) in enumerate(residual.vertex[vertex[first]].tolist()):
        if len(differing[number]) > ordinary:  # without a scope a single area has no border to differ from
            rows.add(DefectKind.VERTEX_MISMATCH, None, differing[number], place=(x, y))


def _vertices_of_areas(residual: Residual) -> Ints:
    """Give each vertex once for every area that has it."""
    at = np.concatenate((residual.start[residual.owned], residual.end[residual.owned]))
    whose = np.concatenate((residual.owner, residual.owner))
    return distinct(at, whose)[0]

"""Areas of a draft measured: ground, people, load, compactness, parts, border along streets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.crs import from_wgs84_geometries
from gisgov.geometry.edge_classes import MAJOR
from gisgov.geometry.segments import Segments, segments_of
from gisgov.governance.workload import LoadAttribute
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.redividing.attributes import Measured, attributes_of, load_of
from gisgov.store.blocks import BlockTable
from gisgov.store.drafts_around import edges_near, grounds_near
from gisgov.store.drafts_writing import FigureTable
from gisgov.types import Floats, Geometries, Ints, SmallInts, Texts

_TOGETHER = 8
"""So many segments of border share a box in which edges are looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """What follows from the blocks of ``k`` areas.

    Attributes
    ----------
    area_m2 : numpy.ndarray of float, shape (k,)
        Ground, in the plane of the draft.
    population, households : numpy.ndarray of int, shape (k,)
        Sums of the blocks.
    figures : FigureTable
        The others.
    """

    area_m2: Floats
    population: Ints
    households: Ints
    figures: FigureTable


def measure(
    connection: sa.Connection,
    draft: OpenDraft,
    codes: Texts,
    grounds: Geometries,
    blocks: BlockTable,
    label: Ints,
) -> Measures:
    """Measure areas of a draft by their own ground; `along_streets` looks around them as well.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    draft : OpenDraft
        The draft.
    codes : numpy.ndarray of str, shape (k,)
        The areas.
    grounds : numpy.ndarray of shapely.Geometry, shape (k,)
        Their grounds, EPSG:4326.
    blocks : BlockTable
        Their ``n`` blocks.
    label : numpy.ndarray of int, shape (n,)
        Number of the area that each block is in.
    """
    count = len(codes)
    in_plane = from_wgs84_geometries(grounds, draft.working)
    area_m2, perimeter = shapely.area(in_plane), shapely.length(in_plane)

    def sums(values: Floats | Ints) -> Floats:
        return np.bincount(label, weights=values, minlength=count).astype(np.float64)

    return Measures(
        area_m2=area_m2,
        population=sums(blocks.population).astype(np.int64),
        households=sums(blocks.households).astype(np.int64),
        figures=FigureTable(
            codes=codes,
            load=sums(work_of(connection, draft, blocks)),
            polsby_popper=4.0 * np.pi * area_m2 / perimeter**2,
            parts=shapely.get_num_geometries(grounds).astype(np.int64),
            along_streets=np.full(count, np.nan),
            blocks=np.bincount(label, minlength=count).astype(np.int64),
            population=sums(blocks.population).astype(np.int64),
            households=sums(blocks.households).astype(np.int64),
        ),
    )


def work_of(connection: sa.Connection, draft: OpenDraft, blocks: BlockTable) -> Floats:
    """Return the work of blocks in targets; NaN where the layer sets none."""
    if not draft.rule:
        return np.full(len(blocks), np.nan)
    measured = Measured(draft.day, draft.timezone, draft.visits_per_year)
    names = [term.attribute for term in draft.rule]
    # the blocks of few areas may all be without what others state: then they have none of it
    stated = {name for one in blocks.attributes for name in one} | {one.value for one in LoadAttribute}
    found = attributes_of(connection, blocks, [name for name in names if name in stated], measured)
    return load_of(draft.rule, {name: found.get(name, np.zeros(len(blocks))) for name in names}, len(blocks))


def along_streets(connection: sa.Connection, draft: OpenDraft, codes: Texts, grounds: Geometries) -> Floats:
    """Return for each area the share of its border with other areas that runs along streets and water.

    Ground of the draft that no area has counts as another area. NaN where an area has no such border, or
    nothing is known of what lies along it.
    """
    around = np.concatenate((grounds, grounds_near(connection, draft.id, codes, shapely.bounds(grounds))))
    segments = segments_of(around)
    # asked of the borders alone: inside areas lie many times as many edges
    inner = (segments.owner[segments.pairs] < len(codes)).any(axis=1)
    lines, edge_class = edges_near(connection, _boxes_along(segments, segments.pairs[inner, 0]))
    if not len(lines):
        return np.full(len(codes), np.nan)
    segments = segments_of(around, lines, edge_class)
    segment, other = segments.pairs.T
    length = segments.lengths(segment, draft.working)
    major = np.where(np.isin(segments.edge_class[segment], MAJOR), length, 0.0)
    border, along = np.zeros(len(codes)), np.zeros(len(codes))
    for owner in (segments.owner[segment], segments.owner[other]):
        ours = owner < len(codes)
        border += np.bincount(owner[ours], weights=length[ours], minlength=len(codes))
        along += np.bincount(owner[ours], weights=major[ours], minlength=len(codes))
    border[border == 0.0] = np.nan
    return along / border


def _boxes_along(segments: Segments, chosen: SmallInts) -> Floats:
    """Return boxes of few segments each that follow each other: west, south, east, north."""
    chosen = np.sort(chosen)
    if not len(chosen):
        return np.zeros((0, 4))
    run = np.cumsum(np.diff(chosen, prepend=chosen[0]) > 1)
    first = np.flatnonzero(np.diff(run, prepend=-1))
    place = np.arange(len(chosen)) - first[run]  # within its run
    begin = np.flatnonzero(place % _TOGETHER == 0)
    start, end = segments.xy[chosen], segments.xy[chosen + 1]
    low = np.minimum.reduceat(np.minimum(start, end), begin)
    return np.hstack((low, np.maximum.reduceat(np.maximum(start, end), begin)))

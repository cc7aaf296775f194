"""Jagged coverages with faults at random, and an overlay of them that shares nothing with the check."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import shapely.affinity
from hypothesis import strategies as st

from gisgov.types import Geometries

COUNT = 9
"""Areas of a coverage: three rows of three."""
_SIDE_M = 100.0
_BETWEEN = 4
ORIGINS = ((0.0, 0.0), (500_000.0, 3_300_000.0), (40_500_000.0, 4_400_000.0))
"""Near zero, and where zones put their coordinates, without and with the zone's number before them."""


@functools.cache
def jagged(seed: int, origin: tuple[float, float] = ORIGINS[1]) -> tuple[Geometries, shapely.Polygon]:
    """Draw nine quarters between crooked streets, in whole millimetres, and the ground they cover once."""
    rng = np.random.default_rng(seed)
    corners = np.stack(np.meshgrid(np.arange(4), np.arange(4)), axis=-1) * _SIDE_M
    corners = corners + rng.uniform(-20.0, 20.0, corners.shape)
    paths: dict[tuple[int, int, int, int], Any] = {}

    def path(a: tuple[int, int], b: tuple[int, int]) -> Any:
        (low, high), forth = ((a, b), True) if a < b else ((b, a), False)
        if (*low, *high) not in paths:
            along = np.linspace(0.0, 1.0, _BETWEEN + 2)[:, None]
            line = corners[low] + along * (corners[high] - corners[low])
            line[1:-1] += rng.uniform(-6.0, 6.0, (_BETWEEN, 2))
            paths[*low, *high] = np.round(line + np.array(origin), 3)
        return paths[*low, *high] if forth else paths[*low, *high][::-1]

    areas = []
    for i, j in itertools.product(range(3), range(3)):
        round_it = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j), (i, j)]
        areas.append(shapely.Polygon(np.vstack([path(a, b)[:-1] for a, b in itertools.pairwise(round_it)])))
    drawn: Geometries = np.array(areas, dtype=object)
    assert shapely.is_valid(drawn).all()
    assert shapely.coverage_is_valid(drawn)
    return drawn, shapely.coverage_union_all(drawn)


@dataclass(frozen=True)
class Fault:
    """One edit of one area: what to do, with how much of it."""

    edit: str
    area: int
    amount: float
    towards: float


EDITS = ("move", "rotate", "scale", "buffer", "duplicate", "drop")

faults = st.builds(
    Fault,
    edit=st.sampled_from(EDITS),
    area=st.integers(0, COUNT - 1),
    # metres, give or take: from less than anyone draws to half an area
    amount=st.builds(lambda power, part: part * 10.0**power, st.integers(-5, 1), st.floats(1.0, 5.0)),
    towards=st.floats(0.0, 6.28),
)
families = st.lists(faults, min_size=1, max_size=4)


def faulty(areas: Geometries, family: list[Fault]) -> Geometries:
    """Carry out the edits one after the other; None stands for a dropped area."""
    found = list(areas)
    for fault in family:
        area = found[fault.area]
        if area is None:
            continue
        if fault.edit == "duplicate":
            found.append(area)
        else:
            found[fault.area] = _edited(area, fault)
    return np.array(found, dtype=object)


def _edited(area: shapely.Geometry, fault: Fault) -> shapely.Geometry | None:
    across, up = fault.amount * np.cos(fault.towards), fault.amount * np.sin(fault.towards)
    if fault.edit == "move":
        return shapely.affinity.translate(area, across, up)
    if fault.edit == "rotate":
        return shapely.affinity.rotate(area, fault.amount / 50.0, use_radians=True)
    if fault.edit == "scale":
        return shapely.affinity.scale(area, 1.0 + across / 100.0, 1.0 + up / 100.0)
    if fault.edit == "buffer":
        wider = area.buffer(np.copysign(min(fault.amount, 9.0), across), quad_segs=2)
        return wider if wider.geom_type == "Polygon" and not wider.is_empty else None
    return None


@dataclass(frozen=True)
class Ground:
    """Square metres of each kind of faulty ground, each place counted once."""

    gap: float
    overlap: float
    outside: float


def overlaid(areas: Geometries, scope: shapely.Geometry) -> Ground:
    """Measure faulty ground by set operations, near zero on a grid of a nanometre.

    On free floats such overlays lose whole areas beside slivers; on the grid lines are cut wherever they
    cross, and borders move by less than their floats were apart before they were brought near zero.
    """
    west, south, _, _ = scope.bounds
    present = areas[~shapely.is_missing(areas)]
    near = [
        shapely.set_precision(shapely.transform(each, lambda xy: xy - np.array([west, south])), 1e-9)
        for each in (present, np.array([scope], dtype=object))
    ]
    ground, (frame,) = near
    grid = {"grid_size": 1e-9}
    union = shapely.union_all(ground, **grid)
    a, b = shapely.STRtree(ground).query(ground, predicate="intersects")
    common = shapely.intersection(ground[a[a < b]], ground[b[a < b]], **grid)
    return Ground(
        shapely.difference(frame, union, **grid).area,
        shapely.union_all(common[shapely.area(common) > 0.0], **grid).area,
        shapely.difference(union, frame, **grid).area,
    )

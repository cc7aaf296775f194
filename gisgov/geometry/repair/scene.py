"""What one try to carry out decisions works on: the borders around the defects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gisgov.geometry.coverage import DefectKind, Defects
from gisgov.geometry.overlay import repaired
from gisgov.geometry.repair.decisions import Decision, Proposals
from gisgov.geometry.repair.linework import Linework
from gisgov.geometry.repair.neighbourhood import Neighbourhood, areas_near, gather
from gisgov.geometry.repair.precision import Precision
from gisgov.geometry.repair.verdicts import Orders
from gisgov.geometry.validity import find_invalid
from gisgov.types import Floats, Geometries, Ints, Progress


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is to be done; the attributes are those of `gisgov.geometry.repair.apply`."""

    areas: Geometries
    scope: shapely.Geometry | None
    defects: Defects
    proposals: Proposals
    parents: Geometries | None
    parent_of: Ints | None
    precision: Callable[[Floats], Precision]
    """Takes corners of the neighbourhood in coordinates, shape (n, 2)."""
    measure: Callable[[Geometries], Floats]
    progress: Progress


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The borders around some defects, and what is wanted of them.

    Attributes
    ----------
    around : Neighbourhood
        The borders.
    precision : Precision
        How finely they are compared.
    frozen : numpy.ndarray of int
        Owners whose rings are broken and shall stay.
    rebuilt : numpy.ndarray of int
        Owners whose rings are mended.
    orders : Orders
        The decisions.
    """

    around: Neighbourhood
    precision: Precision
    frozen: Ints
    rebuilt: Ints
    orders: Orders


def scene_of(task: Task, rows: Ints, careful: Ints, growth: int) -> Scene:
    """Gather the borders around some defects.

    Parameters
    ----------
    task : Task
        Areas, defects and decisions.
    rows : numpy.ndarray of int
        Which defects.
    careful : numpy.ndarray of int
        Areas whose borders take no part in tolerance.
    growth : int
        How many edges further to look: a defect can run on as a thread too thin to be part of its polygon.

    Returns
    -------
    Scene
        With every edge that meets the ground of the defects.
    """
    boxes = _boxes(task, rows, careful)
    precision = task.precision(boxes.reshape(-1, 2))
    around, frozen, mended, home = _gathered(task, rows, precision, boxes)
    for _ in range(growth):
        larger = _reaching(boxes, around.linework)
        if np.array_equal(larger, boxes):
            break
        boxes = larger
        around, frozen, mended, home = _gathered(task, rows, precision, boxes)
    thin_m = 2.0 * max(precision.tolerance_m, precision.step_m)
    return Scene(
        around,
        replace(precision, careful=np.searchsorted(around.numbers, careful)),
        frozen,
        mended,
        Orders(task.defects, task.proposals, rows, around.numbers, home, thin_m),
    )


def _boxes(task: Task, rows: Ints, whole: Ints) -> Floats:
    """Bound the ground of defects, or the areas and the place of those that have none, and whole areas."""
    bare = rows[shapely.is_missing(task.defects.polygon[rows])]
    named = np.array([i for row in bare for i in task.defects.areas[row]], dtype=np.int64)
    named = np.union1d(named, whole)
    marks: Geometries = np.asarray(shapely.points(task.defects.lon[bare], task.defects.lat[bare]))
    bounds = shapely.bounds(np.concatenate((task.defects.polygon[rows], task.areas[named], marks)))
    boxes: Floats = bounds[np.isfinite(bounds).all(axis=1)]
    return boxes if len(boxes) else np.zeros((1, 4))


def _reaching(boxes: Floats, linework: Linework) -> Floats:
    """Extend boxes over the edges that do not cancel and meet them."""
    loose = np.flatnonzero(linework.residual() != 0)
    ends = np.stack((linework.xy[linework.lower[loose]], linework.xy[linework.upper[loose]]), axis=1)
    low, high = ends.min(axis=1), ends.max(axis=1)
    box, edge = shapely.STRtree(shapely.box(*low.T, *high.T)).query(shapely.box(*boxes.T))
    larger = boxes.copy()
    np.minimum.at(larger[:, :2], box, low[edge])
    np.maximum.at(larger[:, 2:], box, high[edge])
    return larger


def _gathered(
    task: Task, rows: Ints, precision: Precision, boxes: Floats
) -> tuple[Neighbourhood, Ints, Ints, dict[int, int]]:
    """Take the edges out of the areas whose boxes meet those of defects."""
    pad = 4.0 * precision.snap_m / precision.plane.metres
    padded: Geometries = np.asarray(shapely.box(*(boxes[:, :2] - pad).T, *(boxes[:, 2:] + pad).T))
    to = task.proposals.to[rows]
    numbers = np.union1d(areas_near(task.areas, padded), to[to >= 0])
    drawn = task.areas[numbers]
    invalid = find_invalid(drawn)
    ground = repaired(drawn, invalid)
    mended = np.searchsorted(numbers, _rebuilt_areas(task, rows)).astype(np.int64)
    for i in mended.tolist():
        ground[i] = _on_grid(ground[i], drawn[i], precision)
    fixed, owner_of_parent = _fixed(task, rows, len(numbers))
    around = gather(numbers, ground, fixed, padded, has_scope=task.scope is not None)
    home: dict[int, int] = {}
    if task.parent_of is not None:
        parents = enumerate(task.parent_of[numbers].tolist())
        home = {owner: owner_of_parent[parent] for owner, parent in parents if parent in owner_of_parent}
    # an area that was never drawn may get ground all the same
    broken = np.unique(invalid.index)
    broken = broken[~shapely.is_missing(drawn[broken]) & ~shapely.is_empty(drawn[broken])]
    return around, np.setdiff1d(broken, mended), mended, home


def _rebuilt_areas(task: Task, rows: Ints) -> Ints:
    kind, decision = task.defects.kind[rows], task.proposals.decision[rows]
    chosen = rows[(kind == DefectKind.INVALID_RING) & (decision == Decision.REBUILD)]
    return np.unique(np.array([task.defects.areas[row][0] for row in chosen], dtype=np.int64))


def _on_grid(mended: shapely.Geometry | None, drawn: shapely.Geometry, precision: Precision) -> object:
    """Round the vertices that mending put in."""
    if mended is None or precision.grid is None:
        return mended
    old = np.ascontiguousarray(shapely.get_coordinates(drawn)).view(np.complex128).ravel()

    def rounded(xy: Floats) -> Floats:
        known = np.isin(np.ascontiguousarray(xy).view(np.complex128).ravel(), old)
        return np.where(known[:, None], xy, precision.rounded(xy))

    return shapely.transform(mended, rounded)


def _fixed(task: Task, rows: Ints, areas: int) -> tuple[Geometries, dict[int, int]]:
    """Give the scope and the parents concerned, and the owner numbers of these."""
    fixed: list[shapely.Geometry] = [] if task.scope is None else [task.scope]
    owner_of: dict[int, int] = {}
    if task.parents is not None and task.parent_of is not None:
        crossing = rows[task.defects.kind[rows] == DefectKind.CROSSES_PARENT]
        concerned = np.array([i for row in crossing for i in task.defects.areas[row]], dtype=np.int64)
        concerned = np.append(concerned, task.proposals.to[crossing])
        for parent in np.unique(task.parent_of[concerned[concerned >= 0]]).tolist():
            if parent >= 0 and task.parents[parent] is not None:
                owner_of[parent] = areas + len(fixed)
                fixed.append(task.parents[parent])
    found: Geometries = np.empty(len(fixed), dtype=object)
    found[:] = fixed
    return found, owner_of

"""Faces that change hands."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.repair.coverings import Cover
from gisgov.geometry.repair.decisions import Decision
from gisgov.geometry.repair.faces import Faces
from gisgov.geometry.repair.linework import Linework
from gisgov.geometry.repair.scene import Scene, Task
from gisgov.geometry.repair.verdicts import AS_IT_IS, VANISHES, Verdicts
from gisgov.types import Floats, Ints


def carried_out(
    scene: Scene, linework: Linework, faces: Faces, covers: list[Cover], found: Verdicts
) -> tuple[Linework, Ints]:
    """Move faces between areas.

    Parameters
    ----------
    scene : Scene
        What was decided.
    linework : Linework
        The borders, planar.
    faces : Faces
        Its faces.
    covers : list of dict
        Who lies on each.
    found : Verdicts
        Whose each becomes. Decisions that would make an area vanish unasked are taken back here.

    Returns
    -------
    linework : Linework
        The borders as they are to be.
    gone : numpy.ndarray of int
        Owners that vanish all the same.
    """
    before = _present(linework, scene)
    expected = dropped(scene)
    while True:
        after = linework.plus(*_changes(linework, faces, covers, found.target))
        gone = np.setdiff1d(before, _present(after, scene))
        gone = np.setdiff1d(gone, expected)
        rows = _taking(scene, faces, covers, found, gone)
        if not rows:
            return after, gone
        # one is enough to keep an area: the one with the most ground
        row = max(rows, key=lambda row: (rows[row], row))
        found.refused[row] = VANISHES
        for number, by in found.rows_of.items():
            if row in by:
                found.target[number] = AS_IT_IS


def _present(linework: Linework, scene: Scene) -> Ints:
    """List the owners that have any border."""
    owners = max(linework.owner.max(initial=0), scene.around.rest_owner.max(initial=0)) + 1
    has_border = np.zeros(owners, dtype=bool)
    has_border[linework.owner] = has_border[scene.around.rest_owner] = True
    return np.flatnonzero(has_border)


def _taking(scene: Scene, faces: Faces, covers: list[Cover], found: Verdicts, gone: Ints) -> dict[int, float]:
    """List the decisions, other than to drop, that take ground from areas that are gone, and how much."""
    rows: dict[int, float] = {}
    for number, by in found.rows_of.items():
        if found.target[number] == AS_IT_IS or covers[number].keys().isdisjoint(gone.tolist()):
            continue
        for row in by:
            if scene.orders.proposals.decision[row] in (Decision.GIVE, Decision.CLIP):
                rows[row] = rows.get(row, 0.0) + float(shapely.area(faces.polygon[number]))
    return rows


def dropped(scene: Scene) -> Ints:
    """List the owners that may vanish.

    Parameters
    ----------
    scene : Scene
        What was decided.

    Returns
    -------
    numpy.ndarray of int
        Owners with ground that somebody decided to drop.
    """
    orders = scene.orders
    chosen = orders.rows[orders.proposals.decision[orders.rows] == Decision.DROP]
    areas = [i for row in chosen for i in orders.defects.areas[row] if i != orders.proposals.to[row]]
    return np.searchsorted(orders.numbers, np.array(areas, dtype=np.int64))


def _changes(linework: Linework, faces: Faces, covers: list[Cover], target: Ints) -> tuple[Ints, Ints, Ints]:
    """Give the edges that owners gain or lose with the faces that change hands."""
    number, owner, turns = [], [], []
    for face in np.flatnonzero(target != AS_IT_IS).tolist():
        to = int(target[face])
        held = {key: times for key, times in covers[face].items() if key < linework.areas}
        for key in held.keys() | ({to} if to >= 0 else set()):
            number.append(face)
            owner.append(key)
            turns.append(int(key == to) - held.get(key, 0))
    faces_moved = np.array(number, dtype=np.int64)
    times = faces.begin[faces_moved + 1] - faces.begin[faces_moved]
    at = np.repeat(faces.begin[faces_moved] - np.cumsum(times) + times, times) + np.arange(times.sum())
    return (
        faces.edge[at],
        np.repeat(np.array(owner, dtype=np.int64), times),
        np.repeat(np.array(turns, dtype=np.int64), times) * faces.side[at],
    )


def moved_m2(
    task: Task, areas: int, faces: Faces, covers: list[Cover], target: Ints
) -> tuple[Floats, Floats]:
    """Measure what areas gain and lose by the faces that change hands.

    Parameters
    ----------
    task : Task
        How to measure.
    areas : int
        How many owners are areas.
    faces, covers, target
        As for `carried_out`.

    Returns
    -------
    gained, lost : numpy.ndarray of float, shape (areas,)
        In square metres.
    """
    gained, lost = np.zeros(areas), np.zeros(areas)
    moved = np.flatnonzero(target != AS_IT_IS)
    size = np.nan_to_num(task.measure(faces.polygon[moved]))
    for face, m2 in zip(moved.tolist(), size.tolist(), strict=True):
        to = int(target[face])
        for owner in covers[face]:
            if owner < areas and owner != to:
                lost[owner] += m2
        if to >= 0 and to not in covers[face]:
            gained[to] += m2
    return gained, lost

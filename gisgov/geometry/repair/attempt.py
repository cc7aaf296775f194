"""One try to carry out decisions: from the areas around the defects to their new polygons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.geometry.coverage import DefectKind, Defects
from gisgov.geometry.overlay import repaired
from gisgov.geometry.repair.assembling import assembled
from gisgov.geometry.repair.coverings import Cover, covers_of
from gisgov.geometry.repair.decisions import Decision, Proposals
from gisgov.geometry.repair.faces import Faces, faces_of
from gisgov.geometry.repair.linework import Linework
from gisgov.geometry.repair.neighbourhood import Neighbourhood, areas_near, gather
from gisgov.geometry.repair.noded import Noded, Precision, noded
from gisgov.geometry.repair.tidying import without_spare_vertices
from gisgov.geometry.repair.verdicts import AS_IT_IS, Orders, Verdicts, verdicts
from gisgov.geometry.validity import find_invalid
from gisgov.types import Floats, Geometries, Ints

VANISHES = "an area would be left without ground: decide to drop it, or give it some ground"
NOT_SOUND = "an area that is no sound polygon would have to change: rebuild it too"
CROSSING = "the borders here could not be cut where they cross"
SPOILT = "an area would not be a sound polygon any more"


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
    """Takes corners of the neighbourhood in coordinates."""
    measure: Callable[[Geometries], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """What came of a try.

    Attributes
    ----------
    number : numpy.ndarray of int, shape (k,)
        Areas that change, ascending.
    polygon : numpy.ndarray of shapely.Geometry, shape (k,)
        What they become; None for one that vanishes as it was asked.
    ground : numpy.ndarray of shapely.Geometry, shape (k,)
        What they were, broken rings as the ground they enclose.
    scope : shapely.Geometry or None
        With the vertices that areas need in its border.
    gained_m2, lost_m2 : numpy.ndarray of float, shape (k,)
        Ground that was given to each area and taken from it, face by face.
    failed : dict of int to str
        Areas that could not be changed as they should, and why.
    blamed : dict of int to list of int
        By such an area, the defects whose decisions concern it.
    refused : dict of int to str
        Decisions that were not carried out, and why.
    """

    number: Ints
    polygon: Geometries
    ground: Geometries
    scope: shapely.Geometry | None
    gained_m2: Floats
    lost_m2: Floats
    failed: dict[int, str]
    blamed: dict[int, list[int]]
    refused: dict[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """What a try works on."""

    task: Task
    rows: Ints
    around: Neighbourhood
    precision: Precision
    frozen: Ints
    """Owners whose rings are broken and shall stay."""
    rebuilt: Ints
    """Owners whose rings are mended."""
    orders: Orders


def attempt(task: Task, rows: Ints, careful: Ints) -> Attempt:
    """Carry out the decisions on some defects.

    Parameters
    ----------
    task : Task
        All of the areas, defects and decisions.
    rows : numpy.ndarray of int
        Which defects; at least one.
    careful : numpy.ndarray of int
        Areas whose borders take no part in tolerance.

    Returns
    -------
    Attempt
        Good only when nothing ``failed``.
    """
    scene = _scene(task, rows, careful)
    cut = noded(scene.around.linework, scene.around.is_near, scene.precision)
    local = scene.precision.plane.local(cut.linework.xy)
    faces = faces_of(cut.linework)
    covers = covers_of(faces, cut.linework, scene.around.ground)
    found = verdicts(scene.orders, cut.linework, local, faces, covers)
    linework, vanished = _carried_out(scene, cut.linework, faces, covers, found)
    return _outcome(scene, cut, linework, vanished, faces, covers, found)


def _scene(task: Task, rows: Ints, careful: Ints) -> _Scene:
    boxes, corners = _boxes(task, rows)
    precision = task.precision(corners)
    pad = (4.0 * precision.snap_m / precision.plane.metres) * np.array([[-1.0], [1.0]])
    grown: Geometries = shapely.box(*(boxes[:, :2] + pad[0]).T, *(boxes[:, 2:] + pad[1]).T)
    to = task.proposals.to[rows]
    numbers = np.union1d(areas_near(task.areas, grown), to[to >= 0])
    drawn = task.areas[numbers]
    invalid = find_invalid(drawn)
    ground = repaired(drawn, invalid)
    mended = np.searchsorted(numbers, _rebuilt_areas(task, rows))
    for i in mended.tolist():
        ground[i] = _on_grid(ground[i], drawn[i], precision)
    fixed, owner_of_parent = _fixed(task, rows, len(numbers))
    around = gather(numbers, ground, fixed, grown, has_scope=task.scope is not None)
    precision = Precision(
        precision.plane, precision.tolerance_m, precision.grid, np.searchsorted(numbers, careful)
    )
    home: dict[int, int] = {}
    if task.parent_of is not None:
        home = {
            owner: owner_of_parent[parent]
            for owner, parent in enumerate(task.parent_of[numbers].tolist())
            if parent in owner_of_parent
        }
    orders = Orders(
        task.defects, task.proposals, rows, numbers, home, 2.0 * max(precision.tolerance_m, precision.step_m)
    )
    frozen = np.setdiff1d(np.unique(invalid.index), mended)
    return _Scene(task, rows, around, precision, frozen, mended, orders)


def _boxes(task: Task, rows: Ints) -> tuple[Floats, Floats]:
    """Bound the ground of defects, or the areas of those that have no ground; and all corners."""
    bounds = [shapely.bounds(task.defects.polygon[rows])]
    bare = rows[shapely.is_missing(task.defects.polygon[rows])]
    named = np.unique(np.array([i for row in bare for i in task.defects.areas[row]], dtype=np.int64))
    bounds.append(shapely.bounds(task.areas[named]))
    boxes = np.concatenate(bounds)
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes):
        boxes = np.zeros((1, 4))
    return boxes, boxes.reshape(-1, 2)


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


def _carried_out(
    scene: _Scene, linework: Linework, faces: Faces, covers: list[Cover], found: Verdicts
) -> tuple[Linework, Ints]:
    """Move faces between areas; decisions that would make an area vanish unasked are taken back."""
    before = np.union1d(linework.owner, scene.around.rest_owner)
    dropped = _dropped(scene)
    while True:
        after = linework.plus(*_changes(linework, faces, covers, found.target))
        gone = np.setdiff1d(before, np.union1d(after.owner, scene.around.rest_owner))
        gone = np.setdiff1d(gone, dropped)
        rows = _taking(scene, faces, covers, found, gone)
        if not rows:
            return after, gone
        # one is enough to keep an area: the one with the most ground
        row = max(rows, key=lambda row: (rows[row], row))
        found.refused[row] = VANISHES
        for number, by in found.rows_of.items():
            if row in by:
                found.target[number] = AS_IT_IS


def _taking(
    scene: _Scene, faces: Faces, covers: list[Cover], found: Verdicts, gone: Ints
) -> dict[int, float]:
    """List the decisions, other than to drop, that take ground from areas that are gone, and how much."""
    rows: dict[int, float] = {}
    for number, by in found.rows_of.items():
        if found.target[number] == AS_IT_IS or covers[number].keys().isdisjoint(gone.tolist()):
            continue
        for row in by:
            if scene.task.proposals.decision[row] in (Decision.GIVE, Decision.CLIP):
                rows[row] = rows.get(row, 0.0) + float(shapely.area(faces.polygon[number]))
    return rows


def _dropped(scene: _Scene) -> Ints:
    task = scene.task
    chosen = scene.rows[task.proposals.decision[scene.rows] == Decision.DROP]
    areas = [i for row in chosen for i in task.defects.areas[row] if i != task.proposals.to[row]]
    return np.searchsorted(scene.orders.numbers, np.array(areas, dtype=np.int64))


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


def _outcome(
    scene: _Scene,
    cut: Noded,
    linework: Linework,
    vanished: Ints,
    faces: Faces,
    covers: list[Cover],
    found: Verdicts,
) -> Attempt:
    """Build what changed, and judge it."""
    around, task = scene.around, scene.task
    last = linework.areas + int(linework.has_scope)
    mine = linework.owner < last
    kept = linework._with(
        linework.xy,
        linework.lower[linework.edge[mine]],
        linework.upper[linework.edge[mine]],
        linework.owner[mine],
        linework.turns[mine],
    )
    removable = cut.removable.copy()
    removable[: len(around.is_near)] &= around.is_near
    local = scene.precision.plane.local(kept.xy)
    final = without_spare_vertices(kept, local, removable, scene.precision.snap_m)
    owners = np.union1d(_differing(around.linework, final, last), scene.rebuilt)
    built = assembled(owners, final, around)
    is_area = owners < linework.areas
    scope = task.scope if is_area.all() else built[-1]
    owners, built = owners[is_area], built[is_area]
    failed = _failures(scene, owners, built, vanished, cut.crossing, final)
    numbers = around.numbers
    gained, lost = _moved_m2(task, linework.areas, faces, covers, found.target)
    return Attempt(
        number=numbers[owners],
        polygon=built,
        ground=around.ground[owners],
        scope=scope,
        gained_m2=gained[owners],
        lost_m2=lost[owners],
        failed={int(numbers[owner]): why for owner, why in failed.items()},
        blamed={int(numbers[owner]): _concerned(scene, owner, covers, found) for owner in failed},
        refused=found.refused,
    )


def _differing(before: Linework, after: Linework, owners: int) -> Ints:
    """List the owners whose borders are not what they were."""
    count = len(after.xy)

    def rows(linework: Linework) -> set[tuple[int, int, int]]:
        key = linework.lower * count + linework.upper
        return set(
            zip(key[linework.edge].tolist(), linework.owner.tolist(), linework.turns.tolist(), strict=True)
        )

    changed = {owner for _, owner, _ in rows(before) ^ rows(after) if owner < owners}
    return np.array(sorted(changed), dtype=np.int64)


def _failures(
    scene: _Scene, owners: Ints, built: Geometries, vanished: Ints, crossing: Ints, final: Linework
) -> dict[int, str]:
    """Say which owners did not become what they should."""
    failed = dict.fromkeys(vanished.tolist(), VANISHES)
    sound = shapely.is_valid(built) | shapely.is_missing(built)
    # an edge twice in one border, or a border that is left open, is none
    doubled = final.owner[(np.abs(final.turns) > 1)]
    for owner, is_sound in zip(owners.tolist(), sound.tolist(), strict=True):
        if not is_sound or owner in doubled:
            failed[owner] = SPOILT
    failed.update(dict.fromkeys(np.intersect1d(owners, scene.frozen).tolist(), NOT_SOUND))
    failed.update(dict.fromkeys(crossing.tolist(), CROSSING))
    return failed


def _concerned(scene: _Scene, owner: int, covers: list[Cover], found: Verdicts) -> list[int]:
    """List the decisions that change an owner, or else all that name it, or else those near it."""
    by_face = {
        row
        for number, rows in found.rows_of.items()
        if owner in covers[number] or found.target[number] == owner
        for row in rows
    }
    if by_face:
        return sorted(by_face)
    area = int(scene.around.numbers[owner])
    named = [row for row in scene.rows.tolist() if area in scene.task.defects.areas[row]]
    return named or scene.rows.tolist()


def _moved_m2(
    task: Task, areas: int, faces: Faces, covers: list[Cover], target: Ints
) -> tuple[Floats, Floats]:
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

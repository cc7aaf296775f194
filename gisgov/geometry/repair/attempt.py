"""One try to carry out decisions: from the areas around the defects to their new polygons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.coverage import DefectKind
from gisgov.geometry.repair.assembling import assembled
from gisgov.geometry.repair.coverings import Cover, covers_of
from gisgov.geometry.repair.exchange import carried_out, dropped, moved_m2
from gisgov.geometry.repair.faces import Faces, faces_of
from gisgov.geometry.repair.linework import Linework
from gisgov.geometry.repair.noded import Noded, noded
from gisgov.geometry.repair.scene import Scene, Task, scene_of
from gisgov.geometry.repair.tidying import without_spare_vertices
from gisgov.geometry.repair.verdicts import VANISHES, Verdicts, verdicts
from gisgov.types import Floats, Geometries, Ints

NOT_SOUND: Final = "an area that is no sound polygon would have to change: rebuild it too"
CROSSING: Final = "the borders here could not be cut where they cross"
_NEARLY_ALL: Final = 0.99
SCOPE_SPOILT: Final = "the scope would come apart"
SPOILT: Final = "an area would not be a sound polygon any more"


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
    short : list of int
        Defects of which some ground was not found among the borders near them.
    loose : int
        How many edges near the defects do not cancel, none where there is no scope.
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
    short: list[int]
    loose: int


def attempt(task: Task, rows: Ints, careful: Ints, growth: int = 1) -> Attempt:
    """Carry out the decisions on some defects.

    Parameters
    ----------
    task : Task
        All of the areas, defects and decisions.
    rows : numpy.ndarray of int
        Which defects; at least one.
    careful : numpy.ndarray of int
        Areas whose borders take no part in tolerance.
    growth : int
        How many edges beyond the ground of the defects to look.

    Returns
    -------
    Attempt
        Good only when nothing ``failed``.
    """
    scene = scene_of(task, rows, careful, growth)
    is_near = scene.around.near_vertices()
    cut = noded(scene.around.linework, is_near, scene.precision)
    local = scene.precision.plane.local(cut.linework.xy)
    faces = faces_of(cut.linework, scene.around.boxes)
    seam = scene.precision.snap_m / float(scene.precision.plane.metres.min())
    covers = covers_of(faces, cut.linework, scene.around.ground, seam)
    found = verdicts(scene.orders, cut.linework, local, faces, covers)
    linework, vanished = carried_out(scene, cut.linework, faces, covers, found)
    removable = cut.removable & np.append(is_near, np.ones(len(local) - len(is_near), dtype=bool))
    cut = replace(cut, removable=removable)
    return _outcome(task, scene, cut, linework, vanished, faces, covers, found)


def _outcome(
    task: Task,
    scene: Scene,
    cut: Noded,
    linework: Linework,
    vanished: Ints,
    faces: Faces,
    covers: list[Cover],
    found: Verdicts,
) -> Attempt:
    """Build what changed, and judge it."""
    around = scene.around
    last = linework.areas + int(linework.has_scope)
    mine = linework.owner < last
    kept = Linework.of(
        linework.xy,
        linework.lower[linework.edge[mine]],
        linework.upper[linework.edge[mine]],
        linework.owner[mine],
        linework.turns[mine],
        areas=linework.areas,
        has_scope=linework.has_scope,
    )
    local = scene.precision.plane.local(kept.xy)
    final = without_spare_vertices(kept, local, cut.removable, scene.precision.snap_m)
    owners = np.union1d(_differing(around.linework, final, last), scene.rebuilt)
    built = assembled(owners, final, around, task.progress)
    is_area = owners < linework.areas
    scope = task.scope if is_area.all() else built[-1]
    owners, built = owners[is_area], built[is_area]
    failed = _failures(scene, owners, built, vanished, cut.crossing, final)
    if not (scope is task.scope or _is_shaped_alike(scope, task.scope)):
        failed.update(dict.fromkeys(_beside_scope(final), SCOPE_SPOILT))
    numbers = around.numbers
    gained, lost = moved_m2(task, linework.areas, faces, covers, found.target)
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
        short=_short(scene, found),
        loose=int(np.count_nonzero(final.residual())) if final.has_scope else 0,
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
    scene: Scene, owners: Ints, built: Geometries, vanished: Ints, crossing: Ints, final: Linework
) -> dict[int, str]:
    """Say which owners did not become what they should."""
    failed = dict.fromkeys(vanished.tolist(), VANISHES)
    missing = np.setdiff1d(owners[shapely.is_missing(built)], dropped(scene))
    failed.update(dict.fromkeys(missing.tolist(), VANISHES))
    spoilt = owners[~shapely.is_valid(built) & ~shapely.is_missing(built)]
    # an edge that is an area's border twice is none
    doubled = final.owner[np.abs(final.turns) > 1]
    failed.update(dict.fromkeys(np.union1d(spoilt, np.intersect1d(doubled, owners)).tolist(), SPOILT))
    failed.update(dict.fromkeys(np.intersect1d(owners, scene.frozen).tolist(), NOT_SOUND))
    failed.update(dict.fromkeys(crossing.tolist(), CROSSING))
    return failed


def _is_shaped_alike(scope: shapely.Geometry | None, drawn: shapely.Geometry | None) -> bool:
    """Whether the scope with its new vertices is a polygon of as many parts and holes as before."""
    if not shapely.is_valid(scope) or shapely.get_num_geometries(scope) != shapely.get_num_geometries(drawn):
        return False
    holes = [shapely.get_num_interior_rings(shapely.get_parts(each)).sum() for each in (scope, drawn)]
    return bool(holes[0] == holes[1])


def _beside_scope(linework: Linework) -> list[int]:
    """List areas that have an edge in common with the scope."""
    is_scope = np.zeros(len(linework), dtype=bool)
    is_scope[linework.edge[linework.owner == linework.areas]] = True
    owners = linework.owner[is_scope[linework.edge]]
    return sorted(set(owners[owners < linework.areas].tolist()))


def _concerned(scene: Scene, owner: int, covers: list[Cover], found: Verdicts) -> list[int]:
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
    named = [row for row in scene.orders.rows.tolist() if area in scene.orders.defects.areas[row]]
    return named or scene.orders.rows.tolist()


def _short(scene: Scene, found: Verdicts) -> list[int]:
    """List defects whose faces are together smaller than their ground."""
    orders, precision = scene.orders, scene.precision
    polygon = orders.defects.polygon[orders.rows]
    seam = precision.snap_m / float(precision.plane.metres.min())
    lacking = shapely.area(polygon) * _NEARLY_ALL - seam * shapely.length(polygon)
    is_ground = ~shapely.is_missing(polygon) & (orders.defects.kind[orders.rows] != DefectKind.INVALID_RING)
    return [
        row
        for row, size in zip(orders.rows[is_ground].tolist(), lacking[is_ground].tolist(), strict=True)
        if found.found_in.get(row, 0.0) < size and row not in found.refused
    ]

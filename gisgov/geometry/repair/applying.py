"""Carry out decisions on defects: the areas then cover their scope once, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.coverage import Certificate, DefectKind, Defects, Tolerances, certify
from gisgov.geometry.repair.attempt import Attempt, attempt
from gisgov.geometry.repair.decisions import Decision, Proposals
from gisgov.geometry.repair.local_plane import LocalPlane
from gisgov.geometry.repair.precision import Precision
from gisgov.geometry.repair.scene import Task
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Floats, Geometries, Ints, Progress, Texts, silent

_TOLERANCES: Final = Tolerances()
_HOPELESS: Final = "nothing would be left of the area"
_FURTHEST: Final = 16
_SHORT: Final = "some of this ground was not found among the borders near it"
_GENTLE_TRIES: Final = 3
"""After so many tries decisions are given up where they fail, rather than tried with more care."""


@dataclass(frozen=True, slots=True, eq=False)
class Repair:
    """Areas after decisions were carried out, and what is needed to take them back.

    Attributes
    ----------
    areas : numpy.ndarray of shapely.Geometry, shape (n,)
        None where an area was dropped. What did not change is the same object.
    scope : shapely.Geometry or None
        The same object, unless areas meet on its border where it had no vertex: then with those.
    changed : numpy.ndarray of int, shape (k,)
        Numbers of the areas that changed, ascending.
    before : numpy.ndarray of shapely.Geometry, shape (k,)
        What they were.
    gained_m2, lost_m2 : numpy.ndarray of float, shape (n,)
        How much ground came to each area and went from it; their difference is the change of its size
        (of a broken ring: of the ground that it encloses).
    done : numpy.ndarray of str, shape (defects,)
        Empty where the decision was carried out, else why not.
    certificate : Certificate or None
        Of the areas as they are now against ``scope``; None without one. Dropped areas are taken away.
    """

    areas: Geometries
    scope: shapely.Geometry | None
    changed: Ints
    before: Geometries
    gained_m2: Floats
    lost_m2: Floats
    done: Texts
    certificate: Certificate | None

    def undo(self) -> Geometries:
        """Give the areas as they were.

        Returns
        -------
        numpy.ndarray of shapely.Geometry, shape (n,)
            The same objects.
        """
        areas = self.areas.copy()
        areas[self.changed] = self.before
        return areas


@np.errstate(all="ignore")  # GEOS tries infinities on its way, which numpy would report as ours
def apply(
    areas: Geometries,
    scope: shapely.Geometry | None,
    defects: Defects,
    proposals: Proposals,
    *,
    tolerances: Tolerances = _TOLERANCES,
    system: CoordinateSystem | None = None,
    measure: Callable[[Geometries], Floats] = shapely.area,
    grid: float | None = None,
    parents: Geometries | None = None,
    parent_of: Ints | None = None,
    progress: Progress = silent,
) -> Repair:
    r"""Carry out decisions on defects.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, shape (n,)
        In any plane coordinates.
    scope : shapely.Geometry or None
        What they should cover.
    defects : Defects
        What `gisgov.geometry.coverage.find_defects` found in them.
    proposals : Proposals
        A decision for each.
    tolerances : Tolerances
        As they were for `find_defects`; borders within ``vertex_tolerance_m`` are made one.
    system : CoordinateSystem, optional
        What the coordinates are in; a plane in metres by default.
    measure : callable
        As for `find_defects`.
    grid : float, optional
        New vertices are rounded to its multiples, in units of the coordinates: 1e-7 for stored ones.
    parents, parent_of
        As for `find_defects`.
    progress : Progress
        Told of the areas that are built anew.

    Returns
    -------
    Repair
        Where no decision was to leave a defect, and all were carried out, its certificate holds. Areas
        away from the defects are the same objects. A decision that would make an area vanish unasked, or
        would spoil one, is not carried out, and ``done`` says so.

    Raises
    ------
    InputError
        The decisions do not belong to these defects and areas.

    Notes
    -----
    Borders are a chain of directed edges. Moving a vertex wherever it occurs, cutting an edge wherever it
    occurs and taking a face from one area for another keep cancelled what cancels, whatever is rounded; so no
    ground is lost on the way.

    Examples
    --------
    >>> from gisgov.geometry.coverage import find_defects
    >>> from gisgov.geometry.repair import propose
    >>> from gisgov.testing import areas_from_grid
    >>> _, areas = areas_from_grid("AABE\nA.BE\nCCCE")
    >>> scope = shapely.coverage_union_all([*areas, shapely.box(100, 100, 200, 200)])
    >>> found = find_defects(areas, scope)
    >>> repair = apply(areas, scope, found, propose(areas, scope, found))
    >>> repair.certificate.holds, repair.gained_m2.tolist(), repair.areas[3] is areas[3]
    (True, [10000.0, 0.0, 0.0, 0.0], True)
    """
    areas = np.asarray(areas, dtype=object)
    proposals.refuse_unfit(len(defects), len(areas))
    precision = partial(_precision, tolerance_m=tolerances.vertex_tolerance_m, grid=grid, system=system)
    task = Task(areas, scope, defects, proposals, parents, parent_of, precision, measure, progress)
    done: Texts = np.full(len(defects), "", dtype=object)
    dropped = _dropped_rings(task, done)
    rows = _to_do(task, done)
    outcome = _best(task, rows, done)
    return _repair(task, outcome, dropped, done)


def _precision(
    corners: Floats, *, tolerance_m: float, grid: float | None, system: CoordinateSystem | None
) -> Precision:
    return Precision(LocalPlane.around(corners, system), tolerance_m, grid, np.zeros(0, dtype=np.int64))


def _dropped_rings(task: Task, done: Texts) -> Ints:
    """List areas to drop that have no polygon; note decisions that broken rings do not take."""
    found = []
    for row in np.flatnonzero(task.defects.kind == DefectKind.INVALID_RING).tolist():
        decision, is_hopeless = task.proposals.decision[row], task.defects.polygon[row] is None
        if decision == Decision.DROP and is_hopeless:
            found.append(task.defects.areas[row][0])
        elif decision == Decision.REBUILD and is_hopeless:
            done[row] = _HOPELESS
        elif decision not in (Decision.REBUILD, Decision.LEAVE):
            done[row] = "a broken ring can be rebuilt, dropped where nothing is left of it, or left"
    return np.unique(np.array(found, dtype=np.int64))


def _to_do(task: Task, done: Texts) -> Ints:
    """List the defects that ask for work on borders."""
    decision = task.proposals.decision
    is_gone = (task.defects.kind == DefectKind.INVALID_RING) & (decision == Decision.DROP)
    return np.flatnonzero((decision != Decision.LEAVE) & (done == "") & ~is_gone)


def _best(task: Task, rows: Ints, done: Texts) -> Attempt | None:
    """Try until nothing fails: further around, without tolerance where it fails, then without what fails."""
    careful: Ints = np.zeros(0, dtype=np.int64)
    tries, growth = 0, 1
    while rows.size:
        outcome = attempt(task, rows, careful, growth)
        tries += 1
        if growth < _FURTHEST and (outcome.short or (outcome.loose and _is_for_all(task, rows))):
            growth *= 4
        elif not outcome.failed:
            done[outcome.short] = _SHORT
            done[list(outcome.refused)] = list(outcome.refused.values())
            return outcome
        elif tries <= _GENTLE_TRIES and not outcome.failed.keys() <= set(careful.tolist()):
            careful = np.union1d(careful, list(outcome.failed))
        else:
            for area, why in outcome.failed.items():
                blamed = np.array(outcome.blamed[area], dtype=np.int64)
                done[blamed[done[blamed] == ""]] = why
            rows = rows[done[rows] == ""]
    return None


def _is_for_all(task: Task, rows: Ints) -> bool:
    """Whether no faulty ground is to stay, so that all edges have to cancel."""
    kinds = np.delete(task.defects.kind, rows)
    return bool(np.isin(kinds, (DefectKind.SEVERAL_PARTS, DefectKind.INVALID_RING)).all())


def _repair(task: Task, outcome: Attempt | None, dropped: Ints, done: Texts) -> Repair:
    after = task.areas.copy()
    gained, lost = np.zeros(len(after)), np.zeros(len(after))
    scope, changed = task.scope, dropped
    after[dropped] = None
    if outcome is not None:
        changed = np.union1d(dropped, outcome.number)
        after[outcome.number] = outcome.polygon
        scope = outcome.scope
        size_before, size_after = (
            np.nan_to_num(task.measure(some)) for some in (outcome.ground, outcome.polygon)
        )
        # what moved with vertices, beside the faces
        drift = (size_after - size_before) - (outcome.gained_m2 - outcome.lost_m2)
        gained[outcome.number] = outcome.gained_m2 + np.maximum(drift, 0.0)
        lost[outcome.number] = outcome.lost_m2 + np.maximum(-drift, 0.0)
    return Repair(
        areas=after,
        scope=scope,
        changed=changed,
        before=task.areas[changed],
        gained_m2=gained,
        lost_m2=lost,
        done=done,
        certificate=_certificate(task, after, changed, scope),
    )


def _certificate(
    task: Task, after: Geometries, changed: Ints, scope: shapely.Geometry | None
) -> Certificate | None:
    if scope is None:
        return None
    known = task.defects.certificate if scope is task.scope else None
    certificate = certify(after, scope) if known is None else known
    for area in changed.tolist():
        if known is not None or after[area] is None:
            certificate = certificate.replace(area, after[area])
    return certificate

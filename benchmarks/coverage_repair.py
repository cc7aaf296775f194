"""Repair a coverage with a hundred defects of all kinds, against `coverage_clean`.

Our time is that of finding the defects, deciding on each and carrying the decisions out. The proposals
are accepted as they come; where an area has to vanish, somebody says so: of an area that is given twice the
first one stays, and areas wholly outside go. Afterwards the certificate has to hold, and no area that no
fault concerns may be another object than before. The peer knows no scope and asks nobody; it is told to
close every gap. Kernels are compiled before the clock starts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from benchmarks.bars import QUICK, Bar, note, show, timed
from benchmarks.faults import FaultyAreas, inject
from benchmarks.jagged import jagged_areas
from gisgov.geometry.coverage import DefectKind, Defects, Tolerances, certify, find_defects
from gisgov.geometry.repair import Decision, Proposals, Repair, apply, propose
from gisgov.types import Bools, Geometries

_COUNT, _FAULTS = (2_500, 60) if QUICK else (100_000, 100)
_NEED = 1.0 if QUICK else 10.0
"""The peer's time grows faster than the number of areas: the bar is that of the full size."""
_WIDEST_GAP_M = 500.0
_SAME_M2 = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Repaired:
    """What was found and what became of it."""

    defects: Defects
    proposals: Proposals
    repair: Repair


def repaired(faulty: FaultyAreas) -> Repaired:
    """Find all defects, decide on each, and carry the decisions out."""
    defects = find_defects(faulty.areas, faulty.scope)
    proposals = accepted(defects, propose(faulty.areas, faulty.scope, defects))
    repair = apply(faulty.areas, faulty.scope, defects, proposals, tolerances=Tolerances())
    return Repaired(defects, proposals, repair)


def accepted(defects: Defects, proposals: Proposals) -> Proposals:
    """Say what has to be said: the second of two equal areas, and what lies wholly outside, may vanish."""
    decision, to = proposals.decision.copy(), proposals.to.copy()
    left = decision == Decision.LEAVE
    twice = left & (defects.kind == DefectKind.DUPLICATE)
    away = left & (defects.kind == DefectKind.OUTSIDE)
    decision[twice | away] = Decision.DROP
    to[twice] = [min(defects.areas[row]) for row in np.flatnonzero(twice)]
    return Proposals(decision, to, proposals.reason, proposals.options)


def without_fault(faulty: FaultyAreas) -> Bools:
    """Tell the areas that no fault concerns."""
    is_free: Bools = np.ones(len(faulty.areas), dtype=bool)
    is_free[list(frozenset().union(*(truth.areas for truth in faulty.truths)))] = False
    return is_free


def judged(faulty: FaultyAreas, done: Repaired) -> None:
    """Hold the repair to what it promises."""
    after = done.repair.areas
    kept = np.array([area is not None for area in after])
    refused = [str(why) for why in done.repair.done if why]
    assert not refused, f"{len(refused)} decisions were not carried out: {refused[0]}"
    certificate = certify(after[kept], faulty.scope)
    assert certificate.holds, certificate.figure
    assert done.repair.certificate is not None
    assert done.repair.certificate.holds, done.repair.certificate.figure
    # by other means: every piece of the scope once
    assert abs(shapely.area(after[kept]).sum() - faulty.scope.area) < _SAME_M2
    free = np.flatnonzero(without_fault(faulty))
    touched = sum(after[i] is not faulty.areas[i] for i in free)
    assert touched == 0, f"{touched} areas without a fault were changed"
    dropped = int((done.proposals.decision == Decision.DROP).sum())
    assert (~kept).sum() == dropped, f"{(~kept).sum()} areas vanished, {dropped} were dropped"
    restored = done.repair.undo()
    assert all(was is now for was, now in zip(faulty.areas, restored, strict=True)), "undo left a change"


def changed(before: Geometries, after: Geometries) -> Bools:
    """Tell the polygons whose vertices are others, wherever their rings begin."""
    return ~shapely.equals_exact(shapely.normalize(before), shapely.normalize(after), tolerance=0.0)


def main() -> None:
    """Repair one coverage by both."""
    few = inject(*jagged_areas(300), 12)
    repaired(few)
    faulty = inject(*jagged_areas(_COUNT), _FAULTS)
    ours_s, done = timed(lambda: repaired(faulty))
    judged(faulty, done)
    find_s, _ = timed(lambda: find_defects(faulty.areas, faulty.scope))
    clean_s, cleaned = timed(lambda: shapely.coverage_clean(faulty.areas, gap_width=_WIDEST_GAP_M), runs=1)

    name = f"coverage-repair-{_COUNT}-{_FAULTS}"
    show(Bar(name, ours_s, "coverage_clean", clean_s, need=_NEED))
    note(
        f"{name} ours: {find_s:.3f}s of it finding, {len(done.defects)} defects decided, residual 0, "
        f"{len(done.repair.changed)} areas changed, 0 of them without a fault, "
        f"{done.repair.gained_m2.sum():.0f} m² moved"
    )
    free = without_fault(faulty)
    others = int(changed(faulty.areas[free], cleaned[free]).sum())
    note(
        f"{name} coverage_clean: certificate {'holds' if certify(cleaned, faulty.scope).holds else 'fails'}, "
        f"{len(find_defects(cleaned, faulty.scope))} defects left, {others} areas without a fault changed, "
        f"{int(shapely.is_empty(cleaned).sum())} emptied unasked"
    )


if __name__ == "__main__":
    main()

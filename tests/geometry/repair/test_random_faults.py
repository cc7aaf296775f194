"""Repair of random families of faults, held to what it promises by means of its own."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from directed_edges import uncancelled
from fault_families import ORIGINS, Fault, families, faulty, jagged
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.geometry.coverage import DefectKind, Defects, Tolerances, find_defects
from gisgov.geometry.repair import Decision, Proposals, Repair, apply, propose
from gisgov.types import Geometries

TOLERANCES = (Tolerances(), Tolerances(vertex_tolerance_m=0.02), Tolerances(vertex_tolerance_m=1e-7))
LEFT_BY_RIGHT = (DefectKind.SEVERAL_PARTS,)
"""Defects that may stay and yet the ground is covered once."""

seeds = st.integers(0, 5)


def accepted(defects: Defects, proposals: Proposals) -> Proposals:
    """Say what has to be said: the second of two equal areas goes, and so does what lies nowhere."""
    decision, to = proposals.decision.copy(), proposals.to.copy()
    for row in np.flatnonzero(decision == Decision.LEAVE):
        if defects.kind[row] == DefectKind.DUPLICATE:
            decision[row], to[row] = Decision.DROP, min(defects.areas[row])
        elif defects.kind[row] in (DefectKind.OUTSIDE, DefectKind.INVALID_RING):
            decision[row] = Decision.DROP
    return Proposals(decision, to, proposals.reason, proposals.options)


def assert_promises_kept(
    areas: Geometries, scope: shapely.Geometry, found: Defects, decided: Proposals, repair: Repair
) -> None:
    """Hold a repair to all that the package says of it."""
    left = uncancelled(repair.areas, repair.scope)
    is_left = decided.decision == Decision.LEAVE
    is_left &= ~np.isin(found.kind, LEFT_BY_RIGHT)
    assert not left or is_left.any() or any(repair.done)
    present = repair.areas[~shapely.is_missing(repair.areas)]
    assert repair.certificate is not None
    assert repair.certificate.holds == (not left and shapely.is_valid(present).all())
    if not left:
        assert shapely.area(present).sum() == pytest.approx(repair.scope.area, abs=1e-3)
        assert repair.scope.area == pytest.approx(scope.area, abs=1.0)
    may_go = {area for row in np.flatnonzero(decided.decision == Decision.DROP) for area in found.areas[row]}
    changed = set(repair.changed.tolist())
    for number, (before, after) in enumerate(zip(areas, repair.areas, strict=True)):
        assert number in changed or after is before
        assert after is not None or before is None or number in may_go
    assert shapely.is_valid(present).all()
    assert not shapely.is_empty(present).any()
    assert all(was is now for was, now in zip(areas, repair.undo(), strict=True))
    assert (repair.gained_m2 >= 0.0).all()
    assert (repair.lost_m2 >= 0.0).all()
    moved = repair.gained_m2.sum() - repair.lost_m2.sum()
    assert moved == pytest.approx(shapely.area(present).sum() - np.nansum(shapely.area(areas)), abs=1e-3)


@given(seeds, st.sampled_from(ORIGINS), families, st.sampled_from(TOLERANCES))
@settings(deadline=None, max_examples=120)
def test_repair_of_random_faults(
    seed: int, origin: tuple[float, float], family: list[Fault], tolerances: Tolerances
) -> None:
    sound, scope = jagged(seed, origin)
    areas = faulty(sound, family)
    found = find_defects(areas, scope, tolerances=tolerances)
    decided = accepted(found, propose(areas, scope, found))
    repair = apply(areas, scope, found, decided, tolerances=tolerances)
    assert_promises_kept(areas, scope, found, decided, repair)


@given(seeds, families, st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=80)
def test_any_decisions_keep_what_was_promised(seed: int, family: list[Fault], choice: int) -> None:
    sound, scope = jagged(seed)
    areas = faulty(sound, family)
    found = find_defects(areas, scope)
    rng = np.random.default_rng(choice)
    wanted = propose(areas, scope, found)
    decision, to = wanted.decision.copy(), wanted.to.copy()
    for row in range(len(found)):
        if rng.random() < 0.5:
            decision[row] = rng.choice(list(Decision))
            to[row] = rng.integers(0, len(areas))
    decided = Proposals(decision, to, wanted.reason, wanted.options)
    repair = apply(areas, scope, found, decided)
    may_go = {area for row in np.flatnonzero(decision == Decision.DROP) for area in found.areas[row]}
    changed = set(repair.changed.tolist())
    for number, (before, after) in enumerate(zip(areas, repair.areas, strict=True)):
        assert number in changed or after is before
        assert after is not None or before is None or number in may_go
        assert number not in changed or after is None or shapely.is_valid(after)
    assert all(was is now for was, now in zip(areas, repair.undo(), strict=True))
    assert repair.certificate is not None
    assert (repair.certificate.residual == (0, 0)) == (not uncancelled(repair.areas, repair.scope))

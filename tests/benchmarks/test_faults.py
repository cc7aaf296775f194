from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import shapely

from benchmarks.exact_overlay import overlay
from benchmarks.faults import FaultKind, FaultyAreas, inject
from benchmarks.jagged import jagged_areas
from benchmarks.judge import judge

COUNT, PER_KIND = 1_209, 4


@pytest.fixture(scope="module")
def sound():
    return jagged_areas(COUNT, seed=2)


@pytest.fixture(scope="module")
def faulty(sound) -> FaultyAreas:
    return inject(*sound, PER_KIND * len(FaultKind), seed=5)


def test_each_kind_is_injected_as_often_as_asked(faulty):
    assert Counter(truth.fault for truth in faulty.truths) == dict.fromkeys(FaultKind, PER_KIND)
    # one area is missing, and one is added, for each fault of these kinds
    assert len(faulty.areas) == COUNT - PER_KIND + 3 * PER_KIND
    assert shapely.is_valid(faulty.areas).all()


def test_what_does_not_come_out_even_goes_to_the_first_kinds(sound):
    faults = inject(*sound, 14).truths
    assert Counter(truth.fault for truth in faults) == dict.fromkeys(FaultKind, 1) | {
        FaultKind.GAP_5M: 2,
        FaultKind.GAP_1CM: 2,
    }
    only = inject(*sound, 3, kinds=(FaultKind.MISSING,)).truths
    assert [truth.fault for truth in only] == [FaultKind.MISSING] * 3


def test_an_exact_overlay_finds_all_ground_that_is_said_to_be_at_fault_and_no_other(faulty):
    judgement = judge(overlay(faulty.areas, faulty.scope), faulty.truths)
    assert judgement.invented == ()
    missed = {faulty.truths[i].fault for i in judgement.missed}
    assert missed == {FaultKind.T_VERTEX, FaultKind.NOISE}


def test_as_many_areas_lie_on_the_ground_as_is_said(faulty):
    for truth in faulty.truths:
        for piece in truth.pieces if truth.has_ground else ():
            covering = np.flatnonzero(shapely.contains(faulty.areas, piece.place.representative_point()))
            assert len(covering) == truth.cover
            assert set(covering.tolist()) <= piece.areas


def test_gaps_name_the_areas_around_them(faulty):
    for truth in faulty.truths:
        if truth.cover == 0:
            (piece,) = truth.pieces
            meeting = np.flatnonzero(shapely.dwithin(faulty.areas, piece.place, 1e-6))
            assert set(meeting.tolist()) == piece.areas


def test_the_sums_of_ground_are_those_of_the_union(faulty):
    covered = shapely.union_all(faulty.areas)
    grounds = {
        cover: sum(p.place.area for truth in faulty.truths if truth.cover == cover for p in truth.pieces)
        for cover in (0, 1)
    }
    assert faulty.scope.difference(covered).area == pytest.approx(grounds[0], abs=1e-3)
    assert covered.difference(faulty.scope).area == pytest.approx(grounds[1], abs=1e-3)


def test_a_t_vertex_lies_on_the_border_of_two_and_in_one_of_them(faulty):
    for truth in faulty.truths:
        if truth.fault is FaultKind.T_VERTEX:
            (piece,) = truth.pieces
            middle = shapely.line_interpolate_point(piece.place, 0.5, normalized=True)
            assert len(piece.areas) == 2
            has = [
                shapely.distance(shapely.points(shapely.get_coordinates(faulty.areas[i])), middle).min()
                < 1e-6
                for i in piece.areas
            ]
            assert sorted(has) == [False, True]
            assert all(shapely.distance(faulty.areas[i].exterior, middle) < 1e-6 for i in piece.areas)


def test_noise_moves_every_vertex_of_one_area_a_little(sound, faulty):
    areas, _ = sound
    for truth in faulty.truths:
        if truth.fault is FaultKind.NOISE:
            moved = [
                i
                for i in truth.areas
                if not shapely.equals_exact(faulty.areas[i], areas[faulty.origin[i]], tolerance=0.0)
            ]
            assert len(moved) == 1
            before = areas[faulty.origin[moved[0]]]
            assert shapely.hausdorff_distance(before, faulty.areas[moved[0]]) <= 1.5e-7
            touching = np.flatnonzero(shapely.dwithin(faulty.areas, before, 1e-6))
            assert set(touching.tolist()) == truth.areas


def test_no_two_faults_share_an_area_or_come_near_each_other(faulty):
    named = Counter(i for truth in faulty.truths for i in truth.areas)
    assert set(named.values()) == {1}
    places = [shapely.union_all([piece.place for piece in truth.pieces]) for truth in faulty.truths]
    tree = shapely.STRtree(places)
    first, second = tree.query(places, predicate="dwithin", distance=1.0)
    assert (first == second).all()


def test_areas_without_a_fault_are_as_they_were(sound, faulty):
    areas, scope = sound
    assert faulty.scope is scope
    of_faults = frozenset().union(*(truth.areas for truth in faulty.truths))
    for i in set(range(len(faulty.areas))) - of_faults:
        assert faulty.areas[i] is areas[faulty.origin[i]]
    added = np.flatnonzero(faulty.origin < 0)
    assert len(added) == 3 * PER_KIND
    assert set(added.tolist()) <= of_faults
    missing = set(range(COUNT)) - set(faulty.origin.tolist())
    assert len(missing) == PER_KIND


def test_a_seed_repeats_itself(sound, faulty):
    again = inject(*sound, PER_KIND * len(FaultKind), seed=5)
    other = inject(*sound, PER_KIND * len(FaultKind), seed=6)
    assert shapely.to_wkb(again.areas).tolist() == shapely.to_wkb(faulty.areas).tolist()
    assert [truth.areas for truth in again.truths] == [truth.areas for truth in faulty.truths]
    assert shapely.to_wkb(other.areas).tolist() != shapely.to_wkb(faulty.areas).tolist()


def test_a_coverage_without_room_for_so_many_is_refused():
    with pytest.raises(ValueError, match="There is room for"):
        inject(*jagged_areas(60), 60)

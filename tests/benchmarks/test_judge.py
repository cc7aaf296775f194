from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from benchmarks.exact_overlay import Findings
from benchmarks.faults import FaultKind, inject
from benchmarks.jagged import jagged_areas
from benchmarks.judge import judge
from gisgov.geometry.coverage import DefectKind


@pytest.fixture(scope="module")
def truths():
    return inject(*jagged_areas(400), len(FaultKind)).truths


def _findings(rows) -> Findings:
    kind, cover, polygon, at, areas = zip(*rows, strict=True)
    return Findings(
        kind=np.array(kind, dtype=object),
        polygon=np.array(polygon, dtype=object),
        cover=np.array(cover),
        areas=list(areas),
        lon=shapely.get_x(np.array(at)),
        lat=shapely.get_y(np.array(at)),
    )


@pytest.fixture
def perfect(truths) -> Findings:
    """What a check has to say, truth by truth."""
    return _findings(
        (
            truth.kind,
            truth.cover,
            piece.place if truth.has_ground else None,
            shapely.point_on_surface(piece.place),
            tuple(sorted(piece.areas)),
        )
        for truth in truths
        for piece in truth.pieces
    )


def _row_of(findings, truths, fault) -> int:
    """Number of the first row about a fault."""
    truth = next(truth for truth in truths if truth.fault is fault)
    return next(i for i, areas in enumerate(findings.areas) if frozenset(areas) == truth.pieces[0].areas)


def _without(findings, rows) -> Findings:
    kept = np.setdiff1d(np.arange(len(findings.kind)), rows)
    return Findings(
        findings.kind[kept],
        findings.polygon[kept],
        findings.cover[kept],
        [findings.areas[i] for i in kept],
        findings.lon[kept],
        findings.lat[kept],
    )


def _both(one, other) -> Findings:
    return Findings(
        np.concatenate([one.kind, other.kind]),
        np.concatenate([one.polygon, other.polygon]),
        np.concatenate([one.cover, other.cover]),
        [*one.areas, *other.areas],
        np.concatenate([one.lon, other.lon]),
        np.concatenate([one.lat, other.lat]),
    )


def _missed(findings, truths) -> set[FaultKind]:
    return {truths[i].fault for i in judge(findings, truths).missed}


def test_a_perfect_report_is_perfect(perfect, truths):
    judgement = judge(perfect, truths)
    assert judgement.is_perfect
    assert judgement.recall() == dict.fromkeys(FaultKind, (1, 1))
    assert judgement.complaints() == ""


@pytest.mark.parametrize("fault", FaultKind)
def test_a_defect_that_is_left_out_is_missed(perfect, truths, fault):
    judgement = judge(_without(perfect, [_row_of(perfect, truths, fault)]), truths)
    assert not judgement.is_perfect
    assert judgement.recall()[fault] == (0, 1)
    assert str(fault) in judgement.complaints()
    assert f"{fault} 0/1" in judgement.tally()


@pytest.mark.parametrize("fault", FaultKind)
def test_a_defect_of_the_wrong_kind_is_missed_and_invented(perfect, truths, fault):
    kind = perfect.kind.copy()
    kind[_row_of(perfect, truths, fault)] = DefectKind.CROSSES_PARENT
    judgement = judge(replace(perfect, kind=kind), truths)
    assert _missed(replace(perfect, kind=kind), truths) == {fault}
    assert len(judgement.invented) >= 1
    assert "crosses-parent" in " ".join(judgement.invented)


@pytest.mark.parametrize("fault", FaultKind)
def test_a_wrong_number_of_areas_over_it_is_missed(perfect, truths, fault):
    cover = perfect.cover.copy()
    cover[_row_of(perfect, truths, fault)] += 1
    assert _missed(replace(perfect, cover=cover), truths) == {fault}


@pytest.mark.parametrize("fault", FaultKind)
def test_other_areas_are_missed_and_invented(perfect, truths, fault):
    row = _row_of(perfect, truths, fault)
    areas = list(perfect.areas)
    areas[row] = (*areas[row][1:], 399_999)
    judgement = judge(replace(perfect, areas=areas), truths)
    assert judgement.recall()[fault] == (0, 1)
    assert len(judgement.invented) >= 1


@pytest.mark.parametrize("fault", [kind for kind in FaultKind if kind not in ("t-vertex", "noise-1e-7")])
def test_ground_elsewhere_is_missed(perfect, truths, fault):
    row = _row_of(perfect, truths, fault)
    polygon = perfect.polygon.copy()
    polygon[row] = shapely.transform(polygon[row], lambda xy: xy + 0.01)
    assert _missed(replace(perfect, polygon=polygon), truths) == {fault}
    polygon[row] = None
    assert _missed(replace(perfect, polygon=polygon), truths) == {fault}


def test_ground_larger_than_it_is_by_a_hundredth_of_a_square_metre_is_missed(perfect, truths):
    row = _row_of(perfect, truths, FaultKind.MISSING)
    west, south, _, _ = perfect.polygon[row].bounds
    polygon = perfect.polygon.copy()
    polygon[row] = polygon[row].union(shapely.box(west - 1, south - 1, west - 0.9, south - 0.9))
    assert _missed(replace(perfect, polygon=polygon), truths) == {FaultKind.MISSING}


@pytest.mark.parametrize("fault", FaultKind)
def test_a_point_elsewhere_is_missed(perfect, truths, fault):
    lon = perfect.lon.copy()
    lon[_row_of(perfect, truths, fault)] += 1_000.0
    assert _missed(replace(perfect, lon=lon), truths) == {fault}


def test_what_is_no_fault_is_invented(perfect, truths):
    spot = shapely.Point(0, 0).buffer(1)
    more = _findings([(DefectKind.GAP, 0, spot, shapely.Point(0, 0), (390_000, 390_001))])
    judgement = judge(_both(perfect, more), truths)
    assert not judgement.missed
    assert judgement.invented == ("gap of [390000, 390001] at (0.0, 0.0)",)
    assert judgement.complaints() == "invented: gap of [390000, 390001] at (0.0, 0.0)"


def test_a_mismatch_of_areas_of_no_fault_or_of_two_is_invented(perfect, truths):
    of = [truth.areas for truth in truths if not truth.has_ground]
    at = shapely.Point(0, 0)
    for areas in ((390_000, 390_001), (min(of[0]), min(of[1]))):
        more = _findings([(DefectKind.VERTEX_MISMATCH, -1, None, at, areas)])
        assert len(judge(_both(perfect, more), truths).invented) == 1


@pytest.mark.parametrize("fault", FaultKind)
def test_the_same_defect_twice_is_missed(perfect, truths, fault):
    row = _row_of(perfect, truths, fault)
    once = _without(perfect, np.setdiff1d(np.arange(len(perfect.kind)), [row]))
    judgement = judge(_both(perfect, once), truths)
    truth = next(truth for truth in truths if truth.fault is fault)
    # of a mismatch, every vertex may be a report of its own
    assert judgement.is_perfect == (not truth.has_ground)


def test_ground_may_come_in_pieces(perfect, truths):
    row = _row_of(perfect, truths, FaultKind.MISSING)
    ground = perfect.polygon[row]
    west, south, east, north = ground.bounds
    halves = [
        ground.intersection(shapely.box(west, south, (west + east) / 2, north)),
        ground.intersection(shapely.box((west + east) / 2, south, east, north)),
    ]
    pieces = _findings(
        (DefectKind.GAP, 0, half, half.representative_point(), perfect.areas[row]) for half in halves
    )
    assert judge(_both(_without(perfect, [row]), pieces), truths).is_perfect


def test_a_mismatch_may_come_pair_by_pair_if_all_areas_are_named(perfect, truths):
    row = _row_of(perfect, truths, FaultKind.NOISE)
    areas = perfect.areas[row]
    at = shapely.Point(perfect.lon[row], perfect.lat[row])
    pairs = [(DefectKind.VERTEX_MISMATCH, -1, at.buffer(1e-7), at, (areas[0], other)) for other in areas[1:]]
    rest = _without(perfect, [row])
    assert judge(_both(rest, _findings(pairs)), truths).is_perfect
    assert _missed(_both(rest, _findings(pairs[:-1])), truths) == {FaultKind.NOISE}
    astray = [(*pair[:2], at.buffer(5), *pair[3:]) for pair in pairs]
    assert _missed(_both(rest, _findings(astray)), truths) == {FaultKind.NOISE}


def test_complaints_are_not_endless(truths):
    nothing = Findings(*(np.array([], dtype=object) for _ in range(3)), [], np.array([]), np.array([]))
    judgement = judge(nothing, truths)
    assert len(judgement.missed) == len(truths)
    assert judgement.complaints(most=3).splitlines()[-1] == f"… and {len(truths) - 3} more"

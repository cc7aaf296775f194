"""The thirteen cases of the JTS coverage validator and gap finder, answered in our terms.

JTS asks whether *edges* match; we ask whether *ground* is faulty. What its expectation means for us:

====================================  ==========================================================
case                                  answer here, and why it agrees
====================================  ==========================================================
testCollinearUnmatchedEdge            no faulty ground, but a vertex mismatch: the corner (180, 200)
                                      lies on the neighbour's straight side. Both edges that JTS
                                      names meet in it, and with the vertex added JTS is content.
testOverlappingSquares                one overlap of 2 x 2; the edges JTS names run along it
testFullyCoveredTriangles             each triangle is contained in the square over both
testGap                               an enclosed gap (the three areas touch in points around it)
testGapDisjoint                       a strip open at both ends: a gap of the scope
testGore                              a wedge open at one end: a gap of the scope; the third polygon,
                                      which JTS finds sound, is not among its neighbours
testGrid                              nothing
testMultiPolygon                      covered once, as JTS says; besides, we say that both areas are
                                      in several parts, which JTS does not ask
testValidDuplicatePoints              nothing: a vertex drawn twice is no problem
testRingCollapse                      the collapsed ring is reported as such; it has no ground, and the
                                      other three are clean, as JTS says
testPolygonEmpty                      the empty row is reported; the other three are clean
testMultiPolygonWithEmptyRing         nothing: an empty part is no second part
testThreePolygonGap                   one gap, the very triangle JTS expects
====================================  ==========================================================
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gisgov.geometry.coverage import DefectKind, Defects, Tolerances, find_defects
from gisgov.geometry.noding import add_missing_vertices, find_missing_vertices
from gisgov.types import Geometries

pytestmark = pytest.mark.realdata

FAULTY_GROUND = {
    "testOverlappingSquares": [("overlap", 4.0, (0, 1))],
    "testFullyCoveredTriangles": [("contained", 32.0, (0, 2)), ("contained", 32.0, (1, 2))],
    "testGap": [("gap", 1.4, (0, 1, 2))],
    "testGapDisjoint": [("gap", 0.8, (0, 1, 2))],
    "testGore": [("gap", 0.2, (0, 1))],
}
CLEAN = {
    "testGrid": [],
    "testMultiPolygon": [("several-parts", "", (0,)), ("several-parts", "", (1,))],
    "testValidDuplicatePoints": [],
    "testRingCollapse": [("invalid-ring", "ring with fewer than 4 points", (0,))],
    "testPolygonEmpty": [("invalid-ring", "empty", (3,))],
    "testMultiPolygonWithEmptyRing": [],
}


@pytest.fixture(scope="module")
def cases(realdata: Path) -> dict[str, Any]:
    text = (realdata / "peer_jts_coverage_validator.json").read_text(encoding="utf-8")
    return {case["test"]: case for case in json.loads(text)["cases"]}


def read(texts: list[str]) -> Geometries:
    """Read areas with all their faults."""
    return np.array([shapely.from_wkt(text, on_invalid="ignore") for text in texts], dtype=object)


def checked(areas: Geometries, scope: shapely.Geometry | None = None) -> Defects:
    """Check without calling anything a sliver: the areas are a few units across."""
    return find_defects(areas, scope, tolerances=Tolerances(sliver_width_m=0.0))


def rows(found: Defects) -> list[tuple[str, float, tuple[int, ...]]]:
    """List the faults. The box we give as a scope has no vertices where areas meet on it, which is none."""
    table = zip(found.kind, found.area_m2, found.areas, strict=True)
    return [(str(kind), round(float(m2), 9), numbers) for kind, m2, numbers in table if kind.is_fault]


def test_every_case_of_the_file_is_answered(cases: dict[str, Any]) -> None:
    assert len(cases) == 13
    assert set(cases) == {*FAULTY_GROUND, *CLEAN, "testCollinearUnmatchedEdge", "testThreePolygonGap"}


@pytest.mark.parametrize("name", FAULTY_GROUND)
def test_edges_that_jts_finds_invalid_run_along_our_defects(cases: dict[str, Any], name: str) -> None:
    case = cases[name]
    assert case["check"] in {"checkInvalid", "checkInvalidWithGaps"}
    areas, expected = read(case["args"][0]), case["args"][-1]
    with_gaps = case["check"] == "checkInvalidWithGaps"
    scope = shapely.box(*shapely.total_bounds(areas)) if with_gaps else None
    found = checked(areas, scope)
    assert rows(found) == FAULTY_GROUND[name]
    assert scope is not None or set(map(str, found.kind)) == {kind for kind, _, _ in FAULTY_GROUND[name]}
    blamed = {number for _, _, numbers in rows(found) for number in numbers}
    assert blamed == {number for number, edges in enumerate(expected) if edges is not None}
    for number in blamed:
        table = zip(found.kind, found.polygon, found.areas, strict=True)
        mine = [polygon for kind, polygon, numbers in table if kind.is_fault and number in numbers]
        along = shapely.boundary(shapely.union_all(mine))
        line = shapely.get_coordinates(shapely.from_wkt(expected[number]))
        for edge in shapely.linestrings(np.stack([line[:-1], line[1:]], axis=1)):
            assert shapely.length(shapely.intersection(edge, along)) > 0.0
    if with_gaps:  # narrower than the width up to which JTS was asked to look for gaps
        width = case["args"][1]
        ground = found.polygon[~shapely.is_missing(found.polygon)]
        assert shapely.is_empty(shapely.buffer(ground, -width / 2)).all()


def test_an_enclosed_gap_needs_no_scope(cases: dict[str, Any]) -> None:
    assert rows(checked(read(cases["testGap"]["args"][0]))) == FAULTY_GROUND["testGap"]


@pytest.mark.parametrize("name", CLEAN)
def test_what_jts_finds_valid_has_no_faulty_ground(cases: dict[str, Any], name: str) -> None:
    case = cases[name]
    assert case["check"] == "checkValid"
    found = find_defects(read(case["args"][0]))
    told = zip(found.kind, found.reason, found.areas, strict=True)
    assert [(str(kind), reason, numbers) for kind, reason, numbers in told] == CLEAN[name]
    assert set(found.kind) <= {DefectKind.SEVERAL_PARTS, DefectKind.INVALID_RING}


def test_an_unmatched_collinear_edge_is_a_missing_vertex(cases: dict[str, Any]) -> None:
    case = cases["testCollinearUnmatchedEdge"]
    assert case["check"] == "checkInvalid"
    areas, expected = read(case["args"][0]), read(case["args"][1])
    for scope in (None, shapely.union_all(areas)):
        found = find_defects(areas, scope)
        assert found.kind.tolist() == [DefectKind.VERTEX_MISMATCH]
        assert found.areas == ((0, 1),)
        assert (found.lon[0], found.lat[0]) == (180.0, 200.0)
    missing = find_missing_vertices(areas)
    assert missing.area.tolist() == [0]
    assert missing.neighbour.tolist() == [1]
    (corner,) = shapely.points(missing.x, missing.y)
    assert corner.wkt == "POINT (180 200)"
    assert shapely.intersects(expected, corner).all()
    assert not shapely.coverage_is_valid(areas)
    assert shapely.coverage_is_valid(add_missing_vertices(areas))


def test_the_gap_between_three_polygons_is_the_one_jts_finds(cases: dict[str, Any]) -> None:
    case = cases["testThreePolygonGap"]
    assert case["check"] == "checkGaps"
    coverage, _, expected = case["args"]
    found = checked(shapely.get_parts(shapely.from_wkt(coverage)))
    assert found.kind.tolist() == [DefectKind.GAP]
    assert found.areas == ((0, 1, 2),)
    assert shapely.equals(found.polygon[0], shapely.from_wkt(expected))

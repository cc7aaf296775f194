from __future__ import annotations

import numpy as np
import pytest
import shapely
from drawn_repairs import drawn

from gisgov.errors import InputError
from gisgov.geometry.coverage import DefectKind, Defects, find_defects
from gisgov.geometry.repair import People, Proposals, Rule, propose
from gisgov.geometry.systems import WGS84


def told(proposals: Proposals, row: int = 0) -> tuple[str, int, str]:
    return str(proposals.decision[row]), int(proposals.to[row]), str(proposals.reason[row])


def of_kind(found: Defects, kind: DefectKind) -> int:
    (row,) = np.flatnonzero(found.kind == kind)
    return int(row)


def test_a_gap_goes_to_the_area_with_the_longest_border() -> None:
    areas, scope = drawn("AAAA\nB..A\nBBBC")
    found = find_defects(areas, scope)
    assert told(propose(areas, scope, found)) == ("give", 0, "longest border")
    assert propose(areas, scope, found).options == ((0, 1),)


def test_of_equal_borders_the_smaller_number_decides() -> None:
    areas, scope = drawn("AAC\n..C\nBBC")
    assert told(propose(areas, scope, find_defects(areas, scope)))[1] == 0
    areas = areas[::-1].copy()
    assert told(propose(areas, scope, find_defects(areas, scope)))[1] == 1


def test_borders_are_compared_in_metres() -> None:
    # in the north a degree of longitude is short: the long side in degrees is the short one on the ground
    gap = shapely.box(10.0, 70.0, 10.002, 70.001)
    above, beside = shapely.box(10.0, 70.001, 10.002, 70.002), shapely.box(10.002, 70.0, 10.003, 70.001)
    areas = np.array([above, beside], dtype=object)
    found = find_defects(areas, shapely.union_all([gap, above, beside]).envelope, system=WGS84)
    row = int(np.flatnonzero([shapely.intersects(each, gap.centroid) for each in found.polygon])[0])
    assert told(propose(areas, None, found, system=WGS84), row)[1] == 1
    assert told(propose(areas, None, found), row)[1] == 0


def test_an_overlap_goes_to_the_area_whose_other_ground_is_beside_it() -> None:
    areas, scope = drawn("AAABBB")
    areas[1] = shapely.box(290.0, 0.0, 600.0, 100.0)
    found = find_defects(areas, scope)
    row = of_kind(found, DefectKind.OVERLAP)
    assert told(propose(areas, scope, found), row) == ("give", 0, "longest border")
    areas[1] = shapely.Polygon(
        [(250, 40), (300, 40), (300, 0), (600, 0), (600, 100), (300, 100), (300, 60), (250, 60)]
    )
    found = find_defects(areas, scope)
    # a tongue of B in A has a longer border with A
    assert told(propose(areas, scope, found), of_kind(found, DefectKind.OVERLAP))[1] == 0
    areas = areas[::-1].copy()
    found = find_defects(areas, scope)
    assert told(propose(areas, scope, found), of_kind(found, DefectKind.OVERLAP))[1] == 1


def test_size_may_decide() -> None:
    areas, scope = drawn("AAAA\nA.BB")
    found = find_defects(areas, scope)
    assert told(propose(areas, scope, found, rule=Rule.LARGEST)) == ("give", 0, "largest area")
    assert told(propose(areas, scope, found, rule=Rule.SMALLEST)) == ("give", 1, "smallest area")


def test_the_nearest_people_decide() -> None:
    areas, scope = drawn("AAAA\nA.BB\nAABB")
    found = find_defects(areas, scope)
    people = People(np.array([10.0, 250.0, 150.0]), np.array([290.0, 150.0, 250.0]), np.array([5, 3, 0]))
    nearest = propose(areas, scope, found, rule=Rule.NEAREST_PEOPLE, people=people)
    assert told(nearest) == ("give", 1, "nearest people")
    nobody = People(people.x, people.y, np.zeros(3, dtype=np.int64))
    assert told(propose(areas, scope, found, rule=Rule.NEAREST_PEOPLE, people=nobody)) == (
        "give",
        0,
        "longest border; no people near",
    )


def test_people_on_ground_of_two_areas_are_nobodys() -> None:
    areas, scope = drawn("AAAA\nA.BB\nAABB")
    areas = np.append(areas, shapely.box(200, 100, 300, 200))
    found = find_defects(areas, scope)
    people = People(np.array([250.0, 50.0]), np.array([150.0, 50.0]), np.array([9, 1]))
    row = of_kind(found, DefectKind.GAP)
    assert told(propose(areas, scope, found, rule=Rule.NEAREST_PEOPLE, people=people), row)[1] == 0


def test_people_must_be_given_where_they_decide() -> None:
    areas, scope = drawn("A.B")
    with pytest.raises(InputError, match="the places of people must be given"):
        propose(areas, scope, find_defects(areas, scope), rule=Rule.NEAREST_PEOPLE)


def test_ground_without_neighbours_is_left() -> None:
    areas, scope = drawn("A.B")
    far = shapely.box(1000, 0, 1100, 100)
    wide = shapely.MultiPolygon([scope, far])
    found = find_defects(areas, wide)
    alone = [row for row in range(len(found)) if not found.areas[row]]
    assert [told(propose(areas, wide, found), row) for row in alone] == [
        ("leave", -1, "no area borders on it")
    ]


def test_ground_outside_is_cut_off_unless_it_is_all() -> None:
    areas, scope = drawn("AAB")
    areas[1] = shapely.box(200, 0, 350, 100)
    areas = np.append(areas, shapely.box(900, 0, 950, 100))
    found = find_defects(areas, scope)
    proposals = propose(areas, scope, found)
    by_area = {
        found.areas[row]: told(proposals, row) for row in np.flatnonzero(found.kind == DefectKind.OUTSIDE)
    }
    assert by_area == {
        (1,): ("clip", -1, "outside the scope"),
        (2,): ("leave", -1, "no area may vanish unasked"),
    }


def test_of_two_equal_areas_somebody_must_say_which_one_stays() -> None:
    areas, scope = drawn("AAB")
    areas = np.append(areas, areas[0])
    found = find_defects(areas, scope)
    assert told(propose(areas, scope, found)) == (
        "leave",
        -1,
        "two areas on the same ground: say which one stays",
    )
    assert propose(areas, scope, found).options == ((0, 2),)


def test_an_area_inside_another_keeps_its_ground() -> None:
    areas, scope = drawn("AAA\nAAA\nAAA")
    areas = np.append(areas, shapely.box(120, 120, 180, 180))
    found = find_defects(areas, scope)
    assert told(propose(areas, scope, found)) == ("give", 1, "the inner area keeps its ground")


def test_an_area_that_would_lose_all_its_ground_keeps_the_largest_piece() -> None:
    areas, scope = drawn("AAAABBBB\nAAAABBBB")
    # C lies on A and on B and nowhere else; both would get its ground
    areas = np.append(areas, shapely.box(330, 50, 480, 150))
    found = find_defects(areas, scope)
    proposals = propose(areas, scope, found)
    on_b = next(row for row in range(len(found)) if found.areas[row] == (1, 2))
    on_a = next(row for row in range(len(found)) if found.areas[row] == (0, 2))
    assert found.area_m2[on_b] > found.area_m2[on_a]
    assert told(proposals, on_b) == ("give", 2, "no area may vanish unasked")
    assert told(proposals, on_a) == ("give", 0, "longest border")


def test_slivers_are_told_apart_by_how_many_areas_lie_on_them() -> None:
    areas, scope = drawn("AAB\nCCD")
    areas[0] = shapely.box(0, 100.3, 200, 200)  # a gap below A
    areas[1] = shapely.box(200, 99.8, 300, 200)  # B lies on D
    areas[3] = shapely.box(200, 0, 300.2, 100)  # D leaves the scope
    found = find_defects(areas, scope)
    slivers = np.flatnonzero(found.kind == DefectKind.SLIVER)
    proposals = propose(areas, scope, found)
    assert {(int(found.cover[row]), told(proposals, row)[0]) for row in slivers} >= {(0, "give"), (1, "clip")}
    assert {int(found.cover[row]) for row in slivers} == {0, 1, 2}


def test_a_sliver_of_two_areas_outside_the_scope_is_cut_off() -> None:
    areas, scope = drawn("AAB")
    areas[0], areas[1] = shapely.box(0, 0, 200, 100.3), shapely.box(180, 0, 300, 100.3)
    found = find_defects(areas, scope)
    proposals = propose(areas, scope, found)
    twice = [
        told(proposals, row)[0]
        for row in np.flatnonzero(found.kind == DefectKind.SLIVER)
        if found.cover[row] == 2
    ]
    assert twice
    assert set(twice) == {"clip"}


def test_rings_parts_and_vertices() -> None:
    areas, scope = drawn("AAB\nBAA")
    areas = np.append(areas, [None, shapely.Polygon([(0, 0), (50, 50), (50, 0), (0, 50)])])
    areas[0] = shapely.Polygon(np.insert(shapely.get_coordinates(areas[0]), 1, [[10.0, 200.0]], axis=0))
    found = find_defects(areas, scope)
    proposals = propose(areas, scope, found)
    told_of = {(str(found.kind[row]), found.areas[row]): told(proposals, row) for row in range(len(found))}
    assert told_of["several-parts", (1,)] == ("leave", -1, "an area may have several parts")
    assert told_of["invalid-ring", (2,)] == ("leave", -1, "nothing would be left of it")
    assert told_of["invalid-ring", (3,)] == ("rebuild", -1, "the ground that its rings enclose")


def test_ground_beyond_the_parent_goes_to_a_child_of_the_other_parent() -> None:
    parents, scope = drawn("PPQQ\nPPQQ")
    areas, _ = drawn("AACC\nBBDD")
    parent_of = np.array([0, 0, 1, 1])
    areas[0] = shapely.box(0, 100, 230, 200)
    found = find_defects(areas, scope, parents=parents, parent_of=parent_of)
    proposals = propose(areas, scope, found, parents=parents, parent_of=parent_of)
    crossing, overlap = of_kind(found, DefectKind.CROSSES_PARENT), of_kind(found, DefectKind.OVERLAP)
    assert told(proposals, crossing) == ("give", 2, "longest border")
    assert proposals.options[crossing] == (2, 3)
    # and so does ground that a child of that parent has already
    assert told(proposals, overlap) == ("give", 2, "longest border")


def test_ground_beyond_the_parent_where_nobody_is_beside_it_is_left() -> None:
    parents, scope = drawn("PPQQ")
    areas = np.array([shapely.box(0, 0, 230, 100)], dtype=object)
    parent_of = np.array([0])
    found = find_defects(areas, scope, parents=parents, parent_of=parent_of)
    row = of_kind(found, DefectKind.CROSSES_PARENT)
    assert told(propose(areas, scope, found, parents=parents, parent_of=parent_of), row) == (
        "leave",
        -1,
        "no area of the other parent is beside it",
    )
    assert told(propose(areas, scope, found), row)[0] == "leave"


def test_ground_beyond_the_parent_and_the_scope_is_cut_off() -> None:
    parents, scope = drawn("PPQQ")
    areas = np.array([shapely.box(0, 0, 200, 130), shapely.box(200, 0, 400, 100)], dtype=object)
    parent_of = np.array([0, 1])
    found = find_defects(areas, scope, parents=parents, parent_of=parent_of)
    row = of_kind(found, DefectKind.CROSSES_PARENT)
    proposals = propose(areas, scope, found, parents=parents, parent_of=parent_of)
    assert told(proposals, row) == ("clip", -1, "outside the scope")


def test_parents_and_their_numbers_come_together() -> None:
    areas, scope = drawn("AB")
    with pytest.raises(InputError, match="must be given together"):
        propose(areas, scope, find_defects(areas, scope), parents=areas)


def test_no_defects_no_decisions() -> None:
    areas, scope = drawn("AB")
    assert len(propose(areas, scope, find_defects(areas, scope))) == 0

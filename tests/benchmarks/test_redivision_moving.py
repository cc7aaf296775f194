from __future__ import annotations

import numpy as np

from benchmarks.redivision.moving import least_moved, moved_people, relabelled


def test_new_areas_get_the_numbers_by_which_fewest_people_move(lattice, labels):
    district = lattice("1111\n1119")
    before, after = labels("0011\n0011"), labels("1100\n1110")
    numbered = relabelled(district, before, after)
    assert numbered.tolist() == labels("0011\n0001").tolist()
    assert moved_people(district, before, numbered) == 1
    assert moved_people(district, before, after) == 15


def test_areas_of_other_parents_keep_apart(lattice, labels):
    district = lattice("1111\n1111", "0011\n0011", areas=4)
    before = labels("0123\n0123")
    numbered = relabelled(district, before, labels("0123\n1032"))
    assert set(numbered[district.parent == 0].tolist()) == {0, 1}
    assert set(numbered[district.parent == 1].tolist()) == {2, 3}


def test_a_surplus_area_gets_a_number_of_its_own(lattice, labels):
    district = lattice("1111\n1111")
    numbered = relabelled(district, labels("0011\n0011"), labels("0012\n0012"))
    assert numbered.tolist()[:2] == [0, 0]
    assert len(np.unique(numbered)) == 3


def test_what_is_too_much_must_move(lattice, labels):
    district = lattice("2111\n2111")
    # 6 and 4 where 5 are wanted: 5.5 may stay, 4.5 must be there
    assert least_moved(district, labels("0011\n0011"), 0.10) == 0.5
    assert least_moved(district, labels("0011\n0011"), 0.20) == 0.0


def test_what_is_missing_must_move_where_it_is_more(lattice, labels):
    # 1, 7 and 7 where 5 are wanted: 2 × 1.5 must leave, and 3.5 must come
    assert least_moved(lattice("177", areas=3), labels("012"), 0.10) == 3.5
    # parents do not make up for each other
    both = lattice("177\n711", "000\n111", areas=6)
    assert np.isclose(least_moved(both, labels("012\n345"), 0.10), 3.5 + 7 - 3.3)

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.redivision.judging import judge


def test_a_sound_division_is_measured(lattice, labels):
    district = lattice("1111\n1113")
    figures = judge(district, labels("0011\n0011"))
    assert figures.is_sound
    assert (figures.wanted, figures.areas) == (2, 2)
    # 4 and 6 people where 5 are wanted
    assert figures.deviation == pytest.approx([0.2, 0.2])
    assert figures.within(0.19) == 0.0
    assert figures.within(0.20) == 1.0
    assert figures.polsby_popper == pytest.approx([np.pi / 4, np.pi / 4])
    assert figures.inner_cut_m == figures.cut_m == 200.0
    assert figures.major_share == 0.0
    assert "0.0% in pieces; off by 20.00% on average" in str(figures)


def test_the_numbers_of_areas_do_not_matter(lattice, labels):
    district = lattice("1111\n1113")
    one, other = judge(district, labels("0011\n0011")), judge(district, labels("7744\n7744"))
    assert str(one) == str(other)


def test_areas_in_pieces_are_counted(lattice, labels):
    figures = judge(lattice("1111\n1111"), labels("0110\n0110"))
    assert figures.in_pieces == 1
    assert not figures.is_sound
    assert "50.0% in pieces" in str(figures)
    # corners do not hold an area together
    assert judge(lattice("11\n11"), labels("01\n10")).in_pieces == 2


def test_areas_across_parents_are_counted(lattice, labels):
    district = lattice("1111\n1111", "0011\n0011")
    assert judge(district, labels("0011\n0011")).crossing == 0
    figures = judge(district, labels("0001\n0011"))
    assert figures.crossing == 1
    assert not figures.is_sound
    assert "1 cross parents" in str(figures)


def test_borders_of_parents_are_no_inner_cut(lattice, labels):
    district = lattice("1111\n1111", "0011\n0011", areas=4)
    figures = judge(district, labels("0022\n1133"))
    assert (figures.inner_cut_m, figures.cut_m) == (400.0, 600.0)
    # between rows run arterials
    assert figures.inner_major_share == 1.0
    assert figures.major_share == pytest.approx(4 / 6)


def test_a_wrong_number_of_areas_is_counted(lattice, labels):
    district = lattice("1111\n1111", "0011\n0011", areas=4)
    figures = judge(district, labels("0123\n0144"))
    assert (figures.areas, figures.wanted, figures.wrong_counts) == (5, 4, 1)
    assert not figures.is_sound
    assert "5 areas instead of 4, 1 parents with a wrong number" in str(figures)
    assert judge(district, labels("0123\n0144"), np.array([2, 3])).is_sound


def test_areas_are_as_large_as_their_parents_people_want(lattice, labels):
    district = lattice("1133\n1133", "0011\n0011", areas=2)
    figures = judge(district, labels("0011\n0011"), np.array([1, 1]))
    assert figures.deviation == pytest.approx([0.0, 0.0])


def test_blocks_without_an_area_are_counted(lattice, labels):
    figures = judge(lattice("1111\n1111"), labels("001.\n001."))
    assert figures.uncovered == 2
    assert not figures.is_sound
    assert "2 blocks without area" in str(figures)
    assert figures.polsby_popper[1] == pytest.approx(4 * np.pi * 2 / 36)

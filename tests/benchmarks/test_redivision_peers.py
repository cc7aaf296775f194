from __future__ import annotations

import numpy as np
import pytest

from benchmarks.districts import Size
from benchmarks.redivision import apart
from benchmarks.redivision.apart import PEERS, Failed, ask
from benchmarks.redivision.judging import judge
from benchmarks.redivision.partitioners import whole
from benchmarks.redivision.problems import NoDivision, OutOfTime, attempt, problems


def _stripes(problem, _):
    return np.arange(len(problem.blocks)) * problem.count // len(problem.blocks)


def test_each_parent_is_a_problem_of_its_own(lattice):
    district = lattice("1234\n1234", "0011\n0011", areas=4)
    west, east = problems(district)
    assert east.blocks.tolist() == [2, 3, 6, 7]
    assert east.people.tolist() == [3, 4, 3, 4]
    assert east.start.tolist() == [0, 2, 4, 6, 8]
    assert east.neighbour.tolist() == [1, 2, 0, 3, 0, 3, 1, 2]
    assert east.border_m.tolist() == [100] * 8
    assert (west.count, east.count) == tuple(district.counts)


def test_areas_are_numbered_through(lattice):
    district = lattice("1111\n1111", "0011\n0011", areas=4)
    made = attempt(problems(district), _stripes)
    assert made.labels.tolist() == [0, 0, 2, 2, 1, 1, 3, 3]
    assert (made.solved, made.parents, made.in_time) == (2, 2, True)
    assert judge(district, made.labels).is_sound


def test_a_parent_without_a_division_stays_empty(lattice):
    def only_the_second(problem, seed):
        if 0 in problem.blocks:
            raise NoDivision
        return _stripes(problem, seed)

    made = attempt(problems(lattice("1111\n1111", "0011\n0011", areas=4)), only_the_second)
    assert made.labels.tolist() == [-1, -1, 0, 0, -1, -1, 1, 1]
    assert (made.solved, made.parents, made.in_time) == (1, 2, True)


def test_what_was_done_in_time_counts(lattice):
    def only_the_first(problem, seed):
        if 0 not in problem.blocks:
            raise OutOfTime
        return _stripes(problem, seed)

    made = attempt(problems(lattice("1111\n1111", "0011\n0011", areas=4)), only_the_first)
    assert made.labels.tolist() == [0, 0, -1, -1, 1, 1, -1, -1]
    assert (made.solved, made.in_time) == (1, False)


def test_nobody_is_asked_about_one_area(lattice):
    made = attempt(problems(lattice("11\n11", areas=1)), lambda *_: pytest.fail("asked"))
    assert made.labels.tolist() == [0, 0, 0, 0]


def test_stray_pieces_go_to_the_neighbour_with_the_longest_border(lattice, labels):
    (problem,) = problems(lattice("2222\n2211\n2222", areas=3))
    picture = labels("0011\n2200\n2211")
    mended = whole(lambda *_: picture.copy())(problem, 1)
    # 100 m of it in common with area 2, and 400 m with area 1, which then is whole itself
    assert mended.tolist() == labels("0011\n2211\n2211").tolist()


def test_a_division_in_whole_areas_stays(lattice, labels):
    (problem,) = problems(lattice("11\n11"))
    assert whole(lambda *_: labels("01\n01"))(problem, 1).tolist() == [0, 1, 0, 1]


def test_a_peer_that_is_not_installed_says_so(monkeypatch):
    monkeypatch.setitem(PEERS, "nobody", ("no_such_package", PEERS["metis"][1]))
    with pytest.raises(Failed, match="no_such_package is not installed"):
        ask("nobody", Size(600, 20, 3), 1.0)


def test_a_peer_that_breaks_down_says_so(monkeypatch):
    # the process knows no peer of that name
    monkeypatch.setitem(PEERS, "stranger", ("numpy", PEERS["metis"][1]))
    with pytest.raises(Failed, match="ended with 1: KeyError"):
        ask("stranger", Size(600, 20, 3), 1.0)


def test_a_peer_has_its_time(monkeypatch, tmp_path, lattice):
    def endless(problem, _):
        while True:
            pass

    monkeypatch.setattr(apart, "district", lambda _: lattice("11\n11"))
    monkeypatch.setitem(PEERS, "endless", ("numpy", lambda _: endless))
    file = tmp_path / "attempt.npz"
    apart.main("endless", "4", "2", "1", "1", "0.05", str(file))
    with np.load(file) as kept:
        assert (kept["solved"], kept["in_time"]) == (0, False)
        assert kept["labels"].tolist() == [-1] * 4

"""What is kept: groups, pairs, service points, locked areas; and what cannot be kept is refused in words."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.errors import Infeasible, InputError
from gisgov.zoning import Aims, ObstacleKind, Rules, redivide
from gisgov.zoning.contracting import nodes_of
from gisgov.zoning.sharing import share_out


def test_a_group_in_pieces_takes_the_blocks_between_them(draw, labels):
    blocks = draw("AAAAA\nAAAAA")
    together = labels("A--A-  -----")
    nodes = nodes_of(blocks, Rules(together=together), None)
    assert nodes.joined.tolist() == [[0, 2]]
    assert len(np.unique(nodes.of_block[:4])) == 1
    assert nodes.count == 7
    found = redivide(blocks, np.array([3]), rules=Rules(together=together))
    assert len(np.unique(found.labels[:4])) == 1
    kinds = [(one.kind, one.block, one.value) for one in found.obstacles]
    assert (ObstacleKind.TOGETHER_IN_PIECES, 0, 2) in kinds


def test_groups_in_each_others_way_become_one(draw, labels):
    nodes = nodes_of(draw("AAAA"), Rules(together=labels("ABAB")), None)
    assert nodes.of_block.tolist() == [0, 0, 0, 0]


def test_a_group_of_one_block_binds_nothing(draw, labels):
    plain = redivide(draw("AAAA\nAAAA"), np.array([2]))
    grouped = redivide(draw("AAAA\nAAAA"), np.array([2]), rules=Rules(together=labels("--A- ----")))
    assert grouped.labels.tolist() == plain.labels.tolist()


@pytest.mark.parametrize(
    ("picture", "together", "message"),
    [
        ("AABB", "-AA-", "two parents"),
        ("AA.A", "-AA", "pieces of their parent that do not touch"),
    ],
)
def test_groups_that_no_area_can_hold(draw, labels, picture, together, message):
    with pytest.raises(InputError, match=message):
        redivide(
            draw(picture), np.array([1] * picture.count("B") or [1]), rules=Rules(together=labels(together))
        )


def test_a_group_half_locked_is_refused(draw, labels):
    rules = Rules(together=labels("-AA-"), locked=np.array([True, False, False, False]))
    with pytest.raises(InputError, match="a locked area and outside it"):
        redivide(draw("AAAA"), np.array([2]), rules=rules, current=labels("AABB"))


def test_pairs_are_kept_apart(draw, labels):
    blocks = draw("AAAAAA\nAAAAAA")
    for seed in range(5):
        pairs = np.array([[0, 6], [5, 11]])
        found = redivide(blocks, np.array([4]), rules=Rules(apart=pairs), seed=seed)
        assert (found.labels[pairs[:, 0]] != found.labels[pairs[:, 1]]).all()
        assert (found.figures.parts == 1).all()


def test_a_pair_that_cannot_be_parted_is_reported(draw):
    found = redivide(draw("AAA"), np.array([1]), rules=Rules(apart=np.array([[0, 2]])))
    assert [(one.kind, one.value) for one in found.obstacles] == [(ObstacleKind.APART_TOGETHER, 1)]


def test_together_and_apart_contradict_each_other(draw, labels):
    rules = Rules(together=labels("AA--"), apart=np.array([[0, 1]]))
    with pytest.raises(Infeasible, match="Blocks 0 and 1") as caught:
        redivide(draw("AAAA"), np.array([2]), rules=rules)
    assert caught.value.obstacle.kind == ObstacleKind.APART_TOGETHER


def test_each_area_has_its_service_point(draw):
    blocks = draw("AAAAAA\nAAAAAA\nAAAAAA")
    seats = np.array([0, 1, 2])  # side by side: an even division would have them in one area
    for seed in range(5):
        found = redivide(blocks, np.array([3]), rules=Rules(seats=seats), seed=seed)
        assert sorted(found.labels[seats]) == [0, 1, 2]
        assert (found.figures.parts == 1).all()


def test_service_points_stay_in_their_present_areas(draw, labels):
    blocks = draw("AAAA\nAAAA", people="8111\n1111")
    current = labels("AABB AABB")
    found = redivide(blocks, np.array([2]), rules=Rules(seats=np.array([0, 7])), current=current)
    assert found.labels[[0, 7]].tolist() == [0, 1]
    # two in one present area are parted
    found = redivide(blocks, np.array([2]), rules=Rules(seats=np.array([2, 7])), current=current)
    assert found.labels[2] != found.labels[7]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (Rules(seats=np.array([0, 1, 2])), "Parent 0 has 3 service points, and 2 areas"),
        (Rules(seats=np.array([0, 1]), together=np.array([0, 0, -1, -1])), "group 0"),
        (Rules(seats=np.array([0, 1]), locked=np.array([True, True, False, False])), "present area 0"),
    ],
)
def test_more_service_points_than_areas(draw, labels, rules, message):
    with pytest.raises(Infeasible, match=message) as caught:
        redivide(draw("AAAA"), np.array([2]), rules=rules, current=labels("AABB"))
    assert caught.value.obstacle.kind == ObstacleKind.TOO_MANY_SEATS


def test_a_piece_with_service_points_gets_as_many_areas(draw):
    blocks = draw("AAAAAAA.AA")
    found = redivide(blocks, np.array([3]), rules=Rules(seats=np.array([7, 8])))
    assert found.labels[7] != found.labels[8]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (Rules(apart=np.array([[0, 9]])), "no block 9"),
        (Rules(seats=np.array([-1])), "no block -1"),
        (Rules(together=np.array([0])), "4 blocks and 1 values of together"),
        (Rules(locked=np.array([True])), "4 blocks and 1 values of locked"),
        (Rules(locked=np.array([True] * 4)), "Block 0 is locked"),
    ],
)
def test_rules_about_other_blocks_are_refused(draw, rules, message):
    with pytest.raises(InputError, match=message):
        redivide(draw("AAAA"), np.array([2]), rules=rules)


def test_a_locked_area_off_its_target_is_said(draw, labels):
    blocks = draw("AAAAAA", people="911111")
    rules = Rules(locked=labels("ABBBBB") == 0)
    found = redivide(blocks, np.array([3]), rules=rules, current=labels("ABBBCC"))
    assert found.labels.tolist()[0] == 0
    assert (found.labels[1:] != 0).all()
    (one,) = [one for one in found.obstacles if one.kind == ObstacleKind.LOCKED_OFF_TARGET]
    assert (one.area, one.needed) == (0, 0.1)
    assert one.value == pytest.approx(9 / (14 / 3) - 1)


@pytest.mark.parametrize(
    ("aims", "message"),
    [
        ({"band": 0.2}, "must lie between"),
        ({"compactness": -1.0}, "weight of compactness"),
        ({"streets": np.nan}, "weight of streets"),
        ({"max_moved_share": 1.5}, "cannot be a share"),
    ],
)
def test_aims_that_cannot_be(aims, message):
    with pytest.raises(InputError, match=message):
        Aims(**aims)


def test_pieces_share_the_areas_of_their_parent():
    load, size = np.array([5.2, 2.6, 0.1]), np.array([50, 30, 1])
    assert share_out(load, size, 8, at_least=np.array([0, 0, 1])).tolist() == [5, 2, 1]
    now = np.array([4, 3, 1])
    assert share_out(load, size, 8, present=now).tolist() == [4, 3, 1]
    assert share_out(load, size, 7, present=now).tolist() == [4, 3, 0]
    assert share_out(load, size, 9, present=now).tolist() == [5, 3, 1]
    with pytest.raises(InputError, match="cannot make 99 areas"):
        share_out(load, size, 99)

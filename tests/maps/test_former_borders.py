import shapely

from gisgov.testing import areas_from_grid
from maps.former_borders import former_borders

BEFORE = areas_from_grid("AABB\nAABB", cell_m=1)[1]


def test_no_border_is_left_where_nothing_changed() -> None:
    assert len(former_borders(BEFORE, BEFORE)) == 0


def test_each_edge_is_told_once_and_joined() -> None:
    lines = former_borders(BEFORE, areas_from_grid("AAAA\nAAAA", cell_m=1)[1])
    assert [shapely.equals(line, shapely.LineString([(2, 0), (2, 2)])) for line in lines] == [True]


def test_the_rim_counts_where_ground_was_given_up() -> None:
    lines = former_borders(BEFORE, areas_from_grid("AABB\n....", cell_m=1)[1])
    # the southern row is left: gone are the northern rim, and of both sides and the middle the northern half
    assert sum(line.length for line in lines) == 4 + 1 + 1 + 1


def test_an_island_had_a_border() -> None:
    lines = former_borders(
        areas_from_grid("AAA\nABA\nAAA", cell_m=1)[1], areas_from_grid("AAA\nAAA\nAAA", cell_m=1)[1]
    )
    assert sum(line.length for line in lines) == 4

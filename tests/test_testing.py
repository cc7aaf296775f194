from __future__ import annotations

import shapely

from gisgov.testing import areas_from_grid


def test_letters_become_areas_that_share_their_vertices() -> None:
    names, polygons = areas_from_grid("AAB\nACB", cell_m=10)

    assert names.tolist() == ["A", "B", "C"]
    assert shapely.area(polygons).tolist() == [300, 200, 100]
    assert bool(shapely.coverage_is_valid(polygons))


def test_spaces_and_dots_are_no_area() -> None:
    names, polygons = areas_from_grid("""
        A.A
        .B.
    """)

    assert names.tolist() == ["A", "B"]
    assert polygons[0].geom_type == "MultiPolygon"
    assert shapely.area(polygons).tolist() == [20000, 10000]


def test_the_origin_is_the_south_west_corner() -> None:
    _, polygons = areas_from_grid("AB", cell_m=2, origin=(100, 50))

    assert shapely.total_bounds(polygons).tolist() == [100, 50, 104, 52]

"""What is left of polygons in a tile: polygons that tiles may have, and borders that stay shared."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tile_shapes import decoded

from gisgov.testing import areas_from_grid
from gisgov.tiles import Features, Rules, TileSet, features_of
from gisgov.tiles.features import POLYGON
from gisgov.types import Floats, Geometries

BOX = shapely.box(-64, -64, 4160, 4160)


def tile_of(polygons: Geometries, *, coverage: bool = False) -> dict[int, shapely.Geometry]:
    """Draw polygons that are given in units of the tile 8/100/100, and decode them."""
    world = shapely.transform(polygons, lambda xy: (xy + 100 * 4096) / (4096 * 256))
    lonlat = shapely.transform(world, to_lonlat)
    features = features_of(lonlat, np.arange(len(polygons)), {})
    rules = Rules("areas", max_bytes=None, coverage=coverage)
    return {i: shape for i, (_, shape) in decoded(TileSet.build(features, rules).tile(8, 100, 100)).items()}


def to_lonlat(world: Floats) -> Floats:
    latitude = np.degrees(np.arcsin(np.tanh((0.5 - world[:, 1]) * 2 * np.pi)))
    return np.column_stack(((world[:, 0] - 0.5) * 360, latitude))


def star(middle: tuple[int, int], radii: list[int]) -> shapely.Polygon:
    """Draw whole units around a middle, so that nothing is rounded but where it is cut."""
    angle = np.arange(len(radii)) * 2 * np.pi / len(radii)
    xy = np.column_stack((np.cos(angle), np.sin(angle))) * np.array(radii)[:, None] + np.array(middle)
    return shapely.Polygon(np.round(xy))


@settings(max_examples=150, deadline=None)
@given(
    st.tuples(st.integers(-600, 4700), st.integers(-600, 4700)),
    st.lists(st.integers(300, 9000), min_size=5, max_size=24),
    st.booleans(),
)
def test_a_cut_polygon_is_what_geos_cuts_it_to(
    middle: tuple[int, int], radii: list[int], hollow: bool
) -> None:
    whole = star(middle, radii)
    if hollow:
        whole = shapely.Polygon(whole.exterior, [star(middle, [max(r // 3, 90) for r in radii]).exterior])
    if not whole.is_valid:
        return
    expected = whole.intersection(BOX)
    found = tile_of(np.array([whole], dtype=object)).get(0, shapely.Polygon())
    assert found.is_valid or shapely.make_valid(found).area == pytest.approx(found.area, abs=5)
    # where an edge is cut it ends at a whole unit: half a unit off at one end of it, nothing at the other
    assert found.symmetric_difference(expected).area <= 0.5 * expected.length
    assert found.difference(BOX).area == 0


def test_outlines_run_clockwise_and_holes_the_other_way() -> None:
    ring = np.array([(10, 10), (90, 10), (90, 90), (10, 90)]) / 4096
    hole = np.array([(20, 20), (40, 20), (40, 40), (20, 40)]) / 4096
    for a in (1, -1):
        for b in (1, -1):
            xy = np.concatenate((ring[::a], hole[::b]))
            parts = (np.array([0, 2]), np.array([0, 4, 8]), np.array([False, True]), xy)
            tiles = TileSet.build(Features(np.array([5]), np.array([POLYGON], np.int8), *parts), Rules("a"))
            shape = decoded(tiles.tile(0, 0, 0))[5][1]
            assert shape.equals(shapely.box(10, 10, 90, 90) - shapely.box(20, 20, 40, 40))


def test_a_polygon_around_the_tile_fills_it_and_one_with_the_tile_in_its_hole_does_not() -> None:
    around = shapely.box(-9000, -9000, 9000, 9000)
    hollow = around - shapely.box(-900, -900, 7000, 7000)
    pierced = around - shapely.box(100, 100, 200, 200) - shapely.box(-900, 300, 400, 400)
    found = tile_of(np.array([around, hollow, pierced], dtype=object))
    assert set(found) == {0, 2}
    assert found[0].equals(BOX)
    assert found[2].equals(pierced.intersection(BOX))


def test_spikes_and_slits_go_and_what_is_smaller_than_a_unit_is_a_unit() -> None:
    spiky = shapely.Polygon([(0, 0), (50, 0), (50, 30), (90, 30.2), (50, 30.4), (50, 60), (0, 60)])
    tiny = shapely.box(700.1, 700.1, 700.3, 700.3)
    flat = shapely.box(300, 300, 340, 300.2)
    found = tile_of(np.array([spiky, tiny, flat], dtype=object))
    assert found[0].equals(shapely.box(0, 0, 50, 60))
    assert found[1].equals(shapely.box(700, 700, 701, 701))
    assert found[2].area == 1
    assert found[2].intersects(flat)


@pytest.mark.parametrize("coverage", [False, True])
def test_neighbours_share_their_border_in_a_tile_that_cuts_it(coverage: bool) -> None:
    names, areas = areas_from_grid("AAABBB\nAACCBB\nADDCCE\nADDDEE", cell_m=977)
    rng = np.random.default_rng(4)
    jagged = shapely.segmentize(areas, 45.0)
    every, place = np.unique(np.round(shapely.get_coordinates(jagged), 6), axis=0, return_inverse=True)
    moved = (
        every @ np.array([[0.94, 0.34], [-0.34, 0.94]]) + rng.uniform(-9, 9, every.shape) + [700.0, -900.0]
    )
    areas = np.array(shapely.set_coordinates(jagged, moved[place.ravel()]))
    shapes = np.array(list(tile_of(areas, coverage=coverage).values()))
    assert len(shapes) == len(names)
    whole = shapely.union_all(shapely.make_valid(shapes))
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, abs=2), "no overlap"
    edge = shapely.union_all(areas).intersection(BOX)
    assert whole.symmetric_difference(edge).area <= edge.length * (1 + 2 * coverage)
    assert len(shapely.get_rings(whole)) == len(shapely.get_rings(edge)), "no gap inside"
    if coverage:
        assert shapely.get_num_coordinates(shapes).sum() < shapely.get_num_coordinates(areas).sum()

"""The index against arithmetic that does not round: borders, vertices, noise, holes, parts, odd shapes."""

from __future__ import annotations

import functools
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from exact_owners import covering, owners_by_tree, rational_rings
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gisgov.geometry.cell_index import CellIndex, build_cell_index
from gisgov.types import Floats, Geometries

ROUNDS = int(os.environ.get("RESOLVING_ROUNDS", "60"))
AREAS = int(os.environ.get("RESOLVING_AREAS", "10000"))


def held_against_fractions(areas: Geometries, codes: list[str], x: Floats, y: Floats) -> CellIndex:
    """Compare all answers with exact ones, and return the index."""
    index = build_cell_index(areas, codes)
    found = index.owners(x, y)
    located = index.locate(x, y)
    rings = [rational_rings(area) for area in areas]
    for i, (px, py) in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        exact = covering(rings, codes, px, py)
        owner, on_border = exact[0] if exact else (-1, False)
        assert (found[i], located.area[i], located.on_border[i]) == (owner, owner, on_border)
        assert located.candidates[i] == tuple(area for area, _ in exact[1:])
        one = index.locate_one(px, py)
        assert (one.area, one.on_border, one.candidates) == (owner, on_border, located.candidates[i])
        assert index.owner_one(px, py) == owner
        assert one.nearest == located.nearest[i]
        assert one.border_m == located.border_m[i] or np.isnan([one.border_m, located.border_m[i]]).all()
        for area, is_on in exact:
            assert index.on_border([px], [py], [area]).tolist() == [is_on]
    return index


def telling_points(areas: Geometries, seed: int, noise: float) -> tuple[Floats, Floats]:
    """All vertices, points along edges, the same a little off, and points anywhere."""
    rng = np.random.default_rng(seed)
    vertices = np.unique(shapely.get_coordinates(areas), axis=0)
    rings = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(areas)))
    share = rng.choice([0.5, 0.25, 1 / 3], (len(rings) - 1, 1))
    along = rings[:-1] + share * np.diff(rings, axis=0)
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    anywhere = rng.uniform(low - 0.1 * (high - low), high + 0.1 * (high - low), (60, 2))
    near = np.concatenate((vertices, along))
    points = np.concatenate((near, near + rng.normal(0, noise, near.shape), anywhere))
    return points[:, 0].copy(), points[:, 1].copy()


def jagged_cover(side: int, seed: int) -> Geometries:
    """Cells of a jittered lattice on the storage grid; each border is drawn once, in four edges."""
    rng = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(side + 1), np.arange(side + 1)), axis=-1).astype(float)
    corner += rng.uniform(-0.3, 0.3, corner.shape)
    share = np.array([0.25, 0.5, 0.75])[:, None]

    def paths(a: Floats, b: Floats) -> Floats:
        across = np.stack((a[..., 1] - b[..., 1], b[..., 0] - a[..., 0]), axis=-1)
        swing = rng.uniform(-0.1, 0.1, (*a.shape[:2], 3, 1))
        middle = a[..., None, :] + share * (b - a)[..., None, :] + swing * across[..., None, :]
        return np.concatenate((a[..., None, :], middle), axis=-2)

    east, north = paths(corner[:, :-1], corner[:, 1:]), paths(corner[:-1], corner[1:])
    back_west = np.concatenate((corner[:, 1:, None], east[:, :, :0:-1]), axis=2)
    back_south = np.concatenate((corner[1:, :, None], north[:, :, :0:-1]), axis=2)
    rings = np.concatenate((east[:-1], north[:, 1:], back_west[1:], back_south[:, :-1]), axis=2)
    degrees = np.round(rings.reshape(side * side, 16, 2) * 0.0045 + (112.86, 22.61), 7)
    return np.asarray(shapely.polygons(degrees), dtype=object)


@pytest.fixture(scope="module")
def many() -> tuple[Geometries, list[str], CellIndex]:
    areas = jagged_cover(int(AREAS**0.5), seed=1)
    assert shapely.is_valid(areas).all()
    codes = [f"{i:06d}" for i in np.random.default_rng(3).permutation(len(areas))]
    return areas, codes, build_cell_index(areas, codes)


@pytest.mark.parametrize("noise", [0.0, 1e-10])
def test_every_vertex_and_edge_middle_of_many_areas_has_the_exact_owner(
    many: tuple[Geometries, list[str], CellIndex], noise: float
) -> None:
    areas, codes, index = many
    rings = shapely.get_coordinates(areas).reshape(len(areas), -1, 2)
    middles = (rings[:, 1:] + rings[:, :-1]) / 2
    points = np.unique(np.concatenate((rings.reshape(-1, 2), middles.reshape(-1, 2))), axis=0)
    points += np.random.default_rng(4).normal(0, noise, points.shape)
    x, y = points.T.copy()
    expected = owners_by_tree(areas, codes, x, y)
    np.testing.assert_array_equal(index.owners(x, y), expected)
    outer = shapely.boundary(shapely.coverage_union_all(areas))
    lost = np.flatnonzero(expected < 0)
    # nothing is lost between areas: who has no owner is beside the outer border
    assert shapely.distance(outer, shapely.points(points[lost])).max(initial=0.0) < 1e-8
    order = np.random.default_rng(5).permutation(len(areas))
    again = build_cell_index(areas[order], [codes[i] for i in order]).owners(x, y)
    np.testing.assert_array_equal(np.where(again >= 0, order[again], -1), expected)


@given(
    seed=st.integers(0, 10_000),
    side=st.integers(1, 4),
    noise=st.sampled_from([1e-10, 1e-13, 1e-15]),
)
@settings(deadline=None, max_examples=ROUNDS)
def test_covers_on_the_storage_grid_are_exact(seed: int, side: int, noise: float) -> None:
    areas = jagged_cover(side, seed)
    assume(shapely.is_valid(areas).all())
    codes = [str(i) for i in np.random.default_rng(seed).permutation(len(areas))]
    x, y = telling_points(areas, seed, noise)
    chosen = np.random.default_rng(seed).choice(len(x), 25, replace=False)
    held_against_fractions(areas, codes, x[chosen], y[chosen])


LATTICE = st.tuples(st.integers(-4, 4), st.integers(-4, 4))


@st.composite
def overlays(draw: st.DrawFn) -> Geometries:
    """Areas of few sites on a small lattice: over each other, with holes and parts, edges along edges."""
    step = draw(st.sampled_from([1.0, 0.1, 1e-7, 1 / 3]))
    shapes = []
    for _ in range(draw(st.integers(1, 12))):
        parts = [
            shapely.MultiPoint(draw(st.lists(LATTICE, min_size=3, max_size=6))).convex_hull
            for _ in range(draw(st.integers(1, 3)))
        ]
        parts = [part for part in parts if part.geom_type == "Polygon"]
        one = functools.reduce(shapely.symmetric_difference, parts, shapely.Polygon())
        one = shapely.transform(one, lambda xy: np.round(xy * 60) / 60 * step)
        polygons = [part for part in shapely.get_parts(one) if part.geom_type == "Polygon"]
        one = shapely.MultiPolygon(polygons) if len(polygons) != 1 else polygons[0]
        if not one.is_empty and one.is_valid:
            shapes.append(one)
    assume(shapes)
    return np.array(shapes, dtype=object)


@given(areas=overlays(), seed=st.integers(0, 1000))
@settings(deadline=None, max_examples=ROUNDS)
def test_areas_over_each_other_are_exact(areas: Geometries, seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = [str(i) for i in rng.permutation(len(areas))]
    size = np.abs(shapely.get_coordinates(areas)).max()
    x, y = telling_points(areas, seed, size * 1e-16)
    chosen = rng.choice(len(x), min(25, len(x)), replace=False)
    held_against_fractions(areas, codes, x[chosen], y[chosen])


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "layer", "column"),
    [
        ("cn_hangzhou_xihu.gpkg", "grid", None),
        ("cn_shenzhen_streets.gpkg", "street", "BLOCK_ID"),
        ("us_nyc_districts.gpkg", "community_district", None),
    ],
)
def test_real_layers_have_the_exact_owner_at_every_vertex_and_edge_middle(
    realdata: Path, file: str, layer: str, column: str | None
) -> None:
    """As they are drawn: with overlaps, gaps and neighbours that do not share all vertices."""
    frame = gpd.read_file(realdata / file, layer=layer)
    areas = shapely.force_2d(np.array(frame.geometry, dtype=object))
    sound = shapely.is_valid(areas) & ~shapely.is_empty(areas)
    areas = areas[sound]
    named = [str(i) for i in range(len(frame))] if column is None else frame[column].astype(str).tolist()
    codes = np.array(named, dtype=object)[sound].tolist()
    rings = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(areas)))
    points = np.unique(np.concatenate((rings, (rings[1:] + rings[:-1]) / 2)), axis=0)
    points = points[np.random.default_rng(9).permutation(len(points))[:20_000]]
    points = np.concatenate((points, points + np.random.default_rng(1).normal(0, 1e-10, points.shape)))
    x, y = points.T.copy()
    expected = owners_by_tree(areas, codes, x, y)
    np.testing.assert_array_equal(build_cell_index(areas, codes).owners(x, y), expected)
    assert (expected >= 0).mean() > 0.6  # the others are beside a coast

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.districts import District, Size, district, draw, drawn
from gisgov.geometry.edge_classes import EdgeClass

SIZE = Size(blocks=1_500, areas=40, parents=6)


@pytest.fixture(scope="module")
def small() -> District:
    return draw(SIZE)


def _parts(district: District, inside) -> int:
    n = len(district.x)
    edges = coo_array((np.ones(inside.sum()), (district.a[inside], district.b[inside])), shape=(n, n))
    return int(connected_components(edges, directed=False)[0])


def test_blocks_are_an_exact_coverage_in_one_piece(small):
    assert len(small.polygons) == pytest.approx(SIZE.blocks, rel=0.15)
    assert shapely.is_valid(small.polygons).all()
    assert shapely.coverage_is_valid(small.polygons)
    assert _parts(small, np.ones(len(small.a), dtype=bool)) == 1
    xy = shapely.get_coordinates(small.polygons)
    assert np.abs(xy * 100 - np.rint(xy * 100)).max() < 1e-4


def test_borders_and_rims_add_up_to_perimeters(small):
    assert small.perimeter_m == pytest.approx(shapely.length(small.polygons))
    assert small.area_m2 == pytest.approx(shapely.area(small.polygons))
    assert (small.a < small.b).all()
    assert len(np.unique(np.column_stack([small.a, small.b]), axis=0)) == len(small.a)
    shared = shapely.intersection(small.polygons[small.a[:50]], small.polygons[small.b[:50]])
    assert small.length_m[:50] == pytest.approx(shapely.length(shared))


def test_borders_are_streets_and_rivers(small):
    metres = small.class_length_m.sum(axis=0)
    with_metres = {EdgeClass(i) for i in np.flatnonzero(metres)}
    assert with_metres == {EdgeClass.LOCAL, EdgeClass.COLLECTOR, EdgeClass.ARTERIAL, EdgeClass.WATER}
    assert metres[EdgeClass.LOCAL] > metres[EdgeClass.COLLECTOR] > metres[EdgeClass.ARTERIAL]


def test_people_are_unevenly_spread(small):
    assert small.population.sum() == pytest.approx(SIZE.areas * drawn.PEOPLE_PER_AREA, rel=0.01)
    assert small.area_m2.sum() == pytest.approx(SIZE.areas * drawn.KM2_PER_AREA * 1e6, rel=0.15)
    assert 0.15 < (small.population == 0).mean() < 0.35
    assert small.population.mean() > 2 * np.median(small.population)
    assert small.population.max() <= 0.6 * drawn.PEOPLE_PER_AREA


def test_communities_hang_together(small):
    assert np.unique(small.parent).tolist() == list(range(SIZE.parents))
    assert _parts(small, small.parent[small.a] == small.parent[small.b]) == SIZE.parents
    assert small.counts.sum() == SIZE.areas
    assert small.counts.min() >= 1
    # along streets that are not local, or along water
    between = small.class_length_m[small.parent[small.a] != small.parent[small.b]].sum(axis=0)
    assert between[EdgeClass.LOCAL] < 0.01 * between.sum()


def _same(one: District, other: District) -> bool:
    names = [name for name in District.__slots__ if name not in ("polygons", "areas")]
    return (
        all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)
        and one.areas == other.areas
        and shapely.to_wkb(one.polygons).tolist() == shapely.to_wkb(other.polygons).tolist()
    )


def test_a_seed_repeats_itself(small):
    assert _same(draw(SIZE), small)
    assert not _same(draw(Size(SIZE.blocks, SIZE.areas, SIZE.parents, seed=2)), small)


def test_what_was_drawn_is_read_from_the_disk(small, tmp_path, monkeypatch):
    monkeypatch.setattr(drawn.tempfile, "gettempdir", lambda: str(tmp_path))
    assert _same(district(SIZE), small)
    (kept,) = (path for folder in tmp_path.iterdir() for path in folder.iterdir())
    assert isinstance(kept, Path)
    monkeypatch.setattr(drawn, "draw", lambda _: pytest.fail("drawn again"))
    assert _same(district(SIZE), small)

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gisgov.errors import InputError
from gisgov.testing import areas_from_grid
from maps import grids


def _frame(picture: str, **columns: object) -> gpd.GeoDataFrame:
    codes, shapes = areas_from_grid(picture, cell_m=2**-7, origin=(114.0, 30.0))
    return gpd.GeoDataFrame({"code": codes, "name": codes, **columns}, geometry=shapes, crs=4326)


def test_the_legend_adds_up(district: SimpleNamespace) -> None:
    document = grids.document(district.grids)
    total = {key.name: key.figures for key in document.sections[0].keys}
    assert total["网格"] == (f"{len(district.grids)} 个",)
    assert total["人口"] == (f"{district.grids['population'].sum():,} 人",)
    assert total["面积"] == (f"{district.grids['area_km2'].sum():,.2f} km²",)
    for section in document.sections[1:]:
        assert sum(int(key.figures[0]) for key in section.keys) == len(district.grids)
    assert [view.id for view in document.views] == ["areas", "population", "density", "area"]


def test_views_of_what_nobody_counted_are_left_out() -> None:
    document = grids.document(_frame("AB"), language="en")
    assert [view.id for view in document.views] == ["areas"]
    assert document.listing is not None
    assert [heading.key for heading in document.listing.headings] == ["name"]
    assert document.sections[0].note == ""


def test_neighbouring_parents_have_different_grounds() -> None:
    frame = _frame("ABC\nDEF", parent_code=["1", "1", "2", "3", "3", "2"])
    patch = grids.parent_patches(frame)
    by_code = dict(zip(frame["code"], patch.tolist(), strict=True))
    assert by_code["A"] == by_code["B"]
    assert by_code["C"] == by_code["F"]
    assert len({by_code["A"], by_code["C"], by_code["D"]}) == 3


def test_areas_without_parents_have_the_plain_ground() -> None:
    assert grids.parent_patches(_frame("AB")).tolist() == [-1, -1]
    assert grids.parent_patches(_frame("AB", parent_code=["1", None])).tolist() == [0, 0]
    assert -1 in grids.parent_patches(_frame("ABC", parent_code=["1", "2", None]))


def test_more_neighbours_than_grounds_share_one() -> None:
    star = [shapely.Point(114, 30).buffer(0.01)]
    star += [
        shapely.buffer(shapely.Point(114 + 0.01 * np.cos(a), 30 + 0.01 * np.sin(a)), 0.02) for a in range(8)
    ]
    frame = gpd.GeoDataFrame(
        {"code": list("012345678"), "name": "", "parent_code": list("012345678")}, geometry=star, crs=4326
    )
    assert set(grids.parent_patches(frame).tolist()) == set(range(6))


def test_an_empty_frame_has_nothing_to_draw() -> None:
    empty = gpd.GeoDataFrame({"code": [], "name": []}, geometry=[], crs=4326)
    with pytest.raises(InputError, match="nothing to draw"):
        grids.document(empty)

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gisgov.errors import InputError
from gisgov.testing import areas_from_grid
from maps import areas
from maps.words import Words


def _frame(picture: str, **columns: object) -> gpd.GeoDataFrame:
    codes, shapes = areas_from_grid(picture, cell_m=0.01, origin=(114.0, 30.0))
    return gpd.GeoDataFrame({"code": codes, "name": codes, **columns}, geometry=shapes, crs=4326)


def test_frames_must_be_in_lon_lat() -> None:
    with pytest.raises(InputError, match="areas to draw are not in EPSG:4326"):
        areas.drawable(_frame("A").to_crs(3857), "areas")
    with pytest.raises(InputError, match="not in EPSG:4326"):
        areas.drawable(_frame("A").set_crs(None, allow_override=True), "areas")


def test_rows_without_shape_are_left_out() -> None:
    frame = _frame("AB")
    frame.loc[0, "geometry"] = None
    assert areas.drawable(frame, "areas")["code"].tolist() == ["B"]


def test_columns_that_nobody_filled_are_left_out() -> None:
    layer = areas.areas_layer(_frame("AB", population=[5, None]), Words("en"))
    assert [column.key for column in layer.columns] == [
        "code", "name", "label", "label_lon", "label_lat", "population",
    ]  # fmt: skip
    assert layer.card == {"title": ["name"], "rows": ["code", "population"]}


def test_a_name_is_written_inside_its_area() -> None:
    frame = _frame("AAAA\nA..A\nBBBB")
    lon, lat = areas.label_places(areas.geometries(frame))
    assert shapely.covers(areas.geometries(frame), shapely.points(lon, lat)).all()
    assert (lon[1], lat[1]) == pytest.approx((114.02, 30.005))


def test_parents_are_drawn_where_there_are_several() -> None:
    frame = _frame("ABC", parent_code=["1", "1", "2"], parent_name=["甲", "甲", None])
    parents = areas.parents_layer(frame)
    assert parents is not None
    assert [shape.bounds for shape in parents.shapes] == [
        pytest.approx((114.0, 30.0, 114.02, 30.01)),
        pytest.approx((114.02, 30.0, 114.03, 30.01)),
    ]
    label = parents.column("label")
    assert label is not None
    assert list(label.data) == ["甲", "2"]
    assert areas.parents_layer(_frame("AB", parent_code=["1", "1"])) is None


def test_names_suit_the_zoom() -> None:
    frame = _frame("ABC", parent_code=["1", "1", "2"])
    ground = areas.Ground.of(frame, areas.areas_layer(frame, Words("zh")))
    assert ground.has_parents
    # 0.01° is 72 pixels wide where the world (360°) is 256 · 2^zoom pixels wide
    assert ground.close_zoom == pytest.approx(np.log2(72 / 0.01 * 360 / 256), abs=0.01)
    assert [(draw["as"], draw["layer"], draw.get("from"), draw.get("until")) for draw in ground.over()] == [
        ("fill", "parents", None, None),
        ("labels", "parents", None, ground.close_zoom),
        ("labels", "grids", ground.close_zoom, None),
    ]


def test_codes_and_numbers_of_missing_columns() -> None:
    frame = _frame("AB")
    assert areas.texts(frame, "use").tolist() == [None, None]
    assert np.isnan(areas.numbers(frame, "floors")).all()
    assert areas.codes_of(np.array(["b", None, "z"], dtype=object), ["a", "b"]).tolist() == [1, -1, -1]

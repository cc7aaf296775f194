from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gisgov.errors import InputError
from maps import defects


def test_defects_are_numbered_by_size(district: SimpleNamespace) -> None:
    numbered = defects.number_defects(district.defects)
    assert numbered["number"].tolist() == list(range(1, len(numbered) + 1))
    assert (np.diff(numbered["area_m2"]) <= 0).all()
    assert set(numbered["area_m2"]) == set(district.defects["area_m2"])


def test_a_defect_without_a_polygon_is_shown_at_its_place() -> None:
    frame = gpd.GeoDataFrame(
        {
            "kind": ["invalid-ring", "gap"],
            "area_m2": [np.nan, 5.0],
            "areas": [("A",), "A"],
            "lon": 114.0,
            "lat": 30.0,
        },
        geometry=[None, shapely.box(114, 30, 114.001, 30.001)],
        crs=4326,
    )
    numbered = defects.number_defects(frame)
    assert numbered["kind"].tolist() == ["gap", "invalid-ring"]
    assert numbered.geometry[1].bounds == pytest.approx((113.999995, 29.999995, 114.000005, 30.000005))
    document = defects.document(frame)
    assert [key.name for key in document.sections[0].keys] == ["缝隙", "图形无效"]
    areas = document.layers[0].column("areas")
    assert areas is not None
    assert list(areas.data) == ["A", "A"]


def test_a_defect_without_a_place_and_an_unknown_kind_are_not_lost() -> None:
    frame = gpd.GeoDataFrame(
        {
            "kind": ["missing-parent", "new-kind"],
            "area_m2": [0.0, 3.0],
            "lon": [np.nan, 114.0],
            "lat": [np.nan, 30.0],
        },
        geometry=[None, None],
        crs=4326,
    )
    document = defects.document(frame)
    assert "未上图 1 条：无坐标" in document.notes
    assert [(key.name, key.colour) for key in document.sections[0].keys] == [("new-kind", "#dcd6c9")]


def test_kinds_are_counted_and_measured(district: SimpleNamespace) -> None:
    document = defects.document(district.defects, district.grids, language="en")
    section = document.sections[0]
    assert sum(int(key.figures[0]) for key in section.keys) == len(district.defects)
    assert section.total is not None
    assert section.total.figures == (
        str(len(district.defects)),
        f"{district.defects['area_m2'].sum():,.0f} m²",
    )
    assert [layer.id for layer in document.layers] == ["grids", "parents", "defects"]
    areas = document.layers[-1].column("areas")
    assert areas is not None
    assert ", " in str(areas.data[0])


def test_a_clean_layer_says_so(district: SimpleNamespace) -> None:
    document = defects.document(district.defects.iloc[:0], district.grids)
    assert document.sections[0].note == "未发现问题"
    assert document.listing is not None
    assert document.listing.empty == "未发现问题"
    assert not [draw for draw in document.views[0].draws if draw["layer"] == "defects"]
    with pytest.raises(InputError, match="nothing to draw"):
        defects.document(district.defects.iloc[:0])


def test_frames_need_their_codes_only(district: SimpleNamespace) -> None:
    bare = district.defects.drop(columns="areas")
    areas = defects.document(bare).layers[0].column("areas")
    assert areas is not None
    assert set(areas.data) == {None}
    assert defects.document(bare).has_names is False

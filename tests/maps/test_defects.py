from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gisgov.errors import InputError
from maps import defects
from maps.panel import panel as panel_of
from maps.proof import CheckFacts


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
    assert [key.name for key in document.sections[0].keys] == ["空白", "图形无效"]
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


def _frame(**columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"kind": "gap", "area_m2": [1.0, 2.0, 3.0], "lon": 114.0, "lat": 30.0, **columns},
        geometry=[shapely.box(114, 30, 114.001, 30.001)] * 3,
        crs=4326,
    )


def test_the_numbers_of_the_report_stay() -> None:
    frame = _frame(number=[7, 3, 5], lon=[114.0, 114.0, np.nan])
    numbered = defects.number_defects(frame)
    assert numbered["number"].tolist() == [3, 7]
    assert numbered["area_m2"].tolist() == [2.0, 1.0]


@pytest.mark.parametrize("number", [[1, 2, 1], [1, np.nan, 2]])
def test_numbers_that_do_not_number_are_given_anew(number: list[float]) -> None:
    numbered = defects.number_defects(_frame(number=number))
    assert numbered["number"].tolist() == [1, 2, 3]
    assert numbered["area_m2"].tolist() == [3.0, 2.0, 1.0]


def test_a_sliver_says_what_it_is() -> None:
    frame = _frame(kind=["sliver", "sliver", "sliver"], cover=[3, 0, 1], width_m=[0.01, 0.2, np.nan])
    document = defects.document(frame, language="en")
    assert [(key.name, key.figures) for key in document.sections[0].keys] == [
        ("Sliver (gap)", ("1", "2.00 m²")),
        ("Sliver (overlap)", ("1", "1.00 m²")),
        ("Sliver (outside)", ("1", "3.00 m²")),
    ]
    layer = document.layers[0]
    cover, width = layer.column("cover"), layer.column("width")
    assert cover is not None
    assert width is not None
    # the largest first: outside, gap, overlap
    assert np.asarray(cover.data, dtype=float) == pytest.approx([np.nan, np.nan, 3], nan_ok=True)
    assert np.asarray(width.data, dtype=float) == pytest.approx([np.nan, 0.2, 0.01], nan_ok=True)
    unknown = defects.document(_frame(kind="sliver", cover=-1), language="en")
    assert [key.name for key in unknown.sections[0].keys] == ["Sliver"]


def test_a_notice_is_called_one() -> None:
    document = defects.document(_frame(kind="vertex-mismatch"))
    assert [key.name for key in document.sections[0].keys] == ["顶点不一致（提示）"]


def test_a_proof_is_said_above_all(district: SimpleNamespace) -> None:
    check = CheckFacts(certified=True, certificate="0-0 over 9 edges", tolerances={"sliver_width_m": 0.5})
    document = defects.document(
        district.defects.iloc[:0], district.grids, checks=[check], language="en", facts=district.facts
    )
    assert document.verdict is not None
    assert document.verdict.text.startswith("Proved: every place of the scope lies in exactly one grid")
    assert document.headline.endswith(" · proved: no gap, no overlap")
    assert "Tolerances: sliver width 0.5 m" in document.notes
    panel = str(panel_of(document))
    assert 'class="verdict proved"' in panel
    assert "Proof figure 0-0 over 9 edges" in panel
    bad = defects.document(_frame(), checks=[CheckFacts(certified=False, certificate="1-2")], language="en")
    assert 'class="verdict unproved"' in str(panel_of(bad))
    assert bad.headline == "not proved"
    # how to use the list is said on the page, not on paper
    assert bad.listing is not None
    assert bad.listing.note in str(panel_of(bad))
    assert not [note for note in bad.notes if "Enter" in note]
    assert 'class="verdict' not in str(panel_of(defects.document(_frame())))


def test_borders_meet_defects_at_the_closest_zoom(district: SimpleNamespace) -> None:
    document = defects.document(district.defects, district.grids)
    steps = {layer.id: layer.step for layer in document.layers}
    assert steps["grids"] == steps["defects"] == 1e-8
    assert document.max_zoom == document.closest == 26


@pytest.mark.parametrize(
    ("layers", "told"), [(["grid", "town", None], ["grid", "town", None]), (["grid"] * 3, [None] * 3)]
)
def test_of_several_layers_each_defect_names_its_own(layers: list[str], told: list[str]) -> None:
    layer = defects.document(_frame(number=[1, 2, 3], layer=layers)).layers[0].column("layer")
    assert layer is not None
    assert list(layer.data) == told

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from maps import repairs
from maps.document import Document
from maps.printing import draw_print
from maps.proof import CheckFacts


@pytest.fixture
def proposals(district: SimpleNamespace) -> gpd.GeoDataFrame:
    count = len(district.defects)
    return district.defects.assign(
        number=np.arange(count, 0, -1),
        decision=["give", "clip", *["leave"] * (count - 3), "ask-again"],
        to=[district.grids["code"][0], *[None] * (count - 1)],
        reason="longest border",
        width_m=0.25,
    )


@pytest.fixture
def changes(district: SimpleNamespace) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": district.grids["code"][:3],
            "before_m2": [1000.0, 250.0, 80.0],
            "after_m2": [1004.5, 250.0, np.nan],
        }
    )


def values(document: Document, layer: str, key: str) -> list[object]:
    column = next(one for one in document.layers if one.id == layer).column(key)
    assert column is not None
    return list(column.data)


def test_each_defect_has_its_decision(proposals: gpd.GeoDataFrame, district: SimpleNamespace) -> None:
    document = repairs.document(proposals, district.grids, language="en")
    assert [(key.name, key.figures[0]) for key in document.sections[0].keys] == [
        ("Give", "1"),
        ("Clip", "1"),
        ("Leave", str(len(proposals) - 3)),
        ("ask-again", "1"),
    ]
    assert values(document, "proposals", "number") == list(range(1, len(proposals) + 1))
    assert values(document, "proposals", "to")[-1] == district.grids["code"][0]
    assert document.listing is not None
    assert [heading.key for heading in document.listing.headings] == [
        *("number", "decision", "to", "area", "width")
    ]
    assert document.verdict is None
    assert document.headline == ""
    assert len(document.sections) == 1


def test_areas_are_told_before_and_after(
    proposals: gpd.GeoDataFrame, district: SimpleNamespace, changes: pd.DataFrame
) -> None:
    check = CheckFacts(certified=True, certificate="0-0 over 9 edges")
    document = repairs.document(proposals, district.grids, changes=changes, checks=[check], language="en")
    first, _, third = district.grids["code"][:3]
    section = document.sections[1]
    assert [(key.name, key.figures) for key in section.keys] == [
        (third, ("80.00", "0.00", "\N{MINUS SIGN}80.00")),
        (first, ("1,000.00", "1,004.50", "+4.50")),
    ]
    assert section.total is not None
    assert section.total.figures == ("", "", "\N{MINUS SIGN}75.50")
    assert values(document, "grids", "change")[:4] == pytest.approx([4.5, 0, -80, np.nan], nan_ok=True)
    assert document.verdict is not None
    assert document.verdict.is_proved
    assert document.headline == "proved: no gap, no overlap"


def test_many_changes_are_cut_and_counted(proposals: gpd.GeoDataFrame) -> None:
    changes = pd.DataFrame({"code": range(25), "before_m2": 10.0, "after_m2": np.arange(25) + 0.5})
    section = repairs.document(proposals, changes=changes).sections[1]
    assert [key.figures[2] for key in section.keys][:2] == ["+14.50", "+13.50"]
    assert len(section.keys) == 20
    assert section.note == "另有 5 个网格变化较小"


def test_nothing_may_change(proposals: gpd.GeoDataFrame) -> None:
    changes = pd.DataFrame({"code": ["A"], "before_m2": [1.0], "after_m2": [1.0]})
    section = repairs.document(proposals.iloc[:0], _one_area(), changes=changes).sections[1]
    assert (section.keys, section.total, section.note) == ((), None, "没有网格的面积改变")


def _one_area() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": ["A"]}, geometry=gpd.points_from_xy([114], [30]).buffer(0.01), crs=4326)


def test_it_is_printed_too(
    proposals: gpd.GeoDataFrame, district: SimpleNamespace, changes: pd.DataFrame
) -> None:
    document = repairs.document(proposals, district.grids, changes=changes)
    assert draw_print(document, dpi=40).startswith(b"\x89PNG")

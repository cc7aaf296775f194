import geopandas as gpd
import pandas as pd
import pytest
import shapely
from grid_legends import grids, legend

from gisgov.errors import InputError
from maps import devices
from maps.document import Document
from maps.printing import draw_print

COUNTED = pd.DataFrame(
    [("A", 3, 1, 0, 0.75, 0.5, 1.0), ("B", 0, 0, 2, None, None, None)],
    columns=["code", "online", "offline", "retired", "online_share", "online_share_0", "online_share_1"],
)


def points() -> gpd.GeoDataFrame:
    states = ["online"] * 3 + ["offline"] + ["retired"] * 2
    frame = {"external_id": list("abcdef"), "state": states, "grid_code": ["A"] * 4 + ["B"] * 2}
    return gpd.GeoDataFrame(frame, geometry=[shapely.Point(114.001, 30.001)] * 6, crs=4326)


def drawn(**given: object) -> Document:
    told = {"kinds": ("摄像头", "烟感报警器"), "language": "zh", **given}
    return devices.document(points(), COUNTED, grids("AB"), **told)  # type: ignore[arg-type]


def test_figures_stand_in_the_legend() -> None:
    document = drawn(heard=("2026-03-01 08:00", "2026-03-02 09:00"), outside=7)
    assert [view.id for view in document.views] == ["online", "states", "kind-0", "kind-1"]
    states = document.sections[0]
    assert [(key.name, key.figures) for key in states.keys] == [
        ("在线", ("3", "75.0%")),
        ("离线", ("1", "")),
        ("停用", ("2", "")),
    ]
    assert states.total is not None
    assert states.total.figures[0] == "6"
    assert [key.switch for key in states.keys] == [("devices", "state", code) for code in (0, 2, 1)]
    assert legend(document, "online") == {
        "100%": "0", "90%–100%": "0", "75%–90%": "1", "50%–75%": "0", "小于 50%": "0", "无在用设备": "1",
    }  # fmt: skip
    assert legend(document, "kind-0")["50%–75%"] == "1"
    assert legend(document, "kind-1")["100%"] == "1"
    assert document.notes[-2:] == (
        "状态上报时间 2026-03-01 08:00 至 2026-03-02 09:00",
        "网格以外设备 7 台",
    )


def test_one_kind_needs_no_view_of_its_own_and_no_device_is_drawn_too() -> None:
    document = drawn(kinds=("摄像头",))
    assert [view.id for view in document.views] == ["online", "states"]
    nothing = devices.document(points()[:0], COUNTED[:0], grids("AB"), kinds=(), language="en")
    assert [key.figures for key in nothing.sections[0].keys] == [("0", "")] * 3
    assert legend(nothing, "online")["no device in use"] == "2"
    with pytest.raises(InputError):
        devices.document(points().to_crs(3857), COUNTED, grids("AB"), kinds=())


def test_a_page_and_a_sheet_come_of_it() -> None:
    document = drawn()
    assert document.data()["views"][1]["id"] == "states"
    assert draw_print(document, format="pdf", paper="a4", view="states").startswith(b"%PDF")

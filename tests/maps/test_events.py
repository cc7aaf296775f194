from datetime import UTC, datetime
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from maps import events
from maps.kinds import kinds_of
from maps.printing import draw_print
from maps.words import Words


def test_sources_and_levels_add_up(district: SimpleNamespace) -> None:
    document = events.document(district.events, district.grids, facts=district.facts)
    mapped = int(district.events.geometry.notna().sum())
    for section in document.sections[:2]:
        assert sum(int(key.figures[0].replace(",", "")) for key in section.keys) == mapped
        assert section.total is not None
        assert section.total.figures[0] == f"{mapped:,}"
    assert [key.name for key in document.sections[1].keys] == ["一级", "二级", "三级", "未分类"]
    assert document.sections[0].keys[0].name == "网格巡查"
    assert document.headline.startswith("2025-03-01 至 2026-02-28")


def test_what_is_not_on_the_map_is_said_with_its_reason(district: SimpleNamespace) -> None:
    document = events.document(district.events, district.grids, language="en")
    outside = int((district.events["grid_code"].isna() & district.events.geometry.notna()).sum())
    assert "5 not on the map: no coordinate 5" in document.notes
    assert f"{outside} outside every grid" in document.notes


def test_kinds_have_an_order_and_a_place_for_missing_values() -> None:
    frame = pd.DataFrame(
        {"source": ["b", "a", "a", None, "c", "c"], "source_title": ["乙", None, "甲", None, "", ""]}
    )
    kinds = kinds_of(frame, "source", Words("zh"))
    assert kinds.titles == ("甲", "c", "乙", "未分类")
    assert kinds.codes.tolist() == [2, 0, 0, 3, 1, 1]
    assert kinds.counts.tolist() == [2, 2, 1, 1]
    levels = kinds_of(pd.DataFrame({"level": ["3", "1"]}), "level", Words("zh"))
    assert levels.titles == ("1", "3")


def test_times_are_written_to_the_minute(district: SimpleNamespace) -> None:
    frame = gpd.GeoDataFrame(
        {"source": ["a", "a"], "level": ["1", "1"], "grid_code": [None, None]},
        geometry=shapely.points([[114.3, 30.5], [114.31, 30.5]]),
        crs=4326,
    )
    frame["occurred_at"] = [datetime(2026, 1, 2, 3, 4, 59, tzinfo=UTC), pd.NaT]
    column = events.document(frame, district.grids).layers[-1].column("occurred")
    assert column is not None
    assert list(column.data) == ["2026-01-02 03:04", None]
    without = events.document(frame.drop(columns="occurred_at"), district.grids).layers[-1].column("occurred")
    assert without is not None
    assert list(without.data) == [None, None]


def test_events_are_drawn_where_there_are_no_grids(district: SimpleNamespace) -> None:
    document = events.document(district.events, district.grids.iloc[:0])
    assert [layer.id for layer in document.layers] == ["grids", "events"]
    assert document.sections[3].keys[0].figures == ("0",)


def test_no_event_at_all_is_a_map_of_grids(district: SimpleNamespace) -> None:
    document = events.document(district.events.iloc[:0], district.grids)
    assert draw_print(document, paper="a4")[:8] == b"\x89PNG\r\n\x1a\n"
    assert document.sections[0].keys == ()
    counts = document.layers[0].column("events")
    assert counts is not None
    assert np.sum(counts.data) == 0

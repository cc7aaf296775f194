"""Frames for maps: what is stored, with titles in place of stored words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa
from risk_ground import adopt

from fixtures.shipped import risk_rules
from gisgov.errors import InputError, NotFoundError
from gisgov.services.checking import check_plan
from gisgov.services.joining import join_buildings, join_events
from gisgov.services.thematic import (
    buildings_frame,
    defects_of,
    drawn_layer,
    events_frame,
    grids_frame,
    plan_frame,
    provenance,
)
from gisgov.store.database import Database

DAY = date(2026, 3, 1)
ZONE = ZoneInfo("Asia/Shanghai")
WEST, EAST = shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)


def texts(frame: pd.DataFrame, name: str) -> list[str | None]:
    """A column as a list, None for whatever pandas calls missing."""
    return [None if pd.isna(value) else value for value in frame[name]]


@pytest.fixture
def town(database: Database, plant: Callable[..., None]) -> Database:
    plant("street", {"1": shapely.box(114.0, 22.5, 114.02, 22.51)}, names={"1": "临江街道"})
    plant(
        "grid",
        {"1A": WEST, "1B": EAST},
        parent="street",
        parents={"1A": ["1"], "1B": ["1"]},
        staff={"1A": [("网格长", "王某"), ("专职网格员", "李某")]},
    )
    with database.begin() as connection:
        connection.execute(
            sa.text("""
                INSERT INTO building (external_id, source, name, geom, crs, problem, use, floors, facts)
                VALUES ('b1', 's', '一栋', ST_MakeEnvelope(114.001, 22.501, 114.002, 22.502, 4326), 'x', NULL,
                        'three-in-one', 6, CAST(:facts AS JSONB)),
                       ('b2', 's', NULL, ST_Point(114.015, 22.505, 4326), 'x', NULL, '仓库', NULL, '{}'),
                       ('b3', 's', NULL, NULL, 'x', 'bad-coordinate', NULL, NULL, '{}')"""),
            {"facts": json.dumps({"dangerous_goods": "none"})},
        )
        connection.execute(
            sa.text(
                "INSERT INTO hazard (source, external_id, building_id, kind, found_on)"
                " SELECT 's', CAST(i AS TEXT), building.id, 'fire', '2026-01-01'"
                " FROM building, generate_series(1, 3) AS i WHERE external_id = 'b1'"
            )
        )
        connection.execute(
            sa.text("""
                INSERT INTO event (external_id, source, level, state, occurred_at, geom, crs, problem)
                VALUES ('e2', 'hotline', '1', 'closed', '2026-03-02 00:30+08',
                        ST_Point(114.005, 22.505, 4326), 'x', NULL),
                       ('e1', '邻区', NULL, 'reported', '2026-03-01 23:30+08',
                        ST_Point(115, 22.505, 4326), 'x', NULL),
                       ('e3', 'camera', '3', 'handling', '2026-03-03 08:00+08', NULL, 'x',
                        'no-coordinate')""")
        )
    join_buildings(database, at=DAY)
    join_events(database, timezone=ZONE)
    return database


def test_areas_come_with_parents_and_staff(town: Database) -> None:
    assert drawn_layer(town, None, DAY) == "grid"
    frame = grids_frame(town, "grid", DAY)
    assert frame.crs == "EPSG:4326"
    assert frame["code"].tolist() == ["1A", "1B"]
    assert texts(frame, "parent_code") == ["1", "1"]
    assert texts(frame, "parent_name") == ["临江街道", "临江街道"]
    assert texts(frame, "staff") == ["网格长 王某；专职网格员 李某", None]
    assert frame["staff_count"].tolist() == [2, 0]
    assert frame["plan"].tolist() == ["grid-2026", "grid-2026"]
    assert frame["population"].isna().all()
    assert frame.geometry[0].equals(WEST)
    streets = grids_frame(town, "street", DAY)
    assert streets[["parent_code", "parent_name", "staff"]].isna().all(axis=None)
    assert streets["staff_count"].isna().all()


def test_another_day_has_other_areas(town: Database) -> None:
    assert len(grids_frame(town, "grid", date(2025, 12, 31))) == 0
    with pytest.raises(NotFoundError, match="No plan of layer 'grid'"):
        drawn_layer(town, "grid", date(2025, 12, 31))
    with pytest.raises(NotFoundError, match="No layer is called 'beat'"):
        grids_frame(town, "beat", DAY)


def test_areas_in_several_parents_have_no_single_one(town: Database, plant: Callable[..., None]) -> None:
    plant("beat", {"X": WEST.union(EAST)}, parent="grid", parents={"X": ["1A", "1B", "gone"]})
    frame = grids_frame(town, "beat", DAY)
    assert texts(frame, "parent_code") == [None]
    assert texts(frame, "parent_name") == ["grid 1A、grid 1B、gone"]


def test_a_draft_can_be_drawn(town: Database, plant: Callable[..., None]) -> None:
    plant("grid", {"1Z": WEST}, plan="idea", scope="1", valid_from=None, parents={"1Z": ["1"]})
    layer, frame = plan_frame(town, "idea")
    assert (layer, frame["code"].tolist(), texts(frame, "parent_name")) == ("grid", ["1Z"], ["临江街道"])
    with pytest.raises(NotFoundError, match="No plan is called 'x'"):
        plan_frame(town, "x")
    with town.begin() as connection:
        connection.execute(sa.text("DELETE FROM area WHERE code = '1Z'"))
    with pytest.raises(InputError, match="Plan 'idea' has no areas"):
        plan_frame(town, "idea")


def test_buildings_come_with_reasons_for_people(town: Database) -> None:
    adopt(town, risk_rules())
    frame = buildings_frame(town, "grid")
    assert frame["external_id"].tolist() == ["b1", "b2", "b3"]
    assert texts(frame, "grid_code") == ["1A", "1B", None]
    assert texts(frame, "use") == ["三合一场所", "仓库", None]
    assert frame["risk_class"].tolist() == ["warning", "unclassified", "unclassified"]
    assert frame["risk_reasons"][0][0].startswith("三合一场所且有未整改消防隐患")
    assert frame["risk_reasons"][1] == ()
    assert texts(frame, "problem") == [None, None, "bad-coordinate"]
    assert texts(frame.assign(kind=frame.geom_type), "kind") == ["Polygon", "Point", None]
    assert frame["floors"].tolist()[0] == 6
    assert np.isnan(frame["floors"][1])
    english = buildings_frame(town, "grid", language="en")
    assert texts(english, "use") == ["workshop, store and dwelling in one", "仓库", None]
    assert "points" in english["risk_reasons"][0][1]


def test_buildings_that_nobody_rated_have_no_reasons(town: Database) -> None:
    frame = buildings_frame(town, "grid")
    assert frame[["risk_class", "risk_reasons", "risk_rules_version"]].isna().all(axis=None)
    assert texts(frame, "use") == ["three-in-one", "仓库", None]


def test_events_come_in_order_with_titles(town: Database) -> None:
    frame = events_frame(town, "grid", timezone=ZONE)
    assert frame["external_id"].tolist() == ["e1", "e2", "e3"]
    assert texts(frame, "source_title") == ["邻区", "12345 热线", "视频监控"]
    assert texts(frame, "level_title") == [None, "一级", "三级"]
    assert texts(frame, "state") == ["已上报", "已办结", "处置中"]
    assert texts(frame, "grid_code") == [None, "1A", None]
    assert texts(frame, "problem") == [None, None, "no-coordinate"]
    assert frame["occurred_at"][0] == pd.Timestamp("2026-03-01 23:30")
    assert texts(events_frame(town, "grid", language="en"), "source_title")[1] == "12345 hotline"


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (None, date(2026, 3, 1), ["e1"]),
        (date(2026, 3, 2), date(2026, 3, 2), ["e2"]),
        (date(2026, 3, 2), None, ["e2", "e3"]),
        (date(2027, 1, 1), None, []),
    ],
)
def test_periods_are_local_days(
    town: Database, first: date | None, last: date | None, found: list[str]
) -> None:
    frame = events_frame(town, "grid", first=first, last=last, timezone=ZONE)
    assert frame["external_id"].tolist() == found


def test_a_map_says_where_it_comes_from(town: Database) -> None:
    grids = grids_frame(town, "grid", DAY)
    bare = provenance(town, grids)
    assert (bare.plans, bare.rules_versions, bare.rules_are_example, bare.first) == (
        ("grid-2026",),
        (),
        False,
        None,
    )
    assert (bare.area_zh, bare.area_en) == ("grid层", "Grid")
    assert provenance(town, grids.iloc[:0]).area_zh is None
    assert (bare.place, provenance(town, grids, at=DAY).place) == (None, "临江街道")
    assert provenance(town, grids, at=date(2020, 1, 1)).place is None
    assert "CGCS2000" in bare.measured_in
    adopt(town, risk_rules())
    told = provenance(town, grids, events=events_frame(town, "grid", timezone=ZONE))
    assert (told.rules_versions, told.rules_are_example) == ((risk_rules().version,), True)
    assert (told.first, told.last) == (date(2026, 3, 1), date(2026, 3, 3))


def test_defects_of_several_plans_are_one_frame(town: Database, plant: Callable[..., None]) -> None:
    clean = check_plan(town, "grid-2026")
    assert defects_of([clean])["kind"].tolist() == []
    plant("beat", {"X": WEST, "Y": WEST})
    broken = check_plan(town, "beat-2026")
    frame = defects_of([clean, broken])
    assert frame.crs == "EPSG:4326"
    assert frame["kind"].tolist() == ["duplicate"]
    assert frame["number"].tolist() == [1]
    assert frame["layer"].tolist() == ["beat"]

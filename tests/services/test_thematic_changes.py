"""How buildings were rated at the end of a day, and how that changed from one day to another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.services.joining import join_buildings
from gisgov.services.thematic import buildings_frame, grids_frame, provenance
from gisgov.services.thematic_changes import rating_changes_frame
from gisgov.store.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
WEST, EAST = shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)
RULES = {
    "version": "7",
    "title_zh": "试行",
    "title_en": "Trial",
    "source": "A test.",
    "thresholds": {"general": 10, "warning": 20},
    "facts": [
        {"name": "built_year", "kind": "year", "title_zh": "建成", "title_en": "Built", "meaning": "Year."}
    ],
    "factors": [
        {
            "name": "age",
            "title_zh": "楼龄",
            "title_en": "Age",
            "fact": "built_year",
            "bands": [{"at_most": 1959, "points": 20}],
        }
    ],
}
# what each building was given, and when: b1 by night in UTC is the next day in Shanghai
RATINGS = (
    ("b1", "2026-03-01 23:59:59.999+08", "safe", 0),
    ("b1", "2026-03-02 00:00+08", "warning", 20),
    ("b1", "2026-04-01 12:00+08", "general", 10),
    ("b2", "2026-03-02 12:00+08", "warning", 20),
    ("b3", "2026-01-02 12:00+08", "unclassified", 0),
)


@pytest.fixture
def town(database: Database, plant: Callable[..., None]) -> Database:
    plant("grid", {"A": WEST, "B": EAST})
    with database.begin() as connection:
        connection.execute(
            sa.text("""
                INSERT INTO building (external_id, source, geom, crs, facts)
                VALUES ('b1', 's', ST_Point(114.005, 22.505, 4326), 'x', '{}'),
                       ('b2', 's', ST_Point(114.015, 22.505, 4326), 'x', '{}'),
                       ('b3', 's', ST_Point(114.016, 22.505, 4326), 'x', '{}'),
                       ('b4', 's', ST_Point(115.0, 22.505, 4326), 'x', '{}')""")
        )
        connection.execute(
            sa.text(
                "INSERT INTO risk_rules (version, definition, adopted_at) VALUES ('7', :rules, now())"
            ).bindparams(sa.bindparam("rules", RULES, type_=sa.JSON))
        )
        for external_id, at, risk_class, points in RATINGS:
            connection.execute(
                sa.text("""
                    INSERT INTO risk_rating
                    SELECT id, CAST(:at AS TIMESTAMPTZ), :risk_class, :points, '{age:0}', '7', '{NULL}'
                    FROM building WHERE external_id = :external_id"""),
                {"external_id": external_id, "at": at, "risk_class": risk_class, "points": points},
            )
    join_buildings(database, at=date(2026, 3, 1))
    return database


def classes(town: Database, day: date, zone: ZoneInfo = ZONE) -> list[str | None]:
    frame = buildings_frame(town, "grid", rated=day, timezone=zone)
    assert frame["external_id"].tolist() == ["b1", "b2", "b3", "b4"]
    return [None if pd.isna(value) else value for value in frame["risk_class"]]


def test_the_last_rating_of_a_day_counts_and_days_end_where_the_place_is(town: Database) -> None:
    assert classes(town, date(2025, 12, 31)) == [None, None, None, None]
    assert classes(town, date(2026, 3, 1)) == ["safe", None, "unclassified", None]
    assert classes(town, date(2026, 3, 1), ZoneInfo("UTC")) == ["warning", None, "unclassified", None]
    assert classes(town, date(2026, 3, 31)) == ["warning", "warning", "unclassified", None]
    assert classes(town, date(2026, 4, 1)) == ["general", "warning", "unclassified", None]


def test_a_rating_of_a_day_brings_all_that_belongs_to_it(town: Database) -> None:
    frame = buildings_frame(town, "grid", rated=date(2026, 3, 15), timezone=ZONE)
    assert frame["risk_points"][:3].tolist() == [20, 20, 0]
    assert np.isnan(frame["risk_points"][3])
    assert frame["risk_reasons"][0] == ("age:0",)
    assert frame["risk_reasons"][3] is None
    assert frame["rated_at"][0] == pd.Timestamp("2026-03-02 00:00")
    told = provenance(town, grids_frame(town, "grid", date(2026, 3, 1)), buildings=frame)
    assert (told.rules_versions, told.rated) == (("7",), date(2026, 3, 2))
    before = buildings_frame(town, "grid", rated=date(2025, 1, 1), timezone=ZONE)
    told = provenance(town, grids_frame(town, "grid", date(2026, 3, 1)), buildings=before)
    assert (told.rules_versions, told.rated) == ((), None)


def test_changes_stand_beside_each_other(town: Database) -> None:
    frame = rating_changes_frame(town, "grid", date(2026, 3, 1), date(2026, 4, 1), timezone=ZONE)
    pairs = [
        tuple(None if pd.isna(value) else value for value in pair)
        for pair in zip(frame["former_class"], frame["risk_class"], strict=True)
    ]
    assert pairs == [
        ("safe", "general"),
        (None, "warning"),
        ("unclassified", "unclassified"),
        (None, None),
    ]
    assert frame["former_points"].tolist()[0] == 0
    assert frame["former_reasons"][1] is None
    assert [None if pd.isna(one) else one for one in frame["grid_code"]] == ["A", "B", "B", None]


@pytest.mark.parametrize("last", [date(2026, 3, 1), date(2026, 2, 1)])
def test_days_must_rise(last: date, database: Database) -> None:
    with pytest.raises(InputError, match="no days in between"):
        rating_changes_frame(database, "grid", date(2026, 3, 1), last)

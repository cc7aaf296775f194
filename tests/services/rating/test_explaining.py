"""Why a building has its class, what it was on a day, and who may ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import loop_ground
import pytest
import sqlalchemy as sa
from risk_ground import COUNTING, RULES, TODAY, ZONE, adopt, find_hazard, put, rate_again, rated_long_ago

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.risk import RulePart, compare_rules
from gisgov.services.joining import join_buildings
from gisgov.services.rating import (
    BuildingKey,
    BuildingRisk,
    explain_building,
    list_rules,
    rating_history,
    risk_summary,
)
from gisgov.store.database import Database

TOMORROW = datetime.now(ZONE).date() + timedelta(days=1)


def why(database: Database, building: int | BuildingKey, at: date = TOMORROW) -> BuildingRisk:
    return explain_building(database, building, at=at, timezone=ZONE)


def test_a_building_says_why(database: Database) -> None:
    one = put(database, "one", built_year=1950)
    find_hazard(database, one, 1)
    find_hazard(database, one, 2, due=date(2026, 5, 31))
    adopt(database, COUNTING)
    found = why(database, one)
    assert (found.source, found.external_id, found.rating and found.rating.risk_class) == (
        "s",
        "one",
        "warning",
    )
    assert found.rating is not None
    assert (found.rating.class_zh, found.rating.rules_version, found.rating.points) == (
        "警示",
        "counting",
        30,
    )
    told = {fact.name: (fact.value, fact.said_en, fact.points) for fact in found.rating.facts}
    assert told == {
        "built_year": ("1950", "1950", 10),
        "fires": ("2", "2", 10),
        "overdue": ("1", "1", 10),
        "thefts": ("0", "0", 0),
        "inside": ("0", "0", 0),
    }
    assert sum(fact.points for fact in found.rating.facts) == found.rating.points
    assert found.rating.reasons[0].reason == "age: built_year<=1979 +10"
    assert (
        found.rating.facts[1].counted_en == "counted at each rating: hazards found and not rectified (Fire)"
    )


def test_a_building_says_what_it_was(database: Database) -> None:
    one = put(database, "one", built_year=1950)
    adopt(database)
    rated_long_ago(database, one, datetime(2026, 3, 1, 23, 59, 59, tzinfo=ZONE), "warning", 20)
    rated_long_ago(database, one, datetime(2026, 3, 10, 0, 0, tzinfo=ZONE), "safe", 0)
    assert why(database, one, date(2026, 2, 28)).rating is None
    classes = {
        day: rating.risk_class
        for day in (1, 9, 10, 31)
        if (rating := why(database, one, date(2026, 3, day)).rating) is not None
    }
    assert classes == {1: "warning", 9: "warning", 10: "safe", 31: "safe"}
    assert (why(database, one).rating or pytest.fail("rated")).risk_class == "general"
    assert (why(database, one, date.max).rating or pytest.fail("rated")).risk_class == "general"


def test_the_history_tells_what_changed(database: Database) -> None:
    one = put(database, "one", built_year=1950, fires=0)
    adopt(database)
    with database.begin() as connection:
        connection.execute(sa.text("""UPDATE building SET facts = '{"fires": 2}'"""))
    rate_again(database)
    find_hazard(database, one, 1)
    adopt(database, COUNTING)
    found = rating_history(database, one)
    assert [(entry.risk_class, entry.rules_version) for entry in found.ratings] == [
        ("general", "counting"),
        ("warning", "1"),
        ("general", "1"),
    ]
    last, middle, first = found.ratings
    assert (last.until, middle.until, first.until) == (None, last.rated_at, middle.rated_at)
    assert [(fact.name, fact.before, fact.after) for fact in middle.changed] == [("fires", "0", "2")]
    assert [(fact.name, fact.before, fact.after) for fact in last.changed] == [
        ("fires", "2", "1"),
        ("overdue", None, "0"),
        ("thefts", None, "0"),
        ("inside", None, "0"),
    ]
    assert first.changed == ()
    (only,) = rating_history(database, BuildingKey("one"), most=1).ratings
    assert only == last
    assert rating_history(database, put(database, "late")).ratings == ()


def test_a_building_is_found_by_what_it_is_called(database: Database) -> None:
    put(database, "one", built_year=1950)
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO building (external_id, source, crs, problem)"
                " VALUES ('one', 'other', 'x', 'no-coordinate')"
            )
        )
    assert why(database, BuildingKey("one", "other")).source == "other"
    with pytest.raises(InputError, match=r"2 sources have a building 'one'\. Name one of them: other, s\."):
        why(database, BuildingKey("one"))
    with pytest.raises(NotFoundError, match="No building is called 'two'"):
        why(database, BuildingKey("two"))
    with pytest.raises(NotFoundError, match="No building is called 'one' at 'third'"):
        rating_history(database, BuildingKey("one", "third"))
    with pytest.raises(NotFoundError, match="No building has the id 999"):
        why(database, 999)


@pytest.fixture
def streets(database: Database) -> Database:
    """Buildings of the first grid and of the third, both rated, each of another street."""
    loop_ground.settle(database)
    put(database, "mine", (114.005, 22.505), built_year=1950)
    put(database, "theirs", (114.035, 22.505), built_year=1950, fires=5)
    join_buildings(database, at=TODAY)
    adopt(database)
    return database


def test_buildings_of_others_ground_are_not_seen(streets: Database) -> None:
    mine = loop_ground.people(streets)["officer-a"]
    assert why(mine, BuildingKey("mine")).rating is not None
    assert rating_history(mine, BuildingKey("mine")).ratings[0].risk_class == "general"
    for building in (BuildingKey("theirs"), why(streets, BuildingKey("theirs")).id):
        with pytest.raises(NotFoundError):
            why(mine, building)
        with pytest.raises(NotFoundError):
            rating_history(mine, building)
    with mine.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM risk_rating")) == 1
    summary = risk_summary(mine, at=TODAY, today=TODAY, timezone=ZONE)
    assert (summary.total.buildings, summary.total.counts["warning"], summary.versions) == (1, 0, {"1": 1})
    # an area of others would stand as one without buildings: it is not told at all
    assert [area.code for area in summary.areas] == ["A"]
    assert len(risk_summary(streets, at=TODAY, today=TODAY, timezone=ZONE).areas) == 3
    assert list_rules(mine)[0].buildings == 1


def test_what_it_was_in_march_by_area(streets: Database) -> None:
    march = datetime(2026, 3, 31, 12, tzinfo=ZONE)
    rated_long_ago(streets, why(streets, BuildingKey("mine")).id, march, "warning", 20)
    given = {"layer": "grid", "today": TOMORROW, "timezone": ZONE}
    then = risk_summary(streets, at=march.date(), **given)
    assert (then.total.counts, then.never_rated, then.versions) == (
        {"safe": 0, "general": 0, "warning": 1, "unclassified": 1},
        1,
        {"1": 1},
    )
    assert [(area.code, area.counts["warning"]) for area in then.areas] == [("A", 1), ("B", 0), ("C", 0)]
    before = risk_summary(streets, at=date(2026, 3, 30), **given)
    assert before.never_rated == 2
    now = risk_summary(streets, at=TOMORROW, **given)
    assert [(area.code, area.counts["warning"]) for area in now.areas] == [("C", 1), ("A", 0), ("B", 0)]


def test_areas_of_a_former_plan_have_the_buildings_that_they_cover(streets: Database) -> None:
    """What a join gave to a later plan is counted where it lies in the plan of the day that is asked."""
    with streets.begin() as connection:
        connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
        connection.execute(
            sa.text(
                "INSERT INTO plan (name, layer_id, working_crs, scope_code, scope_geom)"
                " SELECT 'former', layer_id, working_crs, scope_code, scope_geom"
                " FROM plan WHERE name = 'grid-2026'"
            )
        )
        connection.execute(
            sa.text(
                "INSERT INTO area (plan_id, code, name, geom, area_m2, parent_codes)"
                " SELECT former.id, 'old-' || code, area.name, geom, area_m2, parent_codes"
                " FROM plan AS former, area JOIN plan ON plan.id = plan_id AND plan.name = 'grid-2026'"
                " WHERE former.name = 'former'"
            )
        )
        connection.execute(
            sa.text(
                "UPDATE plan SET status = 'published', valid_from = '2025-01-01', valid_to = '2026-01-01',"
                " published_at = now() WHERE name = 'former'"
            )
        )
    found = risk_summary(streets, layer="grid", at=date(2025, 6, 1), today=TODAY, timezone=ZONE)
    assert [(area.code, area.buildings) for area in found.areas] == [("old-A", 1), ("old-B", 0), ("old-C", 1)]
    given: dict[str, Any] = {"layer": "grid", "today": TODAY, "timezone": ZONE}
    fixed = risk_summary(streets, at=date(2025, 6, 1), areas_at=TODAY, **given)
    now = risk_summary(streets, at=TODAY, **given)
    assert {one.code: one.buildings for one in fixed.areas} == {one.code: one.buildings for one in now.areas}
    assert fixed.total.counts == found.total.counts != now.total.counts


def test_versions_that_differ_in_everything_say_so() -> None:
    parts = {one.part for one in compare_rules(RULES, replace(COUNTING, source="Another."))}
    assert parts == {RulePart.RULES, RulePart.FACT, RulePart.FACTOR, RulePart.BAND}

"""Check-ins, what they cover, visits that are due, and people far from any service point, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from math import pi
from typing import Any

import loop_ground
import patrol_ground
import pytest
import sqlalchemy as sa

from fixtures.shipped import visit_policy
from gisgov.errors import CrsError, InputError
from gisgov.governance.visits import format_visits
from gisgov.services.patrols import (
    CheckInsTaken,
    SentCheckIn,
    buildings_outside,
    patrol_coverage,
    service_coverage,
    service_points,
    take_check_ins,
    visit_load,
)
from gisgov.services.policies import adopt_policy, list_policies
from gisgov.store.database import Database

ZONE = loop_ground.ZONE
NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
DAY = patrol_ground.WORKDAY
NEAR = 0.0003  # degrees of longitude, some 31 m here
SENT = [
    SentCheckIn("1", "A", datetime(2026, 5, 13, 9, tzinfo=ZONE), 114.005, 22.505),
    SentCheckIn("2", "A", datetime(2026, 5, 13, 10, tzinfo=ZONE), 114.005 + NEAR, 22.505),
    SentCheckIn("3", "B", datetime(2026, 5, 12, 9, tzinfo=ZONE), 114.025, 22.502),
]


@pytest.fixture(scope="module")
def database(module_database_url: str) -> Iterator[Database]:
    opened = Database(module_database_url)
    patrol_ground.settle(opened)
    take(opened, SENT)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def hands(database: Database) -> Mapping[str, Database]:
    return loop_ground.people(database)


def take(database: Database, sent: list[SentCheckIn], **given: Any) -> CheckInsTaken:
    asked = {"source": "app", "layer": "grid", "crs": "wgs84", **given}
    return take_check_ins(database, sent, now=NOW, timezone=ZONE, **asked)


def test_check_ins_are_taken_once_each_with_its_result(
    database: Database, hands: Mapping[str, Database]
) -> None:
    again = take(database, SENT)
    assert (again.created, again.known, again.refused) == (0, 3, 0)
    odd = [
        SentCheckIn("1", "A", SENT[0].at, 114.006, 22.505),
        SentCheckIn("x", "Z", SENT[0].at, 114.005, 22.505),
        SentCheckIn("x", "A", SENT[0].at, 0.0, 0.0),
        SentCheckIn("x", "A", datetime(2026, 5, 13, 14, tzinfo=UTC), 114.005, 22.505),
        SentCheckIn(" ", "A", SENT[0].at, 114.005, 22.505),
    ]
    reasons = [item.reason or "" for item in take(database, odd).items]
    for told, reason in zip(
        ("stays as it was", "no area of layer grid", "no place", "not come yet", "blank"),
        reasons,
        strict=True,
    ):
        assert told in reason
    with pytest.raises(CrsError):
        take(database, SENT, crs="nonsense")
    of_officer = take(hands["officer-c"], [SentCheckIn("y", "B", SENT[0].at, 114.025, 22.505)])
    assert of_officer.items[0].reason == "You may not record patrols in grid B."
    twice = [SentCheckIn("z", "C", SENT[0].at, 114.035, 22.505)] * 2
    statuses = [item.status for item in take(hands["officer-c"], twice, source="c").items]
    assert statuses == ["created", "known"]


def test_odd_moments_sink_no_batch_of_check_ins_and_none_that_follow(
    hands: Mapping[str, Database],
) -> None:
    sent = [
        SentCheckIn(str(number), "C", datetime.fromisoformat(at), 114.035, 22.505)
        for number, at in enumerate(
            (
                "2026-05-13T22:00:00+23:59",
                "0001-01-01T00:00:00+14:00",
                "9999-12-31T23:59:59-14:00",
                "2026-05-13T09:00:00",
            )
        )
    ]
    for statuses in (["created", "refused", "refused", "created"], ["known", "refused", "refused", "known"]):
        done = take(hands["officer-c"], sent, source="odd")
        assert [one.status for one in done.items] == statuses


def test_ground_near_check_ins_is_covered_once(database: Database) -> None:
    found = patrol_coverage(database, "grid", first=DAY, last=DAY, timezone=ZONE)
    rows = {row.code: row for row in found.areas}
    assert (found.distance_m, found.is_example) == (50.0, True)
    two_discs = rows["A"].covered_km2 or 0
    disc = pi * 50**2 / 1e6
    assert disc * 1.3 < two_discs < disc * 1.45  # two discs of 50 m, 31 m apart, have 1.385 of one together
    assert rows["A"].ground_share == pytest.approx(two_discs / (rows["A"].ground_km2 or 1), abs=1e-6)
    assert (rows["A"].check_ins, rows["A"].buildings, rows["A"].covered_buildings) == (2, 2, 1)
    assert (rows["B"].check_ins, rows["B"].covered_km2, rows["B"].building_share) == (0, 0.0, 0.0)
    rest = found.in_no_area
    assert rest is not None
    assert (rest.buildings, rest.ground_km2, rest.ground_share) == (2, None, None)
    assert (found.total.buildings, found.total.covered_buildings) == (5, 1)
    assert found.total.check_ins == sum(row.check_ins for row in (*found.areas, rest))
    days = {"first": DAY - timedelta(days=1), "last": DAY}
    longer = patrol_coverage(database, "grid", area="B", timezone=ZONE, **days)
    (row,) = longer.areas
    assert (row.check_ins, row.covered_km2) == (1, pytest.approx(disc, rel=1e-3))
    assert longer.in_no_area is None
    with pytest.raises(InputError, match="ends before"):
        patrol_coverage(database, "grid", first=DAY, last=date(2026, 1, 1), timezone=ZONE)


def test_everybody_sees_the_areas_that_are_theirs(hands: Mapping[str, Database]) -> None:
    found = patrol_coverage(hands["officer-a"], "grid", first=DAY, last=DAY, timezone=ZONE)
    assert [(row.code, row.covered_buildings) for row in found.areas] == [("A", 1)]
    assert (found.in_no_area, found.total.check_ins) == (None, 2)
    assert [row.code for row in visit_load(hands["dispatcher-s"], "grid", day=DAY).areas] == ["A", "B"]


def test_visits_of_a_week_add_up_in_every_layer(database: Database) -> None:
    counts = {
        "a1": ("key", 10),
        "b1": ("key", 3),
        "far": ("key", 5),
        "lost": ("general", 130),
        "a2": ("old", 4),
    }
    with database.begin() as connection:
        for name, (category, count) in counts.items():
            connection.execute(
                sa.text(
                    "INSERT INTO care_count SELECT id, :category, :count, '2026-05-01', 's' FROM building"
                    " WHERE external_id = :name"
                ),
                {"name": name, "category": category, "count": count},
            )
    week = [visit_load(database, "grid", day=date(2026, 5, 11) + timedelta(days=day)) for day in range(7)]
    assert [one.is_working_day for one in week] == [True] * 5 + [False] * 2
    # ten people visited every week over five days: two each day, and the same in streets
    assert [one.areas[0].by_category["key"] for one in week] == [2, 2, 2, 2, 2, 0, 0]
    for one in week:
        assert one.in_no_area is not None
        assert [row.people for row in (*one.areas, one.in_no_area)] == [10, 3, 0, 135]
        assert [row.due_in_week for row in one.areas] == [10, 3, 0]
        assert one.total.due == sum(row.due for row in (*one.areas, one.in_no_area))
        assert one.categories_not_in_policy == ("old",)
    assert sum(one.total.due for one in week) == week[0].total.due_in_week
    street = visit_load(database, "street", day=DAY)
    assert street.total == visit_load(database, "grid", day=DAY).total


def test_patrols_of_buildings_go_by_their_class_and_add_up(database: Database) -> None:
    year = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
    with database.begin() as connection:
        connection.execute(sa.text("INSERT INTO risk_rules (version, definition) VALUES ('r', '{}')"))
        rated = "risk_points = 0, risk_reasons = '{}', risk_rules_version = 'r', rated_at = now()"
        for name, of_class in (("a1", "warning"), ("b1", "safe"), ("far", "general")):
            words = f"UPDATE building SET risk_class = :of, {rated} WHERE external_id = :name"
            connection.execute(sa.text(words), {"of": of_class, "name": name})
    before = visit_policy().patrols_per_year
    day = visit_load(database, "grid", day=DAY)
    assert day.in_no_area is not None
    assert [row.buildings for row in (*day.areas, day.in_no_area)] == [2, 1, 0, 2]
    assert day.total == visit_load(database, "street", day=DAY).total
    # the weeks of a year add up to what the policy says of each class
    weeks = [visit_load(database, "grid", day=one).total for one in year[::7]]
    due = sum(one.patrols_due_in_week for one in weeks)
    whole = sum(before[one] for one in ("warning", "safe", "general", "unclassified", "unclassified"))
    assert abs(due - whole) <= 2  # of the weeks at both ends of the year
    assert {*day.total.patrols_by_class} == {*before}
    assert sum(day.total.patrols_by_class.values()) == day.total.patrols_due


def test_people_outside_the_circles_are_counted(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO service_point (code, tier, title, geom, source, valid_to) VALUES"
                " ('1', 'grid', 'one', 'SRID=4326;POINT(114.005 22.505)', 's', NULL),"
                " ('2', 'street', 'gone', 'SRID=4326;POINT(114.025 22.505)', 's', '2026-01-01')"
            )
        )
        connection.execute(sa.text("ALTER TABLE area DISABLE TRIGGER USER"))
        connection.execute(sa.text("UPDATE area SET population = 400 WHERE code IN ('C', 'T')"))
        connection.execute(sa.text("ALTER TABLE area ENABLE TRIGGER USER"))
    found = service_coverage(database, "grid", at=DAY)
    assert found.points == {"district": 0, "street": 0, "community": 0, "grid": 1}
    rows = {row.code: (row.people, row.outside, row.outside_share, row.by_ground) for row in found.areas}
    assert rows == {
        "A": (150.0, 50.0, pytest.approx(1 / 3, abs=1e-6), False),
        "B": (30.0, 30.0, 1.0, False),
        "C": (400.0, 400.0, 1.0, True),  # nobody said how many live in its buildings
    }
    rest = found.in_no_area
    assert rest is not None
    assert (rest.people, rest.outside, rest.without_place) == (7.0, 7.0, 3.0)
    assert (found.total.people, found.total.outside, found.total.without_place) == (587.0, 487.0, 3.0)
    assert service_coverage(database, "street", at=DAY).total == found.total


def test_what_is_counted_is_listed(database: Database) -> None:
    points = service_points(database, at=DAY)
    assert ([(one.code, one.tier, one.lon) for one in points.points], points.after) == (
        [("1", "grid", 114.005)],
        None,
    )
    assert [one.code for one in service_points(database, at=date(2025, 12, 31), limit=1).points] == ["1"]
    former = service_points(database, at=date(2025, 12, 31), tier="street")
    assert [(one.title, one.valid_to) for one in former.points] == [("gone", date(2026, 1, 1))]
    assert service_points(database, at=date(2025, 12, 31), limit=1).after == "1"
    assert service_points(database, at=date(2025, 12, 31), after="1").points == former.points
    for area, people in (("A", 50), ("B", 30), ("C", 0), (None, 87)):
        listed = buildings_outside(database, "grid", at=DAY, area=area)
        assert sum(one.population or 0 for one in listed.buildings) == people, area
    whole = buildings_outside(database, "grid", at=DAY).buildings
    assert [one.population for one in whole] == sorted((one.population for one in whole), reverse=True)
    first = buildings_outside(database, "grid", at=DAY, limit=2)
    rest = buildings_outside(database, "grid", at=DAY, after=first.after)
    assert (first.buildings + rest.buildings, rest.after) == (whole, None)
    with pytest.raises(InputError, match="not where a page of buildings ended"):
        buildings_outside(database, "grid", at=DAY, after="x")


def test_people_of_ground_are_divided_by_the_circles(database: Database) -> None:
    wide = format_visits(visit_policy())
    wide |= {"version": "wide", "example": False, "service": {**wide["service"], "radius_m": 3000}}
    assert adopt_policy(database, "visits", wide).is_new
    assert [one.version for one in list_policies(database, "visits")] == ["wide"]
    # from (114.005, 22.505) the cell C begins 2.57 km and ends 3.6 km to the east: a part of it is inside
    found = service_coverage(database, "grid", at=DAY)
    c = found.areas[2]
    assert (found.radius_m, found.is_example, c.by_ground) == (3000.0, False, True)
    assert 0.55 < (c.outside_share or 0) < 0.65
    assert found.areas[0].outside == 0.0

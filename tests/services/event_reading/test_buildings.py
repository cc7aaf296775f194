"""The building that an event concerns, and the events of a building."""

from __future__ import annotations

import hazard_ground
import loop_ground
from hazard_ground import TODAY, ZONE

from gisgov.services.event_reading import find_event, find_event_by_key, list_events, parse_filter
from gisgov.services.following_risk import follow_risk
from gisgov.services.loop.reports import EventBuilding
from gisgov.store import joining
from gisgov.store.database import Database


def test_an_event_tells_its_building_and_a_building_its_events(database: Database) -> None:
    houses = hazard_ground.settle(database, with_rules=False)
    inside, far = hazard_ground.event(database, "inside"), hazard_ground.event(database, "far", x=114.006)
    near = hazard_ground.event(database, "near", x=114.0051 + 5 / 102_900)
    assert find_event(database, inside).building is None  # nobody looked for it yet
    follow_risk(database, today=TODAY, timezone=ZONE, within_m=15.0)
    with database.begin() as connection:
        joining.join_events(connection, timezone=ZONE, ids=[inside, near, far])
    people = loop_ground.people(database)
    assert find_event(people["officer-a"], inside).building == EventBuilding(houses["a1"], "footprint", 0.0)
    told = find_event_by_key(database, "hotline", "near").building
    assert told is not None
    assert (told.id, told.how, round(told.distance_m)) == (houses["a1"], "nearest", 5)
    assert find_event(database, far).building is None
    of_house = parse_filter(building_id=houses["a1"])
    assert {one.id for one in list_events(people["officer-a"], of_house).events} == {inside, near}
    assert list_events(people["officer-c"], of_house).events == ()

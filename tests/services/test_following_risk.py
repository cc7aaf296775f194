from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import hazard_ground
import pytest
import sqlalchemy as sa
from hazard_ground import TODAY, ZONE

from gisgov.governance.hazard_reports import HazardReport
from gisgov.governance.hazards import HazardKind
from gisgov.governance.risk import parse_rules
from gisgov.services import following_risk
from gisgov.services.following_risk import Followed, follow_from_now, follow_risk, link_new_events
from gisgov.services.hazards import SentHazard, record_hazards
from gisgov.services.rating import propose_rules, put_in_force, rate_buildings
from gisgov.store import joining
from gisgov.store.database import Database
from gisgov.types import Ints

REACH_M = 15.0
METRE = 1 / 102_900
"""Of longitude, in degrees, at 22.5° north."""


def follow(database: Database, day: date = TODAY) -> Followed:
    return follow_risk(database, today=day, timezone=ZONE, within_m=REACH_M)


def execute(database: Database, words: str, **given: object) -> None:
    with database.begin() as connection:
        connection.execute(sa.text(words), given)


def links(database: Database) -> dict[str, tuple[str | None, str, float | None]]:
    with database.begin() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT e.external_id, b.external_id, l.how, round(CAST(l.distance_m AS NUMERIC), 1)"
                " FROM event_building AS l JOIN event AS e ON e.id = l.event_id"
                " LEFT JOIN building AS b ON b.id = l.building_id"
            )
        )
        return {row[0]: (row[1], row[2], None if row[3] is None else float(row[3])) for row in rows}


def classes(database: Database, name: str = "a1") -> list[str]:
    return [one[0] for one in hazard_ground.ratings(database, name)]


@pytest.fixture
def houses(database: Database) -> dict[str, int]:
    ids = hazard_ground.settle(database)
    assert follow(database) == Followed(buildings=5)
    assert follow(database) == Followed()
    return ids


def test_an_event_is_of_the_named_building_or_the_covering_or_the_nearest_or_none(
    database: Database, houses: dict[str, int]
) -> None:
    edge = 114.0051
    hazard_ground.event(database, "named", x=114.035, building=houses["b1"])
    hazard_ground.event(database, "named-nowhere", building=houses["lost"])
    hazard_ground.event(database, "inside")
    hazard_ground.event(database, "on-the-wall", x=edge)
    hazard_ground.event(database, "near", x=edge + 14.9 * METRE)
    hazard_ground.event(database, "far", x=edge + 15.1 * METRE)
    execute(
        database,
        "INSERT INTO event (external_id, source, category, state, occurred_at, problem, crs) VALUES"
        " ('no-place', 'x', '治安', 'reported', '2026-05-09', 'no-coordinate', 'wgs84')",
    )
    assert follow(database).events == 7
    told = links(database)
    assert told.pop("named")[:2] == ("b1", "named")
    assert told == {
        "named-nowhere": ("lost", "named", 0.0),
        "inside": ("a1", "footprint", 0.0),
        "on-the-wall": ("a1", "footprint", 0.0),
        "near": ("a1", "nearest", pytest.approx(14.9, abs=0.1)),
        "far": (None, "none", None),
        "no-place": (None, "none", None),
    }


def test_of_several_buildings_the_first_by_id_outside_has_the_event(
    database: Database, houses: dict[str, int]
) -> None:
    execute(
        database,
        "INSERT INTO building (external_id, source, geom, crs) SELECT n.id, n.source, b.geom, 'wgs84'"
        " FROM building AS b, (VALUES ('a0', 'z'), ('a0', 't'), ('a9', 'a')) AS n (id, source)"
        " WHERE b.id = :id",
        id=houses["a1"],
    )
    hazard_ground.event(database, "inside")
    hazard_ground.event(database, "near", x=114.0051 + 5 * METRE)
    follow(database)
    with database.begin() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT DISTINCT b.external_id, b.source FROM event_building AS l"
                " JOIN building AS b ON b.id = l.building_id"
            )
        ).all()
    assert [tuple(row) for row in rows] == [("a0", "t")]


def _rejects(database: Database, event_id: int) -> None:
    execute(database, "UPDATE event SET state = 'rejected' WHERE id = :id", id=event_id)


def _moves(database: Database, event_id: int) -> None:
    place = "ST_SetSRID(ST_MakePoint(114.025, 22.505), 4326)"
    execute(database, f"UPDATE event SET geom = {place} WHERE id = :id", id=event_id)


def _changes_category(database: Database, event_id: int) -> None:
    execute(database, "UPDATE event SET category = '噪声' WHERE id = :id", id=event_id)


def _loses_place(database: Database, event_id: int) -> None:
    execute(database, "UPDATE event SET geom = NULL, problem = 'no-coordinate' WHERE id = :id", id=event_id)


@pytest.mark.parametrize("change", [_rejects, _moves, _changes_category, _loses_place])
def test_a_rating_follows_an_event_that_comes_in_and_what_becomes_of_it(
    database: Database, houses: dict[str, int], change: Callable[[Database, int], None]
) -> None:
    event_id = hazard_ground.event(database, "e1")
    assert follow(database) == Followed(events=1, buildings=1, rated=1)
    assert hazard_ground.ratings(database, "a1")[-1] == ("warning", 20, ("0", "0", "1", "1"))
    change(database, event_id)
    assert follow(database).rated == (2 if change is _moves else 1)
    assert classes(database) == ["safe", "warning", "safe"]
    assert classes(database, "b1") == (["safe", "warning"] if change is _moves else ["safe"])


def test_an_event_near_by_counts_and_one_of_another_category_or_long_ago_does_not(
    database: Database, houses: dict[str, int]
) -> None:
    hazard_ground.event(database, "near", x=114.0051 + 90 * METRE)
    hazard_ground.event(database, "noise", category="噪声")
    hazard_ground.event(database, "old", day=TODAY - timedelta(days=20))
    assert follow(database) == Followed(events=3, buildings=1, rated=1)
    assert hazard_ground.ratings(database, "a1")[-1][1:] == (5, ("0", "0", "0", "1"))


def test_steps_that_change_nothing_that_counts_rate_nothing(
    database: Database, houses: dict[str, int]
) -> None:
    event_id = hazard_ground.event(database, "e1")
    follow(database)
    execute(database, "UPDATE event SET state = 'closed', step_number = 4 WHERE id = :id", id=event_id)
    assert follow(database) == Followed()


def test_days_that_pass_let_events_leave_windows_and_terms_end(
    database: Database, houses: dict[str, int]
) -> None:
    hazard_ground.event(database, "e1", day=date(2026, 5, 5))
    sent = SentHazard("h", "b1", HazardKind.FIRE, HazardReport(date(2026, 5, 1), date(2026, 5, 12)))
    record_hazards(database, "i", [sent], today=TODAY, timezone=ZONE)
    follow(database)
    assert classes(database, "b1") == ["safe", "general"]
    last_inside, last_near = date(2026, 5, 14), date(2026, 5, 24)
    assert follow(database, date(2026, 5, 12)) == Followed()
    assert follow(database, date(2026, 5, 13)) == Followed(0, 1, 1)
    assert classes(database, "b1") == ["safe", "general", "warning"]
    # looked at again: what was recorded before a midnight may come in after it
    assert follow(database, last_inside) == Followed(0, 1, 0)
    assert follow(database, last_inside + timedelta(days=1)) == Followed(0, 1, 1)
    assert follow(database, last_near) == Followed()
    assert follow(database, last_near + timedelta(days=1)) == Followed(0, 1, 1)
    assert [one[1] for one in hazard_ground.ratings(database, "a1")] == [0, 20, 5, 0]
    # a clock that is put back rates nothing, and what passes again is followed again
    assert follow(database, TODAY) == Followed()
    assert follow(database, last_near + timedelta(days=1)).rated == 0


def test_days_are_skipped_together(database: Database, houses: dict[str, int]) -> None:
    hazard_ground.event(database, "e1", day=date(2026, 5, 5))
    hazard_ground.event(database, "ahead", day=date(2026, 5, 20), x=114.025)
    follow(database)
    assert classes(database, "b1") == ["safe"]
    assert follow(database, date(2026, 6, 20)).buildings == 2
    assert [one[1] for one in hazard_ground.ratings(database, "a1")] == [0, 20, 0]
    assert follow(database, date(2026, 5, 21)) == Followed()


def test_a_building_that_changes_takes_its_events_with_it(database: Database, houses: dict[str, int]) -> None:
    hazard_ground.event(database, "e1")
    follow(database)
    execute(
        database,
        "UPDATE building SET geom = ST_Translate(geom, 0.0005, 0) WHERE id = :id",
        id=houses["a1"],
    )
    assert follow(database).events == 1
    assert links(database)["e1"] == (None, "none", None)
    assert classes(database) == ["safe", "warning", "safe"]
    execute(database, "DELETE FROM building WHERE id = :id", id=houses["a1"])
    follow(database)
    execute(
        database,
        "INSERT INTO building (external_id, source, geom, crs) VALUES ('new', 's',"
        " ST_MakeEnvelope(114.0049, 22.5049, 114.0051, 22.5051, 4326), 'wgs84')",
    )
    assert follow(database).rated == 1
    assert links(database)["e1"][:2] == ("new", "footprint")
    assert classes(database, "new") == ["warning"]


def test_an_event_whose_building_is_gone_finds_another(database: Database, houses: dict[str, int]) -> None:
    hazard_ground.event(database, "e1")
    execute(
        database,
        "INSERT INTO building (external_id, source, geom, crs) SELECT 'a0', 's', geom, crs FROM building"
        " WHERE id = :id",
        id=houses["a1"],
    )
    follow(database)
    assert links(database)["e1"][0] == "a0"
    execute(database, "DELETE FROM building WHERE external_id = 'a0'")
    assert follow(database).events == 1
    assert links(database)["e1"][0] == "a1"


def test_its_own_ratings_and_those_of_others_do_not_make_it_run_again(
    database: Database, houses: dict[str, int]
) -> None:
    hazard_ground.event(database, "e1")
    assert follow(database).rated == 1
    assert follow(database) == Followed()
    hazard_ground.event(database, "e2", x=114.025)
    link_new_events(database, within_m=REACH_M)
    assert rate_buildings(database, today=TODAY, timezone=ZONE).written == 1
    assert follow(database) == Followed()


def test_changes_of_any_building_rate_all(
    database: Database, houses: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_risk, "_AT_ONCE", 1)
    hazard_ground.event(database, "e1")
    hazard_ground.event(database, "e2", x=114.025)
    execute(database, "INSERT INTO change (subject) VALUES ('building')")
    assert follow(database) == Followed(events=2, buildings=5, rated=2)
    assert follow(database) == Followed()


def test_a_log_that_does_not_reach_back_rates_all(database: Database, houses: dict[str, int]) -> None:
    hazard_ground.event(database, "e1")
    execute(database, "DELETE FROM change")
    assert follow(database) == Followed(events=1, buildings=5, rated=1)


def test_publishing_areas_rates_nothing_otherwise(database: Database, houses: dict[str, int]) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM building_area"))
        joining.join_buildings(connection, day=TODAY)
    assert follow(database).rated == 0
    assert follow(database) == Followed()


def test_all_are_rated_the_first_time(database: Database) -> None:
    hazard_ground.event(database, "before", x=114.025)
    hazard_ground.settle(database)  # rates all
    hazard_ground.event(database, "after")
    hazard_ground.event(database, "near", x=114.0151 + 90 * METRE)
    execute(
        database,
        "INSERT INTO building (external_id, source, problem, crs) VALUES ('new', 's', 'no-coordinate', 'x')",
    )
    sent = SentHazard("h", "c1", HazardKind.FIRE, HazardReport(date(2026, 5, 1), TODAY))
    record_hazards(database, "i", [sent], today=TODAY, timezone=ZONE)  # rates one, after the events came in
    tomorrow = TODAY + timedelta(days=1)
    assert follow(database, tomorrow) == Followed(events=3, buildings=6, rated=5)
    told = {name: hazard_ground.ratings(database, name)[-1][:2] for name in ("a1", "a2", "b1", "c1", "new")}
    assert told == {
        "a1": ("warning", 20),
        "a2": ("safe", 5),
        "b1": ("warning", 20),
        "c1": ("warning", 20),
        "new": ("safe", 0),
    }
    assert follow(database, tomorrow) == Followed()


def test_what_was_rated_for_a_day_of_the_past_can_stand(database: Database) -> None:
    hazard_ground.event(database, "before")
    hazard_ground.settle(database, with_rules=False)
    link_new_events(database, within_m=REACH_M)
    propose_rules(database, parse_rules(hazard_ground.RULES))
    put_in_force(database, "counting", reason="test", today=TODAY, timezone=ZONE)
    later = TODAY + timedelta(days=300)
    follow_from_now(database, today=later)
    assert follow(database, later) == Followed()
    hazard_ground.event(database, "after", x=114.025, day=later)
    assert follow(database, later) == Followed(events=1, buildings=1, rated=1)
    assert (classes(database), classes(database, "b1")) == (["warning"], ["safe", "warning"])


def test_what_comes_in_while_rules_are_put_in_force_is_judged_by_them(
    database: Database, houses: dict[str, int]
) -> None:
    wider = copy.deepcopy(hazard_ground.RULES)
    wider["version"] = "wider"
    wider["facts"][-1]["counts"]["within_m"] = 500
    propose_rules(database, parse_rules(wider))
    rated, followed = threading.Event(), threading.Event()

    def held(parts: Iterable[Ints], **_: object) -> Iterable[Ints]:
        yield from parts
        rated.set()
        followed.wait(0.5)

    putting = threading.Thread(
        target=lambda: put_in_force(
            database, "wider", reason="test", today=TODAY, timezone=ZONE, progress=held
        )
    )
    putting.start()
    rated.wait()
    hazard_ground.event(database, "far", x=114.0051 + 300 * METRE)
    follow(database)
    followed.set()
    putting.join()
    follow(database)
    assert hazard_ground.ratings(database, "a1")[-1][1:] == (5, ("0", "0", "0", "1"))


def test_without_rules_events_are_linked_and_nothing_is_rated(database: Database) -> None:
    hazard_ground.settle(database, with_rules=False)
    hazard_ground.event(database, "e0")
    assert follow(database) == Followed(events=1)
    hazard_ground.event(database, "e1")
    assert follow(database, TODAY + timedelta(days=1)) == Followed(events=1)
    assert links(database)["e1"][0] == "a1"
    assert classes(database) == []


def test_two_workers_at_once_follow_each_change_once(database: Database, houses: dict[str, int]) -> None:
    for number in range(20):
        hazard_ground.event(database, f"e{number}", x=114.005 + number % 2 * 0.02)
    done: list[Followed] = []
    workers = [threading.Thread(target=lambda: done.append(follow(database))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(one.events for one in done) == 20
    assert [len(classes(database, name)) for name in ("a1", "b1", "c1")] == [2, 2, 1]
    assert follow(database) == Followed()

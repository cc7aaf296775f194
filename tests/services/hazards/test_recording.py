from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import hazard_ground
import loop_ground
import pytest
import sqlalchemy as sa
from hazard_ground import TODAY, ZONE
from held_locks import until_waiting

from gisgov.errors import ConflictError, InputError, NotAllowed, NotFoundError
from gisgov.governance.hazard_reports import HazardReport
from gisgov.governance.hazards import HazardAction, HazardKind, HazardStep
from gisgov.services.hazards import (
    HazardFilter,
    HazardsTaken,
    SentHazard,
    find_hazard,
    list_hazards,
    parse_hazards,
    record_hazards,
    take_hazard_step,
)
from gisgov.store.database import Database


def sent(name: str, building: str = "a1", *, found: int = 1, **days: int) -> SentHazard:
    told = {f"{word}_on": date(2026, 5, number) for word, number in days.items()}
    return SentHazard(name, building, HazardKind.FIRE, HazardReport(date(2026, 5, found), **told))


def record(database: Database, *hazards: SentHazard) -> HazardsTaken:
    return record_hazards(database, "inspection", hazards, today=TODAY, timezone=ZONE)


def step(database: Database, key: int, action: str, number: int, **more: object) -> str:
    taken = HazardStep(HazardAction(action), date(2026, 5, number), **more)  # type: ignore[arg-type]
    return take_hazard_step(database, key, taken, today=TODAY, timezone=ZONE).state


def only_id(taken: HazardsTaken) -> int:
    assert taken.items[0].id is not None, taken.items
    return taken.items[0].id


def test_each_hazard_has_its_result_and_its_building_another_rating(database: Database) -> None:
    hazard_ground.settle(database)
    taken = record(
        database,
        sent("h1", due=9),
        sent("h2", "nowhere"),
        sent("h3", "b1", rectified=3, checked=4),
        sent("h4", found=11),
        sent(" "),
        sent("h1", due=9),
        sent("h3", "b1"),
    )
    assert [item.status for item in taken.items] == [
        *("created", "refused", "created", "refused", "refused", "known", "refused")
    ]
    assert [item.reason for item in taken.items if item.status == "refused"] == [
        "There is no building nowhere where you may see buildings.",
        "It cannot be found on 2026-05-11: today is 2026-05-10.",
        "external_id is blank.",
        "It is told of twice, and not alike.",
    ]
    assert (taken.created, taken.known, taken.refused, taken.rated) == (2, 1, 4, 1)
    # one open hazard whose term is over
    assert hazard_ground.ratings(database, "a1")[-1] == ("warning", 20, ("1", "1", "0", "0"))
    assert hazard_ground.ratings(database, "b1")[-1][0] == "safe"


def test_what_is_sent_again_changes_nothing_and_what_was_done_since_carries_it_on(database: Database) -> None:
    hazard_ground.settle(database)
    first = record(database, sent("h1", due=20))
    assert record(database, sent("h1", due=20)).items == (replace(first.items[0], status="known"),)
    carried = record(database, sent("h1", due=20, rectified=5))
    assert (carried.changed, carried.rated, carried.items[0].id) == (1, 1, only_id(first))
    assert record(database, sent("h1", "b1")).items[0].reason == (
        "It was told of before, of another building or another kind."
    )
    history = find_hazard(database, only_id(first), today=TODAY)
    assert [(one.number, one.action, one.day.day) for one in history.steps] == [
        (1, "find", 1),
        (2, "rectify", 5),
    ]
    assert history.hazard.legal == ("check", "return")
    assert [one[0] for one in hazard_ground.ratings(database, "a1")] == ["safe", "general", "safe"]


def test_a_hazard_goes_its_way_and_the_rating_with_it(database: Database) -> None:
    hazard_ground.settle(database)
    key = only_id(record(database, sent("h1", due=8)))
    assert step(database, key, "extend", 8, reason="waits for parts", due_on=date(2026, 5, 30)) == "found"
    assert step(database, key, "rectify", 9) == "rectified"
    assert step(database, key, "return", 9, reason="still blocked") == "found"
    assert step(database, key, "rectify", 10) == "rectified"
    assert step(database, key, "check", 10) == "checked"
    classes = [one[0] for one in hazard_ground.ratings(database, "a1")]
    assert classes == ["safe", "warning", "general", "safe", "general", "safe"]
    told = find_hazard(database, key, today=TODAY)
    assert [one.reason for one in told.steps][1:4] == ["waits for parts", None, "still blocked"]
    assert (told.hazard.checked_on, told.hazard.step_number) == (TODAY, 6)
    assert {one.by_kind for one in told.steps} == {"service"}
    with pytest.raises(ConflictError, match="checked cannot be taken through 'check'"):
        step(database, key, "check", 10)
    with pytest.raises(NotFoundError, match="no hazard 999"):
        step(database, 999, "check", 10)


def test_a_step_that_waited_for_another_sees_it(database: Database) -> None:
    hazard_ground.settle(database)
    key = only_id(record(database, sent("h1")))
    refused: list[str] = []

    def send_back() -> None:
        with pytest.raises(InputError) as told:
            step(database, key, "return", 3, reason="not done")
        refused.append(told.value.message)

    waiting = threading.Thread(target=send_back)
    with database.begin() as connection:
        connection.execute(
            sa.text("UPDATE hazard SET state = 'rectified', rectified_on = '2026-05-08', step_number = 2")
        )
        connection.execute(
            sa.text(
                "INSERT INTO hazard_step (hazard_id, number, action, to_state, day, by_name, by_kind)"
                " SELECT id, 2, 'rectify', 'rectified', '2026-05-08', 'x', 'person' FROM hazard"
            )
        )
        waiting.start()
        until_waiting(database)
    waiting.join()
    assert refused == ["2026-05-03 lies before its last step, of 2026-05-08."]


def test_nobody_changes_what_was_done(database: Database) -> None:
    hazard_ground.settle(database, with_rules=False)
    record(database, sent("h1"))
    with pytest.raises(ConflictError), database.begin() as connection:
        connection.execute(sa.text("UPDATE hazard_step SET day = day - 1"))


def test_rights_reach_where_the_building_lies(database: Database) -> None:
    hazard_ground.settle(database)
    people = loop_ground.people(database)
    officer, dispatcher, viewer = (people[name] for name in ("officer-a", "dispatcher-s", "viewer"))
    taken = record(officer, sent("h1"), sent("h2", "c1"), sent("h3", rectified=2, checked=3))
    assert [item.status for item in taken.items] == ["created", "refused", "refused"]
    assert taken.items[1].reason == "There is no building c1 where you may see buildings."
    assert taken.items[2].reason == "You do not hold hazards.check where its building lies."
    assert (
        record(viewer, sent("h4")).items[0].reason
        == "You do not hold hazards.record where its building lies."
    )
    key = only_id(taken)
    assert step(officer, key, "rectify", 3) == "rectified"
    with pytest.raises(NotAllowed, match=r"hazards\.check for building"):
        step(officer, key, "check", 4)
    assert step(dispatcher, key, "check", 4) == "checked"
    with pytest.raises(NotFoundError):
        step(people["officer-c"], key, "check", 5)
    assert find_hazard(officer, key, today=TODAY).steps[-1].by_name == "dispatcher-s"
    assert list_hazards(people["officer-c"], HazardFilter(), today=TODAY).hazards == ()


def test_lists_are_filtered_and_come_in_pages(database: Database) -> None:
    ids = hazard_ground.settle(database, with_rules=False)
    far = SentHazard("h5", "lost", HazardKind.OTHER, HazardReport(date(2026, 5, 2)), building_source="s")
    record(
        database,
        sent("h1", due=9),
        sent("h2", "a2", due=10),
        sent("h3", "b1", rectified=3),
        sent("h4", "c1", rectified=3, checked=4),
        far,
    )

    def listed(**asked: object) -> list[str]:
        page = list_hazards(database, parse_hazards(**asked), today=TODAY)  # type: ignore[arg-type]
        return [one.external_id for one in page.hazards]

    assert listed() == ["h5", "h4", "h3", "h2", "h1"]
    assert listed(layer="grid", area="A") == ["h2", "h1"]
    assert listed(layer="street", area="S") == ["h3", "h2", "h1"]
    assert listed(kind="其他") == ["h5"]
    assert listed(state="rectified, checked") == ["h4", "h3"]
    assert listed(is_overdue=True) == ["h1"]
    assert listed(is_overdue=False) == ["h5", "h4", "h3", "h2"]
    assert listed(building_id=ids["a2"]) == ["h2"]
    first = list_hazards(database, HazardFilter(), today=TODAY, limit=2)
    second = list_hazards(database, HazardFilter(), today=TODAY, limit=2, after=first.after)
    last = list_hazards(database, HazardFilter(), today=TODAY, limit=2, after=second.after)
    assert [one.external_id for page in (first, second, last) for one in page.hazards] == listed()
    assert last.after is None
    with pytest.raises(InputError, match="not where a page of hazards ended"):
        list_hazards(database, HazardFilter(), today=TODAY, after="x")
    with pytest.raises(InputError, match="by its layer and its code"):
        listed(layer="grid")
    with pytest.raises(InputError, match="'water' is no kind of hazards"):
        listed(kind="water")
    with pytest.raises(InputError, match="'open' is no state of hazards"):
        listed(state="open")


def test_buildings_of_several_sources_and_events_that_are_not_there_are_refused(database: Database) -> None:
    hazard_ground.settle(database, with_rules=False)
    event_id = hazard_ground.event(database, "e1")
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO building (external_id, source, problem, crs)"
                " VALUES ('a1', 't', 'no-coordinate', 'x')"
            )
        )
    days = HazardReport(date(2026, 5, 2))
    taken = record(
        database,
        sent("h1"),
        SentHazard("h2", "a1", HazardKind.FIRE, days, building_source="t", event_id=event_id),
        SentHazard("h3", "b1", HazardKind.FIRE, days, event_id=event_id + 1),
        SentHazard("h4", "b1", HazardKind.FIRE, days, building_source="t"),
    )
    assert [item.reason for item in taken.items] == [
        "Several sources have a building a1: s, t.",
        None,
        f"There is no event {event_id + 1} where you may see events.",
        "There is no building b1 of t where you may see buildings.",
    ]
    assert list_hazards(database, HazardFilter(), today=TODAY).hazards[0].event_id == event_id

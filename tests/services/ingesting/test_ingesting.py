"""Events that come in: taken in once, joined as files are, given a desk, corrected by their reporters."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

import numpy as np
import pytest
import sqlalchemy as sa
from ingest_ground import NOW, TODAY, ZONE, Days, event, ingest
from loop_ground import area

from gisgov.errors import EventUnknown
from gisgov.governance.loop import Step
from gisgov.services.ingesting import EventReport, Ingested, ItemFault, Unread, likely_duplicates
from gisgov.services.loop import take_step
from gisgov.store import ingesting as store
from gisgov.store import joining
from gisgov.store.database import Database

Send: TypeAlias = Callable[..., Ingested]
AREAS = (
    "SELECT event_id, layer_id, plan_id, area_code, on_border, candidates, orphan_reason, nearest_code,"
    " round(CAST(distance_m AS NUMERIC), 3) FROM event_area ORDER BY event_id, layer_id"
)


def rows(database: Database, query: str, **given: Any) -> list[tuple[Any, ...]]:
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query), given)]


def outcomes(ingested: Ingested) -> list[str]:
    return [one.outcome for one in ingested.items]


def faults(ingested: Ingested) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.reason) for one in ingested.items for fault in one.faults]


def desk(ingested: Ingested, number: int = 0) -> tuple[Any, ...]:
    given = ingested.items[number].desk
    assert given is not None
    return given.kind, given.layer, given.code, given.department


def test_an_event_lands_on_the_desk_of_its_grid_and_all_that_answer_for_it_are_named(
    ground: Database, send: Send
) -> None:
    done = send(event("a-1", 114.0101, category="乱堆物料", level="二级", description="路边"))
    (one,) = done.items
    assert (done.received, done.created, one.outcome, one.state, one.level) == (
        1,
        1,
        "created",
        "reported",
        "2",
    )
    assert (one.category, one.crs) == ("0102", "EPSG:4326")
    # the item names the street for level 2
    assert desk(done) == ("area", "street", "S", None)
    done = send(event("a-2", 114.0101, category="0101", level="2"))
    given = done.items[0].desk
    assert given is not None
    assert desk(done) == ("area", "grid", "B", "water")
    assert [(post.role, post.holder) for post in given.posts] == [("网格长", "李"), ("专职网格员", "赵")]
    assert [(near.code, round(near.distance_m)) for near in given.neighbours] == [("A", 10)]
    assert given.above == ("S",)
    told = "SELECT area_code, why, round(distance_m) FROM event_told WHERE event_id = :id ORDER BY 1"
    assert rows(ground, told, id=done.items[0].event_id) == [
        ("A", "neighbour", 10), ("B", "desk", None), ("S", "above", None)
    ]  # fmt: skip
    stored = (
        "SELECT category, category_code, level, state, step_number, desk_area_code, department_code"
        " FROM event WHERE external_id = 'a-2'"
    )
    assert rows(ground, stored) == [("0101", "0101", "2", "reported", 1, "B", "water")]


def test_events_belong_to_the_areas_that_a_join_of_files_gives_them(ground: Database, send: Send) -> None:
    random = np.random.default_rng(8)
    places = [*zip(random.uniform(113.99, 114.05, 40), random.uniform(22.49, 22.52, 40), strict=True)]
    places += [(114.01, 22.505), (114.03, 22.505), (114.02, 22.51), (114.0, 22.5), (114.03, 22.5)]
    reports = [
        event(f"join-{i}", x, y, occurred_at=NOW - timedelta(days=int(random.integers(0, 200))))
        for i, (x, y) in enumerate(places)
    ]
    reports += [event("nowhere", None, None), event("b2", None, None, building="b2")]
    done = send(*reports)
    assert done.created == len(reports)
    ids = [one.event_id for one in done.items]
    entered = [row for row in rows(ground, AREAS) if row[0] in ids]
    assert {row[6] for row in entered} == {None, "outside", "no-coordinate"}
    assert any(row[5] for row in entered)
    assert len({row[2] for row in entered}) == 4  # both plans of the grids, that of the streets, none
    with ground.begin() as connection:
        joining.join_events(connection, timezone=ZONE, ids=[key for key in ids if key is not None])
    joined = [row for row in rows(ground, AREAS) if row[0] in ids]
    assert [row[:8] for row in joined] == [row[:8] for row in entered]
    for one, other in zip(joined, entered, strict=True):
        assert other[8] is None if one[8] is None else abs(one[8] - other[8]) < 0.01


def test_what_happened_before_a_plan_has_the_areas_of_its_day_and_the_desk_of_today(
    ground: Database, send: Send
) -> None:
    done = send(event("late", 114.015, category="0101", occurred_at=NOW - timedelta(days=30)))
    assert done.items[0].level == "2"  # of the version of the item that was in force then
    assert desk(done) == ("area", "grid", "B", "water")
    owner = "SELECT plan.name, area_code FROM event_area JOIN plan ON plan.id = plan_id WHERE event_id = :id"
    assert ("old", "A") in rows(ground, owner, id=done.items[0].event_id)


def test_the_same_events_sent_again_change_nothing(ground: Database, send: Send) -> None:
    reports = [event(f"twice-{i}", 114.001 + i * 0.0005, attributes={"n": i, "说": None}) for i in range(30)]
    before = rows(ground, "SELECT version FROM change_head")
    first = send(*reports)
    after = rows(ground, "SELECT version FROM change_head, (SELECT count(*) FROM event_step) AS steps")
    again = send(*reports)
    undated = send(replace(reports[0], occurred_at=None))
    assert (outcomes(undated), undated.items[0].event_id) == (["known"], first.items[0].event_id)
    assert set(outcomes(first)) == {"created"}
    assert set(outcomes(again)) == {"known"}
    assert [one.event_id for one in again.items] == [one.event_id for one in first.items]
    assert again.items[0].desk is None
    assert rows(ground, "SELECT version FROM change_head, (SELECT count(*) FROM event_step) AS s") == after
    assert before != after


def test_two_that_bring_the_same_at_one_time_bring_it_once(ground: Database, days: Days) -> None:
    reports = [event(f"race-{i}") for i in range(40)]
    with ThreadPoolExecutor(4) as pool:
        told = [*pool.map(lambda order: ingest(ground, days, *order), [reports, reports[::-1]] * 2)]
    assert sum(one.created for one in told) == 40
    assert sum(one.known for one in told) == 120
    assert rows(ground, "SELECT count(*) FROM event WHERE external_id LIKE 'race-%'") == [(40,)]


def test_faults_harm_no_other_and_are_pointed_at(send: Send) -> None:
    done = send(
        event("good"),
        event("swapped", 22.505, 114.005),
        event("half", 114.005, None),
        event("gone", crs="nowhere"),
        event("level", level="9"),
        event("future", occurred_at=NOW + timedelta(days=2)),
        event("past", occurred_at=NOW.replace(year=1, tzinfo=None)),
        event("unknown", None, None, device="cam-9"),
        event("two", device="cam-1"),
        event("good", description="otherwise"),
        event("good"),
        Unread((ItemFault("/lon", "lon is no number."),), "hotline", "x"),
        event("spot", level="2", corrected=True),
        event("which", None, None, building="b3"),
        event("none", None, None, building="b9"),
        event(" ", category="x" * 201, attributes={"long": "x" * 20_001}),
    )
    assert outcomes(done) == ["created", *["refused"] * 9, "known", *["refused"] * 5]
    assert (done.received, done.created, done.known, done.refused) == (16, 1, 1, 14)
    told = faults(done)
    assert [pointer for pointer, _ in told] == [
        "/1/lon", "/2/lat", "/3/crs", "/4/level", "/5/occurred_at", "/6/occurred_at", "/7/device", "/8",
        "/9/external_id", "/11/lon", "/12/corrected", "/13/building", "/14/building", "/15/external_id",
        "/15/category", "/15/attributes",
    ]  # fmt: skip
    assert "no place" in told[0][1]
    assert "census, survey" in dict(told)["/13/building"]
    assert "Item 0" in dict(told)["/9/external_id"]


def test_a_system_with_heights_is_read_as_the_flat_one(ground: Database, send: Send) -> None:
    done = send(event("flat", 114.005, crs="EPSG:4979"), event("geocentric", 114.005, crs="EPSG:4978"))
    assert [one.crs for one in done.items] == ["EPSG:4326", None]
    assert [pointer for pointer, _ in faults(done)] == ["/1/crs"]
    place = "SELECT ST_X(geom), ST_Y(geom), crs FROM event WHERE external_id = 'flat'"
    assert rows(ground, place) == [(114.005, 22.505, "EPSG:4326")]


def test_buildings_and_devices_are_places_and_what_has_none_waits_for_people(send: Send) -> None:
    done = send(
        event("qr", None, None, source="扫码上报", building="b1", category="0102", level="1"),
        event("which", None, None, building="b3", building_source="census"),
        event("cam", None, None, source="camera", device="cam-1"),
        event("phone", None, None),
        event("phone-owner", None, None, category="0101"),
        event("zeros", 0.0, 0.0),
        event("away", 114.06),
        event("lamp-away", 114.06, category="0201"),
    )
    assert [desk(done, i)[:3] for i in range(8)] == [
        ("area", "grid", "B"), ("area", "grid", "A"), ("area", "grid", "C"), ("triage", None, None),
        ("department", None, None), ("triage", None, None), ("triage", None, None), ("triage", None, None),
    ]  # fmt: skip
    assert done.items[0].source == "qr-code"
    away = done.items[6].desk
    assert away is not None
    assert [(near.layer, near.code) for near in away.nearest] == [("street", "T"), ("grid", "C")]
    assert away.nearest[0].distance_m == pytest.approx(2058, abs=5)


def test_owners_of_components_and_exceptions_go_before_the_place(send: Send) -> None:
    done = send(
        event("lamp", 114.005, category="0201"),
        event("lamp-exception", 114.005, 22.5081, category="0201"),
        event("no-lamp", 114.005, 22.5081, category="0102"),
        event("park", 114.029, 22.501, category="0102"),
        event("unclassified", 114.005, category="不在册"),
        event("former", 114.0215, 22.5005, category="0102", level="1"),  # its area is in force no more
    )
    assert [desk(done, i) for i in range(6)] == [
        ("department", None, None, "parks"), ("department", None, None, "water"), ("area", "grid", "A", None),
        ("area", "grid", "C", "parks"), ("area", "grid", "A", None), ("area", "grid", "B", None),
    ]  # fmt: skip
    excepted = done.items[3].desk
    assert excepted is not None
    assert (excepted.exception, excepted.above) == ("滨河公园", ("T",))
    assert done.items[4].category is None
    assert done.items[4].level == "2"


def test_what_was_corrected_on_the_spot_is_closed_at_once(ground: Database, send: Send) -> None:
    done = send(event("spot-1", level="1", corrected=True), event("spot-2", level="1"))
    assert [one.state for one in done.items] == ["closed", "reported"]
    later = send(event("spot-2", level="1", corrected=True))
    assert [(one.outcome, one.state) for one in later.items] == [("updated", "closed")]
    assert outcomes(send(event("spot-2", level="1", corrected=True))) == ["known"]
    steps = (
        "SELECT action FROM event_step JOIN event ON event.id = event_id WHERE external_id = :name"
        " ORDER BY number"
    )
    for name in ("spot-1", "spot-2"):
        assert rows(ground, steps, name=name) == [("report",), ("correct-on-the-spot",)]


def test_whoever_reported_corrects_until_somebody_deals_with_it(
    ground: Database, days: Days, hands: dict[str, Database]
) -> None:
    officer, manager = hands["officer-a"], hands["manager"]
    first = ingest(officer, days, event("own", 114.0101, level="2"))
    event_id = first.items[0].event_id
    assert event_id is not None
    assert desk(first)[2] == "B"
    moved = ingest(officer, days, event("own", 114.035, level="2", description="在桥下"))
    assert (outcomes(moved), desk(moved)[2], moved.items[0].event_id) == (["updated"], "C", event_id)
    told = "SELECT area_code FROM event_told WHERE event_id = :id ORDER BY 1"
    assert rows(ground, told, id=event_id) == [("C",), ("T",)]
    assert rows(ground, "SELECT DISTINCT area_code FROM event_area WHERE event_id = :id", id=event_id) == [
        ("C",), ("T",)
    ]  # fmt: skip
    words = ingest(officer, days, event("own", 114.035, level="2", description="在桥上"))
    assert (outcomes(words), words.items[0].desk) == (["updated"], None)
    # somebody else may not, and learns no more than that it is known
    other = ingest(manager, days, event("own", 114.001, level="2"))
    assert "somebody else" in faults(other)[0][1]
    take_step(manager, event_id, Step("hand-over", desk=area("A")), today=TODAY)
    late = ingest(officer, days, event("own", 114.005, level="2"), event("own", 114.005, level="2"))
    assert outcomes(late) == ["refused", "refused"]
    assert "being dealt with" in faults(late)[0][1]
    take_step(manager, event_id, Step("reject", "查无此事"), today=TODAY)
    closed = ingest(officer, days, event("own", 114.035, level="2", description="还在"))
    assert "is rejected" in faults(closed)[0][1]


def test_buildings_stay_places_and_times_are_corrected(ground: Database, send: Send) -> None:
    first = send(event("qr-again", None, None, building="b1", level="2"))
    with ground.begin() as connection:  # it was measured anew
        moved = "UPDATE building SET geom = ST_Translate(geom, 0.0001, 0) WHERE external_id = 'b1'"
        connection.execute(sa.text(moved))
    assert outcomes(send(event("qr-again", None, None, building="b1"))) == ["known"]
    earlier = event("qr-again", None, None, building="b1", occurred_at=NOW - timedelta(days=30))
    assert outcomes(send(earlier)) == ["updated"]
    owner = "SELECT plan.name, area_code FROM event_area JOIN plan ON plan.id = plan_id WHERE event_id = :id"
    assert ("old", "A") in rows(ground, owner, id=first.items[0].event_id)
    elsewhere = send(replace(earlier, building="b3", building_source="survey", level="三级"))
    assert (outcomes(elsewhere), desk(elsewhere)[1:3]) == (["updated"], ("street", "T"))


def test_what_a_report_leaves_out_stays_and_what_it_said_before_is_known(
    ground: Database, days: Days, hands: dict[str, Database]
) -> None:
    officer, manager = hands["officer-a"], hands["manager"]
    whole = event("part", category="0102", level="2", description="路边", attributes={"n": 1})
    event_id = ingest(officer, days, whole).items[0].event_id
    assert event_id is not None
    assert outcomes(ingest(officer, days, EventReport("hotline", "part"))) == ["known"]
    moved = ingest(officer, days, EventReport("hotline", "part", x=114.035, y=22.505))
    assert outcomes(moved) == ["updated"]
    stored = "SELECT category_code, level, description, attributes, ST_X(geom) FROM event WHERE id = :id"
    assert rows(ground, stored, id=event_id) == [("0102", "2", "路边", {"n": 1}, 114.035)]
    again = ingest(officer, days, EventReport("hotline", "part", level="3"))
    assert rows(ground, stored, id=event_id) == [("0102", "3", "路边", {"n": 1}, 114.035)]
    assert desk(again)[1:3] == ("street", "T")
    foreign = ingest(manager, days, EventReport("hotline", "part"))
    assert (outcomes(foreign), foreign.items[0].event_id, foreign.items[0].state) == (["known"], None, None)
    with ground.begin() as connection:  # people decided otherwise since
        connection.execute(sa.text("UPDATE event SET level = '1' WHERE id = :id"), {"id": event_id})
    assert outcomes(ingest(officer, days, EventReport("hotline", "part", level="3"))) == ["known"]


def test_what_somebody_did_meanwhile_is_seen(
    ground: Database, days: Days, hands: dict[str, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = hands["officer-a"]
    event_id = ingest(officer, days, event("meanwhile", level="2")).items[0].event_id
    assert event_id is not None
    known_events = store.known_events

    def slow(connection: sa.Connection, keys: Any, **how: Any) -> Any:
        found = known_events(connection, keys, **how)
        if not how:
            take_step(hands["manager"], event_id, Step("reject", "查无此事"), today=TODAY)
        return found

    monkeypatch.setattr("gisgov.services.ingesting.ingest.known_events", slow)
    told = ingest(officer, days, event("meanwhile", 114.035, level="2"), event("another"))
    assert outcomes(told) == ["refused", "created"]
    assert "is rejected" in faults(told)[0][1]


def test_events_of_files_stay_as_they_are(ground: Database, send: Send) -> None:
    with ground.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO event (external_id, source, level, state, occurred_at, geom, crs) VALUES"
                " ('filed', 'hotline', '2', 'handling', :at, ST_Point(114.005, 22.505, 4326), 'wgs84')"
            ),
            {"at": NOW},
        )
    assert outcomes(send(event("filed"))) == ["known"]
    assert "import the file again" in faults(send(event("filed", 114.006)))[0][1]


def test_nothing_comes_of_nothing(send: Send) -> None:
    assert send() == Ingested(0, 0, 0, 0, 0, ())
    assert outcomes(
        send(EventReport("hotline", "bare", x=114.005, y=22.505, occurred_at=NOW.replace(tzinfo=None)))
    )


def test_open_events_near_in_space_time_and_kind_are_proposed_as_duplicates(
    ground: Database, send: Send, hands: dict[str, Database]
) -> None:
    done = send(
        event("first", 114.0352, category="路灯"),
        event("near", 114.0353, category="0201", occurred_at=NOW - timedelta(hours=5)),
        event("nearer", 114.03521, category="0201"),
        event("further", 114.0358, category="0201"),
        event("earlier", 114.0352, category="0201", occurred_at=NOW - timedelta(hours=80)),
        event("other", 114.0352, category="0102"),
        event("closed", 114.0352, category="0201", level="1", corrected=True),
    )
    ids = [one.event_id or 0 for one in done.items]
    found = likely_duplicates(ground, ids[0])
    assert [(one.external_id, round(one.distance_m), one.hours_apart) for one in found.proposals] == [
        ("nearer", 1, 0.0), ("near", 10, 5.0)
    ]  # fmt: skip
    assert likely_duplicates(hands["officer-c"], ids[0]) == found
    with pytest.raises(EventUnknown):
        likely_duplicates(hands["officer-a"], ids[0])

"""What several requests report, taken in by one transaction: each as it would have been by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from ingest_ground import NOW, ZONE, Days, event

from gisgov.errors import ConflictError, DatabaseUnavailable, TookTooLong
from gisgov.governance.access import Errand
from gisgov.services.ingesting import (
    MOST_TOGETHER,
    EventReport,
    Ingested,
    ItemFault,
    Sending,
    Unread,
    ingest_together,
    shared,
)
from gisgov.services.ingesting import ingest as ingesting
from gisgov.store.database import Database


def sending(database: Database, *reports: EventReport | Unread, request_id: str = "r") -> Sending:
    actor = database.actor
    assert actor is not None
    errand = Errand("POST /v1/events", "192.0.2.1", request_id, 30.0)
    return Sending(database.acting(actor, errand), reports)


def take_in(days: Days, sendings: Sequence[Sending]) -> list[Ingested | Exception]:
    return ingest_together(days, sendings, timezone=ZONE, now=NOW)


def told(outcomes: Sequence[Ingested | Exception]) -> list[Any]:
    return [
        [(item.index, item.outcome) for item in one.items] if isinstance(one, Ingested) else type(one)
        for one in outcomes
    ]


def transactions(database: Database, names: Sequence[str]) -> int:
    """Count the transactions that wrote some events."""
    query = sa.text("SELECT count(DISTINCT CAST(xmin AS TEXT)) FROM event WHERE external_id = ANY (:names)")
    with database.begin() as connection:
        return int(connection.scalar(query, {"names": [*names]}) or 0)


def test_each_gets_its_own_result_and_faults_point_into_its_own_body(
    ground: Database, days: Days, hands: dict[str, Database]
) -> None:
    officer = hands["officer-a"]
    done = take_in(
        days,
        [
            sending(officer, event("together-1"), event("together-2", 200.0)),
            sending(officer, Unread((ItemFault("/lon", "lon is no number."),), "hotline", "x")),
            sending(officer),
            sending(officer, event("together-3"), event("together-3", description="otherwise")),
            sending(officer, event("together-4", 114.005, None), event("together-5", 114.035)),
        ],
    )
    assert told(done) == [
        [(0, "created"), (1, "refused")],
        [(0, "refused")],
        [],
        [(0, "created"), (1, "refused")],
        [(0, "refused"), (1, "created")],
    ]
    faults = [
        fault for one in done if isinstance(one, Ingested) for item in one.items for fault in item.faults
    ]
    assert [one.pointer for one in faults] == ["/1/lon", "/0/lon", "/1/external_id", "/0/lat"]
    assert "Item 0 has the same" in faults[2].reason
    last = done[-1]
    assert isinstance(last, Ingested)
    assert (last.received, last.created, last.refused) == (2, 1, 1)
    assert last.items[1].desk is not None
    assert last.items[1].desk.code == "C"
    assert transactions(ground, ["together-1", "together-3", "together-5"]) == 1


def test_the_audit_tells_the_ids_of_all_requests(
    ground: Database, days: Days, hands: dict[str, Database]
) -> None:
    officer = hands["officer-a"]
    take_in(days, [sending(officer, event(f"audited-{i}"), request_id=f"ask-{i}") for i in range(3)])
    query = sa.text(
        "SELECT content FROM audit_entry WHERE content ->> 'table' = 'event' ORDER BY id DESC LIMIT 1"
    )
    with ground.begin() as connection:
        entry = connection.scalar(query)
    assert entry["request_id"] == "ask-0,ask-1,ask-2"
    assert (entry["account"], entry["origin"], entry["rows"]) == ("officer-a", "192.0.2.1", 3)


def test_whoever_may_do_less_is_told_so_alone(days: Days, hands: dict[str, Database]) -> None:
    officer = hands["officer-a"]
    done = take_in(
        days,
        [
            sending(officer, event("spot-here", category="0102", level="1", corrected=True)),
            sending(officer, event("spot-there", 114.035, category="0102", level="1", corrected=True)),
        ],
    )
    assert told(done) == [[(0, "created")], [(0, "refused")]]


def test_only_sendings_of_one_actor_on_one_errand_are_alike(hands: dict[str, Database]) -> None:
    one, other = sending(hands["officer-a"], event("a")), sending(hands["officer-c"], event("b"))
    assert one.whose == sending(hands["officer-a"], event("c"), request_id="another").whose
    assert one.whose != other.whose
    elsewhere = Errand("POST /v1/events", "192.0.2.2", "r", 30.0)
    actor = hands["officer-a"].actor
    assert actor is not None
    assert one.whose != Sending(hands["officer-a"].acting(actor, elsewhere), ()).whose


def test_what_tells_of_the_same_event_comes_after_it_and_too_many_wait(hands: dict[str, Database]) -> None:
    officer = hands["officer-a"]
    first, second = sending(officer, event("same")), sending(officer, event(" same "), event("more"))
    assert shared([]) == 0
    assert shared([first, sending(officer, event("other")), second, first]) == 2
    many = sending(officer, *(event(f"many-{i}") for i in range(MOST_TOGETHER)))
    assert shared([many, first]) == 1
    assert shared([first, many]) == 1


def test_a_correction_of_what_came_just_before_is_one(days: Days, hands: dict[str, Database]) -> None:
    officer = hands["officer-a"]
    waiting = [sending(officer, event("turn")), sending(officer, event("turn", description="在桥上"))]
    done = []
    while waiting:
        many = shared(waiting)
        done += take_in(days, waiting[:many])
        waiting = waiting[many:]
    assert told(done) == [[(0, "created")], [(0, "updated")]]


def test_one_that_lets_the_transaction_fail_harms_no_other(
    ground: Database, days: Days, hands: dict[str, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_areas = ingesting.write_areas

    def fails(connection: Any, taken: Any, *more: Any) -> None:
        if any(one.item.external_id == "bad" for one in taken):
            raise ConflictError("It is not to be.")
        write_areas(connection, taken, *more)

    monkeypatch.setattr(ingesting, "write_areas", fails)
    officer = hands["officer-a"]
    names = ["good-1", "bad", "good-2"]
    done = take_in(days, [sending(officer, event(name)) for name in names])
    assert told(done) == [[(0, "created")], ConflictError, [(0, "created")]]
    with ground.begin() as connection:
        query = sa.text("SELECT external_id FROM event WHERE external_id = ANY (:names) ORDER BY 1")
        assert [*connection.scalars(query, {"names": names})] == ["good-1", "good-2"]
    assert transactions(ground, names) == 2


def test_a_database_that_is_away_is_not_asked_for_each(
    days: Days, hands: dict[str, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def away(*_: Any) -> None:
        asked.append(1)
        raise DatabaseUnavailable("It does not answer.")

    monkeypatch.setattr(ingesting, "known_events", away)
    done = take_in(days, [sending(hands["officer-a"], event(f"away-{i}")) for i in range(5)])
    assert told(done) == [DatabaseUnavailable] * 5
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("fault", "asked_at_most"), [(TookTooLong("It took long."), 3), (DatabaseUnavailable("It is away."), 2)]
)
def test_nobody_waits_for_what_holds_all_up_once_for_each(
    days: Days,
    hands: dict[str, Database],
    monkeypatch: pytest.MonkeyPatch,
    fault: DatabaseUnavailable,
    asked_at_most: int,
) -> None:
    asked = []

    def slow(*_: Any) -> None:
        asked.append(1)
        raise fault if len(asked) > 1 else TookTooLong("It took long.")

    monkeypatch.setattr(ingesting, "known_events", slow)
    done = take_in(days, [sending(hands["officer-a"], event(f"slow-{i}")) for i in range(9)])
    assert told(done) == [type(fault)] * 9
    assert len(asked) == asked_at_most


def test_one_that_takes_long_alone_holds_up_no_other(
    days: Days, hands: dict[str, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    known_events = ingesting.known_events

    def slow(connection: Any, keys: Any) -> Any:
        if any(name == "held" for _, name in keys):
            raise TookTooLong("It took long.")
        return known_events(connection, keys)

    monkeypatch.setattr(ingesting, "known_events", slow)
    names = ["free-1", "held", "free-2", "free-3"]
    done = take_in(days, [sending(hands["officer-a"], event(name)) for name in names])
    assert told(done) == [[(0, "created")], TookTooLong, [(0, "created")], [(0, "created")]]

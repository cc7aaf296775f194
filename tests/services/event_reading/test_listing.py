"""Lists of events, against a model that looks at each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from loop_ground import area, people, report, settle

from gisgov.errors import EventUnknown, InputError
from gisgov.services.audit import Period
from gisgov.services.event_reading import find_event, find_event_by_key, list_events, parse_filter
from gisgov.services.loop import EventInfo
from gisgov.store.database import Database

MOMENT = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def hands(module_database_url: str) -> Iterator[dict[str, Database]]:
    """Fourteen events of all sorts, one in no area, one without a place, in the hands of everybody."""
    database = Database(module_database_url)
    settle(database)
    for number in range(12):
        desk = area("ABC"[number % 3])
        report(database, f"n-{number}", cell=number % 4, level="123"[number % 3], desk=desk)
    for number in (12, 13):
        report(database, f"n-{number}", cell=9, desk=area("A"))
    with database.begin() as connection:
        for words in (
            "geom = NULL, problem = 'no-coordinate' WHERE external_id = 'n-13'",
            "source = 'patrol', category_code = 'A1' WHERE id % 2 = 0",
            "state = 'closed', department_code = 'water' WHERE id % 3 = 0",
            "state = 'suspended' WHERE id % 4 = 0",
            (
                "occurred_at = CAST('2026-05-01+00' AS TIMESTAMPTZ)"
                " + make_interval(days => CAST(id / 2 AS INTEGER))"
            ),
        ):
            connection.execute(sa.text(f"UPDATE event SET {words}"))
        for words in (
            "due_at = now() + make_interval(days => CAST(event_id AS INTEGER)), warn_at = NULL",
            "due_at = now() - make_interval(hours => CAST(event_id AS INTEGER)) WHERE event_id % 3 = 1",
            "warn_at = now() - interval '1 hour' WHERE event_id % 3 = 2",
            "met_at = now() WHERE event_id IN (5, 6, 7)",
        ):
            connection.execute(sa.text(f"UPDATE event_limit SET {words}"))
    yield people(database) | {"operator": database}
    database.dispose()


@pytest.fixture(scope="module")
def seen(hands: dict[str, Database]) -> dict[str, tuple[EventInfo, ...]]:
    """All events that each of them may see; the tests change none."""
    return {who: list_events(one, parse_filter(), limit=1000).events for who, one in hands.items()}


FILTERS = {
    "all": ({}, lambda _: True),
    "open": ({"state": "open"}, lambda one: one.state in ("reported", "suspended")),
    "states": ({"state": "已办结, suspended"}, lambda one: one.state in ("closed", "suspended")),
    "level": ({"level": "一级,3"}, lambda one: one.level in ("1", "3")),
    "source": ({"source": "patrol"}, lambda one: one.source == "patrol"),
    "category": ({"category": "A1"}, lambda one: one.category is not None),
    "department": ({"department": "water"}, lambda one: one.desk.department == "water"),
    "lies in": (
        {"layer": "street", "area": "S", "of": "in"},
        lambda one: any((each.layer, each.code) == ("street", "S") for each in one.areas),
    ),
    "desk": ({"layer": "grid", "area": "B", "of": "desk"}, lambda one: one.desk.code == "B"),
    "either": (
        {"layer": "grid", "area": "B"},
        lambda one: one.desk.code == "B" or any((e.layer, e.code) == ("grid", "B") for e in one.areas),
    ),
    "outside": (
        {"layer": "grid", "place": "outside"},
        lambda one: (
            one.place.lon is not None and not any(each.layer == "grid" and each.code for each in one.areas)
        ),
    ),
    "no place": ({"place": "no-place"}, lambda one: one.place.lon is None),
    "in no area": (
        {"layer": "grid", "place": "outside,no-place"},
        lambda one: not any(each.layer == "grid" and each.code for each in one.areas),
    ),
    "overdue": ({"limit_state": "overdue"}, lambda one: any(e.state == "overdue" for e in one.limits)),
    "late": (
        {"limit_state": "late"},
        lambda one: any(e.state in ("missed", "overdue") for e in one.limits),
    ),
    "due": (
        {"limit_state": "due-soon,overdue", "source": "hotline"},
        lambda one: one.source == "hotline" and any(e.state in ("due-soon", "overdue") for e in one.limits),
    ),
    "period": (
        {"period": Period(MOMENT + timedelta(days=2), MOMENT + timedelta(days=4))},
        lambda one: MOMENT + timedelta(days=2) <= one.occurred_at < MOMENT + timedelta(days=4),
    ),
    "box": (
        {"bbox": (114.0, 22.5, 114.01, 22.51)},
        lambda one: (one.place.lon or 200) < 114.01,
    ),
    "name": ({"named": "7"}, lambda one: one.id == 7),
    "external": ({"external_id": "n-3", "source": "hotline,patrol"}, lambda one: one.external_id == "n-3"),
}


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_pages_are_what_the_model_finds(
    hands: dict[str, Database], seen: dict[str, tuple[EventInfo, ...]], name: str
) -> None:
    words, fits = FILTERS[name]
    asked = parse_filter(**words)
    for who, sort in itertools.product(
        ("operator", "viewer", "dispatcher-s", "officer-c"), ("newest", "due")
    ):
        expected = [one for one in seen[who] if fits(one)]
        if sort == "due":
            running = {
                one.id: dues for one in expected if (dues := [e.due_at for e in one.limits if _runs(e.state)])
            }
            expected = sorted(
                (one for one in expected if one.id in running), key=lambda one: min(running[one.id])
            )
        else:
            expected.sort(key=lambda one: (-one.occurred_at.timestamp(), one.id))
        found, after = [], None
        while True:
            page = list_events(hands[who], asked, sort=sort, after=after, limit=2)
            found += page.events
            after = page.after
            if after is None:
                break
            assert len(page.events) == 2
        assert [one.id for one in found] == [one.id for one in expected]
        if who == "operator" and sort == "newest":
            assert 0 < len(found) <= 14
        same = {one.id for one in seen[who] if asked.fits(one)}
        assert {one.id for one in found} <= same  # the stream asks the same of area, level, state and source


def _runs(state: str) -> bool:
    return state in ("running", "due-soon", "overdue")


def test_a_limit_tells_from_when_on_it_is_due_soon(seen: dict[str, tuple[EventInfo, ...]]) -> None:
    limits = [one for event in seen["operator"] for one in event.limits]
    soon = [one for one in limits if one.state == "due-soon"]
    assert soon
    assert all(one.warn_at is not None and one.warn_at < one.due_at for one in soon)
    assert all(one.warn_at is None for one in limits if one.state == "running")


def test_everybody_sees_their_own_ground(
    hands: dict[str, Database], seen: dict[str, tuple[EventInfo, ...]]
) -> None:
    ids = {who: {one.id for one in events} for who, events in seen.items()}
    assert ids["officer-c"] < ids["viewer"] == ids["operator"]
    hidden = min(ids["operator"] - ids["officer-c"])
    with pytest.raises(EventUnknown):
        find_event(hands["officer-c"], hidden)
    with pytest.raises(EventUnknown):
        find_event_by_key(hands["officer-c"], "hotline", "none")
    known = find_event(hands["viewer"], hidden)
    assert find_event_by_key(hands["viewer"], known.source, known.external_id) == known


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"state": "asleep"}, "state"),
        ({"level": "9"}, "level"),
        ({"limit_state": "kept"}, "limit_state"),
        ({"layer": "grid"}, "area"),
        ({"place": "elsewhere"}, "place"),
        ({"place": "outside"}, "layer"),
        ({"place": "outside", "layer": "grid", "area": "A"}, "place"),
        ({"bbox": (2.0, 0.0, 1.0, 1.0)}, "bbox"),
    ],
)
def test_what_is_no_filter_is_refused(words: dict[str, str], field: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_filter(**words)
    assert refused.value.field == field


@pytest.mark.parametrize("after", ["x", "2026-05-01~7", "2026-05-01T00:00:00+00:00~0", "~1"])
def test_what_no_page_ended_with_is_refused(hands: dict[str, Database], after: str) -> None:
    with pytest.raises(InputError, match="where a page of events ended"):
        list_events(hands["viewer"], parse_filter(), after=after)

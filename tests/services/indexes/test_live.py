"""Indexes of a service: as the database has it now, or not given out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
import structlog
from published_grids import ZONE, drawn

from gisgov.errors import DatabaseUnavailable
from gisgov.services.days import local_day
from gisgov.services.indexes import DayIndexes, IndexFolder, LiveIndexes
from gisgov.services.indexes import live as module
from gisgov.store.database import Database
from gisgov.store.listening import Listener

TODAY = local_day(None, ZONE)
DAY = timedelta(days=1)
ALL = ["A", "B", "C", "D"]
Found = TypeVar("Found")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is asked often, so that tests need not wait; what is held stays certain for long."""
    monkeypatch.setattr(module, "BEAT_S", 0.1)
    monkeypatch.setattr(module, "LEASE_S", 60.0)
    monkeypatch.setattr(module, "_AGAIN_S", (0.05,))


@pytest.fixture
def made(database: Database, tmp_path: Path) -> Iterator[Callable[[], LiveIndexes]]:
    """Indexes of as many processes of one machine as are asked for."""
    services: list[LiveIndexes] = []

    def make() -> LiveIndexes:
        services.append(LiveIndexes(database, IndexFolder(tmp_path / "indexes"), ZONE))
        services[-1].start()
        return services[-1]

    yield make
    for service in services:
        service.close()


def soon(what: Callable[[], Found | None], seconds: float = 30.0) -> Found:
    """Wait for something, and return it."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.002)
    return found


def codes(days: DayIndexes | None) -> list[str] | None:
    """Return the codes of the grids of a day; None where it is not known."""
    return None if days is None else list(days.layers["grid"].codes) if "grid" in days.layers else []


def soon_codes(live: LiveIndexes, wanted: list[str], before: list[str]) -> None:
    """Wait until today has these codes; nothing but those, those before, or nothing may come until then."""

    def have_come() -> bool:
        seen = codes(live.today())
        assert seen in (None, before, wanted)
        return seen == wanted

    soon(have_come)


def run(database: Database, statement: str) -> None:
    with database.begin() as connection:
        connection.execute(sa.text(statement))


STOP_LISTENING = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = 'gisgov listening' AND datname = current_database()"
)


def test_what_is_published_or_withdrawn_is_followed(
    database: Database, made: Callable[[], LiveIndexes], plant: Callable[..., None]
) -> None:
    live = made()
    assert (live.today(), live.changed("plan"), live.is_certain) == (None, None, False), (
        "it has begun just now"
    )
    soon_codes(live, [], [])
    plant("grid", drawn("AB"), staff={"A": [("网格长", "王")]})
    soon_codes(live, ["A", "B"], [])
    first, staff = live.today(), live.changed("staff")
    assert first is not None
    run(database, "UPDATE staff_post SET holder = '李'")
    soon(lambda: live.changed("staff") != staff)
    assert live.today() is first, "staff is no matter of areas"
    assert live.on(TODAY) is first
    run(database, f"UPDATE plan SET status = 'retired', valid_to = '{TODAY}'")
    soon_codes(live, [], ["A", "B"])
    assert live.today() is not first
    assert codes(live.on(TODAY - DAY)) == ["A", "B"]
    assert live.at_hand(TODAY - DAY) is live.on(TODAY - DAY)
    assert live.at_hand(TODAY - 2 * DAY) is None
    for number in range(2, 9):
        live.on(TODAY - number * DAY)
    assert live.at_hand(TODAY - DAY) is None, "a few are kept"
    assert live.at_hand(TODAY - 8 * DAY) is not None
    run(database, "UPDATE layer SET title_zh = '格'")
    soon(lambda: (now := live.today()) is not None and now.layers["grid"].layer.title_zh == "格")
    assert codes(live.on(date(2025, 12, 31))) == []


def test_a_plan_of_tomorrow_takes_its_turn_at_midnight_without_a_word_of_the_database(
    made: Callable[[], LiveIndexes], plant: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant("grid", drawn("AB"), plan="now", valid_to=TODAY + DAY)
    live = made()
    soon(live.today)
    seen = live.changed("plan")
    plant("grid", drawn("CD"), plan="next", valid_from=TODAY + DAY)
    soon(lambda: live.changed("plan") != seen)
    soon_codes(live, ["A", "B"], ["A", "B"])
    monkeypatch.setattr(module, "_PREPARE_EVERY_S", 0.0)
    live._prepared_s = 0.0
    soon(lambda: live.at_hand(TODAY + DAY))
    monkeypatch.setattr(module, "local_day", lambda *_: TODAY + DAY)
    assert codes(live.today()) == ["C", "D"]
    monkeypatch.setattr(module, "local_day", lambda *_: TODAY + 9 * DAY)  # the machine slept
    soon_codes(live, ["C", "D"], ["C", "D"])


def test_a_missed_notification_is_caught_up_with(
    database: Database,
    made: Callable[[], LiveIndexes],
    plant: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant("grid", drawn("AB"), plan="now")
    live = made()
    soon(live.today)
    monkeypatch.setattr(module, "_AGAIN_S", (0.3,))
    run(database, STOP_LISTENING)
    soon(lambda: not live.is_certain)
    plant("grid", drawn("CD"), plan="next", scope="other")
    assert live.today() is None, "nobody listens"
    assert codes(live.on(TODAY)) == ALL, "which asks the database"
    soon_codes(live, ALL, ALL)


def test_a_listener_that_is_stalled_answers_nothing(
    made: Callable[[], LiveIndexes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE_S", 0.4)
    live = made()
    soon(live.today)
    goes_on, ask = threading.Event(), Listener.version

    def stall(listener: Listener) -> object:
        goes_on.wait(30)
        return ask(listener)

    monkeypatch.setattr(Listener, "version", stall)
    soon(lambda: live.today() is None and live.changed("account") is None)
    goes_on.set()
    soon(live.today)


def test_what_one_process_hears_no_other_answers_against(
    database: Database,
    made: Callable[[], LiveIndexes],
    plant: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant("grid", drawn("AB"), plan="now")
    one, other = made(), made()
    for live in (one, other):
        soon(live.today)
    goes_on, take = threading.Event(), LiveIndexes._beat

    def stall(live: LiveIndexes, listener: Listener, asked: float) -> None:
        if live is other:
            goes_on.wait(30)
        take(live, listener, asked)

    monkeypatch.setattr(LiveIndexes, "_beat", stall)
    time.sleep(0.2)
    plant("grid", drawn("CD"), plan="next", scope="other")
    soon_codes(one, ALL, ["A", "B"])
    assert other.is_certain
    assert other.today() is None, "it has heard nothing itself"
    goes_on.set()
    soon_codes(other, ALL, ALL)
    monkeypatch.setattr(LiveIndexes, "_beat", lambda *_: time.sleep(0.01))
    plant("sub", drawn("12"), parent="grid")
    one.settle()
    seen = other.today()
    assert seen is None or "sub" in seen.layers, "whoever changed it said so to all"


@pytest.mark.parametrize("what", ["version = 0", "epoch = gen_random_uuid(), version = 0"])
def test_a_database_that_was_set_back_is_followed(
    database: Database, made: Callable[[], LiveIndexes], plant: Callable[..., None], what: str
) -> None:
    plant("grid", drawn("AB"), plan="now")
    live = made()
    soon(live.today)
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM change"))
        connection.execute(sa.text(f"UPDATE change_head SET {what}"))
    plant("grid", drawn("CD"), plan="next", scope="other")
    soon_codes(live, ALL, ["A", "B"])
    soon_codes(made(), ALL, ALL)


def test_without_a_database_nothing_is_known(tmp_path: Path) -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    live = LiveIndexes(database, IndexFolder(tmp_path), ZONE)
    live.start()
    with pytest.raises(DatabaseUnavailable):
        live.on(TODAY)
    with pytest.raises(DatabaseUnavailable):
        live.settle()
    assert live.today() is None
    live.close()
    assert live.changed("plan") is None


def unread(told: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what was told of indexes that could not be read; others may lose a database meanwhile."""
    return [one["event"] for one in told if one["event"].endswith("could not be read")]


def test_what_cannot_be_read_is_told_and_tried_again(
    made: Callable[[], LiveIndexes], monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = ["the disk is odd", "it is still odd"]

    def read(live: LiveIndexes, days: Sequence[date]) -> object:
        if faults and TODAY in days:
            raise RuntimeError(faults.pop())
        if TODAY + DAY in days:
            raise RuntimeError("tomorrow is odd")
        return rightly(live, days)

    rightly = LiveIndexes._read
    monkeypatch.setattr(LiveIndexes, "_read", read)
    monkeypatch.setattr(module, "_AFTER_FAULT_S", 0.01)
    with structlog.testing.capture_logs() as told:
        live = made()
        soon(live.today)
        soon(lambda: len(unread(told)) >= 3)
    assert unread(told) == [*["indexes could not be read"] * 2, "indexes of tomorrow could not be read"]


def test_many_who_ask_for_a_day_read_it_once(
    made: Callable[[], LiveIndexes], plant: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant("grid", drawn("AB"))
    live = made()
    soon(live.today)
    times, rightly = [], LiveIndexes._read

    def read(live: LiveIndexes, days: Sequence[date]) -> object:
        times.extend(day for day in days if day == date(2026, 2, 2))
        time.sleep(0.05)
        return rightly(live, days)

    monkeypatch.setattr(LiveIndexes, "_read", read)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(live.on, [date(2026, 2, 2)] * 8))
    assert {id(one) for one in found} == {id(found[0])}
    assert len(times) == 1
    assert codes(found[0]) == ["A", "B"]

"""Reports that wait while others are taken in go together: by actor, and whoever is gone harms nobody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from api import event_intake
from api.event_intake import FEW, EventIntake
from gisgov.errors import ConflictError, UnavailableError
from gisgov.governance.access import Actor, ActorKind, Errand
from gisgov.services.ingesting import EventReport, Ingested, Sending
from gisgov.store.database import Database

ONE, OTHER = (Actor(name, ActorKind.CLIENT, number) for number, name in enumerate(("one", "other")))


class Indexes:
    """No areas: what is taken in here is taken in by nobody."""

    def on(self, _day: object) -> None:
        """Never asked."""


class Doors:
    """Takes the place of the service: transactions that begin when they are let, and what they held."""

    def __init__(self) -> None:
        self.held: list[list[str]] = []
        self.ended: list[str] = []
        self.open = threading.Event()
        self.locked = threading.Event()

    def ingest_together(
        self, _days: object, sendings: Sequence[Sending], *, timezone: ZoneInfo
    ) -> list[Ingested | Exception]:
        del timezone
        self.held.append([name_of(one) for one in sendings])
        assert self.open.wait(10)
        if "locked" in self.held[-1]:
            assert self.locked.wait(10)
        self.ended += self.held[-1]
        return [
            ConflictError(name_of(one)) if name_of(one) == "bad" else answer(name_of(one)) for one in sendings
        ]

    def ingest_events(self, _database: object, _days: object, reports: Any, **_: Any) -> Ingested:
        self.held.append([f"{len(reports)} alone"])
        return answer("many")


def name_of(sending: Sending) -> str:
    report = sending.reports[0]
    assert isinstance(report, EventReport)
    return report.external_id


def answer(name: str) -> Ingested:
    """An answer that can be told from others."""
    return Ingested(len(name), 0, 0, 0, 0, ())


def sending(name: str, actor: Actor = ONE, *, many: int = 1) -> Sending:
    database = Database("postgresql://nobody@127.0.0.1:1/none").acting(actor, Errand("POST /v1/events"))
    return Sending(database, [EventReport("hotline", name)] * many)


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> Doors:
    made = Doors()
    monkeypatch.setattr(event_intake, "ingest_together", made.ingest_together)
    monkeypatch.setattr(event_intake, "ingest_events", made.ingest_events)
    return made


def run(story: Callable[[EventIntake], Coroutine[Any, Any, None]]) -> None:
    async def told() -> None:
        await story(EventIntake(cast("Any", Indexes()), ZoneInfo("Asia/Shanghai")))

    asyncio.run(told())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.001)


def test_who_comes_while_others_are_taken_in_goes_next_and_together(doors: Doors) -> None:
    async def story(intake: EventIntake) -> None:
        names = ["first", "second", "bad", "third"]
        asked = [asyncio.create_task(intake.take_in(sending(names[0])))]
        await until(lambda: bool(doors.held))  # nobody waits for company
        asked += [asyncio.create_task(intake.take_in(sending(name))) for name in names[1:]]
        await asyncio.sleep(0)
        doors.open.set()
        told = await asyncio.gather(*asked, return_exceptions=True)
        assert doors.held == [["first"], ["second", "bad", "third"]]
        assert isinstance(told[2], ConflictError)
        assert [told[i] for i in (0, 1, 3)] == [answer(names[i]) for i in (0, 1, 3)]
        await until(lambda: not intake._waiting)
        await intake.take_in(sending("later"))
        assert doors.held[2:] == [["later"]]

    run(story)


def test_two_actors_share_nothing_and_wait_for_nobody(doors: Doors) -> None:
    async def story(intake: EventIntake) -> None:
        asked = [asyncio.create_task(intake.take_in(sending("a")))]
        asked += [asyncio.create_task(intake.take_in(sending(name, OTHER))) for name in ("b", "c")]
        await until(lambda: len(doors.held) == 2)
        assert sorted(doors.held) == [["a"], ["b", "c"]] or sorted(doors.held) == [["a"], ["b"]]
        doors.open.set()
        assert await asyncio.gather(*asked) == [answer("a"), answer("b"), answer("c")]
        assert not any({"a"} < {*together} for together in doors.held)

    run(story)


def test_who_sends_many_has_a_transaction_of_its_own(doors: Doors) -> None:
    async def story(intake: EventIntake) -> None:
        waits = asyncio.create_task(intake.take_in(sending("waits")))
        await until(lambda: bool(doors.held))
        assert await intake.take_in(sending("many", many=FEW + 1)) == answer("many")
        assert doors.held == [["waits"], [f"{FEW + 1} alone"]]
        doors.open.set()
        await waits

    run(story)


def test_a_client_that_goes_away_is_left_out_and_the_others_are_answered(doors: Doors) -> None:
    async def story(intake: EventIntake) -> None:
        asked = {"taken": asyncio.create_task(intake.take_in(sending("taken")))}
        await until(lambda: bool(doors.held))
        for name in ("gone", "stays"):
            asked[name] = asyncio.create_task(intake.take_in(sending(name)))
        await asyncio.sleep(0)
        asked["taken"].cancel()  # while it is taken in
        asked["gone"].cancel()  # before it was its turn
        await asyncio.sleep(0)
        doors.open.set()
        assert await asked["stays"] == answer("stays")
        assert doors.held == [["taken"], ["stays"]]

    run(story)


def test_what_waits_is_taken_in_before_the_service_ends(doors: Doors) -> None:
    async def story(intake: EventIntake) -> None:
        asked = [asyncio.create_task(intake.take_in(sending("last")))]
        await until(lambda: bool(doors.held))
        asked += [asyncio.create_task(intake.take_in(sending(name))) for name in ("very", "end")]
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.01, doors.open.set)
        await intake.close()
        assert doors.ended == ["last", "very", "end"]
        assert all(isinstance(one, Ingested) for one in await asyncio.gather(*asked))

    run(story)


def test_what_is_not_taken_in_any_more_is_told_so(doors: Doors) -> None:
    async def story(intake: EventIntake) -> None:
        asked = [asyncio.create_task(intake.take_in(sending("last")))]
        await until(lambda: bool(doors.held))
        asked.append(asyncio.create_task(intake.take_in(sending("late"))))
        await asyncio.sleep(0)
        for task in intake._working:
            task.cancel()
        told = await asyncio.gather(*asked, return_exceptions=True)
        doors.open.set()
        assert [type(one) for one in told] == [UnavailableError, UnavailableError]

    run(story)


def test_nobody_waits_for_a_transaction_that_takes_long(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_intake, "_PATIENCE_S", 0.02)

    async def story(intake: EventIntake) -> None:
        doors.open.set()
        asked = [asyncio.create_task(intake.take_in(sending("locked")))]
        await until(lambda: bool(doors.held))
        assert await intake.take_in(sending("other")) == answer("other")
        assert not asked[0].done()
        doors.locked.set()
        assert await asked[0] == answer("locked")
        await intake.close()

    run(story)


def test_beside_some_that_take_long_others_wait(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_intake, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(event_intake, "_MOST_SLOW", 1)

    async def story(intake: EventIntake) -> None:
        asked = [asyncio.create_task(intake.take_in(sending(name))) for name in ("slow", "next")]
        await until(lambda: bool(doors.held))
        doors.open.set()
        assert await asyncio.gather(*asked) == [answer("slow"), answer("next")]

    run(story)

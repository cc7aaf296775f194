"""What waits while answers out of memory are made ready: nobody for long, and few at the database."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from api.hot_days import ReadyDays, Today
from api.hot_service import HotService


class LaterReady:
    """Has no answer before something went the slow way."""

    def __init__(self) -> None:
        self.turns, self.is_ready = asyncio.Semaphore(2), False

    async def __call__(self, _: Any, send: Any) -> bool:
        if self.is_ready:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"ready"})
        return self.is_ready


def test_few_go_the_slow_way_together_and_the_others_ask_again() -> None:
    app, at_once, most = HotService(), 0, 0

    @app.get("/v1/resolve")
    async def slowly() -> str:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        at_once -= 1
        app.hot.is_ready = True  # type: ignore[union-attr]
        return "slow"

    async def ask() -> list[str]:
        app.hot = LaterReady()  # type: ignore[assignment]
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return [one.text for one in await asyncio.gather(*(client.get("/v1/resolve") for _ in range(9)))]

    answers = asyncio.run(ask())
    assert most == 2
    assert sorted(answers) == sorted(['"slow"'] * 2 + ["ready"] * 7)


class Indexes:
    """One day, without layers."""

    day = "a day"
    layers: dict[str, Any] = {}  # noqa: RUF012

    def at_hand(self, _: Any) -> Any:
        return self

    def changed(self, _: str) -> int:
        return 1


def test_nobody_waits_for_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer of a service kept all others waiting for the seconds that compiling takes."""
    made: list[Any] = []
    days = ReadyDays(None, Indexes(), ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type]
    done = threading.Event()

    def make_ready(day: Any) -> None:
        made.append((threading.current_thread(), dict(days._kept)))
        done.set()

    monkeypatch.setattr("gisgov.services.ready_answers.ReadyDay.make_ready", make_ready)
    days.make_ready()
    assert done.wait(10)
    assert [(thread is threading.current_thread(), kept) for thread, kept in made] == [(False, {})]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_a_day_is_remembered_until_it_ends(zone: str) -> None:
    timezone = ZoneInfo(zone)
    today = Today(timezone)
    day = today.day()
    begin, end, _ = today._known
    assert begin <= time.time() < end
    for moment, date in ((begin, day), (end, day + timedelta(days=1))):
        local = datetime.fromtimestamp(moment, timezone)
        assert (local.date(), local.hour, local.minute) == (date, 0, 0)
    today._known = begin - 86_400, begin, day - timedelta(days=1)
    assert today.day() == day, "the remembered one is over"

"""The dispatcher's page while events come in: how soon they are seen, what memory stays taken, how it pans.

Chromium without a GPU follows the real stream of `gisgov serve` on the demo district. Two hours of events,
one a second, are played as fast as they are taken in: each batch is reported over HTTP and, but for the last,
closed again. The heap is what the page's scripts hold after a collection. Single events are then timed from
the request that reports them to the moment at which they stand on the list.

    python -m benchmarks.events_page     on the database of GISGOV_DATABASE_URL, which it fills, or on a demo
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.request import Request, urlopen

from benchmarks.bars import QUICK, Goal, note, show
from benchmarks.browser import launched, program
from benchmarks.web_pages import demo, served, signed_in
from gisgov.governance.loop import Move
from gisgov.services.loop import write_steps
from gisgov.store.database import Database

EVENTS: Final = 1_200 if QUICK else 7_200
BATCH: Final = 120
SINGLES: Final = 10 if QUICK else 40
_MOST_GROWTH_MB: Final = 4.0
_SEEN_S: Final = 1.0
_FRAME_MS: Final = 33.0
_SIZE: Final = {"width": 1366, "height": 768}
_PATIENCE_MS: Final = 120_000
_CODES: Final = ("A002", "A010", "D005", "E013")

_FRAMES: Final = """() => new Promise((resolve) => {
    const spans = [];
    let last = performance.now();
    const look = (now) => {
        spans.push(now - last);
        last = now;
        if (window.panned) resolve(spans.slice(1));
        else requestAnimationFrame(look);
    };
    window.panned = false;
    requestAnimationFrame(look);
})"""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Reports events over HTTP, at places where there were some, and closes them."""

    base: str
    headers: dict[str, str]
    places: Sequence[tuple[float, float]]
    database: Database

    def report(self, name: str, count: int) -> list[int]:
        """Report some events at once; their ids."""
        body = json.dumps([self._event(f"{name}-{number}", number) for number in range(count)]).encode()
        with urlopen(Request(f"{self.base}/v1/events", body, self.headers)) as answer:  # noqa: S310
            items = json.load(answer)["items"]
        return [item["event_id"] for item in items]

    def close(self, ids: Sequence[int]) -> None:
        """Put events right on the spot."""
        moves = [Move(one, "correct-on-the-spot") for one in ids]
        with self.database.begin() as connection:
            write_steps(connection, moves, today=datetime.now(UTC).date())

    def _event(self, name: str, number: int) -> dict[str, object]:
        lon, lat = self.places[number % len(self.places)]
        return {
            "source": "hotline",
            "external_id": name,
            "lon": lon,
            "lat": lat,
            "category": _CODES[number % len(_CODES)],
            "level": "1",
            "description": f"第 {number} 件",
        }


def main() -> int:
    """Play events into the page; 2 when there is no Chromium."""
    if program() is None:
        print("Chromium is not installed.", file=sys.stderr)
        return 2
    with demo() as url, served(url) as base, launched() as browser:
        token, _ = signed_in(url)
        page, session = _opened(browser, base, token)
        database = Database(url)
        reporter = _reporter(base, token, page, database)
        run = f"{time.time():.0f}"
        _panning(page)
        _memory(session, _played(reporter, session, page, run))
        _latency(page, reporter, run)
        database.dispose()
    return 0


def _opened(browser: Any, base: str, token: str) -> tuple[Any, Any]:
    context = browser.new_context(viewport=_SIZE, locale="zh-CN")
    where = base.replace("http:", "https:")  # a Secure cookie, which goes to loopback without too
    context.add_cookies(
        [{"name": "__Host-gisgov", "value": token, "url": where, "secure": True, "httpOnly": True}]
    )
    page = context.new_page()
    page.goto(f"{base}/events#order=newest")
    page.wait_for_selector("#line.good", timeout=_PATIENCE_MS)
    page.wait_for_selector("#count[aria-busy=false]", timeout=_PATIENCE_MS)
    return page, context.new_cdp_session(page)


def _reporter(base: str, token: str, page: Any, database: Database) -> Reporter:
    cookie = {"Cookie": f"__Host-gisgov={token}"}
    with urlopen(Request(f"{base}/v1/session", headers=cookie)) as answer:  # noqa: S310
        csrf = json.load(answer)["csrf_token"]
    headers = {**cookie, "X-CSRF-Token": csrf, "Content-Type": "application/json"}
    told = page.evaluate("async () => (await (await fetch('/v1/events?limit=500')).json()).map(e => e.place)")
    places = [(one["lon"], one["lat"]) for one in told if one["lon"] is not None]
    return Reporter(base, headers, places, database)


def _played(reporter: Reporter, session: Any, page: Any, run: str) -> Iterator[tuple[int, float]]:
    """Play all events; how many were played and the heap then, in megabytes, at each quarter."""
    yield 0, _heap_mb(session)
    began = time.perf_counter()
    before: list[int] = []
    for number in range(EVENTS // BATCH):
        ids = reporter.report(f"{run}-{number}", BATCH)
        reporter.close(before)
        before = ids
        if (number + 1) % (EVENTS // BATCH // 4) == 0:
            page.wait_for_selector(f"event-list #event-{max(ids)}", timeout=_PATIENCE_MS)
            yield (number + 1) * BATCH, _heap_mb(session)
    took_s = time.perf_counter() - began
    note(f"{EVENTS} events and {EVENTS - BATCH} closures in {took_s:.0f} s")


def _heap_mb(session: Any) -> float:
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def _memory(session: Any, played: Iterator[tuple[int, float]]) -> None:
    seen = list(played)
    for count, heap_mb in seen:
        note(f"after {count} events heap={heap_mb:.1f}MB")
    nodes = session.send("Memory.getDOMCounters")
    note(f"nodes={nodes['nodes']} listeners={nodes['jsEventListeners']}")
    growth_mb = seen[-1][1] - seen[1][1]  # the first quarter warms up what is kept for good
    show(Goal("events-page-growth", growth_mb, "<=", _MOST_GROWTH_MB, f"unit=MB events={EVENTS}"))


def _latency(page: Any, reporter: Reporter, run: str) -> None:
    spans, after = [], []
    for number in range(SINGLES):
        began = time.perf_counter()
        (one,) = reporter.report(f"{run}-single-{number}", 1)
        answered = time.perf_counter()
        page.wait_for_selector(f"event-list #event-{one}", timeout=_PATIENCE_MS)
        spans.append(time.perf_counter() - began)
        after.append(time.perf_counter() - answered)
    beside = f"unit=s worst={max(spans):.3f} after-the-answer={statistics.median(after):.3f} events={SINGLES}"
    show(Goal("events-page-seen", statistics.median(spans), "<=", _SEEN_S, beside))


def _panning(page: Any) -> None:
    box = page.locator("#map").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(f"() => {{ window.frames_ = ({_FRAMES})(); }}")
    page.mouse.move(*middle)
    page.mouse.down()
    for step in range(90):
        page.mouse.move(middle[0] + 2 * (step % 45) - 45, middle[1] + step)
    page.mouse.up()
    spans = page.evaluate("() => { window.panned = true; return window.frames_; }")
    show(Goal("events-page-frame", statistics.median(spans), "<=", _FRAME_MS, f"unit=ms frames={len(spans)}"))


if __name__ == "__main__":
    sys.exit(main())

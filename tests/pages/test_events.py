"""The dispatcher's page: an event comes in, is seen at once, and goes its whole way in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

import pytest
from service_pages import COOKIE, Visit, faults

pytestmark = pytest.mark.browser


@pytest.fixture
def report(district: Any, sessions: Callable[..., str]) -> Callable[..., int]:
    """Report an event as another account, past the browser; the answer is its id."""
    cookie = {"Cookie": f"{COOKIE}={sessions('officer')}"}
    with urlopen(Request(f"{district.base}/v1/session", headers=cookie)) as answer:  # noqa: S310
        token = json.load(answer)["csrf_token"]

    def reported(external_id: str, **said: object) -> int:
        body = json.dumps({"source": "hotline", "external_id": external_id, **said}).encode()
        headers = {**cookie, "X-CSRF-Token": token, "Content-Type": "application/json"}
        with urlopen(Request(f"{district.base}/v1/events", body, headers)) as answer:  # noqa: S310
            found: int = json.load(answer)["items"][0]["event_id"]
        return found

    return reported


def _opened(visit: Callable[..., Visit], place: str = "/events") -> Any:
    return _ready(visit("dispatcher").open(place))


def _ready(page: Any) -> Any:
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector("#line.good")
    page.wait_for_selector("#count[aria-busy=false]")
    return page
    return page


def _a_place(page: Any) -> dict[str, float]:
    """Return the place of some event of the district, inside an area."""
    events = "(await (await fetch('/v1/events?limit=50')).json())"
    told = f"async () => {events}.find(one => one.areas.at(-1)?.code).place"
    place: dict[str, float] = page.evaluate(told)
    return {"lon": place["lon"], "lat": place["lat"]}


def _step(page: Any, action: str, state: str) -> None:
    button = page.locator(f"event-detail button[data-action={action}]")
    button.click()
    page.wait_for_selector(f"event-detail .badges .badge:first-child:text-is('{state}')")


def _confirm(page: Any, action: str, state: str, reason: str = "") -> None:
    page.locator(f"event-detail button[data-action={action}]").click()
    if reason:
        page.locator("dialog[open] textarea").first.fill(reason)
    page.locator("dialog[open] button.primary").click()
    page.wait_for_selector(f"event-detail .badges .badge:first-child:text-is('{state}')")
    assert page.locator("dialog[open]").count() == 0


def test_an_event_is_seen_as_it_comes_and_goes_its_whole_way(
    visit: Callable[..., Visit], report: Callable[..., int]
) -> None:
    page = _opened(visit, "/events#order=newest")
    assert faults(page) == []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    event = report("12345-1", category="A002", description="路口垃圾未清", **_a_place(page))
    page.wait_for_selector(f"event-list #event-{event}")  # how soon: `benchmarks.events_page`
    assert not [url for url in asked if "/v1/events?state" in url]  # the stream told of it
    assert page.locator(f"#arrivals [data-event='{event}']").is_visible()

    page.locator(f"event-list #event-{event}").click()
    page.wait_for_selector("event-detail .badges .badge:first-child:text-is('已上报')")
    assert f"event={event}" in page.url
    page.wait_for_selector("event-detail .facts dd")  # posts of the grid
    page.locator("event-list .rows").focus()
    page.keyboard.press("a")  # accepts it
    page.wait_for_selector("event-detail .badges .badge:first-child:text-is('已受理')")
    page.locator("event-detail button[data-action=dispatch]").click()
    page.wait_for_selector("dialog[open] .desks input[value=keep]:checked")
    assert faults(page) == []
    page.keyboard.press("Escape")
    _confirm(page, "dispatch", "已分拨")
    _step(page, "start", "处置中")
    _confirm(page, "handle", "已处置", reason="已清运")
    _step(page, "review", "已复核")
    _step(page, "close", "已办结")
    page.wait_for_selector(f"event-list #event-{event}", state="detached")
    _step(page, "revisit", "已回访")
    page.wait_for_selector("event-detail .history li[value='8']")
    told = page.locator("event-detail .history").inner_text()
    assert all(word in told for word in ("上报", "受理", "分拨", "已清运", "复核通过", "办结", "回访"))
    assert faults(page) == []


def test_a_building_is_scanned_and_its_event_merged_into_the_one_that_was_there(
    visit: Callable[..., Visit], district: Any, report: Callable[..., int]
) -> None:
    page = _opened(visit)
    building = page.evaluate("async () => (await (await fetch('/v1/buildings?limit=1')).json())[0]")
    first = report("12345-2", category="A002", lon=building["lon"], lat=building["lat"])
    page.locator("event-list .rows").focus()
    page.keyboard.press("b")
    page.keyboard.type(building["code"])  # as a scanner types
    page.keyboard.press("Enter")
    page.wait_for_selector("event-report .owner strong")
    assert building["code"] in page.locator("event-report .part").first.inner_text()
    page.locator("event-report input[list]").fill("A002")
    page.locator("event-report button[type=submit]").click()
    page.wait_for_selector("event-detail .badges")
    second = int(page.evaluate("new URLSearchParams(location.hash.slice(1)).get('event')"))
    assert second != first
    assert page.locator("event-detail .about").inner_text().count("扫码") == 1

    page.locator(f"event-detail button[data-merge='{first}']").click()
    page.locator("dialog[open] button.primary").click()
    page.wait_for_selector("event-detail .badges .badge:first-child:text-is('已并案')")
    page.locator(f"event-detail button:text-is('#{first}')").click()
    page.wait_for_selector("event-detail .badges .badge:text-is('含重复 1 件')")
    page.go_back()
    page.wait_for_selector("event-detail .badges .badge:first-child:text-is('已并案')")


def test_whoever_was_slower_is_told_who_was_faster(
    visit: Callable[..., Visit], report: Callable[..., int]
) -> None:
    visited = visit("dispatcher")
    page = _ready(visited.open("/events#order=newest"))
    event = report("12345-3", category="A002", **_a_place(page))
    page.locator(f"event-list #event-{event}").click()
    page.locator("event-detail .rarer summary").click()
    page.locator("event-detail button[data-action=reject]").click()  # the form is open while another accepts
    page.locator("dialog[open] textarea").fill("重复")

    other = _ready(visit("dispatcher", name="li").open(f"/events#event={event}&lang=en"))
    assert other.locator("#line").inner_text() == "Live"
    other.locator("event-detail button[data-action=accept]").click()
    other.wait_for_selector("event-detail .badges .badge:first-child:text-is('Accepted')")

    page.locator("dialog[open] button.primary").click()
    page.wait_for_selector("dialog[open] .caution p:has-text('li')")
    assert "已受理" in page.locator("dialog[open] .caution").inner_text()
    assert page.locator("dialog[open] textarea").input_value() == "重复"
    assert [text for text in visited.wrong if "412" not in text] == []
    visited.wrong.clear()  # the browser's own word about the answer

"""The pages of jobs: how jobs stand as they go on, and what can be done about them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from faked_accounts import NOBODY, SOMEBODY, Faked, refusal
from service_pages import PHONE, shows

pytestmark = pytest.mark.browser

Opened = tuple[Any, Faked]

RUNNING: dict[str, Any] = {
    "id": "a" * 32,
    "kind": "check",
    "title": "网格.gpkg",
    "state": "running",
    "account": "wang",
    "created": "2026-11-29T06:00:00Z",
    "started": "2026-11-29T06:00:01Z",
    "finished": None,
    "expires": None,
    "attempt": 1,
    "attempts_left": 2,
    "progress": {"label": "comparing neighbours", "done": 340, "total": 1000, "share": 0.34},
    "problem": None,
    "results": [],
    "href": "/checks/" + "a" * 32,
}
ENDED = {"finished": "2026-11-29T06:01:00Z", "expires": "2026-11-30T06:01:00Z", "progress": None}
DONE = {
    **RUNNING,
    **ENDED,
    "state": "done",
    "results": [
        {"name": "defects.gpkg", "href": "/v1/x/defects.gpkg", "media_type": "x/y", "bytes": 1_234_567}
    ],
}
FAILED = {
    **RUNNING,
    **ENDED,
    "id": "b" * 32,
    "kind": "of another time",
    "title": "areas.geojson",
    "state": "failed",
    "href": None,
    "attempt": 3,
    "attempts_left": 0,
    "problem": refusal("unreadable-file", 422, "It holds plain text.")[1],
}


def row(page: Any, title: str) -> Any:
    return page.locator(".job", has_text=title)


def test_jobs_are_listed_with_how_they_stand(visit: Callable[..., Opened]) -> None:
    page, _ = visit("/jobs", SOMEBODY, jobs=[RUNNING, FAILED])
    shows(page, "#jobs > li:nth-child(1)", "检查 · 网格.gpkg")
    first, second = row(page, "网格.gpkg"), row(page, "areas.geojson")
    assert first.locator(".badge").inner_text() == "进行中"
    assert first.locator("progress").evaluate("bar => bar.position") == pytest.approx(0.34)
    assert "正在比较相邻区域 340 / 1,000" in first.inner_text()
    assert first.get_by_role("link", name="打开页面").get_attribute("href") == RUNNING["href"]
    assert "文件无法读取" in second.inner_text()
    assert "第 3 次尝试，还可重试 0 次" in second.inner_text()
    assert second.get_by_role("button").all_inner_texts() == ["重试", "删除"]
    assert "账号 wang" not in first.inner_text(), "they are all one's own"
    page.get_by_role("button", name="EN", exact=True).click()
    shows(page, "#jobs > li:nth-child(1)", "Comparing neighbours 340 of 1,000")
    shows(page, "#note", "Your own jobs")


def test_whoever_manages_jobs_sees_whose_they_are(visit: Callable[..., Opened]) -> None:
    session = {**SOMEBODY, "rights": ["jobs.manage"]}
    page, _ = visit("/jobs", session, jobs=[RUNNING, {**FAILED, "account": "li"}])
    shows(page, "#note", "列出所有账号的任务")
    shows(page, "#jobs > li:nth-child(2)", "账号 li")


def test_a_running_job_is_followed_to_its_end(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/jobs", SOMEBODY, jobs=[])
    shows(page, "#trouble", "没有任务")
    further = {**RUNNING, "progress": {"label": "untangling borders", "done": 1, "total": 2, "share": 0.5}}
    stream = f"event: job\ndata: {json.dumps(further)}\n\n"
    faked.give("GET", f"/v1/jobs/{RUNNING['id']}/progress", lambda _: (200, stream))
    faked.give("GET", "/v1/jobs", lambda _: (200, [RUNNING]))
    page.reload()
    shows(page, "#jobs", "正在理清边界 1 / 2")
    page.locator(".job button").focus()
    faked.give("GET", "/v1/jobs", lambda _: (200, [DONE]))
    faked.give("GET", f"/v1/jobs/{RUNNING['id']}/progress", lambda _: (204, None))
    shows(page, "#jobs .badge", "已完成")
    assert page.get_by_role("link", name="defects.gpkg").get_attribute("href") == "/v1/x/defects.gpkg"
    assert "1.2 MB" in page.locator(".files").inner_text()
    assert not page.locator("progress").is_visible()


def test_without_the_stream_jobs_are_asked_for_again(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/jobs", SOMEBODY, jobs=[RUNNING])
    shows(page, "#jobs .badge", "进行中")
    faked.give("GET", "/v1/jobs", lambda _: (200, [DONE]))
    shows(page, "#jobs .badge", "已完成")


def test_a_job_is_cancelled_and_tried_again(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/jobs", SOMEBODY, jobs=[RUNNING])
    cancelled = {**RUNNING, **ENDED, "state": "cancelled"}

    def cancel(_: Any) -> tuple[int, Any]:
        faked.give("GET", "/v1/jobs", lambda _: (200, [cancelled]))
        return 204, None

    address = f"/v1/jobs/{RUNNING['id']}"
    faked.give("DELETE", address, cancel)
    page.get_by_role("button", name="取消").click()
    shows(page, "#jobs .badge", "已取消")
    failed = f"/v1/jobs/{FAILED['id']}/retry"
    faked.give("GET", "/v1/jobs", lambda _: (200, [FAILED]))
    faked.give("POST", failed, lambda _: refusal("conflict", 409, "It ended otherwise."))
    page.reload()
    page.get_by_role("button", name="重试").click()
    page.get_by_text("It ended otherwise.").wait_for()
    changes = [(method, path, token) for method, path, _, token in faked.changes]
    token = SOMEBODY["csrf_token"]
    assert changes == [("DELETE", address, token), ("POST", failed, token)]


def test_one_job_is_shown_with_its_log(visit: Callable[..., Opened]) -> None:
    lines = [{"attempt": 1, "at": "2026-11-29T06:00:01Z", "line": "9,000 rows read"}]
    address = f"jobs/{FAILED['id']}"
    page, _ = visit(f"/{address}", SOMEBODY, PHONE, **{address: FAILED, f"{address}/log": lines})
    shows(page, ".log pre", "9,000 rows read")
    assert not page.locator("#choice").is_visible()
    page.get_by_role("link", name="全部任务").click()
    page.wait_for_url("**/jobs")


def test_a_job_that_is_not_there_is_told(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/jobs", SOMEBODY)
    faked.give("GET", "/v1/jobs/none", lambda _: refusal("not-found", 404, "There is no job none."))
    page.goto(page.url + "/none")
    shows(page, "#trouble", "没有找到")
    shows(page, "#trouble", "全部任务")


def test_nobody_is_led_to_the_sign_in(visit: Callable[..., Opened], address: str) -> None:
    page, _ = visit("/jobs", NOBODY)
    page.wait_for_url("**/sign-in?next=%2Fjobs")
    for place in ("account", "accounts"):
        page.goto(f"{address}/{place}")
        page.wait_for_url(f"**/sign-in?next=%2F{place}")

"""A planner compares a draft, mends it, publishes it, and takes its annex."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from service_pages import faults, shows

from gisgov.services.days import local_day
from gisgov.services.editing.branching import branch_plan
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.operations import Assign, Merge
from gisgov.store.database import Database

_PLAN = "subgrid-next"
_ZONE = ZoneInfo("Asia/Shanghai")
_SOON_MS = 60_000


def _drawn(database_url: str) -> int:
    """Make a draft with two areas merged, and one block in no area; return how many areas it has."""
    database = Database(database_url)
    given: dict[str, Any] = {"today": local_day(None, _ZONE), "timezone": _ZONE}
    branch_plan(database, "subgrid-2025", _PLAN, **given)
    with database.begin() as connection:
        rows = connection.exec_driver_sql(
            "SELECT area_code, count(*), min(block.code) FROM assignment JOIN block ON block.id = block_id "
            f"JOIN plan ON plan.id = plan_id WHERE name = '{_PLAN}' GROUP BY area_code ORDER BY area_code"
        ).fetchall()
    edit_draft(database, _PLAN, Merge((rows[0][0], rows[1][0])), seen=None, **given)
    block = max(rows[2:], key=lambda row: row[1])[2]
    edit_draft(database, _PLAN, Assign((block,), None), seen=None, **given)
    database.dispose()
    return len(rows) - 1


def test_a_draft_is_compared_mended_and_published(visit: Callable[..., Any], district: Any) -> None:
    areas = _drawn(district.database_url)
    page = visit("planner").open(f"/planner#plan={_PLAN}&panel=compare")

    shows(page, "#moved", "人")
    page.locator("planner-compare g-table tbody tr").first.click()
    page.locator("#swipe").click()
    divider = page.get_by_role("separator")
    divider.wait_for()
    divider.press("Home")
    divider.press("ArrowRight")
    assert divider.get_attribute("aria-valuenow") == "2"
    page.locator("#swipe").click()
    assert page.get_by_role("separator").count() == 0

    page.locator("#tab-areas").click()
    shows(page, "planner-panel .tally.bad", "1")
    assert page.locator("planner-areas tbody tr").count() == areas
    page.locator("planner-areas tbody tr").nth(3).click()
    assert page.locator("planner-areas tr[aria-current=true]").count() == 1
    assert faults(page) == []

    page.goto(page.url.partition("/planner")[0] + f"/planner/publication#plan={_PLAN}")
    shows(page, "#verdict", "不能发布")
    shows(page, "#lacks", "先处理阻止发布的问题")
    shows(page, "#changes", "易手的地块")
    assert page.locator("publication-terms button[type=submit]").is_disabled()
    page.locator("#verdict a").first.click()

    shows(page, "#panel-inside", "未划分的地块")
    page.locator("#fill-all").click()
    page.locator("planner-panel .tally.bad").wait_for(state="detached")

    page.goto(page.url.partition("/planner")[0] + f"/planner/publication#plan={_PLAN}")
    shows(page, "#verdict", "可以发布")
    assert faults(page) == []
    page.fill("#decision", "街道办〔2026〕7 号")
    page.fill("#typed", "我同意")
    page.locator("publication-terms button[type=submit]").click()
    shows(page, "#done", "方案已发布")
    shows(page, "publication-done dl", "街道办〔2026〕7 号")

    page.locator("#make-annex").click()
    page.locator("#annex").wait_for(timeout=_SOON_MS)
    address = page.locator("#annex").get_attribute("href")
    start = page.evaluate("async (address) => (await (await fetch(address)).text()).slice(0, 5)", address)
    assert start == "%PDF-"

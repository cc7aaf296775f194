"""The manager at work: a rule in force, its map, why one building, lists behind numbers, print, export."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from service_pages import Visit, faults, shows

from fixtures.shipped import risk_rules
from gisgov.governance.risk import format_rules, parse_rules
from gisgov.services.rating import propose_rules, put_in_force
from gisgov.store.database import Database

pytestmark = pytest.mark.browser

ZONE = ZoneInfo("Asia/Shanghai")
NUMBER = re.compile(r"[\d,]+")
STRICTER = {"version": "2027-9", "thresholds": {"general": 20, "warning": 40}}


# instead of the dialog of the browser: what the sheet looks like at that moment, and then the way back
PRINTED = """() => {
    window.print = () => {
        document.documentElement.dataset.sheet = document.body.className;
        dispatchEvent(new Event('afterprint'));
    };
}"""


def number(text: str) -> int:
    found = NUMBER.search(text)
    assert found, text
    return int(found.group().replace(",", ""))


def warnings(page: Any) -> int:
    page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
    return number(page.locator(".answer .tally", has_text="警示").first.inner_text())


def test_a_rule_in_force_is_seen_explained_listed_printed_and_exported(
    visit: Callable[..., Visit], district: Any, tmp_path: Path
) -> None:
    page = visit("manager").open("/analysis/warning-buildings")
    before = warnings(page)
    shows(page, "g-legend", "example-2")

    database = Database(district.database_url)
    propose_rules(database, parse_rules({**format_rules(risk_rules()), **STRICTER}, "rules"))
    today = datetime.now(ZONE).date()
    put_in_force(database, "2027-9", reason="安委会纪要", today=today, timezone=ZONE)
    database.dispose()
    page.reload()
    after = warnings(page)
    assert after > before
    shows(page, "g-legend", "2027-9")
    assert number(page.locator("g-legend .key", has_text="警示").inner_text()) == after
    page.locator(".map canvas").first.wait_for(state="attached")

    # the list behind a number has as many rows as the number says, and every one of them a why
    row = page.locator(".answer tbody tr").first
    count = row.locator(".behind").first
    expected = number(count.inner_text())
    count.click()
    shows(page, "g-behind [role=status]", f"共 {expected} 条")
    assert page.locator("g-behind tbody tr").count() == expected
    page.locator("g-behind tbody tr").first.press("Enter")
    shows(page, "g-why .verdict", "警示")
    shows(page, "g-why", "2027-9")
    assert page.locator("g-why .reasons li").count() > 0
    assert page.locator("g-why .past li").count() == 2, "by the former rules, and by these"
    assert faults(page) == []
    address = page.url
    page.get_by_role("button", name="关闭").click()

    # who is sent the address sees the same
    page.goto("about:blank")
    page.goto(address)
    shows(page, "g-why .verdict", "警示")
    page.keyboard.press("Escape")
    page.locator("g-behind").wait_for(state="detached")

    page.evaluate(PRINTED)
    page.get_by_role("button", name="打印").click()
    page.get_by_label("审图号").fill("粤S（2027）9 号")
    page.locator("dialog").get_by_role("button", name="打印").click()
    page.wait_for_selector("html[data-sheet~=printing]", state="attached")
    sheet = tmp_path / "sheet.pdf"
    page.pdf(path=sheet, prefer_css_page_size=True)
    assert pages_of(sheet) == 1
    assert "粤S（2027）9 号" in page.locator(".sheet-foot").text_content()

    page.get_by_role("button", name="导出").click()
    page.locator("#form").select_option("xlsx")
    page.locator("dialog").get_by_role("button", name="导出").click()
    link = page.get_by_role("link", name="下载")
    link.wait_for(timeout=60_000)
    with page.expect_download() as kept:
        link.click()
    assert Path(kept.value.path()).read_bytes()[:2] == b"PK"


def pages_of(path: Path) -> int:
    """Count the pages of a PDF that Chromium wrote."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes()))


QUESTIONS = (
    "changes#since=2026-01-01",
    "overloaded",
    "disposal",
    "disposal#by=source",
    "vacancies",
    "service-coverage",
)


def opens_its_lists(page: Any, question: str) -> None:
    """Press each number above the table that is not 0: it leads to a list, which has rows."""
    for number in page.locator(".answer .tallies strong, .answer .moves td.figure").all():
        if re.fullmatch(r"\+?0[.0]*\D*|–", number.inner_text().strip()):
            continue
        number.get_by_role("button").click(timeout=2_000)
        page.locator(".drawer tbody tr").first.wait_for(timeout=20_000)
        assert page.locator(".drawer .alarm").count() == 0, (question, number.inner_text())
        page.keyboard.press("Escape")
        page.locator(".drawer").wait_for(state="detached")


def test_every_question_is_answered_in_a_table_that_all_can_use(visit: Callable[..., Visit]) -> None:
    watched = visit("manager")
    for question in QUESTIONS:
        # an address that differs behind # alone would not be opened anew
        page = watched.open(f"/analysis/{question.replace('#', '?#')}")
        page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
        assert page.locator(".answer tbody tr").count() > 0, question
        assert page.locator(".alarm").count() == 0, question
        assert faults(page) == [], question
        opens_its_lists(page, question)
    page = watched.open("/analysis")
    shows(page, "a[data-question=trends]", "上报")
    page.locator("a[data-question=vacancies]").click()
    shows(page, ".answer .tallies", "缺岗")
    page.get_by_label("范围").select_option(index=1)
    page.wait_for_url(re.compile("area="))
    page.get_by_role("button", name="EN", exact=True).click()
    shows(page, ".answer .tallies", "Missing posts")

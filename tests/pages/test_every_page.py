"""Every page, opened by one who may see all of it: nothing asked elsewhere, nothing grave found by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from service_pages import OFFICE, Visit, faults

from api.routes import pages
from api.security import PAGE_POLICY

pytestmark = pytest.mark.browser

# those that stand under further names show one of them too
BELOW = ("/analysis/trends", "/admin/imports", "/planner#plan=subgrid-2026")
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def seen(browser: Any, district: Any, sessions: Callable[[str], str]) -> Iterator[Visit]:
    """Visit as an administrator; the pages are opened one after the other in one window."""
    one = Visit(browser, district.base, OFFICE, session=sessions("administrator"))
    yield one
    one.context.close()


@pytest.mark.parametrize("address", [*pages.ADDRESSES, *BELOW])
def test_a_page_asks_only_its_service_and_can_be_used_by_all(seen: Visit, address: str) -> None:
    seen.wrong.clear()
    # an address that differs behind # alone would not be opened anew
    answer = seen.page.goto(f"{seen.base}{address.replace('#', '?#')}")
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    for language in LANGUAGES:
        if language == "en":
            seen.page.get_by_role("button", name="EN", exact=True).click()
        seen.page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
        assert seen.page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
        assert faults(seen.page) == [], language
        wide = seen.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= OFFICE[0], f"{language}: {wide} pixels wide"
    if address.count("/") > 1:  # a part of a page is found under that page in the head
        within = seen.page.locator("#pages [aria-current=true]").get_attribute("href")
        assert within == "/" + address.split("/")[1]
    seen.page.get_by_role("button", name="中文", exact=True).click()
    assert seen.wrong == []

"""Exported maps opened in Chromium, without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Opener: TypeAlias = "Callable[..., AbstractContextManager[Page]]"

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api")
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("Chromium is not installed: set CHROMIUM to its program")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Open pages without a network; whatever one logs or asks for is a failure.

    Each test has a profile of its own, whose pages follow each other in one window: that a program for
    another window starts takes longer than most pages.
    """
    file = tmp_path / "map.html"
    said: list[str] = []
    windows: dict[bool, Page] = {}

    def window(touch: bool) -> Page:
        context = browser.new_context(offline=True, has_touch=touch, locale="en-GB")
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if request.url != file.as_uri() else None)
        return page

    @contextmanager
    def open_page(html: str, *, width: int = 1440, height: int = 900, touch: bool = False) -> Iterator[Page]:
        file.write_text(html, encoding="utf-8")
        page = windows[touch] = windows.get(touch) or window(touch)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(file.as_uri())
        page.wait_for_function("document.documentElement.dataset.state")
        assert page.evaluate("document.documentElement.dataset.state") == "ready"
        yield page
        assert said == [], said

    yield open_page
    for page in windows.values():
        page.context.close()

"""The pages of the service in a real browser: served, visited, and watched for what goes wrong."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
COOKIE = "__Host-gisgov"
DESKTOP, PHONE = (1280, 800), (390, 844)
OFFICE, LARGE = (1366, 768), (1920, 1080)


@contextmanager
def launched() -> Iterator[Any]:
    """Start the browser that is installed."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(database_url: str, folder: Path, **given: object) -> Iterator[str]:
    """Run the service in a thread, on a port of its own, with the maps and the jobs of a folder.

    Further settings may be given.
    """
    import uvicorn
    from lent_services import lent

    from gisgov.config import Settings

    values = {
        "database_url": database_url,
        "maps_dir": folder,
        "jobs_dir": folder / "jobs",
        "log_level": "error",
        **given,
    }
    settings = Settings(**values)  # type: ignore[arg-type]
    with lent(settings) as app, socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def session_of(database_url: str, name: str = "wang", role: str = "administrator") -> str:
    """Make an account that holds a role everywhere, and return the token of a session of it."""
    from gisgov.governance.access import Grant, Role
    from gisgov.services.accounts import create_account, open_session
    from gisgov.store.database import Database

    database = Database(database_url)
    create_account(database, name, grants=[Grant(Role(role))])
    session = open_session(database, name, client="127.0.0.1")
    database.dispose()
    return session.token


class Visit:
    """A page of a fresh profile that may talk to the service alone; keeps what goes wrong.

    ``session`` is the token of whoever is signed in; nobody is without one.
    """

    def __init__(
        self,
        browser: Any,
        base: str,
        size: tuple[int, int],
        locale: str = "zh-CN",
        session: str | None = None,
    ) -> None:
        width, height = size
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        if session is not None:
            secured = base.replace("http:", "https:")  # a Secure cookie, which goes to loopback without too
            cookie = {"name": COOKIE, "value": session, "url": secured, "secure": True, "httpOnly": True}
            self.context.add_cookies([cookie])
        self.page = self.context.new_page()
        self.base = base
        self.wrong: list[str] = []
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.route("**/*", self._only_ours)

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # not those that a newer question overtook
            self.wrong.append(f"{request.failure}: {request.url}")

    def _only_ours(self, route: Any) -> None:
        if route.request.url.startswith((f"{self.base}/", "data:")):
            route.continue_()
        else:
            self.wrong.append(f"elsewhere: {route.request.url}")
            route.abort()

    def open(self, place: str = "/") -> Any:
        """Go to a page of the service."""
        self.page.goto(self.base + place)
        return self.page


def shows(page: Any, place: str, text: str) -> None:
    """Wait until a place of the page shows a text."""
    from playwright.sync_api import expect

    # a place that is hidden may hold its text already
    expect(page.locator(place)).to_be_visible(timeout=60_000)
    expect(page.locator(place)).to_contain_text(text, timeout=60_000)


def faults(page: Any) -> list[str]:
    """Return what the accessibility checker axe-core finds grave on a page: rule, impact, where."""
    from gisgov.paths import root

    if not page.evaluate("typeof axe !== 'undefined'"):
        program = (root() / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
        page.evaluate(program)  # not as a script of the page: its policy forbids that
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{one['id']} ({one['impact']}): {node['target'][0]} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]

"""The pages on the demo district: bytes sent, time to the first useful view, requests to elsewhere.

Chromium without a GPU opens each page in a fresh profile (nothing is kept from before), as an administrator,
at 1366 x 768. A page says itself when its first useful content stands (`web/shared/ready.ts`); the time is
from the start of the navigation to then, the middle of three. Bytes are those that were sent, compressed as
they were. The service is one process of `gisgov serve`, in which the page has been opened once before.

    python -m benchmarks.web_pages [PAGE …]    on the database of GISGOV_DATABASE_URL, else a demo of its own
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from benchmarks.bars import QUICK, Goal, note, show
from benchmarks.browser import launched, program
from benchmarks.database import private_database
from gisgov.errors import NameTaken
from gisgov.governance.access import Grant, Role
from gisgov.services.accounts import create_account, open_session
from gisgov.store.database import Database

PAGES: Final = (
    *("/", "/planner", "/planner#plan={draft}", "/planner/publication#plan={draft}", "/events", "/analysis"),
    *("/admin", "/accounts", "/jobs", "/check", "/docs", "/account", "/about", "/sign-in"),
)
_NEED_S: Final = 2.0
_RUNS: Final = 1 if QUICK else 3
_SIZE: Final = {"width": 1366, "height": 768}
_SCALE: Final = "0.05" if QUICK else "1"
_PATIENCE_MS: Final = 60_000
_READY: Final = "performance.getEntriesByName('gisgov:ready')[0].startTime / 1000"


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a page took.

    Attributes
    ----------
    ready_s : float
        Seconds to the first useful view.
    code_bytes, all_bytes : int
        Bytes sent of scripts and styles, and of everything.
    requests, elsewhere : int
        Requests, and those of them to another origin.
    """

    ready_s: float
    code_bytes: int
    all_bytes: int
    requests: int
    elsewhere: int


def main() -> int:
    """Open every page; 2 when there is no Chromium."""
    if program() is None:
        print("Chromium is not installed.", file=sys.stderr)
        return 2
    asked = sys.argv[1:] or PAGES
    with demo() as url, served(url) as base, launched() as browser:
        token, draft = signed_in(url)
        for page in asked:
            address = base + page.format(draft=draft)
            seen = [opened(browser, base, address, token) for _ in range(_RUNS + 1)][1:]
            _tell(page.partition("#")[0] + ("#draft" if "#" in page else ""), seen)
    return 0


def _tell(name: str, seen: list[Opened]) -> None:
    last = seen[-1]
    ready_s = statistics.median(one.ready_s for one in seen)
    kilobytes = f"code={last.code_bytes / 1000:.0f}kB all={last.all_bytes / 1000:.0f}kB"
    show(Goal(f"page-{name}", ready_s, "<=", _NEED_S, f"unit=s {kilobytes} requests={last.requests}"))
    if last.elsewhere:
        note(f"{name} asked {last.elsewhere} times elsewhere")


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """Give the URL of a database with the demo district."""
    given = os.environ.get("GISGOV_DATABASE_URL")
    if given:
        yield given
        return
    with private_database() as database, tempfile.TemporaryDirectory() as folder:
        url = database.engine.url.render_as_string(hide_password=False)
        variables = {**os.environ, "GISGOV_DATABASE_URL": url, "GISGOV_MAPS_DIR": folder}
        command = [sys.executable, "-m", "gisgov", "demo", "--no-serve", "--scale", _SCALE]
        subprocess.run(command, env=variables, check=True, stdout=subprocess.DEVNULL)
        yield url


def signed_in(url: str) -> tuple[str, str]:
    """Return the token of an administrator's session, and the name of the latest draft."""
    database = Database(url)
    with contextlib.suppress(NameTaken):
        create_account(database, "bench", grants=[Grant(Role.ADMINISTRATOR)])
    token = open_session(database, "bench", client="127.0.0.1").token
    with database.begin() as connection:
        latest = sa.text("SELECT name FROM plan WHERE status = 'draft' ORDER BY id DESC LIMIT 1")
        draft = connection.scalar(latest)
    database.dispose()
    return token, str(draft)


@contextlib.contextmanager
def served(url: str) -> Iterator[str]:
    """Run the service until the block ends; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        variables = {"GISGOV_DATABASE_URL": url, "GISGOV_MAPS_DIR": folder, "GISGOV_LOG_LEVEL": "error"}
        command = [sys.executable, "-m", "gisgov", "serve", "--port", str(port)]
        with subprocess.Popen(
            command, env={**os.environ, **variables}, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1]
        ) as process:
            try:
                _wait(process, port)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(1200):
        with (
            contextlib.suppress(OSError),
            contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection,
        ):
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.client.OK:
                return
        assert process.poll() is None, "the service does not run"
        time.sleep(0.1)
    raise TimeoutError("the service is not ready")


def opened(browser: Any, base: str, address: str, token: str) -> Opened:
    """Open a page in a profile of its own, and tell what that took."""
    context = browser.new_context(viewport=_SIZE, locale="zh-CN")
    if not address.endswith("/sign-in"):
        where = base.replace("http:", "https:")  # a Secure cookie, which goes to loopback without too
        cookie = {"name": "__Host-gisgov", "value": token, "url": where, "secure": True, "httpOnly": True}
        context.add_cookies([cookie])
    page = context.new_page()
    session = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    elsewhere: list[str] = []
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((base, "data:", "blob:")) else elsewhere.append(request.url)
        ),
    )
    session.send("Network.enable")
    page.goto(address, wait_until="commit")
    page.wait_for_selector("html[data-ready]", state="attached", timeout=_PATIENCE_MS)
    ready_s = float(page.evaluate(_READY))
    code = sum(size for one, size in sizes.items() if kinds.get(one) in ("Script", "Stylesheet"))
    told = Opened(ready_s, code, sum(sizes.values()), len(kinds), len(elsewhere))
    context.close()
    return told


if __name__ == "__main__":
    sys.exit(main())

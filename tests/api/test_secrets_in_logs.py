"""No secret in any line that a service or a command writes, whatever goes wrong."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from certificates import self_signed
from oidc_providers import BACK, CLIENT, SECRET, Browser, provider, signing_key
from running_services import Running, free_port, running
from signed_in import bearer

from gisgov.governance.access import Grant, Role
from gisgov.services.accounts import create_account, sign_in
from gisgov.store.database import Database

PASSWORD = "MARK-password-of-lin-2026"  # noqa: S105
JSON = {"Content_Type": "application/json"}


def children_of(pid: int) -> str:
    """Return the command lines of a process and of all below it."""
    found = Path(f"/proc/{pid}/cmdline").read_text("utf-8")
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            found += children_of(int(child))
    return found


def everything(service: Running, key: str, browser: Browser) -> list[str]:
    """Ask whatever carries a secret, well and badly; return the secrets that only now came to be."""
    ask = service.ask
    ask("/v1/plans", Authorization=f"Bearer {key}")
    ask("/v1/plans", Authorization="Bearer ggk_0000_MARKwrongsecret")
    ask("/v1/plans", Authorization="Basic MARKbasicMARK")
    ask("/v1/plans?token=MARKquery&password=MARKquery&x=ggk_12_MARKquery", Authorization=f"Bearer {key}")
    ask(f"/v1/areas/{key}?at=2026-03-01", Authorization=f"Bearer {key}")
    ask("/v1/plans", Cookie="__Host-gisgov=MARKcookie; other=MARKcookie")
    ask("/v1/plans\x7f".replace("\x7f", "%7F"), X_CSRF_Token="MARKcsrftoken")  # noqa: S106
    for body in (
        {"account": "lin", "password": "MARK-wrong-password"},
        {"account": "lin", "password": PASSWORD, "new_password": "MARK"},
        {"account": "lin", "password": ["MARK-no-password"]},
        {"account": "lin", "password": "MARK-and-more", "secret": "MARK-unknown-field"},
    ):
        ask("/v1/session", method="POST", body=json.dumps(body).encode(), **JSON)
    ask("/v1/session", method="POST", body=b'{"password": "MARK-broken', **JSON)
    answer = browser.get(f"{service.base}/v1/session/oidc?next=/jobs")
    back = browser.sign_in_at(answer.headers["Location"], "lin")
    begun = browser.cookies["__Host-gisgov-sign-on"]
    assert browser.get(back).headers["Location"] == "/jobs"
    browser.get(back, headers={"Cookie": f"__Host-gisgov-sign-on={begun}"})
    code, state = (back.partition(f"{name}=")[2].partition("&")[0] for name in ("code", "state"))
    session = browser.get(f"{service.base}/v1/session").json()
    return [
        browser.cookies["__Host-gisgov"],
        session["csrf_token"],
        code,
        state,
        begun,
        key.split("_", 2)[2],  # the secret may hold more of them
    ]


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_line_and_no_command_line_holds_a_secret(
    database: Database, database_url: str, tmp_path: Path, log_format: str
) -> None:
    made = create_account(database, "lin", grants=[Grant(Role.ADMINISTRATOR)])
    assert made.one_time_password is not None
    sign_in(database, "lin", made.one_time_password, client="10.0.0.1", new_password=PASSWORD)
    key = bearer(database)["Authorization"].removeprefix("Bearer ")
    cert, tls_key = self_signed(tmp_path, "grid.test")
    port = free_port()
    settings = {
        "log_level": "debug",
        "log_format": log_format,
        "jobs_dir": str(tmp_path / "jobs"),
        "oidc_issuer": f"http://127.0.0.1:{port}",
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
    }
    options = ("--tls-cert", str(cert), "--tls-key", str(tls_key))
    with (
        running(database_url, *options, trusted=cert, **settings) as service,
        provider(service.base + BACK, key=signing_key("one"), port=port),
        Browser(
            headers={"Accept": "text/html"}, verify=ssl.create_default_context(cafile=str(cert))
        ) as browser,
    ):
        secrets = everything(service, key, browser)
        running_as = children_of(service.process.pid)
        log = "\n".join(service.end())
    assert "request" in log
    assert "GET" in log
    for secret in ("MARK", PASSWORD, made.one_time_password, SECRET, *secrets):
        assert secret not in log, next(line for line in log.splitlines() if secret in line)
        assert secret not in running_as


def test_an_unexpected_error_is_logged_without_the_secrets_of_its_request(
    open_client: Callable[..., Any],
    database_url: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from api.routes import session

    def fails(_database: Any, name: str, password: str, **_: Any) -> None:
        raise ValueError(f"{name} came with {password} and postgresql://gisgov:MARKurl@db/x")

    monkeypatch.setattr(session, "sign_in", fails)
    with open_client(database_url, log_level="debug") as opened:
        answer = opened.post("/v1/session", json={"account": "lin", "password": PASSWORD})
    assert answer.status_code == 500
    written = capfd.readouterr().err
    assert "lin came with *** and postgresql://gisgov:***@db/x" in written
    assert "Traceback" in written
    assert "MARK" not in written


@pytest.mark.parametrize("words", [["plan", "list"], ["plan", "list", "--debug"], ["db", "status"]])
def test_no_line_of_a_command_that_fails_holds_a_secret(words: list[str], tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "gisgov", *words],
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "GISGOV_DATABASE_URL": "postgresql://gisgov:MARKpassword@127.0.0.1:1/gisgov",
            "GISGOV_KEY": "ggk_77_MARKsetting",
            "PGPASSWORD": "MARKofpg",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert ran.stderr
    assert "MARK" not in ran.stdout + ran.stderr

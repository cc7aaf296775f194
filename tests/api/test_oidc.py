"""Signing in by a city's own sign-on, at a certified provider that runs beside the service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from oidc_providers import BACK, CLIENT, SECRET, Browser, provider, signing_key
from running_services import free_port
from service_pages import launched, served

from gisgov.governance.access import Grant, Role
from gisgov.services.accounts import change_account, create_account
from gisgov.services.accounts import sign_on_provider as talking
from gisgov.store.database import Database

HTML = {"Accept": "text/html,*/*"}


@pytest.fixture(scope="session")
def key() -> dict[str, Any]:
    """The key that the provider signs with."""
    return signing_key("first")


@contextmanager
def serving(database_url: str, folder: Path) -> Iterator[tuple[str, int]]:
    """Serve two people and a sign-on; gives the address, and the port that the sign-on is to have."""
    secret = folder / "secret"
    secret.write_text(f"{SECRET}\n", encoding="ascii")
    port = free_port()
    sign_on = {"oidc_client_id": CLIENT, "oidc_client_secret_file": secret, "oidc_title": "市统一身份认证"}
    often: dict[str, Any] = {"sign_ins_per_minute": 1000}  # all tests ask from one address
    issuer = f"http://127.0.0.1:{port}"
    with served(database_url, folder, oidc_issuer=issuer, **sign_on, **often) as base:
        yield base, port


@pytest.fixture(scope="module")
def people(module_database_url: str) -> str:
    """URL of a database with two people, one of whom is gone."""
    database = Database(module_database_url)
    create_account(database, "lin", grants=[Grant(Role.VIEWER)])
    create_account(database, "gone", grants=[Grant(Role.VIEWER)])
    change_account(database, "gone", disabled=True)
    database.dispose()
    return module_database_url


@pytest.fixture
def service(people: str, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A service that has not met its provider yet; its address, and the port that this is to have."""
    with serving(people, tmp_path) as began:
        yield began


@pytest.fixture(scope="module")
def base(people: str, key: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service whose provider runs; who asks it is told apart by the browser's cookies alone."""
    with (
        serving(people, tmp_path_factory.mktemp("served")) as (address, port),
        provider(address + BACK, key=key, port=port),
    ):
        yield address


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser."""
    with Browser(headers=HTML) as opened:
        yield opened


def begun(browser: Browser, base: str, goes_to: str = "/jobs") -> str:
    """Begin, and return the address at the provider that the browser is sent to."""
    answer = browser.get(f"{base}/v1/session/oidc", params={"next": goes_to})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def sent_to(answer: Any) -> tuple[str, dict[str, list[str]]]:
    """Return the path and the query that an answer sends to."""
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["Location"])
    assert (parts.scheme, parts.netloc) == ("", "")
    return parts.path, parse_qs(parts.query)


def test_who_signs_in_there_has_a_session_here(browser: Browser, base: str) -> None:
    address = begun(browser, base, "/jobs?state=running")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()

    answer = browser.get(browser.sign_in_at(address, "lin"))

    assert answer.headers["Location"] == "/jobs?state=running"
    assert answer.headers["Cache-Control"] == "no-store"
    kept, forgotten = answer.headers.get_list("Set-Cookie")
    assert kept.startswith("__Host-gisgov=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(kept.split("; "))
    assert forgotten.startswith('__Host-gisgov-sign-on=""; ')
    session = browser.get(f"{base}/v1/session").json()
    assert (session["account"], session["kind"]) == ("lin", "person")
    assert session["sign_on"] == [{"title": "市统一身份认证", "href": "/v1/session/oidc"}]


def test_a_code_serves_once_and_in_the_browser_that_began(browser: Browser, base: str) -> None:
    back = browser.sign_in_at(begun(browser, base), "lin")
    with Browser(headers=HTML) as other:
        assert sent_to(other.get(back)) == ("/sign-in", {"problem": ["sign-on-refused"], "next": ["/"]})
    kept = {"Cookie": f"__Host-gisgov-sign-on={browser.cookies['__Host-gisgov-sign-on']}"}
    assert browser.get(back).headers["Location"] == "/jobs"

    with Browser() as thief:
        again = thief.get(back, headers=kept)
        assert again.status_code == 401
        assert "does not take its own answer any more (invalid_grant)" in again.json()["detail"]
        assert again.json()["type"] == "/problems/sign-on-refused"
        assert "__Host-gisgov" not in again.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("state=", "state=x"), "this browser did not begin it"),
        (("iss=http", "iss=https"), "the answer comes from another provider"),
        (("&iss=", "&session_state="), "the answer comes from another provider"),
        (("code=", "error=access_denied&was="), "the sign-on says 'access_denied'"),
        (("code=", "was="), "the sign-on says 'nothing'"),
        (("code=", "code=x"), r"does not take its own answer any more \(invalid_grant\)"),
    ],
)
def test_an_answer_that_was_changed_signs_nobody_in(
    browser: Browser, base: str, change: tuple[str, str], says: str
) -> None:
    back = browser.sign_in_at(begun(browser, base), "lin").replace(*change)
    refused = browser.get(back, headers={"Accept": "application/json"})
    assert refused.status_code == 401
    assert re.search(says, refused.json()["detail"]), refused.json()
    assert sent_to(browser.get(back)) == ("/sign-in", {"problem": ["sign-on-refused"], "next": ["/jobs"]})
    assert browser.get(f"{base}/v1/session").json()["account"] is None


@pytest.mark.parametrize("name", ["nobody-here", "gone"])
def test_an_account_of_the_name_must_be_here_and_in_force(browser: Browser, base: str, name: str) -> None:
    back = browser.sign_in_at(begun(browser, base), name)
    refused = browser.get(back, headers={"Accept": "application/json"})
    assert refused.status_code == 401
    assert f"{name!r}, and no person has an account of that name here" in refused.json()["detail"]
    assert browser.get(f"{base}/v1/session").json()["account"] is None


def test_keys_may_change(
    browser: Browser, service: tuple[str, int], key: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, port = service
    monkeypatch.setattr(talking, "_KEYS_ANEW_S", -1.0)
    for one in (key, signing_key("second")):
        with provider(address + BACK, key=one, port=port):
            browser.cookies.clear()
            answer = browser.get(browser.sign_in_at(begun(browser, address), "lin"))
            assert answer.headers["Location"] == "/jobs"


def test_a_provider_that_does_not_answer_is_told_of(browser: Browser, service: tuple[str, int]) -> None:
    address, _ = service
    problem = {"problem": ["sign-on-unavailable"], "next": ["/jobs"]}
    assert sent_to(browser.get(f"{address}/v1/session/oidc?next=/jobs")) == ("/sign-in", problem)
    told = browser.get(f"{address}/v1/session/oidc", headers={"Accept": "*/*"})
    assert told.status_code == 503
    assert int(told.headers["Retry-After"]) > 0
    assert told.json()["type"] == "/problems/sign-on-unavailable"
    assert "cannot be used: it cannot be reached" in told.json()["detail"]


def test_a_provider_that_goes_away_meanwhile_is_told_of(
    browser: Browser, service: tuple[str, int], key: dict[str, Any]
) -> None:
    address, port = service
    with provider(address + BACK, key=key, port=port):
        back = browser.sign_in_at(begun(browser, address), "lin")
    problem = {"problem": ["sign-on-unavailable"], "next": ["/jobs"]}
    assert sent_to(browser.get(back)) == ("/sign-in", problem)


@pytest.mark.parametrize(
    "place",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "jobs",
        "",
        "/\t/evil.example",
        "/a\\b",
        "/路",
        "/x\r\nSet-Cookie: a=b",
    ],
)
def test_it_leads_nowhere_but_to_this_service(browser: Browser, base: str, place: str) -> None:
    answer = browser.get(f"{base}/v1/session/oidc", params={"next": place})
    assert answer.status_code == 422
    forged = '["state-state", "nonce", "verifier", "//evil.example"]'
    answer = browser.get(
        f"{base}{BACK}?state=x&code=y", headers={"Cookie": f"__Host-gisgov-sign-on={_quoted(forged)}"}
    )
    assert sent_to(answer) == ("/sign-in", {"problem": ["sign-on-refused"], "next": ["/"]})


@pytest.mark.parametrize("kept", ["", "x", "%5B1%5D", '["a","b","c",4]', "%7B%7D"])
def test_a_cookie_that_says_nothing_is_as_good_as_none(browser: Browser, base: str, kept: str) -> None:
    answer = browser.get(f"{base}{BACK}?code=a", headers={"Cookie": f"__Host-gisgov-sign-on={_quoted(kept)}"})
    assert sent_to(answer)[1]["problem"] == ["sign-on-refused"]


def test_without_a_sign_on_there_is_none(lonely: Any) -> None:
    for path in ("/v1/session/oidc", BACK):
        answer = lonely.get(path)
        assert answer.status_code == 404
        assert "No single sign-on is configured" in answer.json()["detail"]


@pytest.mark.browser
def test_a_person_signs_in_by_clicking(base: str) -> None:
    with ExitStack() as stack:
        page = stack.enter_context(launched()).new_context(locale="zh-CN").new_page()
        page.goto(f"{base}/sign-in?next=/jobs")
        page.get_by_role("link", name="市统一身份认证").click()
        page.fill("input[name=login]", "lin")
        page.fill("input[name=password]", "any")
        page.get_by_role("button", name="Sign-in").click()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(f"{base}/jobs")
        assert page.evaluate("fetch('/v1/session').then(a => a.json())")["account"] == "lin"
        assert page.evaluate("document.cookie") == ""


def _quoted(text: str) -> str:
    return quote(text, safe="%")

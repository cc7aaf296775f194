"""Signing in over HTTP: the cookie, its token, and what a browser and a program may do with theirs."""

from __future__ import annotations

from typing import Any

import pytest
from signed_in import bearer

from api.session_cookie import NAME
from gisgov.governance.access import Grant, Role
from gisgov.services.accounts import create_account
from gisgov.store.database import Database

OWN = "three wet cats"
OTHER = "four dry dogs"
NOBODY = {
    "account": None, "kind": "anonymous", "roles": [], "rights": [], "csrf_token": None, "expires": None,
    "sign_on": [],
}  # fmt: skip


@pytest.fixture
def first(database: Database) -> str:
    """The one-time password of wang, who dispatches everywhere."""
    return str(create_account(database, "wang", grants=[Grant(Role.DISPATCHER)]).one_time_password)


def sign_in(client: Any, password: str, **more: str) -> Any:
    return client.post("/v1/session", json={"account": "wang", "password": password, **more})


def browser_of(response: Any) -> tuple[dict[str, str], str]:
    """Return what a browser sends after an answer that began a session, and the token of its pages.

    The client of the tests keeps no Secure cookie of http, as browsers do on loopback.
    """
    cookie = response.headers["Set-Cookie"].partition(";")[0]
    return {"Cookie": cookie}, response.json()["csrf_token"]


def problem_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


def test_nobody_is_an_answer(anonymous: Any) -> None:
    response = anonymous.get("/v1/session")
    assert (response.status_code, response.json()) == (200, NOBODY)
    assert response.headers["Cache-Control"] == "no-store"
    stale = anonymous.get("/v1/session", headers={"Cookie": f"{NAME}=stale"})
    assert stale.json() == NOBODY
    assert stale.headers["Set-Cookie"].startswith(f'{NAME}=""; ')
    assert problem_of(anonymous.get("/v1/areas?q=1")) == (401, "not-signed-in")
    assert problem_of(anonymous.delete("/v1/session")) == (401, "not-signed-in")


def test_a_city_may_open_its_areas_to_everybody(open_client: Any, database_url: str) -> None:
    with open_client(database_url, headers={}, public_areas=True) as client:
        assert client.get("/v1/session").json() == {**NOBODY, "rights": ["areas.read"]}
        assert client.get("/v1/areas?q=1").status_code == 200
        assert problem_of(client.get("/v1/maps")) == (401, "not-signed-in")


def test_from_the_one_time_password_to_signing_out(anonymous: Any, first: str) -> None:
    assert problem_of(sign_in(anonymous, first)) == (403, "password-expired")
    weak = sign_in(anonymous, first, new_password="password123")  # noqa: S106
    assert problem_of(weak) == (422, "invalid-input")
    assert weak.json()["errors"][0]["pointer"] == "/body/new_password"
    begun = sign_in(anonymous, first, new_password=OWN)
    assert begun.status_code == 200
    attributes = {part.strip().lower() for part in begun.headers["Set-Cookie"].split(";")[1:]}
    assert {"secure", "httponly", "samesite=lax", "path=/"} < attributes
    assert not any(part.startswith("domain") for part in attributes)
    assert begun.headers["Cache-Control"] == "no-store"

    browser, token = browser_of(begun)
    told = anonymous.get("/v1/session", headers=browser).json()
    assert told == begun.json()
    assert (told["account"], told["kind"]) == ("wang", "person")
    assert [role["title_zh"] for role in told["roles"]] == ["调度员"]
    assert "events.write" in told["rights"]
    assert "accounts.manage" not in told["rights"]
    assert anonymous.get("/v1/maps", headers=browser).status_code == 200
    assert problem_of(anonymous.get("/v1/accounts", headers=browser)) == (403, "not-allowed")

    assert problem_of(anonymous.delete("/v1/session", headers=browser)) == (403, "csrf")
    left = anonymous.delete("/v1/session", headers={**browser, "X-CSRF-Token": token})
    assert left.status_code == 204
    assert anonymous.get("/v1/session", headers=browser).json() == NOBODY
    assert problem_of(anonymous.get("/v1/maps", headers=browser)) == (401, "not-signed-in")


@pytest.mark.parametrize("said", ["", "wrong", "é"])
def test_changes_take_the_token_of_the_session(anonymous: Any, first: str, said: str) -> None:
    browser, _ = browser_of(sign_in(anonymous, first, new_password=OWN))
    headers = {**browser, "X-CSRF-Token": said.encode("latin-1")}
    asked = anonymous.put(
        "/v1/session/password", json={"password": OWN, "new_password": OTHER}, headers=headers
    )
    assert problem_of(asked) == (403, "csrf")


def test_a_browser_that_signs_in_again_gets_another_session(anonymous: Any, first: str) -> None:
    before, token = browser_of(sign_in(anonymous, first, new_password=OWN))
    again = anonymous.post("/v1/session", json={"account": "wang", "password": OWN}, headers=before)
    after, other = browser_of(again)
    assert (before, token) != (after, other)
    assert anonymous.get("/v1/session", headers=before).json() == NOBODY
    assert anonymous.get("/v1/session", headers=after).json()["account"] == "wang"


def test_a_changed_password_ends_the_other_sessions(anonymous: Any, first: str) -> None:
    here, token = browser_of(sign_in(anonymous, first, new_password=OWN))
    there, _ = browser_of(sign_in(anonymous, OWN))
    body = {"password": OWN, "new_password": OTHER}
    headers = {**here, "X-CSRF-Token": token}
    wrong = anonymous.put("/v1/session/password", json={**body, "password": "wrong one"}, headers=headers)
    assert problem_of(wrong) == (401, "sign-in-refused")
    changed = anonymous.put("/v1/session/password", json=body, headers=headers)
    assert changed.status_code == 204
    renewed = {"Cookie": changed.headers["Set-Cookie"].partition(";")[0]}
    accounts = [anonymous.get("/v1/session", headers=one).json()["account"] for one in (here, there, renewed)]
    assert accounts == [None, None, "wang"]


def test_keys_need_no_token_and_have_no_session(anonymous: Any, database: Database) -> None:
    key = bearer(database, "hotline", Grant(Role.VIEWER))
    told = anonymous.get("/v1/session", headers=key).json()
    assert (told["account"], told["kind"], told["csrf_token"]) == ("hotline", "client", None)
    assert anonymous.get("/v1/areas?q=1", headers=key).status_code == 200
    assert problem_of(anonymous.delete("/v1/session", headers=key)) == (404, "not-found")
    body = {"password": "x", "new_password": OWN}
    assert problem_of(anonymous.put("/v1/session/password", json=body, headers=key)) == (
        401, "sign-in-refused",
    )  # fmt: skip
    bad = {"Authorization": key["Authorization"][:-1]}
    for path in ("/v1/areas?q=1", "/v1/session"):
        refused = anonymous.get(path, headers=bad)
        assert problem_of(refused) == (401, "sign-in-refused")
        assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert anonymous.get("/healthz", headers=bad).status_code == 200, "open to everybody"


def test_a_narrow_key_has_its_scopes_alone(anonymous: Any, database: Database) -> None:
    key = bearer(database, "hotline", Grant(Role.ADMINISTRATOR), scopes=frozenset({"areas.read"}))
    assert anonymous.get("/v1/session", headers=key).json()["rights"] == ["areas.read"]
    assert anonymous.get("/v1/areas?q=1", headers=key).status_code == 200
    assert problem_of(anonymous.get("/v1/accounts", headers=key)) == (403, "not-allowed")


def test_wrong_passwords_lock_the_name(anonymous: Any, first: str) -> None:
    for _ in range(5):
        assert problem_of(sign_in(anonymous, "wrong one")) == (401, "sign-in-refused")
    locked = sign_in(anonymous, first)
    assert problem_of(locked) == (429, "account-locked")
    assert 1 <= int(locked.headers["Retry-After"]) <= 60


def test_one_address_signs_in_so_often(open_client: Any, database_url: str) -> None:
    with open_client(database_url, headers={}, sign_ins_per_minute=2) as client:
        answers = [client.post("/v1/session", json={"account": str(n), "password": "x"}) for n in range(3)]
    assert [one.status_code for one in answers] == [401, 401, 429]
    assert problem_of(answers[2]) == (429, "too-many-requests")
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60


def test_one_account_asks_so_often(open_client: Any, database_url: str, database: Database) -> None:
    with open_client(database_url, requests_per_minute=3) as client:
        asked = [client.get("/v1/areas?q=1").status_code for _ in range(4)]
        other = client.get("/v1/areas?q=1", headers=bearer(database, "other"))
        page = client.get("/healthz")
        unknown = {"Authorization": "Bearer ggk_aaaaaaaaaaaa_x"}
        guessed = [client.get("/v1/areas?q=1", headers=unknown).status_code for _ in range(4)]
    assert asked == [200, 200, 200, 429]
    assert (other.status_code, page.status_code) == (200, 200)
    assert guessed == [401, 401, 401, 429]


def test_forms_of_other_sites_sign_nobody_in(anonymous: Any, first: str) -> None:
    body = '{"account": "wang", "password": "x"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        sent = anonymous.post("/v1/session", content=body, headers={"Content-Type": kind})
        assert problem_of(sent) == (415, "unsupported-media-type")
    assert problem_of(anonymous.post("/v1/session", json={"account": "wang"})) == (422, "invalid-request")
    assert first


def test_without_a_database_nobody_can_be_known(open_client: Any) -> None:
    with open_client("postgresql://nobody@127.0.0.1:1/none", headers={}) as client:
        assert client.get("/v1/session").json() == NOBODY
        for headers in ({"Authorization": f"Bearer ggk_{12 * 'a'}_x"}, {"Cookie": f"{NAME}=x"}):
            assert problem_of(client.get("/v1/areas?q=1", headers=headers)) == (503, "database-unavailable")
            assert client.get("/", headers=headers).status_code == 200
        assert problem_of(client.get("/v1/areas?q=1")) == (401, "not-signed-in")
        assert problem_of(sign_in(client, "x")) == (503, "database-unavailable")

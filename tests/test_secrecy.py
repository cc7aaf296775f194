"""What is never written down, in whatever text it turns up."""

from __future__ import annotations

import json

import pytest

from gisgov.secrecy import (
    keep_password_of,
    keep_secret,
    keep_secret_in,
    redacted,
    redacted_value,
    secrets_of_a_request,
)

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJsaW4ifQ.c2lnbmF0dXJl"  # noqa: S105 - nobody's


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://gisgov:MARK@db.example/town did not answer",
        "https://lin:MARK@sso.example/token",
        "connection failed: host=db password=MARK user=gisgov",
        "PGPASSWORD=MARK psql",
        "Authorization: Bearer MARK",
        "('Authorization', 'Bearer MARK')",
        "[(b'authorization', b'Basic MARK')]",
        "[(b'cookie', b'a=b; __Host-gisgov=MARK; c=d')]",
        "it began with __Host-gisgov=MARK; Path=/",
        "set-cookie: anything=MARK",
        "X-CSRF-Token: MARK",
        "the bearer MARKMARK was sent",
        "no key is ggk_7f3a_MARK",
        '{"password": "MARK and more MARK", "x": 1}',
        json.dumps({"text": json.dumps({"new_password": "MARK MARK"})}),
        "{'new_password': 'MARK MARK', 'account': 'lin'}",
        "GET /v1/session/oidc/callback?code=MARK&state=MARK",
        "/v1/anything?access_token=MARK&x=1",
        "grant_type=authorization_code&client_secret=MARK",
        "code_verifier=MARK",
        "nonce: MARK",
        "{'id_token': 'MARK'}",
        f"the token was {TOKEN}".replace("c2lnbmF0dXJl", "MARK"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(text: str) -> None:
    assert "MARK" not in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /v1/areas?code=440305&state=draft",
        "Port 8000 of 127.0.0.1 cannot be used: Address already in use.",
        "https://sso.example:8443/path?a=b",
        "The password must be changed first.",
        "postgresql://gisgov@db.example:5432/town",
        "网格 440305-001 the token_endpoint answers",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert redacted(text) == text


def test_what_is_known_is_found_anywhere_and_written_otherwise() -> None:
    with secrets_of_a_request():
        keep_secret("hunter 22", "tiny")
        keep_password_of("postgresql://a:p%40ss-word@db/x")
        keep_password_of("postgresql://[broken")
        keep_password_of("postgresql://db/x")
        keep_secret_in([{"password": "correct horse", "roles": [{"token": "battery-staple"}]}, 1])
        text = "hunter 22, hunter%2022, p@ss-word, p%40ss-word, correct horse, battery-staple, tiny"
        assert redacted(text) == "***, ***, ***, ***, ***, ***, tiny"
    assert redacted("hunter 22") == "hunter 22"


def test_values_of_log_lines_are_looked_through() -> None:
    line = {
        "event": "password=one",
        "body": {"password": "two", "token": None, "ids": [1, "key ggk_a_three"]},
        "error": ValueError("secret=four"),
        "cookie": ["five"],
        "count": 6,
        "share": 0.5,
        "done": True,
        "nothing": None,
    }
    assert redacted_value(line) == {
        "event": "password=***",
        "body": {"password": "***", "token": None, "ids": [1, "key ggk_a_***"]},
        "error": "secret=***",
        "cookie": "***",
        "count": 6,
        "share": 0.5,
        "done": True,
        "nothing": None,
    }

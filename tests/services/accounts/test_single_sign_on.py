"""What a sign-on may say, and what of it is believed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from false_providers import CLIENT, OTHER, OWN, FalseProvider, Said, false_provider
from joserfc.jwk import OctKey

from gisgov.errors import SignOnRefused, SignOnUnavailable
from gisgov.governance.access import ActorKind
from gisgov.secrecy import redacted, secrets_of_a_request
from gisgov.services.accounts import NewSession, create_account, find_session
from gisgov.services.accounts.sign_on_provider import Provider
from gisgov.services.accounts.single_sign_on import SignOn, begin_sign_on, finish_sign_on
from gisgov.store.database import Database

BACK = "https://grid.example/v1/session/oidc/callback"
SECRET = "a secret that only the two know of"  # noqa: S105
HOUR = 3600


@pytest.fixture
def provider() -> Iterator[FalseProvider]:
    """A provider that says whatever it is told to."""
    with false_provider() as opened:
        yield opened


@pytest.fixture
def people(database: Database) -> Database:
    """A database with a person lin, and a program."""
    create_account(database, "lin")
    create_account(database, "program", kind=ActorKind.CLIENT)
    return database


def sign_on_at(provider: FalseProvider, **given: Any) -> SignOn:
    values = {"client_id": CLIENT, "client_secret": SECRET, "claim": "preferred_username", **given}
    return SignOn(Provider(provider.issuer), **values)


def signed_in(
    database: Database, provider: FalseProvider, sign_on: SignOn | None = None, **token: Any
) -> NewSession:
    """Begin, let the provider give a token, and come back."""
    sign_on = sign_on or sign_on_at(provider)
    _, beginning = begin_sign_on(sign_on, comes_back_to=BACK, goes_to="/")
    if "/token" not in provider.answers or token:
        provider.give(token.pop("nonce", beginning.nonce), **token)
    answer = {"code": "any code", "state": beginning.state}
    return finish_sign_on(database, sign_on, beginning, answer, comes_back_to=BACK, client="10.0.0.1")


@pytest.mark.parametrize(
    "token",
    [
        {"alg": "RS256"},
        {"alg": "PS256"},
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "other"], "azp": CLIENT},
    ],
)
def test_a_sound_token_begins_a_session(people: Database, provider: FalseProvider, token: Any) -> None:
    provider.describe(id_token_signing_alg_values_supported=["RS256", "PS256"])
    session = find_session(people, signed_in(people, provider, **token).token)
    assert session is not None
    assert session.actor.name == "lin"


def test_clocks_may_differ_a_little(
    people: Database, provider: FalseProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    assert signed_in(people, provider, exp=int(now) - 30, iat=int(now) + 30).token
    with pytest.raises(SignOnRefused, match="its token does not hold"):
        signed_in(people, provider, exp=int(now) - 61)


def test_what_is_secret_of_a_token_is_kept_and_no_word_of_it_else(
    people: Database, provider: FalseProvider
) -> None:
    with secrets_of_a_request():
        signed_in(people, provider)
        assert redacted("a Bearer of MARKtoken, MARKtoken") == "a Bearer of ***, ***"


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ({"key": OTHER}, "its token does not hold"),
        ({"key": OctKey.import_key(SECRET), "alg": "HS256"}, "its token does not hold"),
        ({"key": OWN, "alg": "PS512"}, "its token does not hold"),  # it does not say that it signs so
        ({"nonce": "of another sign-on"}, "its token does not hold"),
        ({"nonce": None}, "its token does not hold"),
        ({"iss": "https://other.example"}, "its token does not hold"),
        ({"iss": None}, "its token does not hold"),
        ({"aud": "other"}, "its token"),
        ({"aud": ["other", "third"]}, "its token"),
        ({"aud": ["other", "third"], "azp": CLIENT}, "its token is for another service"),
        ({"aud": [CLIENT, "other"], "azp": "other"}, "its token does not hold"),
        ({"exp": int(time.time()) - HOUR}, "its token does not hold"),
        ({"exp": None}, "its token does not hold"),
        ({"iat": int(time.time()) + HOUR}, "its token does not hold"),
        ({"nbf": int(time.time()) + HOUR}, "its token does not hold"),
        ({"sub": None}, "its token does not hold"),
        ({"at_hash": "of another token"}, "its token does not hold"),
        ({"preferred_username": 17}, "does not say the preferred_username"),
        ({"preferred_username": "program"}, "no person has an account of that name here"),
        ({"preferred_username": "wang"}, "no person has an account of that name here"),
    ],
)
def test_a_token_that_does_not_hold_signs_nobody_in(
    people: Database, provider: FalseProvider, token: Any, says: str
) -> None:
    with pytest.raises(SignOnRefused, match=says):
        signed_in(people, provider, **token)


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_token_without_a_signature_is_none(people: Database, provider: FalseProvider, alg: str) -> None:
    import base64
    import json

    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    now = int(time.time())
    claims = {"iss": provider.issuer, "sub": "17", "aud": CLIENT, "iat": now, "exp": now + HOUR}
    token = f"{part({'alg': alg})}.{part({**claims, 'preferred_username': 'lin'})}."
    provider.answers["/token"] = Said({"access_token": "a", "token_type": "Bearer", "id_token": token})
    with pytest.raises(SignOnRefused, match="its token does not hold"):
        signed_in(people, provider)


def test_keys_that_changed_are_fetched_anew_but_not_at_everybodys_word(
    people: Database, provider: FalseProvider
) -> None:
    now = [0.0]
    sign_on = SignOn(Provider(provider.issuer, lambda: now[0]), CLIENT, SECRET, "preferred_username")
    signed_in(people, provider, sign_on, alg="RS256")
    provider.publish(OTHER)
    with pytest.raises(SignOnRefused):  # the keys were fetched just now
        signed_in(people, provider, sign_on, key=OTHER)
    assert provider.asked.count("/jwks") == 1
    now[0] = 11.0
    signed_in(people, provider, sign_on, key=OTHER)
    assert provider.asked.count("/jwks") == 2
    with pytest.raises(SignOnRefused):  # the old one is no key of it any more
        signed_in(people, provider, sign_on, key=OWN)
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    now[0] = 4000.0
    signed_in(people, provider, sign_on, key=OTHER)
    assert provider.asked.count("/.well-known/openid-configuration") == 2


def test_a_claim_that_the_token_lacks_is_asked_for(people: Database, provider: FalseProvider) -> None:
    provider.answers["/me"] = Said({"sub": "17", "preferred_username": "lin"})
    assert signed_in(people, provider, preferred_username=None).token
    provider.answers["/me"] = Said({"sub": "18", "preferred_username": "lin"})
    with pytest.raises(SignOnRefused, match="it tells of somebody else"):
        signed_in(people, provider, preferred_username=None)
    provider.answers["/me"] = Said({"sub": "17", "email": "lin@city.example"})
    with pytest.raises(SignOnRefused, match="does not say the preferred_username"):
        signed_in(people, provider, preferred_username=None)
    provider.describe(userinfo_endpoint=None)
    with pytest.raises(SignOnRefused, match="does not say the preferred_username"):
        signed_in(people, provider, preferred_username=None)


@pytest.mark.parametrize(
    ("methods", "secret"),
    [(None, SECRET), (["client_secret_post"], SECRET), (["client_secret_basic"], SECRET), (["none"], None)],
)
def test_the_secret_is_shown_as_the_provider_wants_it(
    people: Database, provider: FalseProvider, methods: Any, secret: str | None
) -> None:
    provider.describe(token_endpoint_auth_methods_supported=methods)
    assert signed_in(people, provider, sign_on_at(provider, client_secret=secret)).token


@pytest.mark.parametrize(
    ("said", "error", "says"),
    [
        (Said({"error": "invalid_grant"}, 400), SignOnRefused, "does not take its own answer any more"),
        (Said({"access_token": "a", "token_type": "Bearer"}), SignOnRefused, "gave no token"),
        (Said({"id_token": "a.b.c"}), SignOnRefused, "gave no token"),
        (
            Said({"id_token": "a.b.c", "access_token": "a", "token_type": "Bearer"}),
            SignOnRefused,
            "its token does not hold",
        ),
        (Said(b"<html>busy</html>"), SignOnUnavailable, "it answered 200 where a token was asked for"),
        (Said(b"[]", 400), SignOnUnavailable, "it answered 400 where a token was asked for"),
        (Said({"error": "x"}, 502), SignOnUnavailable, "it answered 502 where a token was asked for"),
        (Said(b"{" + b" " * 1_000_001), SignOnUnavailable, "its answer is too large"),
    ],
)
def test_what_is_no_token_is_told_of(
    people: Database, provider: FalseProvider, said: Said, error: type[Exception], says: str
) -> None:
    provider.answers["/token"] = said
    with pytest.raises(error, match=says):
        signed_in(people, provider)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"issuer": "https://other.example"}, "it calls itself 'https://other.example'"),
        ({"userinfo_endpoint": "http://sso.example/me"}, "it names an address that is not https"),
        ({"jwks_uri": None}, "does not hold together"),
        ({"authorization_endpoint": "nowhere"}, "does not hold together"),
    ],
)
def test_a_provider_that_contradicts_itself_is_not_used(
    provider: FalseProvider, changed: dict[str, Any], says: str
) -> None:
    provider.describe(**changed)
    with pytest.raises(SignOnUnavailable, match=says):
        begin_sign_on(sign_on_at(provider), comes_back_to=BACK, goes_to="/")


@pytest.mark.parametrize("body", [{}, {"keys": []}, {"keys": [{"kty": "RSA"}]}, {"keys": 7}, {"keys": [1]}])
def test_keys_that_cannot_be_read_are_told_of(people: Database, provider: FalseProvider, body: Any) -> None:
    provider.answers["/jwks"] = Said(body)
    with pytest.raises(SignOnUnavailable, match="its keys cannot be read"):
        signed_in(people, provider)


def test_redirects_are_not_followed(provider: FalseProvider) -> None:
    provider.answers["/.well-known/openid-configuration"] = Said({}, 302)
    with pytest.raises(SignOnUnavailable, match="it answered 302 where JSON was asked for"):
        begin_sign_on(sign_on_at(provider), comes_back_to=BACK, goes_to="/")

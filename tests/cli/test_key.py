"""`gisgov key`, and commands that come with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gisgov.errors import SignInRefused
from gisgov.services.accounts import actor_of_key
from gisgov.store.database import Database

Cli = Callable[..., Any]


@pytest.fixture(autouse=True)
def client(cli: Cli) -> None:
    cli("account", "add", "hotline", "--client", "--role", "viewer")


def test_a_key_is_printed_once_and_listed_without_its_secret(cli: Cli, database: Database) -> None:
    assert cli("key", "list", "hotline").stdout == "The account has no key.\n"
    made = cli("key", "add", "hotline", "--title", "热线", "--scope", "areas.read", "--days", 30)
    key = made.stdout.splitlines()[0].rpartition(" ")[2]
    assert actor_of_key(database, key).scopes == {"areas.read"}
    listed = cli("key", "list", "hotline")
    assert "热线" in listed.stdout
    assert key.split("_", 2)[1] in listed.stdout
    assert key.split("_", 2)[2] not in listed.stdout


def test_a_replaced_key_goes_on_until_it_is_revoked(cli: Cli, database: Database) -> None:
    old = cli("key", "add", "hotline", "--json").json()
    rotated = cli("key", "rotate", old["id"])
    new = rotated.stdout.splitlines()[0].rpartition(" ")[2]
    assert f"Key {old['id']} goes on for 24 h." in rotated.stdout
    for key in (old["key"], new):
        assert actor_of_key(database, key).name == "hotline"
    assert cli("key", "revoke", old["id"]).stdout == f"Revoked key {old['id']}.\n"
    with pytest.raises(SignInRefused):
        actor_of_key(database, old["key"])
    assert cli("key", "revoke", old["id"]).status == 2


def test_commands_with_a_key_have_the_rights_of_its_account(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = cli("key", "add", "hotline", "--json").json()["key"]
    monkeypatch.setenv("GISGOV_KEY", key)
    assert cli("layers", "list").status == 0
    for words in (("account", "list"), ("layers", "load", "sub-grids"), ("risk", "rate")):
        ran = cli(*words)
        assert ran.status == 2
        assert ran.stderr.startswith(f"gisgov: hotline has no right to gisgov {words[0]} {words[1]}: ")
        assert ran.stderr.count("\n") == 1
    monkeypatch.setenv("GISGOV_KEY", key[:-1])
    ran = cli("layers", "list")
    assert (ran.status, ran.stderr.count("\n")) == (2, 1)
    assert key[:-1] not in ran.stderr

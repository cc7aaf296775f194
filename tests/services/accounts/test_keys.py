"""Keys of programs: made, used, replaced, revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gisgov.errors import InputError, NotAllowed, NotFoundError, SignInRefused
from gisgov.governance.access import ActorKind, Errand, Grant, Role
from gisgov.services.accounts import (
    actor_of_key,
    change_account,
    create_account,
    list_keys,
    make_key,
    revoke_key,
    rotate_key,
)
from gisgov.store.database import Database


@pytest.fixture
def hotline(database: Database) -> Database:
    """A database with the account of a program."""
    create_account(database, "hotline", kind=ActorKind.CLIENT, grants=[Grant(Role.VIEWER)])
    return database


def run(database: Database, statement: str) -> list[tuple[object, ...]]:
    with database.begin() as connection:
        result = connection.execute(sa.text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def test_a_key_comes_with_the_roles_of_its_account(hotline: Database) -> None:
    actor = actor_of_key(hotline, make_key(hotline, "hotline").key)
    assert (actor.name, actor.kind, actor.scopes) == ("hotline", ActorKind.CLIENT, None)
    assert actor.grants == (Grant(Role.VIEWER),)
    narrow = make_key(hotline, "hotline", scopes=["areas.read", "files.check"])
    assert actor_of_key(hotline, narrow.key).scopes == {"areas.read", "files.check"}


def test_secrets_are_stored_as_hashes(hotline: Database) -> None:
    made = make_key(hotline, "hotline", title="热线")
    secret = made.key.split("_", 2)[2]
    assert len(secret) == 43, "256 bits"
    assert secret not in str(run(hotline, "SELECT id, title, encode(secret_sha256, 'escape') FROM api_key"))
    (listed,) = list_keys(hotline, "hotline")
    assert (listed.id, listed.title, listed.last_used) == (made.id, "热线", None)


def test_keys_end(hotline: Database) -> None:
    usual = make_key(hotline, "hotline")
    assert timedelta(days=89) < usual.expires - datetime.now(UTC) <= timedelta(days=90)
    for days in (-1, 0, 31):
        ends = datetime.now(UTC) + timedelta(days=days)
        with pytest.raises(InputError) as caught:
            make_key(hotline, "hotline", expires=ends, longest=timedelta(days=30))
        assert caught.value.field == "expires"
    run(hotline, "UPDATE api_key SET expires_at = now()")
    with pytest.raises(SignInRefused):
        actor_of_key(hotline, usual.key)


@pytest.mark.parametrize("scopes", [[], ["areas.red"], ["open"], ["operate"]])
def test_scopes_are_rights_that_an_account_may_have(hotline: Database, scopes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        make_key(hotline, "hotline", scopes=scopes)
    assert caught.value.field == "scopes"


def test_long_titles_are_refused(hotline: Database) -> None:
    with pytest.raises(InputError, match="longer than 200"):
        make_key(hotline, "hotline", title="热" * 201)


def test_what_is_no_key_in_force_is_refused_alike(hotline: Database) -> None:
    made = make_key(hotline, "hotline")
    revoked = make_key(hotline, "hotline")
    revoke_key(hotline, revoked.id)
    mark, key_id, secret = made.key.split("_", 2)
    bad = [
        *("", "ggk", "ggk__", "ggk_\0", made.id, secret, "ключ"),
        *(f"{mark}_{key_id}_", f"{mark}_{'a' * 12}_{secret}"),
        *(made.key[:-1], made.key + "x", made.key.replace("ggk", "ghp"), revoked.key),
    ]  # fmt: skip
    said = set()
    for key in bad:
        with pytest.raises(SignInRefused) as caught:
            actor_of_key(hotline, key)
        said.add(str(caught.value))
    assert said == {"The key is not right, or not in force any more."}
    change_account(hotline, "hotline", disabled=True)
    with pytest.raises(SignInRefused):
        actor_of_key(hotline, made.key)


def test_a_replaced_key_goes_on_for_a_while(hotline: Database) -> None:
    ends = datetime.now(UTC) + timedelta(days=30)
    old = make_key(hotline, "hotline", scopes=["areas.read"], title="热线", expires=ends)
    new = rotate_key(hotline, old.id, grace=timedelta(hours=1))
    assert (new.title, new.scopes) == (old.title, old.scopes)
    assert abs(new.expires - ends) < timedelta(minutes=1)
    assert actor_of_key(hotline, old.key) == actor_of_key(hotline, new.key)
    left = {one.id: one.expires - datetime.now(UTC) for one in list_keys(hotline, "hotline")}
    assert left[old.id] <= timedelta(hours=1) < left[new.id]
    rotate_key(hotline, new.id, grace=timedelta(0))
    with pytest.raises(SignInRefused):
        actor_of_key(hotline, new.key)


def test_revoked_keys_are_gone(hotline: Database) -> None:
    made = make_key(hotline, "hotline")
    revoke_key(hotline, made.id)
    assert list_keys(hotline, "hotline") == ()
    for use in (revoke_key, rotate_key):
        with pytest.raises(NotFoundError):
            use(hotline, made.id)


def test_use_is_noted_once_a_minute(hotline: Database) -> None:
    made = make_key(hotline, "hotline")
    actor_of_key(hotline, made.key)
    (first,) = run(hotline, "SELECT last_used_at FROM api_key")
    assert first != (None,)
    actor_of_key(hotline, made.key)
    assert run(hotline, "SELECT last_used_at FROM api_key") == [first]
    run(hotline, "UPDATE api_key SET last_used_at = last_used_at - interval '61 seconds'")
    actor_of_key(hotline, made.key)
    assert run(hotline, f"SELECT last_used_at >= '{first[0]}' FROM api_key") == [(True,)]


def test_a_limited_key_makes_no_key_with_more_rights(database: Database) -> None:
    create_account(database, "desk", kind=ActorKind.CLIENT, grants=(Grant(Role.ADMINISTRATOR),))
    own = frozenset({"accounts.manage", "areas.read"})
    narrow = make_key(database, "desk", scopes=own)
    whole = make_key(database, "desk")
    limited = database.acting(actor_of_key(database, narrow.key), Errand())
    for scopes in (None, {"audit.read"}, {"areas.read", "audit.read"}):
        with pytest.raises(NotAllowed, match="makes no key with more rights"):
            make_key(limited, "desk", scopes=scopes)
    with pytest.raises(NotAllowed, match="makes no key with more rights"):
        rotate_key(limited, whole.id)
    assert make_key(limited, "desk", scopes={"areas.read"}).scopes == ("areas.read",)
    assert rotate_key(limited, narrow.id).scopes == tuple(sorted(own))

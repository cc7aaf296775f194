"""Signing in by a password: who is let in, what locks, and that nothing tells which names there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from gisgov.errors import AccountLocked, InputError, PasswordExpired, SignInRefused, TooManyRequests
from gisgov.services.accounts import (
    change_account,
    change_password,
    create_account,
    end_session,
    find_session,
    give_one_time_password,
    hashing,
    open_session,
    sign_in,
)
from gisgov.services.accounts.attempts import FREE, FREE_OF_ALL
from gisgov.store import passwords
from gisgov.store.database import Database

OWN = "three wet cats"
OTHER = "four dry dogs"
WRONG = "not the password"


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash lightly: what is tested here is not how long it takes."""
    hashing._hash_of_nobody.cache_clear()
    monkeypatch.setattr(hashing, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    yield
    hashing._hash_of_nobody.cache_clear()


@pytest.fixture
def people(database: Database) -> Database:
    """A database where wang signs in with a password of her own."""
    first = create_account(database, "wang").one_time_password
    assert first is not None
    sign_in(database, "wang", first, client="", new_password=OWN)
    return database


def run(database: Database, statement: str, **given: object) -> list[tuple[object, ...]]:
    with database.begin() as connection:
        result = connection.execute(sa.text(statement), given)
        return [tuple(row) for row in result] if result.returns_rows else []


def test_a_session_knows_whose_it_is(people: Database) -> None:
    begun = sign_in(people, " Wang ", OWN, client="10.0.0.1")
    found = find_session(people, begun.token)
    assert found is not None
    assert (found.actor.name, found.csrf_token, found.expires) == ("wang", begun.csrf_token, begun.expires)
    assert begun.csrf_token not in begun.token
    end_session(people, begun.token)
    assert find_session(people, begun.token) is None


def test_no_secret_is_stored_as_it_is(people: Database) -> None:
    begun = sign_in(people, "wang", OWN, client="")
    stored = str(run(people, "SELECT * FROM account_password")) + str(
        run(people, "SELECT encode(token_sha256, 'escape'), client FROM account_session")
    )
    assert "$argon2id$" in stored
    for secret in (OWN, begun.token, begun.csrf_token):
        assert secret not in stored


def test_a_one_time_password_is_changed_at_once(database: Database) -> None:
    first = create_account(database, "lin").one_time_password
    assert first is not None
    with pytest.raises(PasswordExpired):
        sign_in(database, "lin", first, client="")
    for weak in ("short", first, "password12345", "lin"):
        with pytest.raises(InputError) as caught:
            sign_in(database, "lin", first, client="", new_password=weak)
        assert caught.value.field == "new_password"
    assert run(database, "SELECT * FROM account_session") == []
    assert sign_in(database, "lin", first, client="", new_password=OWN).token
    assert sign_in(database, "lin", OWN, client="").token


def test_a_one_time_password_ends(database: Database) -> None:
    first = create_account(database, "lin").one_time_password
    run(database, "UPDATE account_password SET expires_at = now() - interval '1 second'")
    with pytest.raises(SignInRefused):
        sign_in(database, "lin", str(first), client="", new_password=OWN)


@pytest.mark.parametrize("name", ["wang", "nobody", "program", "disabled", "", "王", OWN])
def test_refusals_are_all_alike(people: Database, name: str) -> None:
    create_account(people, "disabled")
    change_account(people, "disabled", disabled=True)
    with mock.patch.object(hashing, "_hasher", wraps=hashing._hasher) as hasher:
        with pytest.raises(SignInRefused) as caught:
            sign_in(people, name, WRONG, client="")
        assert hasher.verify.call_count == 1, "a name that nobody has takes as long"
    assert str(caught.value) == "The name or the password is not right."


@pytest.mark.parametrize("name", ["wang", "nobody"])
def test_a_name_locks_whether_or_not_somebody_has_it(people: Database, name: str) -> None:
    for _ in range(FREE):
        with pytest.raises(SignInRefused):
            sign_in(people, name, WRONG, client="10.0.0.1")
    with pytest.raises(AccountLocked) as caught:
        sign_in(people, name, OWN, client="10.0.0.1")
    assert 1 <= caught.value.retry_after_s <= 60
    if name == "wang":  # elsewhere she signs in, and is forgiven there alone
        assert sign_in(people, name, OWN, client="10.0.0.2").token
        with pytest.raises(AccountLocked):
            sign_in(people, name, OWN, client="10.0.0.1")


def test_each_lock_is_longer_and_a_right_password_forgets_them(people: Database) -> None:
    for _ in range(FREE):
        with pytest.raises(SignInRefused):
            sign_in(people, "wang", WRONG, client="a")
    for least in (100, 200):
        run(people, "UPDATE sign_in_failure SET locked_until = now()")
        with pytest.raises(SignInRefused):
            sign_in(people, "wang", WRONG, client="a")
        with pytest.raises(AccountLocked) as caught:
            sign_in(people, "wang", OWN, client="a")
        assert caught.value.retry_after_s > least
    run(people, "UPDATE sign_in_failure SET locked_until = now()")
    assert sign_in(people, "wang", OWN, client="a").token
    assert run(people, "SELECT * FROM sign_in_failure") == []


def test_many_addresses_lock_a_name_together(people: Database) -> None:
    with people.begin() as connection:
        for _ in range(FREE_OF_ALL - 1):
            passwords.count_failure(connection, "wang", passwords.EVERYBODY)
    with pytest.raises(SignInRefused):
        sign_in(people, "wang", WRONG, client="one more")
    with pytest.raises(AccountLocked):
        sign_in(people, "wang", OWN, client="another")
    give_one_time_password(people, "wang")
    assert run(people, "SELECT * FROM sign_in_failure") == []


def test_failures_are_forgotten_after_a_day(people: Database) -> None:
    with pytest.raises(SignInRefused):
        sign_in(people, "somebody", WRONG, client="")
    run(people, "UPDATE sign_in_failure SET failed_at = now() - interval '25 hours'")
    with pytest.raises(SignInRefused):
        sign_in(people, "nobody", WRONG, client="")
    assert run(people, "SELECT DISTINCT failures FROM sign_in_failure") == [(1,)]
    assert b"nobody" not in bytes(str(run(people, "SELECT * FROM sign_in_failure")), "utf-8")


def test_attempts_are_told_in_the_audit(people: Database) -> None:
    sign_in(people, "wang", OWN, client="")
    for name in ("wang", "my-password-by-mistake"):
        with pytest.raises(SignInRefused):
            sign_in(people, name, WRONG, client="")
    notes = run(people, "SELECT content ->> 'verb', content ->> 'subject' FROM audit_entry ORDER BY id DESC")
    assert ("sign-in", "account wang") in notes
    assert ("sign-in-refused", "account wang") in notes
    assert ("sign-in-refused", "no account") in notes


def test_a_change_of_password_ends_all_sessions(people: Database) -> None:
    sessions = [sign_in(people, "wang", OWN, client="") for _ in range(2)]
    with pytest.raises(SignInRefused):
        change_password(people, "wang", WRONG, OTHER, client="")
    with pytest.raises(InputError, match="is the old one"):
        change_password(people, "wang", OWN, OWN, client="")
    assert all(find_session(people, one.token) for one in sessions)
    change_password(people, "wang", OWN, OTHER, client="")
    assert not any(find_session(people, one.token) for one in sessions)
    with pytest.raises(SignInRefused):
        sign_in(people, "wang", OWN, client="")


def test_sessions_end_by_themselves(people: Database) -> None:
    begun = open_session(people, "wang", client="", lasts=timedelta(hours=2))
    assert find_session(people, begun.token, idle=timedelta(hours=1)) is not None
    run(people, "UPDATE account_session SET seen_at = now() - interval '59 minutes'")
    assert find_session(people, begun.token, idle=timedelta(hours=1)) is not None
    assert run(people, "SELECT seen_at > now() - interval '1 minute' FROM account_session WHERE client = ''")[
        -1
    ] == (True,)
    run(people, "UPDATE account_session SET seen_at = now() - interval '61 minutes'")
    assert find_session(people, begun.token, idle=timedelta(hours=1)) is None
    run(people, "UPDATE account_session SET seen_at = now(), expires_at = now()")
    assert find_session(people, begun.token, idle=timedelta(hours=1)) is None
    open_session(people, "wang", client="")
    assert len(run(people, "SELECT * FROM account_session")) == 1, "those that are over are gone"


def test_hashes_are_renewed_when_their_parameters_change(
    people: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = run(people, "SELECT hash FROM account_password")
    monkeypatch.setattr(hashing, "_hasher", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    sign_in(people, "wang", OWN, client="")
    (after,) = run(people, "SELECT hash FROM account_password")
    assert before != after
    assert ",t=2," in str(after)
    sign_in(people, "wang", OWN, client="")
    assert run(people, "SELECT hash FROM account_password") == [after]


def test_a_few_sign_in_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_PATIENCE_S", 0)
    with hashing._a_turn(), hashing._a_turn(), pytest.raises(TooManyRequests) as caught:
        hashing.hash_password(OWN)
    assert caught.value.retry_after_s == 10
    assert hashing.is_right(hashing.hash_password("ｔｈｒｅｅ ｗｅｔ ｃａｔｓ"), OWN), (
        "wide letters are the same"
    )

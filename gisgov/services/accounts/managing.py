"""Accounts: made, shown, given roles, disabled and deleted by whoever manages them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from enum import Enum

import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError, NotFoundError
from gisgov.governance.access import Actor, ActorKind, Grant, rights_table
from gisgov.services.access import require_everywhere
from gisgov.services.accounts.hashing import hash_password
from gisgov.services.accounts.records import AccountInfo, NewAccount, OneTimePassword, account_info
from gisgov.store import accounts, credentials, desks, passwords
from gisgov.store.accounts import StoredAccount
from gisgov.store.acting import ACTING, as_owner
from gisgov.store.database import Database

MANAGE = "accounts.manage"
ONE_TIME_LASTS = timedelta(days=7)

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without what is read for something else: l and 1, o and 0."""
_GROUPS, _OF = 4, 4


class Unchanged(Enum):
    """What is not given, where nothing at all can be."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


def create_account(
    database: Database,
    name: str,
    *,
    kind: ActorKind = ActorKind.PERSON,
    grants: Collection[Grant] = (),
    department: str | None = None,
) -> NewAccount:
    """Make an account; a person's with a one-time password.

    Parameters
    ----------
    database : Database
        In the hands of whoever manages accounts.
    name : str
        Its name.
    kind : ActorKind
        A person's, or a client's, which comes with keys alone.
    grants : collection of Grant
        The roles it holds.
    department : str, optional
        Code of the department whose people they are.

    Raises
    ------
    InputError
        The name cannot be one.
    NameTaken
        An account of that name exists.
    NotFoundError
        A role is held in an area that does not exist, or there is no such department.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} is no name of an account.",
            hint="Names are small letters, digits and . _ @ -, 64 at most, and begin with a letter or digit.",
            field="account",
        )
    password = _one_time_password() if kind is ActorKind.PERSON else None
    hashed = None if password is None else hash_password(password)
    with database.begin() as connection:
        _begin_change(connection)
        _check_places(connection, grants)
        _check_department(connection, department)
        account_id = accounts.insert_account(connection, name, kind, department)
        accounts.insert_grants(connection, account_id, set(grants))
        with as_owner(connection):
            if hashed is not None:
                passwords.put_password(connection, account_id, hashed, lasts=ONE_TIME_LASTS)
            made = account_info(found_account(connection, name))
    return NewAccount(
        made.account, made.kind, made.roles, made.department, made.disabled, made.created, password
    )


def list_accounts(database: Database) -> tuple[AccountInfo, ...]:
    """Return all accounts, by name."""
    with database.begin() as connection:
        require_everywhere(connection, MANAGE)
        with as_owner(connection):
            return tuple(account_info(one) for one in accounts.all_accounts(connection))


def show_account(database: Database, name: str) -> AccountInfo:
    """Return one account.

    Raises
    ------
    NotFoundError
        There is none of that name.
    """
    with database.begin() as connection:
        require_everywhere(connection, MANAGE)
        with as_owner(connection):
            return account_info(found_account(connection, name))


def change_account(
    database: Database,
    name: str,
    *,
    grants: Collection[Grant] | None = None,
    disabled: bool | None = None,
    department: str | Unchanged | None = UNCHANGED,
) -> AccountInfo:
    """Give an account other roles or a department, disable it, or enable it again; what is not given stays.

    Raises
    ------
    NotFoundError
        There is no account of that name, no area where it is to hold a role, or no such department.
    ConflictError
        Nobody could manage accounts any more, or whoever asks could not.
    """
    with database.begin() as connection:
        _begin_change(connection)
        before = _seen(connection, name)
        if grants is not None:
            _check_places(connection, grants)
            held, wanted = set(before.grants), set(grants)
            # given before taken: of one's own roles, what is taken first cannot give the others
            accounts.insert_grants(connection, before.id, wanted - held)
            accounts.delete_grants(connection, before.id, held - wanted)
        if department is not UNCHANGED:
            _check_department(connection, department)
            accounts.set_department(connection, before.id, department)
        if disabled is not None:
            accounts.set_disabled(connection, before.id, disabled=disabled)
        with as_owner(connection):
            _keep_managed(connection, before)
            if disabled:
                credentials.delete_sessions(connection, before.id)
            return account_info(found_account(connection, name))


def delete_account(database: Database, name: str) -> None:
    """Delete an account, with its keys, its sessions and its jobs.

    Raises
    ------
    NotFoundError
        There is no account of that name.
    ConflictError
        Nobody could manage accounts any more, or whoever asks could not.
    """
    with database.begin() as connection:
        _begin_change(connection)
        before = _seen(connection, name)
        accounts.delete_account(connection, before.id)
        with as_owner(connection):
            _keep_managed(connection, before)


def give_one_time_password(database: Database, name: str) -> OneTimePassword:
    """Give a person a new one-time password; the old one is over, and so are all sessions and locks.

    Raises
    ------
    NotFoundError
        There is no account of that name.
    ConflictError
        It is a client's, which comes with keys alone.
    """
    password = _one_time_password()
    hashed = hash_password(password)
    with database.begin() as connection:
        require_everywhere(connection, MANAGE)
        with as_owner(connection):
            stored = found_account(connection, name)
            if stored.kind is not ActorKind.PERSON:
                raise ConflictError(f"{name} is a client, which signs in with keys alone.")
            passwords.put_password(connection, stored.id, hashed, lasts=ONE_TIME_LASTS)
            passwords.forgive(connection, name)
            credentials.delete_sessions(connection, stored.id)
    return OneTimePassword(name, password, datetime.now(UTC) + ONE_TIME_LASTS)


def is_managed(database: Database) -> bool:
    """Whether there is an account that manages the others."""
    with database.begin() as connection, as_owner(connection):
        return any(_manages(one) for one in accounts.all_accounts(connection))


def found_account(connection: sa.Connection, name: str) -> StoredAccount:
    """Return one account.

    Raises
    ------
    NotFoundError
        There is none of that name.
    """
    found = accounts.find_account(connection, name)
    if found is None:
        raise NotFoundError(f"There is no account {name!r}.", field="account")
    return found


def _seen(connection: sa.Connection, name: str) -> StoredAccount:
    with as_owner(connection):
        return found_account(connection, name)


def _begin_change(connection: sa.Connection) -> None:
    require_everywhere(connection, MANAGE)
    accounts.lock_accounts(connection)


def _keep_managed(connection: sa.Connection, before: StoredAccount) -> None:
    """Refuse a change of an account that managed the others, if nobody or not who asks does after it."""
    if not _manages(before):
        return
    left = [one for one in accounts.all_accounts(connection) if _manages(one)]
    if not left:
        raise ConflictError(
            f"{before.name} is the last account that manages accounts.",
            hint="Give the role administrator, held everywhere, to another account first.",
        )
    actor: Actor | None = connection.info.get(ACTING)
    if actor is not None and actor.account_id == before.id and before.id not in {one.id for one in left}:
        raise ConflictError(
            "You would lock yourself out.", hint="Let another account that manages accounts do it."
        )


def _manages(stored: StoredAccount) -> bool:
    roles = rights_table().rights[MANAGE].roles
    holds = any(one.is_everywhere and one.role in roles for one in stored.grants)
    return holds and stored.disabled_at is None and stored.kind is ActorKind.PERSON


def _check_places(connection: sa.Connection, grants: Collection[Grant]) -> None:
    with as_owner(connection):
        for one in grants:
            if one.layer is None or one.area_code is None:
                continue
            if not accounts.is_area(connection, one.layer, one.area_code):
                raise NotFoundError(
                    f"There is no area {one.area_code} in a layer {one.layer}.",
                    hint="A role is held in an area of a layer, or everywhere.",
                    field="roles",
                )


def _check_department(connection: sa.Connection, code: str | None) -> None:
    with as_owner(connection):
        if code is not None and not desks.has_department(connection, code):
            raise NotFoundError(
                f"There is no department {code}.",
                hint="`gisgov category departments` lists them.",
                field="department",
            )


def _one_time_password() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_OF)) for _ in range(_GROUPS))
    return "-".join(groups)

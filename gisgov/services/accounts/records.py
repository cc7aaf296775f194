"""Accounts and keys as commands and the service show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gisgov.governance.access import Grant
from gisgov.store.accounts import StoredAccount
from gisgov.store.credentials import StoredKey


@dataclass(frozen=True, slots=True)
class RoleInfo:
    """A role that an account holds; without an area everywhere.

    Attributes
    ----------
    role : str
        Word of the role.
    title_zh, title_en : str
        Its titles.
    layer, area_code : str or None
        The area that it is held in; None for everywhere.
    """

    role: str
    title_zh: str
    title_en: str
    layer: str | None
    area_code: str | None


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account: a person's, or a client's (a program of another system).

    Attributes
    ----------
    account : str
        Its name.
    kind : str
        ``person`` or ``client``.
    roles : tuple of RoleInfo
        The roles that it holds.
    department : str or None
        Code of the department whose people they are; None: of none.
    disabled : bool
        Whether it was shut out.
    created : datetime.datetime
        When it was made.
    """

    account: str
    kind: str
    roles: tuple[RoleInfo, ...]
    department: str | None
    disabled: bool
    created: datetime


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account with the one-time password that it was given, which is shown this once.

    Attributes
    ----------
    account : str
        Its name.
    kind : str
        ``person`` or ``client``.
    roles : tuple of RoleInfo
        The roles that it holds.
    department : str or None
        Code of the department whose people they are; None: of none.
    disabled : bool
        Whether it was shut out.
    created : datetime.datetime
        When it was made.
    one_time_password : str or None
        Its password for the first sign-in; None for a client.
    """

    account: str
    kind: str
    roles: tuple[RoleInfo, ...]
    department: str | None
    disabled: bool
    created: datetime
    one_time_password: str | None


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """A password that is changed at the first sign-in, shown this once.

    Attributes
    ----------
    account : str
        Name of the account.
    one_time_password : str
        The password.
    expires : datetime.datetime
        When it ends, if nobody signs in with it.
    """

    account: str
    one_time_password: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key of an account, without its secret.

    Attributes
    ----------
    id : str
        Its public name, which stands in the key itself.
    account : str
        Name of its account.
    title : str
        What it is for.
    scopes : tuple of str or None
        Rights that it is limited to; None where it has those of its account.
    created, expires : datetime.datetime
        When it was made, and when it ends.
    last_used : datetime.datetime or None
        When it was used last, to the minute; None for never.
    """

    id: str
    account: str
    title: str
    scopes: tuple[str, ...] | None
    created: datetime
    expires: datetime
    last_used: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that has just been made, with its secret, which is shown this once.

    Attributes
    ----------
    id : str
        Its public name, which stands in the key itself.
    account : str
        Name of its account.
    title : str
        What it is for.
    scopes : tuple of str or None
        Rights that it is limited to; None where it has those of its account.
    created, expires : datetime.datetime
        When it was made, and when it ends.
    last_used : datetime.datetime or None
        When it was used last, to the minute; None for never.
    key : str
        The whole key, as a program sends it.
    """

    id: str
    account: str
    title: str
    scopes: tuple[str, ...] | None
    created: datetime
    expires: datetime
    last_used: datetime | None
    key: str


def role_infos(grants: Iterable[Grant]) -> tuple[RoleInfo, ...]:
    """Return roles with their titles."""
    return tuple(
        RoleInfo(one.role.value, one.role.title_zh, one.role.title_en, one.layer, one.area_code)
        for one in grants
    )


def account_info(stored: StoredAccount) -> AccountInfo:
    """Return an account as it is shown."""
    return AccountInfo(
        account=stored.name,
        kind=stored.kind.value,
        roles=role_infos(stored.grants),
        department=stored.department,
        disabled=stored.disabled_at is not None,
        created=stored.created_at,
    )


def key_info(stored: StoredKey) -> KeyInfo:
    """Return a key as it is shown."""
    return KeyInfo(
        id=stored.id,
        account=stored.account,
        title=stored.title,
        scopes=stored.scopes,
        created=stored.created_at,
        expires=stored.expires_at,
        last_used=stored.last_used_at,
    )

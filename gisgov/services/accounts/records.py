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
    """A role that an account holds; without an area everywhere."""

    role: str
    title_zh: str
    title_en: str
    layer: str | None
    area_code: str | None


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account: a person's, or a client's (a program of another system)."""

    account: str
    kind: str
    roles: tuple[RoleInfo, ...]
    disabled: bool
    created: datetime


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account with the one-time password that it was given, which is shown this once."""

    account: str
    kind: str
    roles: tuple[RoleInfo, ...]
    disabled: bool
    created: datetime
    one_time_password: str | None


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """A password that is changed at the first sign-in, shown this once."""

    account: str
    one_time_password: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key of an account, without its secret; ``scopes`` are the rights it is limited to."""

    id: str
    account: str
    title: str
    scopes: tuple[str, ...] | None
    created: datetime
    expires: datetime
    last_used: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that has just been made, with its secret, which is shown this once."""

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

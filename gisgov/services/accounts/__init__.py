"""Accounts and signing in: people with passwords and sessions, programs with keys."""

from __future__ import annotations

from gisgov.services.accounts.keys import (
    KeyHolder,
    actor_of_key,
    holder_of_key,
    list_keys,
    make_key,
    revoke_key,
    rotate_key,
)
from gisgov.services.accounts.managing import (
    UNCHANGED,
    change_account,
    create_account,
    delete_account,
    give_one_time_password,
    is_managed,
    list_accounts,
    show_account,
)
from gisgov.services.accounts.records import (
    AccountInfo,
    KeyInfo,
    NewAccount,
    NewKey,
    OneTimePassword,
    RoleInfo,
    role_infos,
)
from gisgov.services.accounts.sessions import (
    NewSession,
    Session,
    end_session,
    find_session,
    open_session,
)
from gisgov.services.accounts.signing_in import change_password, sign_in

__all__ = [
    "UNCHANGED",
    "AccountInfo",
    "KeyHolder",
    "KeyInfo",
    "NewAccount",
    "NewKey",
    "NewSession",
    "OneTimePassword",
    "RoleInfo",
    "Session",
    "actor_of_key",
    "change_account",
    "change_password",
    "create_account",
    "delete_account",
    "end_session",
    "find_session",
    "give_one_time_password",
    "holder_of_key",
    "is_managed",
    "list_accounts",
    "list_keys",
    "make_key",
    "open_session",
    "revoke_key",
    "role_infos",
    "rotate_key",
    "show_account",
    "sign_in",
]

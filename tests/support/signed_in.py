"""Accounts that tests ask as, made by the services, and what shows the service who asks."""

from __future__ import annotations

from contextlib import suppress

from gisgov.errors import NameTaken
from gisgov.governance.access import Actor, ActorKind, Grant, Role
from gisgov.services.accounts import create_account, make_key
from gisgov.store.database import Database

ADMINISTRATOR = "tests-administrator"
_EVERYTHING = Grant(Role.ADMINISTRATOR)
KNOWN = Actor("known", ActorKind.PERSON, 1, (_EVERYTHING,))
"""Somebody whom a service without a database is told of."""


def bearer(
    database: Database | str,
    name: str = ADMINISTRATOR,
    *grants: Grant,
    scopes: frozenset[str] | None = None,
) -> dict[str, str]:
    """Make a client's account with a key, and return the headers that it asks with.

    Without roles it is an administrator.
    """
    opened = Database(database) if isinstance(database, str) else database
    try:
        with suppress(NameTaken):  # made before: another key of it
            create_account(opened, name, kind=ActorKind.CLIENT, grants=grants or (_EVERYTHING,))
        made = make_key(opened, name, scopes=scopes)
    finally:
        if isinstance(database, str):
            opened.dispose()
    return {"Authorization": f"Bearer {made.key}"}

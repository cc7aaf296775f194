"""For whom a transaction runs: its settings, and the parts of it that are the service's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

from gisgov.governance.access import Actor, Errand
from gisgov.store.directly import rows_of
from gisgov.store.privileges import ACTOR

ACTING: Final = "gisgov.actor"
"""Where a connection keeps its `gisgov.governance.access.Actor`; None is the service itself."""

SET: Final = sa.text(
    "SELECT set_config(one.name, one.value, true) "
    "FROM unnest(CAST(:names AS TEXT[]), CAST(:given AS TEXT[])) AS one (name, value)"
)
"""Sets settings of a transaction, which end with it."""


def settings_of(actor: Actor, errand: Errand) -> dict[str, Any]:
    """Return the parameters of `SET` for an actor on an errand.

    An operator owns the tables and stays what the session is; others become the role that owns nothing.
    """
    settings = {
        "gisgov.actor": actor.name,
        "gisgov.actor_kind": actor.kind.value,
        "gisgov.account": "" if actor.account_id is None else str(actor.account_id),
        "gisgov.scopes": "" if actor.scopes is None else ",".join(sorted(actor.scopes)),
        "gisgov.open_rights": ",".join(sorted(actor.open_rights)),
        "gisgov.operation": errand.operation,
        "gisgov.origin": errand.origin,
        "gisgov.request_id": errand.request_id,
    }
    if errand.limit_s is not None:
        settings["statement_timeout"] = str(round(errand.limit_s * 1000))
    if not actor.is_operator:
        settings["role"] = ACTOR
    return {"names": [*settings], "given": [*settings.values()]}


_LOGIN: Final = "gisgov.login"
_SESSION_USER: Final = sa.text("SELECT session_user")

_OWNS: Final = "gisgov.owns"
"""Where a connection keeps whether a block of `as_owner` runs."""

_BECOME_OWNER: Final = sa.text(
    "SELECT former.role, set_config('role', 'none', true) "
    "FROM (SELECT current_setting('role') AS role OFFSET 0) AS former"
)


@contextmanager
def as_owner(connection: sa.Connection) -> Iterator[None]:
    """Let the block run with the rights of the service: for what follows of itself from a change.

    Publishing a plan, say, gives events to their areas, though a planner may see no event. The audit still
    tells of the actor. A block within a block changes nothing.
    """
    kept = connection.info  # a connection that breaks meanwhile does not give it any more
    if kept.get(_OWNS):
        yield
        return
    role = rows_of(connection, _BECOME_OWNER, {})[0].role
    kept[_OWNS] = True
    try:
        yield  # an error ends the transaction, and the role with it
    finally:
        kept.pop(_OWNS, None)
    if role != "none":
        rows_of(connection, SET, {"names": ["role"], "given": [role]})


def who_acts(connection: sa.Connection) -> str:
    """Return the name of whoever acts, as the audit tells it: the login where nobody is named."""
    actor: Actor | None = connection.info.get(ACTING)
    if actor is not None:
        return actor.name
    kept = connection.info  # a login stays what it is as long as its connection
    if _LOGIN not in kept:
        kept[_LOGIN] = str(rows_of(connection, _SESSION_USER, {})[0].session_user)
    return str(kept[_LOGIN])

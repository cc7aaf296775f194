"""Whether a right of an actor reaches a place."""

from __future__ import annotations

import sqlalchemy as sa

from gisgov.errors import NotAllowed
from gisgov.governance.access import Actor
from gisgov.store import reach


def require_scope(connection: sa.Connection, actor: Actor | None, right: str, scope_code: str) -> None:
    """Refuse what an actor's right does not reach, for the scope of a plan or of blocks.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Of a transaction of that actor.
    actor : Actor or None
        Who acts; None is the service itself.
    right : str
        Name of the right.
    scope_code : str
        Code of the area that is the scope; empty for the whole ground.

    Raises
    ------
    NotAllowed
        The right is not held there.
    """
    if _is_limited(actor) and not reach.reaches_scope(connection, right, scope_code):
        where = f"{scope_code!r}" if scope_code else "the whole ground"
        raise _beyond(actor, right, where)


def require_area(connection: sa.Connection, actor: Actor | None, right: str, layer: str, code: str) -> None:
    """Refuse what an actor's right does not reach, for an area of a layer; see `require_scope`."""
    if _is_limited(actor) and not reach.reaches_area(connection, right, layer, code):
        raise _beyond(actor, right, f"{layer} {code}")


def require_everywhere(connection: sa.Connection, actor: Actor | None, right: str) -> None:
    """Refuse what an actor's right does not reach, for the whole ground; see `require_scope`."""
    require_scope(connection, actor, right, "")


def _is_limited(actor: Actor | None) -> bool:
    return actor is not None and not actor.is_operator


def _beyond(actor: Actor | None, right: str, where: str) -> NotAllowed:
    held = sorted(str(grant) for grant in actor.grants) if actor is not None else []
    name = actor.name if actor is not None else ""
    return NotAllowed(
        f"{name} has {right} not in {where}.",
        hint=f"It is {', '.join(held)}." if held else "It holds no role.",
    )

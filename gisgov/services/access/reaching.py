"""Whether a right of whoever acts reaches a place.

Row-level security would answer such a change with nothing done, or with an error that names no place; here it
is refused in words, before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from gisgov.errors import NotAllowed
from gisgov.governance.access import Actor, ActorKind
from gisgov.store import reach
from gisgov.store.acting import ACTING


def require_scope(connection: sa.Connection, right: str, scope_code: str) -> None:
    """Refuse what a right does not reach, for the scope of a plan or of blocks.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of `gisgov.store.database.Database.begin`, which knows whose it is.
    right : str
        Name of the right.
    scope_code : str
        Code of the area that is the scope; empty for the whole ground.

    Raises
    ------
    NotAllowed
        The right is not held there.
    """
    actor = _limited(connection)
    if actor is not None and not reach.reaches_scope(connection, right, scope_code):
        raise _beyond(actor, right, f"in {scope_code}" if scope_code else "for the whole ground")


def holds(connection: sa.Connection, right: str, *scope_codes: str) -> bool:
    """Whether whoever acts holds a right in all of these scopes; see `require_scope`.

    For what is told beside other things, and left out for others.
    """
    return _limited(connection) is None or all(
        reach.reaches_scope(connection, right, code) for code in scope_codes
    )


def require_area(connection: sa.Connection, right: str, layer: str, code: str) -> None:
    """Refuse what a right does not reach, for an area of a layer; see `require_scope`."""
    actor = _limited(connection)
    if actor is not None and not reach.reaches_area(connection, right, layer, code):
        raise _beyond(actor, right, f"in {layer} {code}")


def require_everywhere(connection: sa.Connection, right: str) -> None:
    """Refuse what a right does not reach, for the whole ground; see `require_scope`."""
    require_scope(connection, right, "")


def require_own_areas(connection: sa.Connection, right: str, plan_id: int, *, outside: int) -> None:
    """Refuse areas of a plan that lie elsewhere than the scope says; see `require_scope`.

    Whoever holds a right in an area must not widen it by what they put into force: by a parent beyond, a code
    that is another scope's, or ground outside their scope.

    Parameters
    ----------
    connection, right
        See `require_scope`.
    plan_id : int
        The plan.
    outside : int
        How many pieces of its ground lie outside its scope.
    """
    actor = _limited(connection)
    if actor is None or reach.reaches_scope(connection, right, ""):
        return
    if outside:
        raise _beyond(actor, right, "for the ground of the plan that lies outside its scope")
    code = reach.area_beyond(connection, right, plan_id)
    if code is not None:
        raise _beyond(actor, right, f"in area {code} of the plan, by its code or its parents")


def codes_reached(connection: sa.Connection, right: str, layer_id: int) -> frozenset[str] | None:
    """Return the codes of the areas of a layer that a right reaches wholly; None where it reaches all.

    For what comes in row by row: rows beyond are told of one by one.
    """
    return None if _limited(connection) is None else reach.reached_codes(connection, right, layer_id)


def rows_beyond(
    connection: sa.Connection,
    right: str,
    subject: str,
    keys: Sequence[tuple[str, str]],
    places: Sequence[str | None],
) -> list[str | None]:
    """Tell of each row of events or buildings why a right does not reach it; None where it does.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction that knows whose it is.
    right : str
        Name of the right.
    subject : str
        ``event`` or ``building``.
    keys : sequence of tuple
        Source and id of each row.
    places : sequence of str or None
        Where each lies, as hexadecimal EWKB.
    """
    if _limited(connection) is None or reach.reaches_everywhere(connection, right):
        return [None] * len(keys)
    reached = reach.places_reached(connection, right, places)
    hidden = reach.keys_beyond(connection, right, subject, keys)
    told: list[str | None] = []
    for key, place, is_reached in zip(keys, places, reached, strict=True):
        if place is None:
            told.append("has no place, and your rights are held in some areas alone")
        elif not is_reached:
            told.append("lies where your rights do not reach")
        else:
            told.append("is known where your rights do not reach" if key in hidden else None)
    return told


def places_beyond(connection: sa.Connection, right: str, places: Sequence[str | None]) -> list[bool]:
    """Tell of each place whether it lies beyond a right of whoever acts.

    What is nowhere lies beyond a right that is not held everywhere.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction that knows whose it is.
    right : str
        Name of the right.
    places : sequence of str or None
        Hexadecimal EWKB.
    """
    if _limited(connection) is None or reach.reaches_everywhere(connection, right):
        return [False] * len(places)
    return [not is_reached for is_reached in reach.places_reached(connection, right, places)]


def devices_beyond(connection: sa.Connection, right: str, ids: Collection[str]) -> frozenset[str]:
    """Return those of some devices that stand beyond a right of whoever acts."""
    if _limited(connection) is None or reach.reaches_everywhere(connection, right):
        return frozenset()
    return frozenset(ids) - reach.devices_reached(connection, right, ids)


def rights_in_events(
    connection: sa.Connection, rights: Collection[str], ids: Sequence[int]
) -> dict[int, frozenset[str]]:
    """Tell of each event which of some rights whoever acts holds there.

    A right reaches an event that lies where it is held, and one that lies on a desk there or below.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction that knows whose it is.
    rights : collection of str
        Names of rights.
    ids : sequence of int
        The events.
    """
    if _limited(connection) is None:
        return dict.fromkeys(ids, frozenset(rights))
    return reach.rights_in_events(connection, rights, ids)


def buildings_reached(connection: sa.Connection, right: str, ids: Collection[int]) -> frozenset[int]:
    """Return those of some buildings that a right of whoever acts reaches."""
    return frozenset(ids) if _limited(connection) is None else reach.buildings_reached(connection, right, ids)


def require_building(connection: sa.Connection, right: str, building_id: int) -> None:
    """Refuse what a right does not reach, for a building; see `buildings_reached`."""
    actor = _limited(connection)
    if actor is not None and not reach.buildings_reached(connection, right, [building_id]):
        raise _beyond(actor, right, f"for building {building_id}")


def require_event(connection: sa.Connection, right: str, event_id: int) -> None:
    """Refuse what a right does not reach, for an event; see `rights_in_events`."""
    actor = _limited(connection)
    if actor is not None and right not in reach.rights_in_events(connection, [right], [event_id])[event_id]:
        raise _beyond(actor, right, f"for event {event_id}")


def is_program(connection: sa.Connection) -> bool:
    """Whether whoever acts is a program of another system, for what only people decide."""
    actor: Actor | None = connection.info.get(ACTING)
    return actor is not None and actor.kind is ActorKind.CLIENT


def _limited(connection: sa.Connection) -> Actor | None:
    """Return whoever acts, if their rights are limited."""
    actor: Actor | None = connection.info.get(ACTING)
    return None if actor is None or actor.is_operator else actor


def _beyond(actor: Actor, right: str, where: str) -> NotAllowed:
    held = ", ".join(str(grant) for grant in sorted(actor.grants))
    return NotAllowed(
        f"{actor.name} does not hold {right} {where}.",
        hint=f"Its roles: {held}." if held else "It holds no role.",
    )

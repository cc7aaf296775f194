"""How far the rights of whoever acts reach: the functions that row-level security asks too."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from gisgov.store.acting import as_owner
from gisgov.store.array_literals import array_literal
from gisgov.store.statements import statement
from gisgov.store.tables import layer


def reaches_scope(connection: sa.Connection, right: str, scope_code: str) -> bool:
    """Whether a right reaches every area of a code; the empty code is the whole ground."""
    return bool(connection.scalar(sa.select(sa.func.reaches_scope(right, scope_code))))


def area_beyond(connection: sa.Connection, right: str, plan_id: int) -> str | None:
    """Return the first code of a plan by which its areas would lie elsewhere than where a right reaches.

    That is one with a parent beyond, or one that a plan of another scope has in force. None: there is none.
    """
    found: str | None = connection.scalar(statement("area_beyond"), {"right": right, "plan_id": plan_id})
    return found


def reaches_area(connection: sa.Connection, right: str, layer_name: str, code: str) -> bool:
    """Whether a right reaches an area of a layer with all of its parents."""
    query = sa.select(sa.func.reaches_area(right, layer.c.id, code)).where(layer.c.name == layer_name)
    return bool(connection.scalar(query))


def reached_codes(connection: sa.Connection, right: str, layer_id: int) -> frozenset[str] | None:
    """Return the codes of the areas of a layer that a right reaches wholly; None where it reaches all."""
    if reaches_everywhere(connection, right):
        return None
    ground = sa.func.acting_ground(right, True).table_valued("layer_id", "area_code")
    return frozenset(connection.scalars(sa.select(ground.c.area_code).where(ground.c.layer_id == layer_id)))


_PLACES = sa.text(
    "SELECT COALESCE(reaches_place(:right, CAST(one.place AS GEOMETRY)), false) "
    "FROM unnest(CAST(:places AS TEXT[])) WITH ORDINALITY AS one (place, number) ORDER BY one.number"
)


def reaches_everywhere(connection: sa.Connection, right: str) -> bool:
    """Whether a right is held everywhere."""
    return bool(connection.scalar(sa.select(sa.func.acts_everywhere(right))))


_DEVICES = sa.text(
    'SELECT DISTINCT device_id FROM reached_device WHERE "right" = :right '
    "AND device_id = ANY(CAST(:ids AS TEXT[]))"
)


def devices_reached(connection: sa.Connection, right: str, ids: Collection[str]) -> frozenset[str]:
    """Return those of some devices that stand where a right is held."""
    return frozenset(connection.scalars(_DEVICES, {"right": right, "ids": list(ids)}))


def places_reached(connection: sa.Connection, right: str, places: Sequence[str | None]) -> list[bool]:
    """Tell of each place (hexadecimal EWKB) whether a right reaches it; nowhere is not reached."""
    return [*connection.scalars(_PLACES, {"right": right, "places": list(places)})]


def keys_beyond(
    connection: sa.Connection, right: str, subject: str, keys: Sequence[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return those of the keys (source, id) of events or buildings that are known where no right reaches.

    Whoever acts cannot see them, and yet they cannot be added once more.
    """
    known = sa.text(
        f"SELECT stored.id, stored.source, stored.external_id FROM {subject} AS stored "  # noqa: S608 - a table
        "JOIN unnest(CAST(:sources AS TEXT[]), CAST(:ids AS TEXT[])) AS asked (source, external_id) "
        "USING (source, external_id)"
    )
    with as_owner(connection):
        asked = {"sources": [source for source, _ in keys], "ids": [key for _, key in keys]}
        rows = connection.execute(known, asked).all()
    reached = sa.text(
        f"SELECT {subject}_id FROM reached_{subject} "  # noqa: S608 - a view
        f'WHERE "right" = :right AND {subject}_id = ANY(CAST(:ids AS BIGINT[]))'
    )
    own = set(connection.scalars(reached, {"right": right, "ids": [row.id for row in rows]}))
    return {(row.source, row.external_id) for row in rows if row.id not in own}


_REACHED_EVENTS = sa.text(
    'SELECT event_id, array_agg(DISTINCT "right") AS rights FROM reached_event '
    'WHERE event_id = ANY(CAST(:ids AS BIGINT[])) AND "right" = ANY(CAST(:rights AS TEXT[])) '
    "GROUP BY event_id"
)


def rights_in_events(
    connection: sa.Connection, rights: Collection[str], ids: Sequence[int]
) -> dict[int, frozenset[str]]:
    """Return which of some rights reach each event: where it lies, on its desk, above it, or everywhere."""
    asked = array_literal(sorted(rights))
    whole = frozenset(
        connection.scalars(
            sa.text("SELECT held FROM unnest(CAST(:rights AS TEXT[])) AS held WHERE acts_everywhere(held)"),
            {"rights": asked},
        )
    )
    if len(whole) == len(rights):
        return dict.fromkeys(ids, whole)
    given = {"ids": array_literal(ids), "rights": asked}
    found = {row.event_id: frozenset(row.rights) for row in connection.execute(_REACHED_EVENTS, given)}
    return {one: whole | found.get(one, frozenset()) for one in ids}


_REACHED_BUILDINGS = sa.text(
    'SELECT DISTINCT building_id FROM reached_building WHERE "right" = :right '
    "AND building_id = ANY(CAST(:ids AS BIGINT[]))"
)


def buildings_reached(connection: sa.Connection, right: str, ids: Collection[int]) -> frozenset[int]:
    """Return those of some buildings that a right reaches: that lie where it is held, or everywhere."""
    if reaches_everywhere(connection, right):
        return frozenset(ids)
    given = {"right": right, "ids": array_literal(sorted(ids))}
    return frozenset(connection.scalars(_REACHED_BUILDINGS, given))

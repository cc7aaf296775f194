"""How far the rights of whoever acts reach: the functions that row-level security asks too."""

from __future__ import annotations

import sqlalchemy as sa

from gisgov.store.tables import layer


def reaches_scope(connection: sa.Connection, right: str, scope_code: str) -> bool:
    """Whether a right reaches every area of a code; the empty code is the whole ground."""
    return bool(connection.scalar(sa.select(sa.func.reaches_scope(right, scope_code))))


def reaches_area(connection: sa.Connection, right: str, layer_name: str, code: str) -> bool:
    """Whether a right reaches an area of a layer with all of its parents."""
    query = sa.select(sa.func.reaches_area(right, layer.c.id, code)).where(layer.c.name == layer_name)
    return bool(connection.scalar(query))


def reached_codes(connection: sa.Connection, right: str, layer_id: int) -> frozenset[str] | None:
    """Return the codes of the areas of a layer that a right reaches wholly; None where it reaches all."""
    if connection.scalar(sa.select(sa.func.acts_everywhere(right))):
        return None
    ground = sa.func.acting_ground(right, True).table_valued("layer_id", "area_code")
    return frozenset(connection.scalars(sa.select(ground.c.area_code).where(ground.c.layer_id == layer_id)))

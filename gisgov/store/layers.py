"""Layers and code schemes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.store.tables import code_scheme, layer, plan
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class StoredLayer:
    """A layer as it is stored; ``parent`` is the name of the layer above, ``targets`` a mapping."""

    id: int
    name: str
    title_zh: str
    title_en: str
    kind: str
    nesting: str | None
    parent_id: int | None
    parent: str | None
    code_scheme: str | None
    targets: Json | None
    staffing: str | None
    position: int


_above = layer.alias("above")
_LAYERS = (
    sa.select(
        layer.c.id,
        layer.c.name,
        layer.c.title_zh,
        layer.c.title_en,
        layer.c.kind,
        layer.c.nesting,
        layer.c.parent_id,
        _above.c.name.label("parent"),
        layer.c.code_scheme,
        layer.c.targets,
        layer.c.staffing,
        layer.c.position,
    )
    .outerjoin_from(layer, _above, layer.c.parent_id == _above.c.id)
    .order_by(layer.c.position, layer.c.name)
)


def all_layers(connection: sa.Connection) -> tuple[StoredLayer, ...]:
    """Return all layers by their position."""
    return tuple(StoredLayer(**row) for row in connection.execute(_LAYERS).mappings())


def find_layer(connection: sa.Connection, name: str) -> StoredLayer:
    """Return the layer of that name.

    Raises
    ------
    NotFoundError
        There is none; the hint lists those there are.
    """
    row = connection.execute(_LAYERS.where(layer.c.name == name)).mappings().one_or_none()
    if row is None:
        known = ", ".join(connection.scalars(sa.select(layer.c.name).order_by(layer.c.position)))
        hint = f"There are {known}." if known else "Load a profile with `gisgov layers load` first."
        raise NotFoundError(f"No layer is called {name!r}.", hint=hint, field="layer")
    return StoredLayer(**row)


def insert_layer(connection: sa.Connection, values: Mapping[str, Any]) -> int:
    """Add a layer and return its id; ``values`` are its columns."""
    return int(connection.execute(sa.insert(layer).values(values).returning(layer.c.id)).scalar_one())


def update_layer(connection: sa.Connection, layer_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a layer."""
    connection.execute(sa.update(layer).where(layer.c.id == layer_id).values(values))


def has_published_plan(connection: sa.Connection, layer_id: int) -> bool:
    """Whether the layer has, or ever had, a plan in force."""
    return bool(
        connection.scalar(
            sa.select(sa.exists().where(plan.c.layer_id == layer_id).where(plan.c.status != "draft"))
        )
    )


def all_schemes(connection: sa.Connection) -> dict[str, Json]:
    """Return the definitions of all code schemes by name."""
    rows = connection.execute(sa.select(code_scheme.c.name, code_scheme.c.definition))
    return {row.name: row.definition for row in rows}


def put_scheme(connection: sa.Connection, name: str, definition: Json) -> None:
    """Add a code scheme, or replace the one of that name."""
    known = connection.execute(
        sa.update(code_scheme).where(code_scheme.c.name == name).values(definition=definition)
    )
    if not known.rowcount:
        connection.execute(sa.insert(code_scheme).values(name=name, definition=definition))


def lock_layers(connection: sa.Connection) -> None:
    """Keep others from changing layers until the transaction ends; reading goes on."""
    connection.execute(sa.text("LOCK TABLE layer IN SHARE ROW EXCLUSIVE MODE"))

"""What an import needs to know of its target, and the record of what a file brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.store.geometry_columns import from_column
from gisgov.store.reading import in_force_on
from gisgov.store.tables import area, import_batch, layer, plan
from gisgov.types import Geometries, Texts


def lock_name(connection: sa.Connection, kind: str, name: str) -> None:
    """Let nobody else import into what is called so before this transaction ends."""
    what = f"gisgov.import {kind} {name}"
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": what})


def drafts_of_layer(connection: sa.Connection, layer_id: int) -> tuple[tuple[int, str], ...]:
    """Return ``(id, name)`` of the drafts of a layer, by name."""
    query = sa.select(plan.c.id, plan.c.name).where(plan.c.layer_id == layer_id, plan.c.status == "draft")
    return tuple((row.id, row.name) for row in connection.execute(query.order_by(plan.c.name)))


def ground_of_plans(connection: sa.Connection, plan_ids: Sequence[int]) -> tuple[Texts, Geometries]:
    """Return codes and polygons (EPSG:4326) of the areas of plans, by code."""
    rows = connection.execute(
        sa.select(area.c.code, sa.func.ST_AsBinary(area.c.geom).label("wkb"))
        .where(area.c.plan_id.in_(plan_ids))
        .order_by(area.c.code)
    ).all()
    codes = np.array([row.code for row in rows], dtype=object)
    return codes, np.asarray(shapely.from_wkb([bytes(row.wkb) for row in rows]), dtype=object)


def codes_of_layer(connection: sa.Connection, layer_id: int) -> tuple[str, ...]:
    """Return every code that any plan of a layer ever gave out."""
    query = sa.select(area.c.code).join_from(area, plan).where(plan.c.layer_id == layer_id).distinct()
    return tuple(connection.scalars(query))


def record_batch(connection: sa.Connection, values: Mapping[str, object]) -> None:
    """Record what a file brought in; ``values`` are columns of ``import_batch``."""
    # without asking for its id: whoever brings in may add the record, and not read it
    connection.execute(import_batch.insert().values(**values).inline())


def outlines_of_code(
    connection: sa.Connection, code: str, day: date
) -> tuple[tuple[str, shapely.MultiPolygon], ...]:
    """Return ``(layer, polygon)`` (EPSG:4326) of the areas of a code in force on a day."""
    rows = connection.execute(
        sa.select(layer.c.name, sa.func.ST_AsBinary(area.c.geom).label("wkb"))
        .select_from(area.join(plan).join(layer))
        .where(area.c.code == code, in_force_on(day))
        .order_by(layer.c.position)
    ).all()
    return tuple((row.name, from_column(row.wkb)) for row in rows)

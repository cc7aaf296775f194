"""Risk rules on record: proposed, in force, and those that were; and buildings counted by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.array_literals import array_literal
from gisgov.store.directly import rows_of
from gisgov.store.locating import layers_at
from gisgov.store.statements import statement
from gisgov.store.tables import building, risk_rules
from gisgov.types import Json

NEVER = ""
"""Stands for a version among the counts of `versions_in_use`: buildings that were never rated."""


@dataclass(frozen=True, slots=True)
class StoredRules:
    """A version of the rules; ``definition`` is what `gisgov.governance.risk.format_rules` writes.

    Without ``adopted_at`` it is proposed. ``buildings`` counts those that it rates now.
    """

    version: str
    definition: Json
    proposed_at: datetime
    proposed_by: str | None
    adopted_at: datetime | None
    adopted_by: str | None
    reason: str | None
    buildings: int


def stored_rules(connection: sa.Connection) -> tuple[StoredRules, ...]:
    """Return all rules: the one in force first, those before it, then those proposed, the latest first."""
    rated = sa.select(building.c.risk_rules_version.label("version"), func.count().label("buildings"))
    counted = rated.group_by(building.c.risk_rules_version).subquery()
    query = (
        sa.select(risk_rules, func.coalesce(counted.c.buildings, 0).label("buildings"))
        .outerjoin(counted, counted.c.version == risk_rules.c.version)
        .order_by(
            risk_rules.c.adopted_at.desc().nulls_last(),
            risk_rules.c.proposed_at.desc(),
            risk_rules.c.version.desc(),
        )
    )
    return tuple(StoredRules(**row) for row in connection.execute(query).mappings())


def definition_in_force(connection: sa.Connection) -> tuple[str, Json] | None:
    """Return version and definition of the rules in force, the latest adopted; None where none are."""
    query = (
        sa.select(risk_rules.c.version, risk_rules.c.definition)
        .where(risk_rules.c.adopted_at.is_not(None))
        .order_by(risk_rules.c.adopted_at.desc(), risk_rules.c.version.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else (str(row.version), row.definition)


def definitions(connection: sa.Connection, versions: Sequence[str] | None = None) -> dict[str, Json]:
    """Return the definitions of versions, of all by default; those that there are not are left out."""
    query = sa.select(risk_rules.c.version, risk_rules.c.definition).order_by(
        risk_rules.c.adopted_at.desc().nulls_last(), risk_rules.c.proposed_at.desc()
    )
    if versions is not None:
        query = query.where(risk_rules.c.version.in_(versions))
    return {str(row.version): row.definition for row in connection.execute(query)}


def insert_rules(connection: sa.Connection, version: str, definition: Json, proposed_by: str) -> None:
    """Keep rules that somebody proposes, under a version that no others have."""
    values = {"version": version, "definition": definition, "proposed_by": proposed_by}
    connection.execute(sa.insert(risk_rules).values(values))


def adopt_rules(connection: sa.Connection, version: str, adopted_by: str, reason: str) -> None:
    """Put rules in force, those of before that were in force too; the audit keeps what stood here."""
    # not now(): two adoptions of one transaction have an order too
    values = {"adopted_at": func.clock_timestamp(), "adopted_by": adopted_by, "reason": reason}
    connection.execute(sa.update(risk_rules).where(risk_rules.c.version == version).values(values))


def lock_ratings(connection: sa.Connection) -> None:
    """Wait until nobody else rates, and keep others waiting until the transaction ends."""
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('gisgov.risk', 0))"))


def count_buildings(connection: sa.Connection) -> int:
    """Return how many buildings there are."""
    return int(connection.execute(sa.select(func.count()).select_from(building)).scalar_one())


@dataclass(frozen=True, slots=True)
class AreaClass:
    """How many buildings of one class an area has; without ``code`` those that no area owns."""

    code: str | None
    name: str | None
    risk_class: str | None
    buildings: int


def risk_of_areas(
    connection: sa.Connection, layer_id: int, day: date, rated_before: datetime | None = None
) -> tuple[AreaClass, ...]:
    """Return the buildings of each area in force by class, the areas by code, those of no area last.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    layer_id : int
        The layer.
    day : datetime.date
        Day whose plans are asked.
    rated_before : datetime.datetime, optional
        Classes are those of the last rating before this moment; by default those of now.
    """
    given = {"layer_id": layer_id, "day": day, "rated_before": rated_before}
    rows = connection.execute(statement("risk_of_areas"), given)
    return tuple(AreaClass(**row) for row in rows.mappings())


def versions_in_use(connection: sa.Connection, rated_before: datetime | None = None) -> dict[str, int]:
    """Return how many buildings each version rates, now or before a moment; `NEVER` counts the others."""
    rows = connection.execute(statement("versions_in_use"), {"rated_before": rated_before})
    return {str(row.version): int(row.buildings) for row in rows}


def has_partition(connection: sa.Connection, day: date) -> bool:
    """Whether a plan of any partition layer is in force on a day."""
    return any(one.in_force and one.kind == "partition" for one in layers_at(connection, day))


def owners_of(connection: sa.Connection, layer_id: int, day: date, ids: Sequence[int]) -> dict[int, str]:
    """Return the code of the area in force on a day that owns each building; some have none."""
    given = {"layer_id": layer_id, "day": day, "ids": array_literal(ids)}
    return {row.building_id: row.code for row in rows_of(connection, statement("owners_of"), given)}

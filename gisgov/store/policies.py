"""Policies that are documents, as they were adopted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from gisgov.store.directly import rows_of
from gisgov.store.tables import policy_document
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A version of a policy; ``definition`` is what the rules of its kind write."""

    kind: str
    version: str
    definition: Json
    adopted_at: datetime


def policies(connection: sa.Connection, kind: str | None = None) -> tuple[StoredPolicy, ...]:
    """Return all versions that were adopted, by kind, the latest first."""
    query = sa.select(policy_document).order_by(
        policy_document.c.kind, policy_document.c.adopted_at.desc(), policy_document.c.version.desc()
    )
    if kind is not None:
        query = query.where(policy_document.c.kind == kind)
    return tuple(StoredPolicy(**row) for row in connection.execute(query).mappings())


_NEWEST = sa.text(
    "SELECT version, adopted_at FROM policy_document WHERE kind = :kind "
    "ORDER BY adopted_at DESC, version DESC LIMIT 1"
)


def newest(connection: sa.Connection, kind: str) -> tuple[str, datetime] | None:
    """Return version and moment of the last policy of a kind that was adopted; None without any."""
    rows = rows_of(connection, _NEWEST, {"kind": kind})
    return (rows[0].version, rows[0].adopted_at) if rows else None


def insert_policy(connection: sa.Connection, kind: str, version: str, definition: Json) -> None:
    """Adopt a version that was not adopted before; inside `gisgov.store.acting.as_owner`."""
    values = {"kind": kind, "version": version, "definition": definition}
    connection.execute(sa.insert(policy_document).values(**values))

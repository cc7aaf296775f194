"""Versions of the items of the register with their permits: what is proposed, decided and recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gisgov.governance.register import RETIREMENT_PROPOSED, Permit
from gisgov.store.registers import Department, StoredCategory
from gisgov.store.tables import category, category_permit, department
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class StoredVersion(StoredCategory):
    """A version of an item with what was decided about it.

    ``valid_from`` and ``valid_to`` are None as long as it was never put in force, or has no end.
    """

    permit: Permit
    valid_from: date | None
    valid_to: date | None
    source: str
    is_example: bool
    retirement_proposed: bool


@dataclass(frozen=True, slots=True)
class PermitRecord:
    """What was decided about a version, when, by whom and why."""

    category_id: int
    permit: str
    at: datetime
    by_name: str
    reason: str | None


def versions(connection: sa.Connection, codes: Collection[str] | None = None) -> tuple[StoredVersion, ...]:
    """Return all versions of items, or of those of some codes, by code, the first version first."""
    last = (
        sa.select(category_permit.c.permit)
        .where(category_permit.c.category_id == category.c.id)
        .order_by(category_permit.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    proposed = sa.and_(category.c.permit == Permit.IN_FORCE, last == RETIREMENT_PROPOSED)
    names = [name for name in StoredVersion.__dataclass_fields__ if name != "retirement_proposed"]
    query = sa.select(
        *(category.c[name] for name in names), sa.func.coalesce(proposed, False).label("retirement_proposed")
    ).order_by(category.c.code, category.c.version)
    if codes is not None:
        query = query.where(category.c.code.in_(codes))
    return tuple(
        StoredVersion(**{**row, "permit": Permit(row["permit"])})
        for row in connection.execute(query).mappings()
    )


def permit_records(connection: sa.Connection, ids: Collection[int]) -> tuple[PermitRecord, ...]:
    """Return what was decided about versions, in the order of decisions."""
    query = sa.select(*(category_permit.c[name] for name in PermitRecord.__dataclass_fields__)).where(
        category_permit.c.category_id.in_(ids)
    )
    rows = connection.execute(query.order_by(category_permit.c.id)).mappings()
    return tuple(PermitRecord(**row) for row in rows)


def propose_versions(connection: sa.Connection, items: Iterable[Json]) -> list[int]:
    """Add versions that are proposed; return their ids, in the order of the items.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`.
    items : iterable of mapping
        Columns of ``category``: what `gisgov.governance.register.RegisterItem.values` says, with the version
        and the source.
    """
    rows = [*items]
    if not rows:
        return []
    added = sa.insert(category).returning(category.c.id, sort_by_parameter_order=True)
    return [*connection.scalars(added, rows)]


def set_permits(
    connection: sa.Connection,
    ids: Collection[int],
    permit: Permit,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> None:
    """Let versions stand elsewhere, and begin or end on a day; inside ``as_owner``."""
    values: dict[str, object] = {"permit": permit.value}
    if valid_from is not None:
        values["valid_from"] = valid_from
    if valid_to is not None:
        values["valid_to"] = valid_to
    connection.execute(sa.update(category).where(category.c.id.in_(ids)).values(values))


def record_permits(
    connection: sa.Connection, ids: Sequence[int], word: str, *, by: str, reason: str | None
) -> None:
    """Record a decision about versions; inside ``as_owner``."""
    rows = [{"category_id": one, "permit": word, "by_name": by, "reason": reason} for one in ids]
    if rows:
        connection.execute(sa.insert(category_permit), rows)


def put_departments(connection: sa.Connection, known: Iterable[Department], *, source: str) -> None:
    """Write departments; one that is known takes over what is said. Inside ``as_owner``."""
    rows: list[Mapping[str, object]] = [
        {"code": one.code, "title": one.title, "title_en": one.title_en, "source": source} for one in known
    ]
    if rows:
        written = insert(department)
        news = {name: written.excluded[name] for name in ("title", "title_en", "source")}
        connection.execute(written.on_conflict_do_update(index_elements=["code"], set_=news), rows)

"""A plan copied into a draft that begins as it."""

from __future__ import annotations

import sqlalchemy as sa

from gisgov.store.drafts_writing import count_assignments
from gisgov.store.statements import statement
from gisgov.store.tables import area_figure, assignment, plan


def copy_content(connection: sa.Connection, source_id: int, plan_id: int, *, keeps_locks: bool) -> None:
    """Copy areas, assignments and figures of a plan into a draft that has none."""
    given = {"source_id": source_id, "plan_id": plan_id, "keeps_locks": keeps_locks}
    connection.execute(statement("copy_areas"), given)
    for table in (assignment, area_figure):
        names = [column.name for column in table.columns if column.name != "plan_id"]
        columns = [table.c[name] for name in names]
        copied = sa.select(sa.literal(plan_id), *columns).where(table.c.plan_id == source_id)
        connection.execute(sa.insert(table).from_select(["plan_id", *names], copied))
    count_assignments(connection)


def base_on(connection: sa.Connection, plan_id: int, based_on: int | None) -> None:
    """Write which plan a draft began as."""
    connection.execute(sa.update(plan).where(plan.c.id == plan_id).values(based_on=based_on))


def newest_after(connection: sa.Connection, plan_id: int) -> tuple[int, str] | None:
    """Return id and name of the newest plan that took the place of a published one, or is going to.

    It is of the same layer and scope, and neither retired before its first day nor older; None where there is
    none.
    """
    base = plan.alias("base")
    query = (
        sa.select(plan.c.id, plan.c.name)
        .join_from(
            base,
            plan,
            sa.and_(
                plan.c.layer_id == base.c.layer_id,
                plan.c.scope_code == base.c.scope_code,
                plan.c.status != "draft",
                plan.c.valid_from >= base.c.valid_from,
                plan.c.valid_from.is_distinct_from(plan.c.valid_to),
                plan.c.id != base.c.id,
            ),
        )
        .where(base.c.id == plan_id)
        .order_by(plan.c.valid_from.desc(), plan.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])

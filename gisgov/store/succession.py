"""Plans of one layer after each other: what is in force when, put into force and ended."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.plans import StoredPlan, content_sha256, select_plans, stored_plan
from gisgov.store.tables import plan
from gisgov.types import Json


def lock_succession(connection: sa.Connection, layer_id: int) -> None:
    """Wait until nobody else publishes or retires a plan of this layer, and keep others waiting.

    Of the whole layer: plans of different scopes must not come to hold the same ground either.
    """
    connection.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"),
        {"what": f"gisgov.succession {layer_id}"},
    )


def plans_in_the_way(
    connection: sa.Connection, layer_id: int, scope_code: str, valid_from: date, valid_to: date | None
) -> tuple[StoredPlan, ...]:
    """Return the plans of a layer and scope that are in force on some day of ``[valid_from, valid_to)``."""
    return _in_force_in(connection, layer_id, plan.c.scope_code == scope_code, valid_from, valid_to)


def plans_of_other_scopes(
    connection: sa.Connection, layer_id: int, scope_code: str, valid_from: date, valid_to: date | None
) -> tuple[StoredPlan, ...]:
    """Return the plans of other scopes that are in force on some day of ``[valid_from, valid_to)``."""
    return _in_force_in(connection, layer_id, plan.c.scope_code != scope_code, valid_from, valid_to)


def plan_before(
    connection: sa.Connection, layer_id: int, scope_code: str, day: date, *, but: int
) -> StoredPlan | None:
    """Return the plan of a layer and scope that was the last in force before a day; None where none was.

    Plan ``but`` is left out, and so are those that were taken back before they began.
    """
    query = select_plans().where(
        plan.c.layer_id == layer_id,
        plan.c.scope_code == scope_code,
        plan.c.status != "draft",
        plan.c.valid_to <= day,
        plan.c.valid_from < plan.c.valid_to,
        plan.c.id != but,
    )
    row = connection.execute(query.order_by(plan.c.valid_to.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else stored_plan(row)


def plan_from(
    connection: sa.Connection, layer_id: int, scope_code: str, day: date | None
) -> StoredPlan | None:
    """Return the plan of a layer and scope whose first day this is; None where there is none."""
    query = select_plans().where(
        plan.c.layer_id == layer_id,
        plan.c.scope_code == scope_code,
        plan.c.status != "draft",
        plan.c.valid_from == day,
        plan.c.valid_from.is_distinct_from(plan.c.valid_to),
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else stored_plan(row)


def plans_due(connection: sa.Connection, today: date) -> tuple[str, ...]:
    """Return the names of the plans whose day has come and that did not take effect yet, in their order."""
    query = sa.select(plan.c.name).where(
        plan.c.status != "draft",
        plan.c.took_effect_at.is_(None),
        plan.c.valid_from <= today,
        sa.or_(plan.c.valid_to.is_(None), plan.c.valid_from < plan.c.valid_to),
    )
    return tuple(connection.scalars(query.order_by(plan.c.valid_from, plan.c.id)))


def set_took_effect(connection: sa.Connection, plan_id: int) -> None:
    """Write down that a plan took effect now."""
    connection.execute(sa.update(plan).where(plan.c.id == plan_id).values(took_effect_at=func.now()))


def _in_force_in(
    connection: sa.Connection,
    layer_id: int,
    of_scope: sa.ColumnElement[bool],
    valid_from: date,
    valid_to: date | None,
) -> tuple[StoredPlan, ...]:
    days = func.daterange(plan.c.valid_from, plan.c.valid_to)
    asked = func.daterange(sa.cast(valid_from, sa.Date), sa.cast(valid_to, sa.Date))
    query = select_plans().where(
        plan.c.layer_id == layer_id, of_scope, plan.c.status != "draft", days.op("&&")(asked)
    )
    return tuple(stored_plan(row) for row in connection.execute(query.order_by(plan.c.valid_from)).mappings())


def set_published(
    connection: sa.Connection,
    plan_id: int,
    *,
    valid_from: date,
    valid_to: date | None,
    decision: str | None,
    author: str | None,
    accepted_defects: Json | None,
    certificate: Json,
    decided_on: date | None = None,
    corrects: int | None = None,
    reason: str | None = None,
) -> str:
    """Turn a draft into a published plan and return the digest of its content; None leaves what is there.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    plan_id : int
        A draft.
    valid_from, valid_to : datetime.date or None
        Its validity; half-open, None is open-ended.
    decision, author : str, optional
        The decision that it rests on, and who made it.
    accepted_defects : dict, optional
        Defects it is published with, and why.
    certificate : dict
        What the check proved of its coverage; nobody can set or change it later.
    decided_on : datetime.date, optional
        Day of the decision.
    corrects : int, optional
        Id of the plan that it takes back or corrects.
    reason : str, optional
        Why it does.
    """
    digest = content_sha256(connection, plan_id)
    connection.execute(
        sa.update(plan)
        .where(plan.c.id == plan_id)
        .values(
            status="published",
            valid_from=valid_from,
            valid_to=valid_to,
            decision=func.coalesce(decision, plan.c.decision),
            author=func.coalesce(author, plan.c.author),
            decided_on=func.coalesce(sa.cast(decided_on, sa.Date), plan.c.decided_on),
            corrects=corrects,
            reason=reason,
            accepted_defects=accepted_defects,
            certificate=certificate,
            content_sha256=digest,
            published_at=func.now(),
        )
    )
    return digest


def give_way(connection: sa.Connection, ends: StoredPlan, day: date, *, to: int) -> None:
    """End a plan on the first day of a draft; one whose end is decided already has to be corrected by it."""
    if ends.status == "retired":
        connection.execute(sa.update(plan).where(plan.c.id == to).values(corrects=ends.id))
    set_retired(connection, ends.id, day)


def set_retired(connection: sa.Connection, plan_id: int, valid_to: date) -> None:
    """End the validity of a published plan; on its first day it is taken back, and was never in force."""
    connection.execute(
        sa.update(plan).where(plan.c.id == plan_id).values(status="retired", valid_to=valid_to)
    )

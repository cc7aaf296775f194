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
            accepted_defects=accepted_defects,
            certificate=certificate,
            content_sha256=digest,
            published_at=func.now(),
        )
    )
    return digest


def set_retired(connection: sa.Connection, plan_id: int, valid_to: date) -> None:
    """End the validity of a published plan."""
    connection.execute(
        sa.update(plan).where(plan.c.id == plan_id).values(status="retired", valid_to=valid_to)
    )

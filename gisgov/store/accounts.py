"""Accounts and the roles that they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func

from gisgov.governance.access import ActorKind, Grant, Role
from gisgov.store.tables import account, account_role, area, layer, plan


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account as it is stored, with its roles."""

    id: int
    name: str
    kind: ActorKind
    created_at: datetime
    disabled_at: datetime | None
    department: str | None
    grants: tuple[Grant, ...]


GRANTS = (
    sa.select(
        func.coalesce(
            func.json_agg(func.json_build_array(account_role.c.role, layer.c.name, account_role.c.area_code)),
            sa.text("'[]'::json"),
        )
    )
    .select_from(account_role.outerjoin(layer))
    .where(account_role.c.account_id == account.c.id)
    .correlate(account)
    .scalar_subquery()
    .label("grants")
)
"""The roles of an account as one column; `grants_of` reads it."""


def grants_of(listed: Iterable[tuple[str, str | None, str | None]]) -> tuple[Grant, ...]:
    """Return the roles of the column `GRANTS`, in order."""
    grants = (Grant(Role(role), layer_name, code) for role, layer_name, code in listed)
    order = list(Role)
    return tuple(
        sorted(grants, key=lambda one: (order.index(one.role), one.layer or "", one.area_code or ""))
    )


_SELECT = sa.select(
    account.c.id,
    account.c.name,
    account.c.kind,
    account.c.created_at,
    account.c.disabled_at,
    account.c.department_code.label("department"),
    GRANTS,
)


def _stored(row: sa.RowMapping) -> StoredAccount:
    values = dict(row)
    values["kind"] = ActorKind(values["kind"])
    values["grants"] = grants_of(values["grants"])
    return StoredAccount(**values)


def all_accounts(connection: sa.Connection) -> tuple[StoredAccount, ...]:
    """Return all accounts, by name."""
    rows = connection.execute(_SELECT.order_by(account.c.name)).mappings()
    return tuple(_stored(row) for row in rows)


def find_account(connection: sa.Connection, name: str) -> StoredAccount | None:
    """Return one account; None where there is none of that name."""
    row = connection.execute(_SELECT.where(account.c.name == name)).mappings().first()
    return None if row is None else _stored(row)


def insert_account(
    connection: sa.Connection, name: str, kind: ActorKind, department: str | None = None
) -> int:
    """Make an account without roles, and return its id."""
    values = {"name": name, "kind": kind.value, "department_code": department}
    made = sa.insert(account).values(**values).returning(account.c.id)
    return int(connection.execute(made).scalar_one())


def set_department(connection: sa.Connection, account_id: int, department: str | None) -> None:
    """Say of which department an account is; None: of none."""
    told = sa.update(account).where(account.c.id == account_id)
    connection.execute(told.values(department_code=department))


def acting_department(connection: sa.Connection) -> str | None:
    """Return the code of the department of whoever acts; None: of none, or nobody in particular."""
    found: str | None = connection.scalar(sa.select(sa.func.acting_department()))
    return found


def insert_grants(connection: sa.Connection, account_id: int, grants: Iterable[Grant]) -> None:
    """Give an account roles; their layers exist."""
    rows: list[dict[str, Any]] = [
        {"account": account_id, "role": one.role.value, "layer": one.layer, "code": one.area_code}
        for one in grants
    ]
    if not rows:
        return
    layer_id = sa.select(layer.c.id).where(layer.c.name == sa.bindparam("layer")).scalar_subquery()
    insert = sa.insert(account_role).values(
        account_id=sa.bindparam("account"),
        role=sa.bindparam("role"),
        layer_id=layer_id,
        area_code=sa.bindparam("code"),
    )
    for row in rows:
        connection.execute(insert, row)


def delete_grants(connection: sa.Connection, account_id: int, grants: Iterable[Grant]) -> None:
    """Take roles from an account."""
    for one in grants:
        layer_id = sa.select(layer.c.id).where(layer.c.name == one.layer).scalar_subquery()
        connection.execute(
            sa.delete(account_role).where(
                account_role.c.account_id == account_id,
                account_role.c.role == one.role.value,
                account_role.c.layer_id.is_not_distinct_from(layer_id),
                account_role.c.area_code.is_not_distinct_from(one.area_code),
            )
        )


def set_disabled(connection: sa.Connection, account_id: int, *, disabled: bool) -> None:
    """Disable an account, or enable it again."""
    since = func.coalesce(account.c.disabled_at, func.now()) if disabled else None
    connection.execute(sa.update(account).where(account.c.id == account_id).values(disabled_at=since))


def delete_account(connection: sa.Connection, account_id: int) -> None:
    """Delete an account with all that signs it in."""
    connection.execute(sa.delete(account).where(account.c.id == account_id))


def is_any_account(connection: sa.Connection) -> bool:
    """Whether there is an account at all."""
    return bool(connection.scalar(sa.select(sa.exists().select_from(account))))


def is_area(connection: sa.Connection, layer_name: str, code: str) -> bool:
    """Whether a plan of a layer, of whatever day, has an area of a code."""
    found = (
        sa.select(area.c.code)
        .join_from(area, plan)
        .join(layer, layer.c.id == plan.c.layer_id)
        .where(layer.c.name == layer_name, area.c.code == code)
    )
    return bool(connection.scalar(sa.select(found.exists())))


def lock_accounts(connection: sa.Connection) -> None:
    """Let one transaction at a time change who holds what, so that two cannot remove each other's manager."""
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('gisgov.accounts'))"))

"""Which events clients of Open311 ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from gisgov.governance.events import EventState
from gisgov.store.tables import event

_CLOSED = [state.value for state in EventState if not state.is_open]


def requests_found(
    connection: sa.Connection,
    *,
    ids: Sequence[int] | None,
    categories: Sequence[str] | None,
    begins: datetime | None,
    ends: datetime | None,
    is_open: bool | None,
    most: int,
) -> tuple[int, ...]:
    """Return the ids of events, the latest first, as far as whoever acts may see them.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    ids, categories : sequence, optional
        Only these events, or those of these categories by code.
    begins, ends : datetime.datetime, optional
        When they happened: from, and up to.
    is_open : bool, optional
        Only those that somebody still has to deal with, or only the others.
    most : int
        No more than so many.
    """
    conditions: list[sa.ColumnElement[bool]] = []
    if ids is not None:
        conditions.append(event.c.id.in_(ids))
    if categories is not None:
        conditions.append(event.c.category_code.in_(categories))
    if begins is not None:
        conditions.append(event.c.occurred_at >= begins)
    if ends is not None:
        conditions.append(event.c.occurred_at <= ends)
    if is_open is not None:
        closed = event.c.state.in_(_CLOSED)
        conditions.append(~closed if is_open else closed)
    query = sa.select(event.c.id).where(*conditions).order_by(event.c.occurred_at.desc(), event.c.id.desc())
    return tuple(connection.scalars(query.limit(most)))

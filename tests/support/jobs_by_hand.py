"""Jobs done in the process of the test, without a worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from gisgov.store.database import Database
from gisgov.store.queue import call_off
from gisgov.store.tables import job
from gisgov.work.child import make_attempt
from gisgov.work.orders import WorkOrder
from gisgov.work.outcomes import judge
from gisgov.work.processes import Ended


def do_next(order: WorkOrder, kinds: Mapping[str, Any] | None = None) -> str | None:
    """Do the job that has waited longest, as a process and its worker would; return its id."""
    from gisgov.work.kinds import KINDS

    service = Database(order.database_url)
    try:
        with service.begin() as connection:
            waiting = sa.select(job).where(job.c.state == "waiting").order_by(job.c.number).limit(1)
            row = connection.execute(waiting).one_or_none()
            if row is None:
                return None
            call_off(connection, row.queue_id)
        asked = {"job": row.id, "attempt": row.attempt}
        answer = make_attempt(asked, order, service, KINDS if kinds is None else kinds)
        judge(service, order.place, row.id, row.attempt, Ended(answer, 0), order.limit_s)
        return str(row.id)
    finally:
        service.dispose()

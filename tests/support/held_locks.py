"""What waits for a lock that a test holds."""

from __future__ import annotations

import time

import sqlalchemy as sa

from gisgov.store.database import Database

_WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def until_waiting(database: Database, many: int = 1, seconds: float = 30.0) -> None:
    """Return when so many sessions wait for a lock."""
    until = time.monotonic() + seconds
    # each look in a transaction of its own: within one, what is told of sessions stays as it was
    with database.engine.connect() as observer:
        while observer.scalar(_WAITING) < many:
            observer.rollback()
            assert time.monotonic() < until, f"fewer than {many} wait for a lock"
            time.sleep(0.01)

"""Two batches that tell of the same events at one moment, in opposite orders: neither waits for ever."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from held_locks import until_waiting
from ingest_ground import event

from gisgov.services.ingesting import EventReport, Ingested
from gisgov.store.database import Database
from tests.services.ingesting.test_ingesting import Send, outcomes, rows

MANY, MIDDLE = 20, 10
HOLD = {
    "corrected": "SELECT FROM event WHERE external_id = :middle FOR NO KEY UPDATE",
    "new": "INSERT INTO event (source, external_id, state, occurred_at, crs, problem) "
    "VALUES ('hotline', :middle, 'reported', now(), 'EPSG:4326', 'no-coordinate')",
}


def send_both(
    ground: Database, send: Send, hold: str, middle: str, batches: Sequence[Sequence[EventReport]]
) -> list[Ingested]:
    """Send batches while the event in their middle is held, and let it go when all of them wait."""
    with ground.engine.connect() as session:
        holding = session.begin()
        session.execute(sa.text(hold), {"middle": middle})
        with ThreadPoolExecutor(len(batches)) as threads:
            sent = [threads.submit(send, *batch) for batch in batches]
            try:
                until_waiting(ground, len(batches))
            finally:
                holding.rollback()
            return [one.result(60) for one in sent]


@pytest.mark.parametrize("what", sorted(HOLD))
def test_neither_waits_for_ever(ground: Database, send: Send, what: str) -> None:
    names = [f"{what} at once {i:02}" for i in range(MANY)]
    if what == "corrected":
        assert set(outcomes(send(*(event(name) for name in names)))) == {"created"}
    # both bring all of them to other places, one from the first to the last, one the other way round
    forth = [event(name, 114.011, description="forth") for name in names]
    back = [event(name, 114.015, description="back") for name in reversed(names)]
    one, other = send_both(ground, send, HOLD[what], names[MIDDLE], [forth, back])
    found = sorted({*outcomes(one)} | {*outcomes(other)})
    assert found == (["updated"] if what == "corrected" else ["created", "updated"])
    places = "SELECT description, count(*), count(DISTINCT geom) FROM event WHERE external_id LIKE :names"
    stored = rows(ground, f"{places} GROUP BY description", names=f"{what} at once %")
    assert len(stored) == 1  # one of the two was the last, for all of them
    assert stored[0][1:] == (MANY, 1)

"""What tells of persons in what is reported is not kept, and whoever reports is told."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gisgov.store.database import Database
from tests.services.ingesting.test_ingesting import Send, event


def attributes_of(database: Database, event_id: int | None) -> dict[str, Any]:
    with database.begin() as connection:
        query = sa.text("SELECT attributes FROM event WHERE id = :id")
        found: dict[str, Any] = connection.scalar(query, {"id": event_id})
    return found


def test_persons_are_left_out_of_attributes_and_told_of(ground: Database, send: Send) -> None:
    told = {"depth_cm": 30, "caller": {"phone": "13800000000"}, "seen": [{"姓名": "某某", "at": 1}]}
    done = send(
        event("quiet"), event("p-1", attributes=told), event("p-2", level="9", attributes={"电话": 1})
    )
    quiet, one, refused = done.items
    assert quiet.left_out == ()
    assert one.left_out == ("/1/attributes/caller", "/1/attributes/seen/0/姓名")
    assert (refused.outcome, refused.left_out) == ("refused", ("/2/attributes/电话",))
    kept = {"depth_cm": 30, "seen": [{"at": 1}]}
    assert attributes_of(ground, one.event_id) == kept
    again = send(event("p-1", attributes={**told, "caller": "某人"})).items[0]
    assert (again.outcome, again.left_out[0]) == ("known", "/0/attributes/caller")
    fuller = send(event("p-1", description="井盖", attributes={"phone": 1})).items[0]
    assert (fuller.outcome, fuller.left_out) == ("updated", ("/0/attributes/phone",))
    assert attributes_of(ground, one.event_id) == kept

"""Open events when a new plan takes effect: their desks follow, and so does who is above."""

from __future__ import annotations

import planted_layers
import sqlalchemy as sa
from loop_ground import TODAY, ZONE, area, drawn, info, report, settle

from gisgov.governance.loop import Move
from gisgov.services.loop import event_history, write_steps
from gisgov.services.publishing import publish_plan
from gisgov.store.database import Database


def test_where_codes_trade_places_so_do_events_but_not_what_was_handed_over(database: Database) -> None:
    settle(database)
    of_a, of_b = report(database, "0"), report(database, "2", cell=2)
    to_a = report(database, "handed to A", cell=3, desk=area("A"))
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE plan SET took_effect_at = now() WHERE status = 'published'"))
    parents = {"A": ["S"], "B": ["S"], "C": ["T"]}
    planted_layers.plant(
        database, "grid", drawn("BBAC"), parent="street", plan="traded", parents=parents, valid_from=None
    )
    publish_plan(database, "traded", valid_from=TODAY, timezone=ZONE, today=TODAY)
    found = [info(database, one).desk for one in (of_a, of_b, to_a)]
    assert [desk and desk.code for desk in found] == ["B", "A", "A"]
    assert [len(event_history(database, one)) for one in (of_a, of_b, to_a)] == [2, 2, 1]


def test_desks_follow_their_areas_to_a_new_plan(database: Database) -> None:
    settle(database)
    stays, left, ended = report(database, "0"), report(database, "1", cell=1), report(database, "3", cell=3)
    of_ended = report(database, "handed to C", cell=0, desk=area("C"))
    elsewhere = report(database, "handed to A", cell=3, desk=area("A"))
    closed = report(database, "done", cell=1, level="1")
    with database.begin() as connection:
        write_steps(connection, [Move(closed, "correct-on-the-spot")], today=TODAY)
        connection.execute(sa.text("UPDATE plan SET took_effect_at = now() WHERE status = 'published'"))
    parents = {"A": ["T"], "D": ["S"], "B": ["S"]}  # A is of the street T from now on
    planted_layers.plant(
        database, "grid", drawn("ADB."), parent="street", plan="next", parents=parents, valid_from=None
    )
    publish_plan(database, "next", valid_from=TODAY, accept_defects="drawn so", timezone=ZONE, today=TODAY)
    codes = {stays: "A", left: "D", of_ended: "A", elsewhere: "A", closed: "A"}
    for event_id, code in codes.items():
        desk = info(database, event_id).desk
        assert desk is not None
        assert (desk.kind, desk.code) == ("area", code)
    gone = info(database, ended).desk
    assert gone is not None
    assert (gone.kind, gone.code) == ("triage", None)
    moved = event_history(database, left)[-1]
    assert (moved.action, moved.from_state, moved.to_state) == ("reroute", "reported", "reported")
    assert moved.details == {"plan": "next", "layer": "grid", "from": "A", "to": "D"}
    assert moved.by_kind == "service"
    assert [len(event_history(database, one)) for one in (stays, left, ended, of_ended, elsewhere)] == [
        1, 2, 2, 2, 1,
    ]  # fmt: skip
    with database.begin() as connection:
        rows = connection.execute(
            sa.text("SELECT event_id, why, area_code FROM event_told ORDER BY event_id, why DESC")
        ).all()
    told = {one: [row.area_code for row in rows if row.event_id == one] for one in (*codes, ended)}
    assert told == {
        stays: ["A", "T"],
        left: ["D", "S"],
        of_ended: ["A", "T"],
        elsewhere: ["A", "T"],
        closed: ["A", "S"],  # what is over stays with those who dealt with it
        ended: [],
    }

"""``gisgov event step`` and ``history``: as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from loop_ground import report, settle

from gisgov.store.database import Database


def test_steps_are_taken_and_told(cli: Any, database: Database) -> None:
    settle(database)
    event, other = report(database, "one"), report(database, "two")
    accepted = cli("event", "step", event, "accept", "--expects", "1")
    assert accepted.status == 0, accepted.stderr
    assert (
        f"Event {event} (hotline one) is accepted, step 2, on the desk of grid A grid A." in accepted.stdout
    )
    assert "dispatch: running, due 20" in accepted.stdout
    assert "Now you may dispatch, hand-over, suspend, merge, classify, extend, note." in accepted.stdout
    for words, desk in (
        (("--department", "water"), "on the desk of 水务局."),
        (("--area", "grid", "B", "--department", "parks"), "on the desk of grid B grid B for 公园中心."),
        (("--triage", "--department", "water"), "on the desk of triage."),
        (("--triage",), "on the desk of triage."),
    ):
        assert desk in cli("event", "step", event, "hand-over", *words).stdout
    both = cli("event", "step", event, "hand-over", "--triage", "--area", "grid", "B")
    assert (both.status, both.stdout) == (2, "")
    extended = cli("event", "step", event, "extend", "--stage", "dispatch", "--amount", "1", "--reason", "雨")
    assert extended.status == 0, extended.stderr
    merged = json.loads(cli("event", "step", other, "merge", "--into", event, "--json").stdout)
    assert (merged["state"], merged["merged_into"]) == ("merged", event)
    refused = cli("event", "step", other, "accept")
    assert refused.status == 2
    assert "Now one may" in refused.stderr
    assert "reopen" in refused.stderr
    rows = cli("event", "history", event).stdout.splitlines()
    assert [row.split()[0] for row in rows[1:]] == [str(number) for number in range(1, 9)]
    assert rows[-1].split()[3] == "absorb"
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO event (external_id, source, state, occurred_at, crs, problem) VALUES"
                " ('file', 'file', 'closed', now(), 'wgs84', 'no-coordinate')"
            )
        )
        file = connection.scalar(sa.text("SELECT id FROM event WHERE external_id = 'file'"))
    assert "No step was taken with it here" in cli("event", "history", file).stdout
    reopened = cli("event", "step", file, "reopen", "--reason", "again")
    assert f"Event {file} (file file) is accepted, step 1." in reopened.stdout

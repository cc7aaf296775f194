"""``gisgov event list`` and ``show``: as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from loop_ground import report, settle

from gisgov.store.database import Database


def test_events_are_listed_and_shown(cli: Any, database: Database) -> None:
    settle(database)
    first, second = report(database, "one"), report(database, "two", cell=3)
    listed = cli("event", "list", "--area", "grid", "C", "--state", "open", "--sort", "due")
    assert listed.status == 0, listed.stderr
    assert f"{second}" in listed.stdout
    assert "hotline" in listed.stdout
    assert "grid C grid C" in listed.stdout
    page = json.loads(cli("event", "list", "--limit", "1", "--json").stdout)
    assert ([one["id"] for one in page["events"]], page["after"] is None) == ([first], False)
    rest = cli("event", "list", "--limit", "1", "--after", page["after"])
    assert "There are more" not in rest.stdout
    assert "There are more: --after " in cli("event", "list", "--limit", "1").stdout
    assert cli("event", "list", "--bbox", "1", "1", "2", "2").stdout == "No event is so.\n"
    shown = cli("event", "show", second)
    assert shown.stdout.startswith(f"Event {second} (hotline two) is reported, step 1")
    assert cli("event", "show", "two", "--source", "hotline").stdout == shown.stdout
    unsaid = cli("event", "show", "two")
    assert (unsaid.status, unsaid.stdout) == (2, "")

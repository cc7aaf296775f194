"""``gisgov whistle``: calls, answers and lists, as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from loop_ground import report, settle

from gisgov.store.database import Database


def test_departments_are_called_answer_and_are_listed(cli: Any, database: Database) -> None:
    settle(database)
    event = report(database, "whistle")
    words = ("--department", "water", "--department", "parks", "--reason", "积水", "--same-day")
    called = cli("whistle", "call", event, *words)
    assert called.status == 0, called.stderr
    assert f"for event {event} from grid A is open: 积水" in called.stdout
    listed = json.loads(cli("whistle", "list", "--department", "water", "--open", "--json").stdout)
    (one,) = listed["whistles"]
    answered = cli("whistle", "answer", one["id"], "--department", "water", "--answer", "到场")
    assert "water (水务局): kept" in answered.stdout
    assert answered.stdout.rstrip().endswith("到场")
    assert "is closed" in cli("whistle", "close", one["id"], "--reason", "雨停").stdout
    rows = cli("whistle", "list", "--closed").stdout.splitlines()
    assert [row.split()[3:5] for row in rows[-2:]] == [["parks", "void"], ["water", "kept"]]

"""``gisgov statistics events``: as text, as JSON and as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from loop_ground import report, settle

from gisgov.store.database import Database


def test_events_are_counted_and_written(cli: Any, database: Database, tmp_path: Path) -> None:
    settle(database)
    report(database, "one", level="1")
    report(database, "two", cell=3)
    days = ("--from", "2026-05-01", "--to", "2026-05-31", "--at", "2026-05-10")
    words = ("statistics", "events", "--layer", "grid", *days)
    out = tmp_path / "events.csv"
    shown = cli(*words, "--by", "level", "--compare-year", "--out", out, "--english")
    assert shown.status == 0, shown.stderr
    assert "Events of layer grid, 2026-05-01 to 2026-05-31, on the areas of 2026-05-10." in shown.stdout
    assert "Level 1" in shown.stdout
    assert shown.stdout.splitlines()[2].split()[-3:] == ["before", "change", "%"]
    assert out.read_text(encoding="utf-8-sig").startswith("code,name,part,Level,reported,")
    found = cli(*words, "--level", "2", "--json").json()
    assert [one["figures"]["reported"] for one in found["rows"]] == [0, 0, 1, 0, 0, 1]
    assert "outside" in cli(*words, "--source", "hotline").stdout
    refused = cli(*words, "--out", tmp_path / "events.ods")
    assert refused.status == 2
    assert ".csv or .xlsx" in refused.stderr

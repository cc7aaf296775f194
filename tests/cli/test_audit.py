"""``gisgov audit``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gisgov.store.database import Database
from tests.support.audited_changes import head, unguarded

EVENTS = (
    "INSERT INTO event (source, external_id, state, occurred_at, crs, problem) "
    "SELECT 's', 'E' || i, 'reported', now(), 'EPSG:4326', 'no-coordinate' FROM generate_series(1, {n}) AS i "
    "ON CONFLICT DO NOTHING"
)


def put(database: Database, number: int) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql(EVENTS.format(n=number))


def test_changes_are_listed(cli: Callable[..., Any], database: Database) -> None:
    put(database, 5)
    put(database, 40)
    assert cli("layers", "load", "sub-grids").status == 0
    listed = cli("audit", "list", "--limit", 200)
    assert listed.status == 0
    assert "insert 5 event 1 2 3 …" in listed.stdout
    assert re.search(r"insert 35 event \d+ … \d+$", listed.stdout, flags=re.MULTILINE)
    # by whoever runs the command, and for which
    assert "(operator)" in listed.stdout
    assert "gisgov layers load" in listed.stdout
    short = cli("audit", "list", "--limit", 1)
    assert f"More: --after {head(database)}" in short.stdout
    page = cli("audit", "list", "--limit", 1, "--after", head(database), "--json").json()
    assert page["entries"][0]["position"] == head(database) - 1
    assert "Nothing was changed" in cli("audit", "list", "--to", "2020-01-01").stdout
    assert cli("audit", "list", "--from", "soon").status == 2


def test_the_audit_is_verified(cli: Callable[..., Any], database: Database, database_url: str) -> None:
    put(database, 5)
    whole = cli("audit", "verify")
    assert (whole.status, "The audit is whole" in whole.stdout) == (0, True)
    kept = whole.stdout.split()[-1]
    assert cli("audit", "verify", "--expect", kept).status == 0
    assert cli("audit", "verify", "--expect", "now").status == 2
    with unguarded(database_url) as session:
        session.execute("UPDATE audit_entry SET content = content - 'account' WHERE id = 1")
        session.execute(
            "INSERT INTO audit_entry (content) VALUES ('{\"at\": \"2026-01-01T00:00Z\"}'), ('{}')"
        )
    found = cli("audit", "verify")
    assert found.status == 1
    assert "The audit is NOT whole" in found.stdout
    assert "changed: The entry or link of position 1 is not what was written. (2" in found.stdout
    assert "(2026-01-01T00:00Z) 2 are wrong alike." in found.stdout
    document = cli("audit", "verify", "--json")
    assert (document.status, document.json()["intact"]) == (1, False)
    with unguarded(database_url) as session:
        session.execute("DELETE FROM audit_head")
    assert "Keep this" not in cli("audit", "verify").stdout


def test_the_audit_is_exported(cli: Callable[..., Any], database: Database, tmp_path: Path) -> None:
    put(database, 5)
    last = head(database)
    file = tmp_path / "audit.jsonl"
    done = cli("audit", "export", "--output", file)
    assert (done.status, done.stdout) == (0, "")
    lines = file.read_text(encoding="utf-8").splitlines()
    end = json.loads(lines[-1])
    assert f"Positions 1 to {last}; expect {last}:{end['sha256']}" in done.stderr
    assert cli("audit", "verify", "--expect", f"{last}:{end['sha256']}").status == 0
    printed = cli("audit", "export")
    assert printed.stdout.splitlines()[:last] == lines[:last]
    assert "Nothing was changed" in cli("audit", "export", "--to", "2020-01-01").stderr
    assert [one.name for one in tmp_path.iterdir()] == ["audit.jsonl"]


def test_an_export_that_cannot_be_written_says_so(cli: Callable[..., Any], tmp_path: Path) -> None:
    failed = cli("audit", "export", "--output", tmp_path / "no" / "audit.jsonl")
    assert failed.status == 2
    assert "No such file" in failed.stderr

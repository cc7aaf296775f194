"""An export is what was hashed, and a shell can check it."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gisgov.errors import InputError
from gisgov.governance.access import Actor, ActorKind, Errand
from gisgov.services.audit import (
    Milestone,
    Period,
    export_audit,
    list_audit,
    parse_period,
    verify_audit,
)
from gisgov.services.audit import exporting as module
from gisgov.store.database import Database
from tests.support.audited_changes import fill, head, told

SHANGHAI = ZoneInfo("Asia/Shanghai")

# what docs/audit.md says of each line, in a loop
CHECK = r"""
hash=
while IFS= read -r line; do
    case $line in
        '{"position": '*'"previous": "'*) previous=${line#*'"previous": "'}; previous=${previous%%'"'*} ;;
        *) previous=${line#*'"sha256": "'}; previous=${previous%%'"'*} ;;
    esac
    [ -z "$hash" ] || [ "$hash" = "$previous" ] || { echo "broken: $line"; exit 1; }
    hash=$(printf '%s' "$line" | sha256sum | cut -c1-64)
done < "$1"
"""


def checked(file: Path) -> int:
    return subprocess.run(["sh", "-c", CHECK, "check", str(file)], check=False).returncode


def test_the_lines_are_what_was_hashed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 4)
    fill(database, 10)
    last = head(database)
    export = export_audit(database, Period())
    lines = [*export.lines]
    assert len(lines) == last + 1
    for position, (line, below) in enumerate(pairwise(lines), start=1):
        parsed, digest = json.loads(line), hashlib.sha256(line.encode()).hexdigest()
        assert parsed["position"] == position
        assert json.loads(below)["previous" if position < last else "sha256"] == digest
    end = json.loads(lines[-1])
    assert verify_audit(database, expect=Milestone(end["position"], end["sha256"])).intact
    file = tmp_path / "audit.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    assert checked(file) == 0
    file.write_text(file.read_text(encoding="utf-8").replace("n3", "n4"), encoding="utf-8")
    assert checked(file) == 1


def test_an_export_is_told_itself(database: Database) -> None:
    before = head(database)
    with database.begin() as connection:
        connection.exec_driver_sql("INSERT INTO account (name, kind) VALUES ('lin', 'person')")
        connection.exec_driver_sql(
            "INSERT INTO account_role (account_id, role) SELECT id, 'administrator' FROM account"
        )
        given = connection.exec_driver_sql("SELECT id FROM account").scalar()
    auditor = Actor("lin", ActorKind.PERSON, given)
    acting = database.acting(auditor, Errand("GET /v1/audit/export", "10.0.0.7"))
    assert len([*export_audit(acting, Period()).lines]) == before + 3
    (entry,) = told(database, before + 2)
    assert (entry["verb"], entry["account"], entry["origin"]) == ("audit-export", "lin", "10.0.0.7")
    assert entry["details"] == {"first": 1, "last": before + 2}
    assert verify_audit(acting).intact
    # and without the right there is nothing to see
    other = database.acting(Actor("wu", ActorKind.PERSON, -1), Errand())
    assert [*export_audit(other, Period()).lines] == []
    assert list_audit(other, Period()).entries == ()


def test_a_period_has_no_holes(database: Database) -> None:
    fill(database, 3)
    middle = datetime.now(UTC)
    fill(database, 4)
    early, late = Period(until=middle), Period(since=middle)
    first = [json.loads(line)["position"] for line in export_audit(database, early).lines]
    assert first[:-1] == [*range(1, first[-1] + 1)]
    rest = export_audit(database, late).stretch
    assert rest is not None
    assert rest.first == first[-1] + 1
    assert [*export_audit(database, Period(until=datetime(2020, 1, 1, tzinfo=UTC))).lines] == []


def test_entries_are_listed_page_by_page(database: Database) -> None:
    fill(database, 7)
    last = head(database)
    pages, after = [], None
    while True:
        page = list_audit(database, Period(), after=after, limit=3)
        pages += [one.position for one in page.entries]
        after = page.after
        if after is None:
            break
    assert pages == [*range(last, 0, -1)]
    (entry,) = list_audit(database, Period(), limit=1).entries
    assert (entry.verb, entry.subject, entry.kind, entry.table) == ("test", "n6", "service", None)
    assert list_audit(database, Period(), account="nobody").entries == ()
    assert len(list_audit(database, Period(), account=entry.account).entries) == last
    future = Period(since=datetime.now(UTC) + timedelta(days=1))
    assert list_audit(database, future).entries == ()


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [("yesterday", None, "from"), (None, "2026-13-01", "to"), ("2026-03-02", "2026-03-01", "to")],
)
def test_a_period_must_be_one(since: str | None, until: str | None, field: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_period(since, until, SHANGHAI)
    assert caught.value.field == field

"""The audit over HTTP."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from gisgov.store.database import Database
from tests.support.audited_changes import fill, head, unguarded


def test_the_list_leads_on(client: Any, database: Database) -> None:
    fill(database, 5)
    last = head(database)
    first = client.get("/v1/audit?limit=2")
    assert [one["position"] for one in first.json()] == [last, last - 1]
    assert f'</v1/audit?limit=2&after={last - 1}>; rel="next"' in first.headers["Link"]
    rest = client.get(f"/v1/audit?limit=1000&after={last - 1}")
    assert [one["position"] for one in rest.json()] == [*range(last - 2, 0, -1)]
    assert "Link" not in rest.headers
    assert client.get("/v1/audit?account=nobody").json() == []
    assert client.get("/v1/audit?to=2020-01-01").json() == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?from=soon", "/query/from"),
        ("?to=2026-02-30", "/query/to"),
        ("?from=2026-03-02&to=2026-03-01", "/query/to"),
        ("?after=0", "/query/after"),
        ("/verification?expect=12", "/query/expect"),
        ("/export?to=later", "/query/to"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(client: Any, query: str, pointer: str) -> None:
    refused = client.get(f"/v1/audit{query}")
    assert refused.status_code == 422
    assert [field["pointer"] for field in refused.json()["errors"]] == [pointer]


def test_an_export_can_be_checked_by_its_hashes(client: Any, database: Database) -> None:
    fill(database, 3)
    last = head(database)
    sent = client.get("/v1/audit/export")
    assert sent.headers["Content-Type"].startswith("application/x-ndjson")
    assert "audit.jsonl" in sent.headers["Content-Disposition"]
    lines = sent.text.splitlines()
    assert len(lines) == last + 1
    end = json.loads(lines[-1])
    assert end == {"position": last, "sha256": hashlib.sha256(lines[-2].encode()).hexdigest()}
    (told, *_) = client.get("/v1/audit?limit=1").json()
    assert (told["verb"], told["kind"], told["operation"]) == (
        "audit-export",
        "client",
        "GET /v1/audit/export",
    )
    assert told["request_id"] == sent.headers["X-Request-ID"]
    expected = f"{end['position']}:{end['sha256']}"
    assert client.get(f"/v1/audit/verification?expect={expected}").json()["intact"] is True


def test_an_export_that_did_not_change_is_not_sent_again(client: Any) -> None:
    address = "/v1/audit/export?to=2020-01-01"
    tag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_tampering_is_told_over_http(client: Any, database: Database, database_url: str) -> None:
    fill(database, 3)
    whole = client.get("/v1/audit/verification").json()
    assert (whole["intact"], whole["findings"]) == (True, [])
    with unguarded(database_url) as session:
        session.execute("DELETE FROM audit_link WHERE position = 2")
    broken = client.get("/v1/audit/verification").json()
    assert broken["intact"] is False
    assert broken["findings"][0]["fault"] == "missing"
    assert broken["findings"][0]["position"] == 2
    assert broken["head"] == whole["head"]

"""Documents of policy as bodies: layers, policies and rules as files say them, tried before they count."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import yaml

from api import documents
from fixtures.risk_documents import write_rules
from fixtures.shipped import LIMITS, risk_rules

Open = Callable[..., AbstractContextManager[Any]]

YAML, TOML = {"Content-Type": "application/yaml"}, {"Content-Type": "application/toml"}
TOWN = """
name: town
title_zh: 镇
title_en: Town
source: A test.
layers:
  - {name: village, title_zh: 村, title_en: Village, kind: partition}
"""
# a few lines of YAML that stand for more values than memory holds
MUCH = "b0: &b0 [x]\n" + "".join(f"b{i}: &b{i} [{', '.join([f'*b{i - 1}'] * 20)}]\n" for i in range(1, 9))


@pytest.fixture
def client(database_url: str, open_client: Open) -> Any:
    with open_client(database_url) as opened:
        yield opened


@pytest.fixture(scope="module")
def refusing(module_database_url: str, open_client: Open) -> Any:
    """Client of a service that is sent nothing it can use."""
    with open_client(module_database_url) as opened:
        yield opened


def names(client: Any) -> list[str]:
    return [layer["name"] for layer in client.get("/v1/layers").json()]


def test_layers_are_tried_and_loaded(client: Any) -> None:
    tried = client.post("/v1/layers?dry_run=true", content=TOWN, headers=YAML)
    assert tried.status_code == 200, tried.text
    assert tried.json()["layers"] == [{"name": "village", "change": "added", "fields": []}]
    assert "village" not in names(client)
    assert client.post("/v1/layers", content=TOWN, headers=YAML).json() == tried.json()
    assert "village" in names(client)
    again = client.post("/v1/layers", content=TOWN.replace("title_zh: 村", "title_zh: 庄"), headers=YAML)
    assert again.json()["layers"] == [{"name": "village", "change": "changed", "fields": ["title_zh"]}]


def test_shipped_layers_are_loaded_by_name(client: Any) -> None:
    shipped = {one["name"]: one["layers"] for one in client.get("/v1/profiles").json()}
    assert client.post("/v1/layers", json={"shipped": "sub-grids"}).status_code == 200
    assert set(shipped["sub-grids"]) <= set(names(client))
    absent = client.post("/v1/layers", json={"shipped": "../sub-grids"})
    assert (absent.status_code, absent.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize(
    ("body", "headers", "says"),
    [
        ("name: [", YAML, "is not YAML: line"),
        ("name = ", TOML, "is not TOML"),
        ("name: a\nname: b", YAML, "stands twice"),
        ("[" * 50_000, YAML, "nested too deep"),
        (MUCH, YAML, "values"),
        ("a: &a [*a]", YAML, "nested deeper"),
        ("- x", YAML, "no JSON object"),
        ("name: .inf", YAML, "is no value"),
        ("name: a\nday: 2026-02-30", YAML, "line 2: '2026-02-30' is no timestamp"),
        ("name: !!bool x", YAML, "'x' is no bool"),
        (f"name: {'9' * 5000}", YAML, "is no int"),
        (f"name = {'9' * 5000}", TOML, "is not TOML"),
        ("title_zh: 镇", YAML, "name"),
    ],
)
def test_a_document_that_cannot_be_used_is_told(refusing: Any, body: str, headers: Any, says: str) -> None:
    answer = refusing.post("/v1/layers", content=body.encode(), headers=headers)
    assert answer.status_code == 422, answer.text
    assert says in answer.text


def test_others_are_answered_while_a_document_is_read(refusing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    loops: list[object] = []

    def read(*_: object) -> object:
        loops.append(asyncio._get_running_loop())
        return {}

    monkeypatch.setattr(documents, "document_of", read)
    assert refusing.post("/v1/layers", content=TOWN, headers=YAML).status_code == 422
    assert loops == [None]


def test_a_policy_is_tried_and_adopted(client: Any) -> None:
    document = yaml.safe_load((LIMITS / "time_limits.yaml").read_text(encoding="utf-8"))
    text = yaml.safe_dump({**document, "version": "tried"}, allow_unicode=True)
    tried = client.post("/v1/policies/time-limits?dry_run=true", content=text.encode(), headers=YAML)
    assert (tried.status_code, tried.json()["policy"]["version"]) == (201, "tried"), tried.text
    assert "tried" not in client.get("/v1/policies/time-limits").text
    assert client.post("/v1/policies/time-limits", content=text.encode(), headers=YAML).json()["is_new"]
    assert client.get("/v1/policies/time-limits").json()[0]["version"] == "tried"


def test_rules_are_proposed_by_a_workbook(client: Any, tmp_path: Path) -> None:
    path = tmp_path / "rules.xlsx"
    write_rules(path, risk_rules())
    kind = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    answer = client.post("/v1/risk/rules", content=path.read_bytes(), headers=kind)
    assert (answer.status_code, answer.json()["rules"]["state"]) == (201, "proposed"), answer.text
    broken = client.post("/v1/risk/rules", content=b"PK no workbook", headers=kind)
    assert broken.status_code == 422
    assert "/tmp" not in broken.text


def test_a_calendar_is_tried_and_brought_in(client: Any) -> None:
    hours = ("hours.yaml", (LIMITS / "calendar.yaml").read_bytes())
    days = ("days.csv", "日期,上班,名称\n2026-10-01,否,国庆节\n2026-10-10,是,\n".encode())
    tried = client.post("/v1/calendars", files={"hours": hours, "days": days}, data={"dry_run": "true"})
    assert tried.status_code == 201, tried.text
    assert tried.json()["days"][0] == {"day": "2026-10-01", "is_working": False, "title": "国庆节"}
    assert client.get("/v1/calendars/example").status_code == 404
    assert client.post("/v1/calendars", files={"hours": hours, "days": days}).status_code == 201
    assert client.get("/v1/calendars/example").json() == tried.json()
    wrong = ("days.csv", b"day,is_working\n2026-13-01,no\n")
    refused = client.post("/v1/calendars", files={"hours": hours, "days": wrong})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/rows-refused"), refused.text
    assert client.post("/v1/calendars", files={"days": days}).status_code == 422
    assert client.post("/v1/calendars", files={"hours": ("hours.exe", b"x")}).status_code == 422
    broken = client.post("/v1/calendars", files={"hours": ("作息.yaml", b"name: [")})
    assert broken.json()["detail"].startswith("作息.yaml is not YAML: line 1")  # no folder of the service

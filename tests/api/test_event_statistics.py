"""Statistics of events over HTTP: as JSON and as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from loop_ground import report, settle
from openpyxl import load_workbook

from gisgov.store.database import Database

ADDRESS = "/v1/layers/grid/event-statistics?at=2026-05-10"


@pytest.fixture(scope="module")
def client(module_database_url: str, open_client: Any) -> Iterator[Any]:
    database = Database(module_database_url)
    settle(database)
    for name, level in (("one", "1"), ("two", "2"), ("three", "2")):
        report(database, name, level=level)
    database.dispose()
    with open_client(module_database_url) as opened:
        yield opened


def test_events_are_counted_by_area_and_part(client: Any) -> None:
    found = client.get(f"{ADDRESS}&by=level&source=hotline,petition&level=1,2").json()
    assert (found["layer"], found["by"], found["former_first"]) == ("grid", "level", None)
    own = [one for one in found["rows"] if one["code"] == "A"]
    assert [(one["part"] and one["part"]["key"], one["figures"]["reported"]) for one in own] == [
        (None, 3),
        ("1", 1),
        ("2", 2),
    ]
    assert found["rows"][-1]["place"] == "all"
    assert client.get(f"{ADDRESS}&source=patrol").json()["rows"][-1]["figures"]["reported"] == 0


def test_tables_are_downloaded(client: Any) -> None:
    table = client.get(f"{ADDRESS}&format=csv&first=2026-05-01&last=2026-05-31&compare_year=true")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="events.csv"'
    header, first, *_ = csv.reader(io.StringIO(table.content.decode("utf-8-sig")))
    assert (header[2], first[2], header[-1]) == ("上报数", "3", "吹哨及上交数同比（%）")
    sheet = client.get(f"{ADDRESS}&format=xlsx&language=en")
    rows = list(load_workbook(io.BytesIO(sheet.content)).active.values)
    assert (rows[0][:3], rows[1][:3]) == (("code", "name", "reported"), ("A", "grid A", 3))


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ("by=color", "/query/by"),
        ("compare_year=true", "/query/first"),
        ("first=2026-05-02&last=2026-05-01", "/query/last"),
    ],
)
def test_what_is_no_question_is_pointed_at(client: Any, more: str, pointer: str) -> None:
    refused = client.get(f"{ADDRESS}&{more}")
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]

"""Events in, and to the areas that own them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from point_files import FOUR, asked, csv, events

from gisgov.errors import DatabaseUnavailable
from gisgov.services.importing.points import import_events
from gisgov.store.database import Database
from gisgov.store.tables import event, import_batch


def test_events_are_stored_and_joined(ground: Database, tmp_path: Path) -> None:
    report = import_events(ground, asked(csv(tmp_path / "a.csv", *FOUR)))
    assert (report.rows_read, report.inserted, report.updated, report.unchanged, report.rejected) == (
        4,
        4,
        0,
        0,
        0,
    )
    assert [(one.holds, one.column, one.guessed) for one in report.fields] == [
        ("lon", "经度", True), ("lat", "纬度", True), ("id", "编号", True), ("time", "时间", True),
        ("category", "事项", True), ("level", "等级", True),
    ]  # fmt: skip
    assert report.time_format == "ISO 8601"
    assert [(one.layer, one.joined, one.on_border, one.orphans, one.no_plan) for one in report.joined] == [
        ("street", 3, 0, 1, 0),
        ("grid", 2, 1, 1, 1),
    ]
    assert [
        (one.row, one.external_id, one.layer, one.reason, one.nearest_area) for one in report.orphans
    ] == [
        (4, "4", "street", "outside", "s"),
        (4, "4", "grid", "outside", "b"),
    ]
    assert report.orphans[1].message == "lies in no area of layer grid; b is 144.7 m away"
    found = events(ground)
    assert (found["1"]["source"], found["1"]["category"], found["1"]["level"]) == ("a", "垃圾满溢", "1")
    assert (found["1"]["state"], found["1"]["crs"], found["1"]["place"]) == (
        "reported", "EPSG:4326", "POINT(120.0005 30.0005)",
    )  # fmt: skip
    assert found["1"]["occurred_at"] == datetime(2026, 2, 1, 0, 30, tzinfo=UTC)
    assert found["1"]["attributes"] == {"备注": "x"}
    with ground.begin() as connection:
        assert connection.execute(sa.select(import_batch.c.kind, import_batch.c.rows_imported)).one() == (
            "events",
            4,
        )


def test_columns_that_tell_of_persons_are_not_kept(ground: Database, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "编号,时间,经度,纬度,联系人,联系电话,水深\n1,2026-02-01 08:30,120.0005,30.0005,某某,13800,30\n"
    )
    report = import_events(ground, asked(path))
    assert "Columns that tell of persons are not kept: '联系人', '联系电话'." in report.notes
    assert events(ground)["1"]["attributes"] == {"水深": "30"}


def test_a_second_import_updates_instead_of_doubling(ground: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", *FOUR)
    import_events(ground, asked(path))
    before = events(ground)
    again = import_events(ground, asked(path))
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 4)
    assert again.joined[1].joined == 2
    assert len(again.orphans) == 2
    assert events(ground) == before
    with ground.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(import_batch)) == 1
    moved = csv(
        tmp_path / "a.csv", FOUR[0], FOUR[1], FOUR[2].replace("2025", "2026"), FOUR[3].replace("0035", "0005")
    )
    third = import_events(ground, asked(moved))
    assert (third.inserted, third.updated, third.unchanged) == (0, 2, 2)
    assert [(one.joined, one.orphans, one.no_plan) for one in third.joined] == [(4, 0, 0), (4, 0, 0)]
    assert {key: row["id"] for key, row in events(ground).items()} == {
        key: row["id"] for key, row in before.items()
    }


def test_what_is_known_better_here_stays(ground: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", *FOUR)
    import_events(ground, asked(path))
    with ground.begin() as connection:
        connection.execute(
            event.update().where(event.c.external_id == "1").values(state="closed", description="说明")
        )
    assert import_events(ground, asked(path)).unchanged == 4
    stated = csv(
        tmp_path / "a.csv",
        "1,2026-02-01 08:30,120.0005,30.0005,处置中",
        "2,2026-02-01 08:31,120.001,30.0005,",
        header="编号,时间,经度,纬度,状态",
    )
    assert import_events(ground, asked(stated)).updated == 1
    found = events(ground)
    assert found["1"]["attributes"] == {"备注": "x"}
    emptied = csv(
        tmp_path / "a.csv", "1,2026-02-01 08:30,120.0005,30.0005,", header="编号,时间,经度,纬度,备注"
    )
    import_events(ground, asked(emptied))
    assert events(ground)["1"]["attributes"] == {}
    assert (found["1"]["state"], found["2"]["state"], found["1"]["description"]) == (
        "handling",
        "reported",
        "说明",
    )


def test_without_any_plan_there_are_no_layers(database: Database, tmp_path: Path) -> None:
    report = import_events(database, asked(csv(tmp_path / "a.csv", *FOUR, "5,2026-02-01,,,a,,")))
    assert report.joined == ()
    assert [(one.external_id, one.reason) for one in report.orphans] == [("5", "no-coordinate")]


def test_a_database_that_goes_away_leaves_nothing(
    ground: Database, database_url: str, tmp_path: Path
) -> None:
    def murderous(items: Iterable[Any], *, label: str, total: int | None = None) -> Iterator[Any]:
        for i, item in enumerate(items):
            if i == 2:
                with psycopg.connect(database_url.replace("+psycopg", "")) as other:
                    other.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
            yield item

    path = csv(tmp_path / "a.csv", *FOUR)
    with pytest.raises(DatabaseUnavailable):
        import_events(ground, asked(path), progress=murderous)
    assert events(ground) == {}
    assert import_events(ground, asked(path)).inserted == 4

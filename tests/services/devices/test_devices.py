"""Devices listed, counted by area and told of: what rights reach, which report counts, what is audited."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import loop_ground
import openpyxl
import pytest
import sqlalchemy as sa
from audited_changes import head, told

from gisgov.errors import InputError, NotAllowed, NotFoundError, RowsRefused
from gisgov.services.devices import (
    MOST_STATES,
    DeviceStatesTaken,
    SentState,
    device_statistics,
    device_table,
    list_devices,
    parse_devices,
    take_states,
)
from gisgov.services.place_imports import PlacesImport, PlacesImportReport, import_places
from gisgov.store.database import Database
from gisgov.store.devices import hold_devices
from gisgov.store.place_registers import DEVICES as DEVICE_REGISTER
from gisgov.store.place_registers import known_records

TODAY, ZONE = loop_ground.TODAY, loop_ground.ZONE
NOON = datetime(2026, 5, 10, 12, tzinfo=ZONE)
# A is the cells from 114.00 to 114.02, B to 114.03, C to 114.04; 114.02 is the border of A and B
DEVICES = """id,kind,title,state,state_at,lon,lat
a1,摄像头,路口,online,2026-05-01 08:00,114.005,22.505
a2,camera,,offline,2026-05-02 08:00,114.015,22.505
ab,camera,界上,online,2026-05-03 08:00,114.02,22.505
b1,camera,,online,2026-05-04 08:00,114.025,22.505
b2,充电桩,,停用,2026-04-01 08:00,114.026,22.505
c1,充电桩,,故障,2026-05-05 08:00,114.035,22.505
far,camera,,online,2026-05-06 08:00,115.0,22.505
"""


@pytest.fixture(scope="module")
def ground(module_database_url: str) -> Iterator[Database]:
    opened = Database(module_database_url)
    loop_ground.settle(opened)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def people(ground: Database) -> dict[str, Database]:
    return loop_ground.people(ground)


@pytest.fixture
def database(ground: Database, tmp_path: Path) -> Database:
    with ground.begin() as connection:
        connection.execute(sa.text("DELETE FROM device"))
    bring(ground, tmp_path, DEVICES)
    return ground


def bring(database: Database, folder: Path, text: str, **given: Any) -> PlacesImportReport:
    path = folder / "devices.csv"
    path.write_text(text, encoding="utf-8")
    asked = PlacesImport(
        path, crs="wgs84", timezone=ZONE, **{"rejects_path": folder / "rejects.csv", **given}
    )
    return import_places(database, "devices", asked)


def listed(database: Database, **given: Any) -> list[str]:
    asked = parse_devices(**given, timezone=ZONE)
    return [one.id for one in list_devices(database, asked, at=TODAY).devices]


def report(database: Database, *told_: tuple[str, Any, datetime | None]) -> DeviceStatesTaken:
    return take_states(database, [SentState(*one) for one in told_], now=NOON, timezone=ZONE)


def states(database: Database) -> dict[str, tuple[str, datetime]]:
    with database.begin() as connection:
        rows = connection.execute(sa.text("SELECT id, state, state_at FROM device")).all()
    return {row.id: (row.state, row.state_at) for row in rows}


# ---- counts


def figures(row: Any) -> tuple[int, int, int, int, float | None]:
    own = row.figures
    return own.devices, own.online, own.offline, own.retired, own.online_share


def test_rows_by_area_kind_and_state_add_up_to_all(database: Database) -> None:
    found = device_statistics(database, "grid", at=TODAY)
    rows = {row.code or row.place: row for row in found.rows}
    assert {name: figures(row) for name, row in rows.items()} == {
        "A": (3, 2, 1, 0, 0.666667),  # with the one on the border: the smallest code has it
        "B": (2, 1, 0, 1, 1.0),  # what is retired counts neither way
        "C": (1, 0, 1, 0, 0.0),
        "outside": (1, 1, 0, 0, 1.0),
        "all": (7, 4, 2, 1, 0.666667),
    }
    assert found.kinds == ("camera", "充电桩")
    assert [(one.kind, one.title_zh, figures(one)) for one in rows["all"].kinds] == [
        ("camera", "摄像头", (5, 4, 1, 0, 0.8)),
        ("充电桩", "充电桩", (2, 0, 1, 1, 0.0)),
    ]
    for row in found.rows:
        assert row.figures.devices == sum(one.figures.devices for one in row.kinds)
    parts = [row for row in found.rows if row.place != "all"]
    assert sum(row.figures.devices for row in parts) == rows["all"].figures.devices
    assert found.heard_from == datetime(2026, 5, 1, 8, tzinfo=ZONE), "of those in use"
    assert found.heard_to == datetime(2026, 5, 6, 8, tzinfo=ZONE)
    cameras = device_statistics(database, "grid", at=TODAY, kinds=("摄像头",))
    assert cameras.rows[-1].figures.devices == 5
    assert device_statistics(database, "street", at=TODAY).rows[0].figures.devices == 5
    with pytest.raises(NotFoundError):
        device_statistics(database, "grid", at=TODAY - timedelta(days=9999))


def test_areas_without_devices_have_their_rows_and_no_share(database: Database, tmp_path: Path) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM device WHERE id <> 'a1'"))
    found = device_statistics(database, "grid", at=TODAY)
    assert [figures(row) for row in found.rows[1:3]] == [(0, 0, 0, 0, None)] * 2
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM device"))
    nothing = device_statistics(database, "grid", at=TODAY)
    assert (nothing.kinds, nothing.heard_from, figures(nothing.rows[-1])) == ((), None, (0, 0, 0, 0, None))


def test_tables_hold_all_figures(database: Database, tmp_path: Path) -> None:
    found = device_statistics(database, "grid", at=TODAY)
    device_table(found, "en").write(tmp_path / "d.csv")
    rows = [*csv.DictReader((tmp_path / "d.csv").read_text(encoding="utf-8-sig").splitlines())]
    assert rows[0] == {
        "code": "A", "name": "grid A", "devices": "3", "online": "2", "offline": "1", "retired": "0",
        "online, %": "66.67", "Camera: devices": "3", "Camera: online": "2", "Camera: offline": "1",
        "Camera: retired": "0", "Camera: online, %": "66.67", "充电桩: devices": "0", "充电桩: online": "0",
        "充电桩: offline": "0", "充电桩: retired": "0", "充电桩: online, %": "",
    }  # fmt: skip
    assert [row["name"] for row in rows] == ["grid A", "grid B", "grid C", "outside every area", "all"]
    device_table(found).write(tmp_path / "d.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx").active
    assert [cell.value for cell in sheet[1]][:7] == [
        "区域编码",
        "区域名称",
        "设备数",
        "在线",
        "离线",
        "停用",
        "在线率（%）",
    ]
    assert [cell.value for cell in sheet[6]][1:7] == ["合计", 7, 4, 2, 1, 66.67]


# ---- lists


def test_lists_are_filtered_and_paged(database: Database) -> None:
    assert listed(database) == ["a1", "a2", "ab", "b1", "b2", "c1", "far"]
    assert listed(database, kind="摄像头", state="online") == ["a1", "ab", "b1", "far"]
    assert listed(database, state="offline, 停用") == ["a2", "b2", "c1"]
    assert listed(database, layer="grid", area="A") == ["a1", "a2", "ab"]
    assert listed(database, bbox=(114.0, 22.5, 114.016, 22.51)) == ["a1", "a2"]
    assert listed(database, before=datetime(2026, 5, 2, 8)) == ["a1", "b2"]  # noqa: DTZ001 - of the place
    asked = parse_devices(layer="grid", timezone=ZONE)
    seen: list[str] = []
    after = None
    for _ in range(4):
        page = list_devices(database, asked, at=TODAY, after=after, limit=2)
        seen += [f"{one.id}:{one.area_code}" for one in page.devices]
        after = page.after
    assert seen == ["a1:A", "a2:A", "ab:A", "b1:B", "b2:B", "c1:C", "far:None"]
    assert after is None
    with pytest.raises(InputError, match="no state"):
        listed(database, state="broken")
    with pytest.raises(InputError, match="without its layer"):
        listed(database, area="A")
    with pytest.raises(NotFoundError, match="code 'Z'"):
        listed(database, layer="grid", area="Z")


def test_who_holds_the_right_in_an_area_sees_what_is_there(
    database: Database, people: dict[str, Database]
) -> None:
    officer = people["officer-a"]
    assert listed(officer) == ["a1", "a2", "ab"]
    rows = device_statistics(officer, "grid", at=TODAY).rows
    assert [(row.code or row.place, row.figures.devices) for row in rows] == [("A", 3), ("all", 3)]
    streets = device_statistics(people["dispatcher-s"], "grid", at=TODAY).rows
    assert [(row.code or row.place, row.figures.devices) for row in streets] == [
        ("A", 3),
        ("B", 2),
        ("all", 5),
    ]
    assert listed(people["viewer"]) == []


# ---- reports


def test_the_latest_report_of_a_device_counts_in_whatever_order_they_come(database: Database) -> None:
    def at(hour: int) -> datetime:
        return datetime(2026, 5, 10, hour, tzinfo=ZONE)

    told_ = [("a1", "offline", at(9)), ("a1", "online", at(8)), ("a1", "offline", at(7))]
    for order in itertools.permutations(told_):
        with database.begin() as connection:
            connection.execute(
                sa.text("UPDATE device SET state = 'online', state_at = '2026-05-01' WHERE id = 'a1'")
            )
        done = report(database, *order)
        assert (done.changed + done.unchanged, done.refused) == (3, 0)
        assert states(database)["a1"] == ("offline", at(9))
    for order in itertools.permutations(told_):  # one by one
        with database.begin() as connection:
            connection.execute(
                sa.text("UPDATE device SET state = 'online', state_at = '2026-05-01' WHERE id = 'a1'")
            )
        for one in order:
            report(database, one)
        assert states(database)["a1"] == ("offline", at(9))
    assert report(database, ("a1", "online", at(8))).items[0].status == "older"


def test_each_report_has_its_result(database: Database) -> None:
    done = report(
        database,
        (" a1 ", "online", None),
        ("a2", "online", datetime(2026, 5, 10, 11)),  # noqa: DTZ001 - of the place
        ("nobody", "online", None),
        ("b2", "online", None),
        ("c1", "online", NOON + timedelta(hours=2)),
        ("far", "offline", NOON - timedelta(days=30)),
    )
    assert [(one.index, one.device, one.status) for one in done.items] == [
        (0, "a1", "unchanged"),
        (1, "a2", "changed"),
        (2, "nobody", "refused"),
        (3, "b2", "refused"),
        (4, "c1", "refused"),
        (5, "far", "older"),
    ]
    assert (done.changed, done.unchanged, done.older, done.refused) == (1, 1, 1, 3)
    assert [one.reason for one in done.items[2:5]] == [
        "No device that you may report of is called 'nobody'.",
        "b2 is retired; the register brings it back.",
        "2026-05-10T14:00:00+08:00 has not come yet.",
    ]
    now = states(database)
    assert now["a1"] == ("online", NOON)
    assert now["a2"] == ("online", datetime(2026, 5, 10, 11, tzinfo=ZONE))
    with pytest.raises(InputError, match="10,000"):
        report(database, *[("a1", "online", None)] * (MOST_STATES + 1))


def test_no_offset_and_no_end_of_the_calendar_sinks_a_batch(database: Database) -> None:
    done = report(
        database,
        ("a2", "online", datetime.fromisoformat("2026-05-10T22:00:00+23:59")),
        ("b1", "offline", datetime.fromisoformat("0001-01-01T00:00:00+14:00")),
        ("c1", "offline", datetime.fromisoformat("9999-12-31T23:59:59-14:00")),
        ("a1", "offline", None),
    )
    assert [one.status for one in done.items] == ["changed", "older", "refused", "changed"]
    assert states(database)["a2"] == ("online", datetime(2026, 5, 10, 6, 1, tzinfo=ZONE))


def test_reports_reach_as_far_as_the_right(database: Database, people: dict[str, Database]) -> None:
    done = report(people["dispatcher-s"], ("a1", "offline", None), ("c1", "online", None))
    assert [one.status for one in done.items] == ["changed", "refused"]
    assert done.items[1].reason == "No device that you may report of is called 'c1'.", "as of none"
    assert states(database)["c1"][0] == "offline"
    assert report(people["officer-a"], ("a1", "online", None)).refused == 1


def test_a_full_batch_goes_in_and_the_audit_tells_of_changes_alone(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO device (id, kind, geom, source, state_at) SELECT 'n' || n, 'camera',"
                " ST_SetSRID(ST_MakePoint(114.005, 22.505), 4326), 's', '2026-05-01'"
                " FROM generate_series(1, :count) AS n"
            ),
            {"count": MOST_STATES},
        )
    before = head(database)
    beats = [(f"n{n}", "online", None) for n in range(1, MOST_STATES + 1)]
    assert report(database, *beats).unchanged == MOST_STATES
    assert states(database)["n1"][1] == NOON, "it was heard of"
    assert told(database, before) == [], "and nothing is told of it"
    later = NOON + timedelta(minutes=1)
    beats = [(f"n{n}", "offline" if n <= 3 else "online", later) for n in range(1, 101)]
    done = report(database, *beats, ("n9", "offline", later), ("n9", "online", later))
    assert Counter(one.status for one in done.items) == {"unchanged": 97, "changed": 5}
    assert [one["changes"] for one in told(database, before)] == [
        [
            {"key": {"id": f"n{n}"}, "before": {"state": "online"}, "after": {"state": "offline"}}
            for n in (1, 2, 3)
        ]
    ], "one entry of the batch"


def test_batches_and_imports_that_change_the_same_devices_wait_for_each_other(
    database: Database, tmp_path: Path
) -> None:
    with database.begin() as connection:
        values = "'camera', ST_SetSRID(ST_MakePoint(114.005, 22.505), 4326), 's', '2026-05-01'"
        columns = "id, kind, geom, source, state_at"
        series = "FROM generate_series(1, 300) AS n"
        connection.execute(sa.text(f"INSERT INTO device ({columns}) SELECT 'n' || n, {values} {series}"))

    def told_in(order: int, minute: int) -> DeviceStatesTaken:
        state = "online" if minute % 2 else "offline"
        beats = [(f"n{n}", state, NOON + timedelta(minutes=minute)) for n in range(1, 301)]
        return report(database, *beats[::order])

    def brought_in(minute: int) -> PlacesImportReport:
        folder = tmp_path / str(minute)
        folder.mkdir()
        rows = [f"n{n},camera,again {minute},114.005,22.505" for n in range(300, 0, -1)]
        return bring(database, folder, "\n".join(["id,kind,title,lon,lat", *rows]))

    with ThreadPoolExecutor(4) as pool:
        reports = [pool.submit(told_in, (-1) ** minute, minute) for minute in range(8)]
        imports = [pool.submit(brought_in, minute) for minute in range(2)]
        for one in reports:
            assert one.result().refused == 0
        for each in imports:
            assert each.result().rejected == 0
    now = states(database)
    assert {now[f"n{n}"] for n in range(1, 301)} == {("online", NOON + timedelta(minutes=7))}


def test_events_that_devices_tell_of_do_not_wait_for_them(database: Database) -> None:
    tells = sa.text(
        "INSERT INTO event (source, external_id, state, occurred_at, crs, problem, device_id)"
        " VALUES ('camera', :id, 'reported', now(), 'EPSG:4326', 'no-coordinate', 'a1')"
    )
    holds: dict[str, Callable[[sa.Connection], object]] = {
        "states": lambda connection: hold_devices(connection, ["a1"]),
        "import": lambda connection: known_records(connection, DEVICE_REGISTER, is_held=True),
    }
    for name, hold in holds.items():
        with database.begin() as holding, database.begin() as telling:
            hold(holding)
            telling.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
            telling.execute(tells, {"id": name})
            telling.rollback()


# ---- imports


def test_an_import_keeps_what_was_heard_later(database: Database, tmp_path: Path) -> None:
    again = bring(database, tmp_path, DEVICES)
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 7)
    report(database, ("a1", "offline", None))
    older = bring(database, tmp_path, DEVICES)
    assert [(one.row, one.kind) for one in older.problems] == [(1, "bad-date")]
    assert "older than what is known" in older.problems[0].message
    assert states(database)["a1"] == ("offline", NOON)
    undated = "id,kind,state,lon,lat\na1,camera,online,114.005,22.505\na2,camera,offline,114.015,22.505\n"
    done = bring(database, tmp_path, undated)
    assert (done.updated, done.unchanged) == (1, 1)
    now = states(database)
    assert now["a1"][0] == "online"
    assert now["a1"][1] > NOON, "from now on"
    assert now["a2"][1] == datetime(2026, 5, 2, 8, tzinfo=ZONE), "as it was"
    bad = (
        "id,kind,state_at,lon,lat\na1,camera,soon,114.005,22.505\na2,camera,2026-05-03 08:00,114.015,22.505\n"
    )
    assert bring(database, tmp_path, bad).problems[0].message == "has 'soon' as state_at, which is no time"
    later = "id,kind,state_at,lon,lat\na1,camera,2099-01-01 08:00,114.005,22.505\na2,camera,,114.015,22.505\n"
    told_ = bring(database, tmp_path, later)
    assert "has not come yet" in told_.problems[0].message
    unset = "id,kind,state_at,lon,lat\nnew,camera,0001-01-01T00:00:00+14:00,114.005,22.505\n"
    with pytest.raises(RowsRefused, match="too long ago"):
        bring(database, tmp_path, unset + unset.splitlines()[1].replace("new", "other") + "\n")
    assert told_.unchanged == 1


def test_states_are_not_for_everybody(
    database: Database, people: dict[str, Database], tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed):
        bring(people["dispatcher-s"], tmp_path, DEVICES)

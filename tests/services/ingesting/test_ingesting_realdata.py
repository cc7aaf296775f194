"""Real points that come in twice: calls of New York and taxi orders of Shenzhen, on real districts."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import planted_layers
import pyarrow.parquet
import pytest
import shapely
import sqlalchemy as sa
from ingest_ground import ZONE, Days, days_of, ingest

from gisgov.services.ingesting import EventReport
from gisgov.store import joining
from gisgov.store.database import Database

pytestmark = pytest.mark.realdata

_SLICE = 300
_STORED = "SELECT event_id, layer_id, plan_id, area_code, orphan_reason FROM event_area ORDER BY 1, 2"


def calls(folder: Path) -> list[EventReport]:
    """Every 16th call; some have no coordinate."""
    with (folder / "us_nyc_311_animals.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::16][:_SLICE]
    return [
        EventReport(
            "nyc-311",
            row["event_id"],
            category=row["type"],
            description=row["descriptor"],
            occurred_at=datetime.strptime(row["created"], "%m/%d/%Y %H:%M").replace(
                tzinfo=ZoneInfo("America/New_York")
            ),
            x=float(row["Longitude"]) if row["Longitude"] else None,
            y=float(row["Latitude"]) if row["Latitude"] else None,
        )
        for row in rows
    ]


def orders(folder: Path) -> list[EventReport]:
    """Every 29th order, by where it begins."""
    rows = pyarrow.parquet.read_table(folder / "cn_shenzhen_taxi_orders.parquet").to_pylist()[::29][:_SLICE]
    return [
        EventReport(
            "taxi",
            str(row["row"]),
            x=row["lon_pick"],
            y=row["lat_pick"],
            occurred_at=datetime.fromisoformat(row["ts"]),
        )
        for row in rows
    ]


@pytest.fixture(scope="module")
def city(realdata: Path, module_database_url: str) -> Iterator[Database]:
    """Boroughs of New York and streets of Shenzhen, in force since long."""
    opened = Database(module_database_url)
    for name, file, layer, code in (
        ("district", "us_nyc_districts.gpkg", "borough", "BoroCode"),
        ("street", "cn_shenzhen_streets.gpkg", "street", "NAME"),
    ):
        frame = geopandas.read_file(realdata / file, layer=layer)
        frame["geometry"] = shapely.transform(frame.geometry.array, lambda xy: np.round(xy, 7))
        frame = frame[frame.geometry.is_valid].drop_duplicates(code)
        areas = dict(zip(frame[code].astype(str), frame.geometry, strict=True))
        planted_layers.plant(opened, name, areas, valid_from=date(2015, 1, 1))
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def days(city: Database, tmp_path_factory: pytest.TempPathFactory) -> Days:
    """The indexes of days."""
    return days_of(city, Path(tmp_path_factory.mktemp("indexes")))


def test_real_events_that_come_in_twice_are_stored_once(city: Database, days: Days, realdata: Path) -> None:
    sent = [*calls(realdata), *orders(realdata)]
    first, again = ingest(city, days, *sent), ingest(city, days, *sent)
    assert (first.created, first.refused) == (len(sent), 0)
    assert (again.known, again.refused) == (len(sent), 0)
    with city.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM event")) == len(sent)
        assert connection.scalar(sa.text("SELECT count(*) FROM event_step")) == len(sent)
        entered = [tuple(row) for row in connection.execute(sa.text(_STORED))]
        ids = [one.event_id for one in first.items if one.event_id is not None]
        joining.join_events(connection, timezone=ZONE, ids=ids)
        assert [tuple(row) for row in connection.execute(sa.text(_STORED))] == entered
    kinds = {one.desk.kind for one in first.items if one.desk is not None}
    assert kinds == {"area", "triage"}
    on_areas = sum(one.desk is not None and one.desk.kind == "area" for one in first.items)
    assert on_areas > 0.8 * len(sent)

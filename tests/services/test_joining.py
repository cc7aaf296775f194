"""Joining events and buildings: the report adds up, and agrees with an independent join."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.services.joining import LayerJoin, LayerOrphan, join_buildings, join_events
from gisgov.store.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
WEST, EAST = shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)


def put_events(
    database: Database, lon: Any, lat: Any, at: str = "2026-03-01 12:00+08", first: int = 1
) -> list[int]:
    statement = """
        INSERT INTO event (external_id, source, state, occurred_at, geom, crs, problem)
        SELECT CAST(number + :first - 1 AS TEXT), 's', 'open', CAST(:at AS TIMESTAMPTZ),
               CASE WHEN x <> 'NaN' THEN ST_SetSRID(ST_MakePoint(x, y), 4326) END, 'EPSG:4326',
               CASE WHEN x = 'NaN' THEN 'no-coordinate' END
        FROM unnest(CAST(:x AS FLOAT[]), CAST(:y AS FLOAT[])) WITH ORDINALITY AS given (x, y, number)
        RETURNING id"""
    values = {"x": list(map(float, lon)), "y": list(map(float, lat)), "at": at, "first": first}
    with database.begin() as connection:
        return list(connection.scalars(sa.text(statement), values))


def put_building(database: Database, name: str, shape: shapely.Geometry) -> int:
    statement = """
        INSERT INTO building (external_id, source, geom, crs)
        VALUES (:name, 's', ST_GeomFromText(:wkt, 4326), 'EPSG:4326') RETURNING id"""
    with database.begin() as connection:
        return int(connection.scalar(sa.text(statement), {"name": name, "wkt": shape.wkt}) or 0)


def test_of_what_was_handed_in_nothing_is_dropped(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", {"A": WEST, "B": EAST})
    ids = put_events(database, [114.005, 114.01, 114.03, np.nan], [22.505, 22.505, 22.505, np.nan])
    ids += put_events(database, [114.005], [22.505], at="2025-12-31 23:00+08", first=5)
    report = join_events(database, timezone=ZONE, event_ids=ids)
    assert report.layers == (LayerJoin("grid", joined=2, on_border=1, orphans=2, no_plan=1),)
    outside, lost = report.orphans
    assert outside == LayerOrphan("grid", "s", "3", "outside", "B", pytest.approx(1029, abs=2))
    assert lost == LayerOrphan("grid", "s", "4", "no-coordinate", None, None)


def test_a_connection_keeps_its_transaction(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", {"A": WEST})
    put_events(database, [114.005], [22.505])
    with database.begin() as connection:
        assert join_events(connection, timezone=ZONE).layers[0].joined == 1
        connection.rollback()
    assert join_events(database, timezone=ZONE, layer="grid").layers[0].joined == 1
    assert join_events(database, timezone=ZONE, layer="grid").layers[0].joined == 0


def test_buildings_are_joined_on_a_day(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", {"A": WEST, "B": EAST})
    ids = [
        put_building(database, "1", shapely.box(114.002, 22.502, 114.003, 22.503)),
        put_building(database, "2", shapely.Point(115, 23)),
    ]
    report = join_buildings(database, at=date(2026, 3, 1), building_ids=ids)
    assert report.layers == (LayerJoin("grid", joined=1, on_border=0, orphans=1, no_plan=0),)
    assert [one.external_id for one in report.orphans] == ["2"]
    before = join_buildings(database, at=date(2025, 3, 1), building_ids=ids)
    assert before.layers == (LayerJoin("grid", joined=0, on_border=0, orphans=0, no_plan=2),)
    assert join_buildings(database, at=date(2026, 3, 1), layer="grid").layers[0].joined == 1


def test_a_layer_that_is_not_there_is_said(database: Database) -> None:
    with pytest.raises(NotFoundError, match="'grid'"):
        join_events(database, timezone=ZONE, layer="grid")
    with pytest.raises(NotFoundError, match="'grid'"):
        join_buildings(database, at=date(2026, 3, 1), layer="grid")


@pytest.mark.realdata
def test_pick_ups_by_street_equal_an_independent_join(
    database: Database, plant: Callable[..., None], realdata: Path
) -> None:
    streets = geopandas.read_file(realdata / "cn_shenzhen_streets.gpkg", layer="street")
    streets["geometry"] = streets.geometry.make_valid().map(_polygons_only)
    streets["code"] = [f"{number:03d}" for number in range(len(streets))]
    orders = pd.read_parquet(realdata / "cn_shenzhen_taxi_orders.parquet")
    lon = next(orders[name] for name in orders.columns if "lon" in name.lower())
    lat = next(orders[name] for name in orders.columns if "lat" in name.lower())
    plant("street", dict(zip(streets["code"], streets.geometry, strict=True)))
    ids = put_events(database, lon, lat)
    assert len(ids) == 8888
    report = join_events(database, timezone=ZONE, event_ids=ids)
    # the oracle: geopandas on the same coordinates, the smallest code first where several cover a point
    points = geopandas.GeoDataFrame(
        {"number": np.arange(1, len(lon) + 1)}, geometry=shapely.points(lon, lat), crs=streets.crs
    )
    pairs = points.sjoin(streets[["code", "geometry"]], predicate="covered_by")
    expected = pairs.groupby("number")["code"].min()
    with database.begin() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT CAST(external_id AS INTEGER), area_code FROM event_area"
                " JOIN event ON event.id = event_id WHERE area_code IS NOT NULL ORDER BY 1"
            )
        )
        assert [tuple(row) for row in rows] == list(expected.items())
    (street,) = report.layers
    assert street.joined + street.orphans == 8888
    orphans = {int(one.external_id) for one in report.orphans}
    assert orphans == set(points["number"]) - set(expected.index)
    assert all(one.nearest_area and one.distance_m for one in report.orphans)


def _polygons_only(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon)])

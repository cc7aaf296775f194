"""What row-level security costs: the same queries by the owner of the tables, and in the hands of accounts.

The peer is PostgreSQL without any policy. An account that holds its role everywhere sees the same rows; one
of a street sees a tenth of them. A bar needs 0.05: PostGIS does not
promise that its comparison of boxes tells nothing, so under a policy no spatial index answers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa

from benchmarks.bars import QUICK, Bar, show, timed
from benchmarks.database import plant_areas, private_database
from benchmarks.jagged import jagged_areas
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.snap import snap
from gisgov.governance.access import Actor, ActorKind, Errand, Grant, Role
from gisgov.store.copying import copy_rows
from gisgov.store.database import Database
from gisgov.store.statements import statement

AREAS = 1_209
EVENTS = 20_000 if QUICK else 200_000
STREETS = 10
DAY = date(2026, 11, 1)


def plant(database: Database) -> tuple[int, tuple[float, float]]:
    """Store areas in force, and events that each have one; return the layer and a place in the middle."""
    shapes, scope = jagged_areas(AREAS, seed=1)
    system = parse_crs("EPSG:4547")
    areas = snap(to_wgs84_geometries(shapes, system))
    outline = snap(to_wgs84_geometries(np.array([scope]), system))
    plan_id = plant_areas(database, areas, outline[0])
    west, south, east, north = (float(value) for value in outline[0].bounds)
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(west, east, EVENTS), rng.uniform(south, north, EVENTS)
    with database.begin() as connection:
        connection.execute(
            sa.text("UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now()")
        )
        places = (f"SRID=4326;POINT({x} {y})" for x, y in zip(lon.tolist(), lat.tolist(), strict=True))
        rows = ((f"e{i}", "bench", "wgs84", "new", "2026-10-01", place) for i, place in enumerate(places))
        copy_rows(connection, "event (external_id, source, crs, state, occurred_at, geom)", rows)
        # each event is of an area by its number: which one is no matter here
        connection.execute(
            sa.text(
                "INSERT INTO event_area (event_id, layer_id, plan_id, area_code) "
                "SELECT event.id, plan.layer_id, plan.id, lpad((event.id % :areas)::TEXT, 6, '0') "
                "FROM event, plan WHERE plan.id = :plan"
            ),
            {"areas": AREAS, "plan": plan_id},
        )
        layer_id = int(connection.scalar(sa.text("SELECT layer_id FROM plan")) or 0)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    return layer_id, ((west + east) / 2, (south + north) / 2)


def account(database: Database, name: str, layer_id: int | None) -> Database:
    """Return the database in the hands of a dispatcher of a tenth of the areas, or of all."""
    with database.begin() as connection:
        query = sa.text("INSERT INTO account (name, kind) VALUES (:name, 'person') RETURNING id")
        made = int(connection.scalar(query, {"name": name}) or 0)
        codes = [None] if layer_id is None else [f"{i:06d}" for i in range(AREAS // STREETS)]
        for code in codes:
            connection.execute(
                sa.text(
                    "INSERT INTO account_role (account_id, role, layer_id, area_code) "
                    "VALUES (:account, 'dispatcher', :layer, :code)"
                ),
                {"account": made, "layer": layer_id, "code": code},
            )
    return database.acting(Actor(name, ActorKind.PERSON, made, (Grant(Role.DISPATCHER),)), Errand())


def main() -> None:
    """Ask the same as everybody."""
    with private_database() as database:
        layer_id, (lon, lat) = plant(database)
        view = {"west": lon - 0.01, "south": lat - 0.01, "east": lon + 0.01, "north": lat + 0.01}
        place = {"lon": lon, "lat": lat, "day": DAY, "layer_ids": [layer_id]}
        in_view = sa.text(
            "SELECT count(*) FROM event WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)"
        )
        queries: Mapping[str, tuple[sa.TextClause, dict[str, Any]]] = {
            "resolve": (statement("areas_at_point"), place),
            "events-in-view": (in_view, view),
            "events-counted": (sa.text("SELECT count(*) FROM event"), {}),
            "one-event": (sa.text("SELECT count(*) FROM event WHERE external_id = 'e77'"), {}),
        }
        everywhere, street = account(database, "chief", None), account(database, "wang", layer_id)
        for name, (query, given) in queries.items():
            owner_s, counted = timed(lambda q=query, g=given: asked(database, q, g), runs=9)
            chief_s, same = timed(lambda q=query, g=given: asked(everywhere, q, g), runs=9)
            street_s, _ = timed(lambda q=query, g=given: asked(street, q, g), runs=9)
            assert counted == same, "who holds a role everywhere sees everything"
            show(Bar(f"access-{name}-everywhere", chief_s, "no-policy", owner_s, need=0.05))
            show(Bar(f"access-{name}-street", street_s, "no-policy", owner_s, need=0.05))


def asked(database: Database, query: sa.TextClause, given: dict[str, Any]) -> list[Any]:
    """Ask in a transaction of its own, as a request does."""
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(query, given)]


if __name__ == "__main__":
    main()

"""Two streets, three grids of which one spans both, a beat over them; an event and a building a cell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import psycopg
import shapely

from gisgov.testing import areas_from_grid


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


STREETS = "SSTT"
GRIDS = "1223"  # grid 2 spans both streets
BEATS = ".BB."
PLACES = {"a": 0.5, "b": 1.5, "c": 2.5, "d": 3.5}  # an event in the middle of each cell
IN_GRID = {"a": "1", "b": "2", "c": "2", "d": "3"}


def plant_two_streets(session: psycopg.Connection, plant: Callable[..., None]) -> psycopg.Connection:
    """Put all of it in, with drafts of the grids of each street and of both, and return the session."""
    plant("street", drawn(STREETS))
    plant("grid", drawn(GRIDS), parent="street", parents={"1": ["S"], "2": ["S", "T"], "3": ["T"]})
    plant("beat", drawn(BEATS), kind="overlay")
    plant("grid", drawn("1223"), plan="draft-S", scope="S", valid_from=None)
    plant("grid", drawn("1223"), plan="draft-T", scope="T", valid_from=None)
    plant("grid", drawn("1223"), plan="draft-all", valid_from=None)
    for name, x in PLACES.items():
        put_event(session, name, x)
        place = f"SRID=4326;POINT({114 + x / 100} 22.505)"
        session.execute(
            "INSERT INTO building (external_id, source, geom, crs) VALUES (%s, 'survey', %s, 'wgs84')",
            (name, place),
        )
        for subject in ("event", "building"):
            for layer, code in (("street", "S" if x < 2 else "T"), ("grid", IN_GRID[name])):
                session.execute(
                    f"INSERT INTO {subject}_area ({subject}_id, layer_id, plan_id, area_code) "
                    f"SELECT {subject}.id, layer.id, plan.id, %s FROM {subject}, layer, plan "
                    "WHERE external_id = %s AND layer.name = %s AND plan.name = %s",
                    (code, name, layer, f"{layer}-2026"),
                )
    return session


def put_event(session: psycopg.Connection, name: str, x: float) -> None:
    session.execute(
        "INSERT INTO event (external_id, source, geom, crs, occurred_at, state) "
        "VALUES (%s, 'hotline', %s, 'wgs84', now(), 'new')",
        (name, f"SRID=4326;POINT({114 + x / 100} 22.505)"),
    )

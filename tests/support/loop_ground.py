"""Two streets with grids, departments, events and people who deal with them: ground of the closed loop."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import planted_layers
import shapely
import sqlalchemy as sa

from gisgov.governance.access import Actor, ActorKind, Errand, Grant, Role
from gisgov.governance.loop import DeskKind, DeskName, Move
from gisgov.services.accounts import create_account
from gisgov.services.loop import EventInfo, event_infos, write_steps
from gisgov.store import joining
from gisgov.store.database import Database
from gisgov.testing import areas_from_grid

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 5, 10)
GRID_OF = "AABC"
PEOPLE = {
    "officer-a": (Grant(Role.OFFICER, "grid", "A"),),
    "officer-c": (Grant(Role.OFFICER, "grid", "C"),),
    "dispatcher-s": (Grant(Role.DISPATCHER, "street", "S"),),
    "manager": (Grant(Role.MANAGER),),
    "viewer": (Grant(Role.VIEWER),),
    "program": (Grant(Role.MANAGER),),
}


def area(code: str, layer: str = "grid") -> DeskName:
    return DeskName(DeskKind.AREA, layer, code)


def department(code: str) -> DeskName:
    return DeskName(DeskKind.DEPARTMENT, department=code)


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


def settle(database: Database) -> None:
    """Streets S and T; grids A and B in S, C in T; two departments."""
    planted_layers.plant(database, "street", drawn("SSST"), names={"S": "松岗"})
    below = {"A": ["S"], "B": ["S"], "C": ["T"]}
    planted_layers.plant(database, "grid", drawn(GRID_OF), parent="street", parents=below)
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO department (code, title, source) VALUES"
                " ('water', '水务局', 'test'), ('parks', '公园中心', 'test')"
            )
        )


def people(database: Database) -> dict[str, Database]:
    """Return the database in the hands of everybody of `PEOPLE`."""
    return {name: _hand(database, name, grants) for name, grants in PEOPLE.items()}


def of_department(database: Database, name: str, department: str) -> Database:
    """Return the database in the hands of an officer of a department, who works everywhere."""
    return _hand(database, name, (Grant(Role.OFFICER),), department)


def _hand(
    database: Database, name: str, grants: tuple[Grant, ...], department: str | None = None
) -> Database:
    create_account(database, name, kind=ActorKind.CLIENT, grants=grants, department=department)
    with database.begin() as connection:
        key = connection.scalar(sa.text("SELECT id FROM account WHERE name = :name"), {"name": name})
    kind = ActorKind.CLIENT if name == "program" else ActorKind.PERSON
    return database.acting(Actor(name, kind, key, grants), Errand("test", "here", "r-1", limit_s=20))


def report(
    database: Database, name: str, *, cell: int = 0, level: str = "2", desk: DeskName | None = None
) -> int:
    """Put an event into a cell of the ground, joined to its areas and reported, and return its id."""
    with database.begin() as connection:
        event_id = connection.scalar(
            sa.text(
                "INSERT INTO event (external_id, source, level, state, occurred_at, geom, crs) VALUES (:name,"
                " 'hotline', :level, 'reported', '2026-05-09 12:00+08',"
                " ST_SetSRID(ST_MakePoint(:x, 22.505), 4326), 'wgs84') RETURNING id"
            ),
            {"name": name, "level": level, "x": 114.005 + cell * 0.01},
        )
        assert isinstance(event_id, int)
        joining.join_events(connection, timezone=ZONE, ids=[event_id])
        write_steps(connection, [Move(event_id, "report", desk=desk or area(GRID_OF[cell]))], today=TODAY)
    return event_id


def info(database: Database, event_id: int) -> EventInfo:
    with database.begin() as connection:
        return event_infos(connection, [event_id])[0]

"""Two streets with grids, a house of 20 m in each cell, and rules that count hazards and events."""

from __future__ import annotations

from datetime import date

import loop_ground
import sqlalchemy as sa

from gisgov.governance.risk import parse_rules
from gisgov.services.rating import propose_rules, put_in_force
from gisgov.store import joining
from gisgov.store.database import Database

TODAY = loop_ground.TODAY
ZONE = loop_ground.ZONE
HOUSES = {"a1": 114.005, "a2": 114.015, "b1": 114.025, "c1": 114.035, "lost": None}
"""Buildings by id: longitude of the middle; two in A, one in B, one in C, one nowhere."""

RULES = {
    "version": "counting",
    "title_zh": "计数",
    "title_en": "Counting",
    "example": True,
    "source": "test",
    "least_known": 0,
    "thresholds": {"general": 10, "warning": 20},
    "facts": [
        {
            "name": "open_hazards",
            "title_zh": "隐患",
            "title_en": "Hazards",
            "kind": "integer",
            "unit_zh": "项",
            "least": 0,
            "most": 1000,
            "meaning": "Open hazards.",
            "counts": {"hazards": []},
        },
        {
            "name": "overdue_hazards",
            "title_zh": "逾期",
            "title_en": "Overdue",
            "kind": "integer",
            "unit_zh": "项",
            "least": 0,
            "most": 1000,
            "meaning": "Overdue hazards.",
            "counts": {"hazards": [], "overdue": True},
        },
        {
            "name": "events_inside",
            "title_zh": "楼内",
            "title_en": "Events inside",
            "kind": "integer",
            "unit_zh": "起",
            "least": 0,
            "most": 1000,
            "meaning": "Events of the building.",
            "counts": {"events": ["治安"], "days": 10},
        },
        {
            "name": "events_near",
            "title_zh": "周边",
            "title_en": "Events near",
            "kind": "integer",
            "unit_zh": "起",
            "least": 0,
            "most": 1000,
            "meaning": "Events near the building.",
            "counts": {"events": ["治安"], "days": 20, "within_m": 100},
        },
    ],
    "factors": [
        {"name": "open", "title_zh": "隐患", "title_en": "Hazards", "fact": "open_hazards",
         "bands": [{"at_least": 2, "points": 20}, {"at_least": 1, "points": 10}]},
        {"name": "overdue", "title_zh": "逾期", "title_en": "Overdue", "fact": "overdue_hazards",
         "bands": [{"at_least": 1, "points": 10}]},
        {"name": "inside", "title_zh": "楼内", "title_en": "Inside", "fact": "events_inside",
         "bands": [{"at_least": 1, "points": 15}]},
        {"name": "near", "title_zh": "周边", "title_en": "Near", "fact": "events_near",
         "bands": [{"at_least": 1, "points": 5}]},
    ],
    "triggers": [],
}  # fmt: skip

_HOUSE = sa.text(
    "INSERT INTO building (external_id, source, name, geom, problem, crs) VALUES (:id, 's', :name,"
    " ST_MakeEnvelope(:x - 0.0001, 22.5049, :x + 0.0001, 22.5051, 4326),"
    " CASE WHEN :x IS NULL THEN 'no-coordinate' END, 'wgs84') RETURNING id"
)


def settle(database: Database, *, with_rules: bool = True) -> dict[str, int]:
    """Plant the ground and return the ids of the houses."""
    loop_ground.settle(database)
    ids: dict[str, int] = {}
    with database.begin() as connection:
        for name, x in HOUSES.items():
            given = {"id": name, "x": x, "name": f"house {name}"}
            ids[name] = connection.scalar(_HOUSE.bindparams(sa.bindparam("x", type_=sa.Double)), given) or 0
        joining.join_buildings(connection, day=TODAY)
    if with_rules:
        propose_rules(database, parse_rules(RULES))
        put_in_force(database, "counting", reason="test", today=TODAY, timezone=ZONE)
    return ids


def event(
    database: Database,
    name: str,
    *,
    x: float = 114.005,
    y: float = 22.505,
    day: date = date(2026, 5, 9),
    building: int | None = None,
    category: str = "治安",
    state: str = "reported",
) -> int:
    """Write an event of public security and return its id."""
    with database.begin() as connection:
        event_id = connection.scalar(
            sa.text(
                "INSERT INTO event (external_id, source, category, state, occurred_at, geom, crs,"
                " building_id) VALUES (:name, 'hotline', :category, :state,"
                " CAST(:day AS TIMESTAMP) AT TIME ZONE 'Asia/Shanghai' + interval '12 hours',"
                " ST_SetSRID(ST_MakePoint(:x, :y), 4326), 'wgs84', :building) RETURNING id"
            ),
            {
                "name": name,
                "x": x,
                "y": y,
                "day": day,
                "building": building,
                "category": category,
                "state": state,
            },
        )
    assert isinstance(event_id, int)
    return event_id


def ratings(database: Database, name: str) -> list[tuple[str, int, tuple[str, ...]]]:
    """Return class, points and answers of all ratings of a house, the first one first."""
    with database.begin() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT r.risk_class, r.risk_points, r.answers FROM risk_rating AS r JOIN building AS b"
                " ON b.id = r.building_id WHERE b.external_id = :name ORDER BY r.rated_at"
            ),
            {"name": name},
        )
        return [(row[0], row[1], tuple(row[2])) for row in rows]

"""Buildings, what is known of them, and small risk rules to rate them by."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import shapely
import sqlalchemy as sa

from gisgov.governance.risk import RiskRules, parse_rules
from gisgov.services.rating import RatingReport, propose_rules, put_in_force, rate_buildings
from gisgov.store.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 6, 1)
_TITLES = {"title_zh": "题", "title_en": "Title"}

RULES = parse_rules(
    {
        "version": "1",
        "title_zh": "试行",
        "title_en": "Trial",
        "source": "A test.",
        "thresholds": {"general": 10, "warning": 20},
        "facts": [
            {"name": "built_year", "kind": "year", "title_zh": "建成", "title_en": "Built", "meaning": "-"},
            {"name": "fires", "kind": "integer", "title_zh": "火灾", "title_en": "Fires", "meaning": "-"},
        ],
        "factors": [
            {
                "name": "age",
                "title_zh": "楼龄",
                "title_en": "Age",
                "fact": "built_year",
                "bands": [{"at_most": 1979, "points": 10}],
            },
            {
                "name": "fire",
                "title_zh": "火灾",
                "title_en": "Fire",
                "fact": "fires",
                "bands": [{"at_least": 2, "points": 15}],
            },
        ],
    }
)
"""Two facts that are written down."""

COUNTING = parse_rules(
    {
        "version": "counting",
        "title_zh": "计数",
        "title_en": "Counting",
        "source": "A test.",
        "thresholds": {"general": 10, "warning": 20},
        "facts": [
            {"name": "built_year", "kind": "year", "meaning": "-", **_TITLES},
            {"name": "fires", "kind": "integer", "meaning": "-", "counts": {"hazards": ["fire"]}, **_TITLES},
            {
                "name": "overdue",
                "kind": "integer",
                "meaning": "-",
                "counts": {"hazards": [], "overdue": True},
                **_TITLES,
            },
            {
                "name": "thefts",
                "kind": "integer",
                "meaning": "-",
                "counts": {"events": ["治安"], "days": 30, "within_m": 100},
                **_TITLES,
            },
            {
                "name": "inside",
                "kind": "integer",
                "meaning": "-",
                "counts": {"events": ["治安"], "days": 30},
                **_TITLES,
            },
        ],
        "factors": [
            {"name": "age", "fact": "built_year", "bands": [{"at_most": 1979, "points": 10}], **_TITLES},
            {"name": "fire", "fact": "fires", "bands": [{"at_least": 2, "points": 10}], **_TITLES},
            {"name": "late", "fact": "overdue", "bands": [{"at_least": 1, "points": 10}], **_TITLES},
            {"name": "near", "fact": "thefts", "bands": [{"at_least": 2, "points": 5}], **_TITLES},
            {"name": "in", "fact": "inside", "bands": [{"at_least": 1, "points": 5}], **_TITLES},
        ],
    }
)
"""One fact that is written down, and every sort of count."""


def put(database: Database, name: str, place: tuple[float, float] | None = None, **columns: Any) -> int:
    """Put a building into the database, and return its id; what is no column of the table becomes a fact."""
    own = {key: columns.pop(key) for key in ("built_year", "floors", "use") if key in columns}
    if isinstance(own.get("built_year"), str):  # no year fits into the column
        columns["built_year"] = own.pop("built_year")
    statement = """
        INSERT INTO building (external_id, source, geom, crs, problem, built_year, floors, use, facts)
        VALUES (:name, 's', ST_GeomFromText(:wkt, 4326), 'EPSG:4326', :problem, :built_year, :floors, :use,
                CAST(:facts AS JSONB))
        RETURNING id"""
    values = {
        "name": name,
        "wkt": None if place is None else shapely.Point(place).wkt,
        "problem": "no-coordinate" if place is None else None,
        "facts": json.dumps(columns),
        **dict.fromkeys(("built_year", "floors", "use")),
        **own,
    }
    with database.begin() as connection:
        return int(connection.execute(sa.text(statement), values).scalar_one())


def find_hazard(
    database: Database, building_id: int, number: int, *, kind: str = "fire", due: date | None = None
) -> None:
    """Put a hazard on record."""
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO hazard (source, external_id, building_id, kind, found_on, due_on)"
                " VALUES ('t', :name, :building, :kind, '2026-01-01', :due)"
            ),
            {"name": f"{building_id}-{number}", "building": building_id, "kind": kind, "due": due},
        )


def adopt(database: Database, rules: RiskRules = RULES) -> RatingReport:
    """Propose rules and put them in force, which rates all buildings."""
    propose_rules(database, rules)
    done = put_in_force(database, rules.version, reason="a decision", today=TODAY, timezone=ZONE)
    return done.rating


def rate_again(database: Database, today: date = TODAY) -> RatingReport:
    """Rate all buildings by the rules in force."""
    return rate_buildings(database, today=today, timezone=ZONE)


def rows(database: Database) -> dict[str, tuple[Any, ...]]:
    """Return class, points, reasons and version of all buildings, by their name."""
    query = "SELECT external_id, risk_class, risk_points, risk_reasons, risk_rules_version FROM building"
    with database.begin() as connection:
        return {row[0]: tuple(row[1:]) for row in connection.execute(sa.text(query))}


def history(database: Database) -> list[tuple[Any, ...]]:
    """Return all ratings that were kept: building, class, points, version and answers, in their order."""
    query = (
        "SELECT external_id, risk_rating.risk_class, risk_rating.risk_points, rules_version, answers"
        " FROM risk_rating JOIN building ON building.id = building_id"
        " ORDER BY risk_rating.rated_at, building.id"
    )
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def rated_long_ago(database: Database, building_id: int, at: datetime, risk_class: str, points: int) -> None:
    """Put a rating of the past into the history, by rules "1", beside what is there."""
    with database.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO risk_rating VALUES (:id, :at, :class, :points, '{}', '1', '{1990,NULL}')"),
            {"id": building_id, "at": at, "class": risk_class, "points": points},
        )

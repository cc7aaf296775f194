"""Two grids of a kilometre and a bit, buildings with people on them, and the days of a calendar."""

from __future__ import annotations

from datetime import date

import loop_ground
import sqlalchemy as sa

from gisgov.services.limits.calendars import ensure_calendar
from gisgov.store import joining
from gisgov.store.database import Database

TODAY = loop_ground.TODAY
WORKDAY = date(2026, 5, 13)
"""A Wednesday of a week with five working days."""

PEOPLE = {
    "a1": (114.005, 100),
    "a2": (114.015, 50),
    "b1": (114.025, 30),
    "far": (115.0, 7),
    "lost": (None, 3),
}
"""Buildings by id: longitude, and how many people; on A, A and B, in no area, and without a place."""

_BUILDING = sa.text(
    "INSERT INTO building (external_id, source, geom, problem, crs, population) VALUES (:id, 's',"
    " ST_SetSRID(ST_MakePoint(:x, 22.505), 4326), CASE WHEN :x IS NULL THEN 'no-coordinate' END, 'wgs84',"
    " :people)"
)


def settle(database: Database) -> None:
    """Grids A (two cells), B and C in two streets, departments, an example calendar, and buildings."""
    loop_ground.settle(database)
    with database.begin() as connection:
        ensure_calendar(connection, "example")
        for name, (x, people) in PEOPLE.items():
            given = {"id": name, "x": x, "people": people}
            connection.execute(_BUILDING.bindparams(sa.bindparam("x", type_=sa.Double)), given)
        joining.join_buildings(connection, day=TODAY)

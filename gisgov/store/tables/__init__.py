"""The tables, as SQLAlchemy sees them; ``alembic/versions`` makes them.

Three things hold everywhere:

- geometry is EPSG:4326, lon/lat, rounded to 1e-7°; measures (``area_m2``, ``distance_m``) are metres;
- codes are ``TEXT COLLATE "C"``, so that "the smallest code" means the same here and in Python;
- what must never be wrong (validity of plans, published plans, sound geometry) is a constraint or a
  trigger of the database, because scripts and people with psql write here too.
"""

from __future__ import annotations

from gisgov.store.tables.access import account, account_role, role_right
from gisgov.store.tables.columns import Code, metadata
from gisgov.store.tables.jobs import job, job_log, job_progress
from gisgov.store.tables.records import import_batch
from gisgov.store.tables.subjects import building, building_area, event, event_area, risk_rules
from gisgov.store.tables.territory import (
    area,
    assignment,
    block,
    block_edge,
    code_scheme,
    layer,
    plan,
    staff_post,
)

__all__ = [
    "Code",
    "account",
    "account_role",
    "area",
    "assignment",
    "block",
    "block_edge",
    "building",
    "building_area",
    "code_scheme",
    "event",
    "event_area",
    "import_batch",
    "job",
    "job_log",
    "job_progress",
    "layer",
    "metadata",
    "plan",
    "risk_rules",
    "role_right",
    "staff_post",
]

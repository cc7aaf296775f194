"""The tables, as SQLAlchemy sees them; ``alembic/versions`` makes them.

Three things hold everywhere:

- geometry is EPSG:4326, lon/lat, rounded to 1e-7°; measures (``area_m2``, ``distance_m``) are metres;
- codes are ``TEXT COLLATE "C"``, so that "the smallest code" means the same here and in Python;
- what must never be wrong (validity of plans, published plans, sound geometry) is a constraint or a
  trigger of the database, because scripts and people with psql write here too.
"""

from __future__ import annotations

from gisgov.store.tables.access import account, account_role, role_right
from gisgov.store.tables.audit import audit_entry, audit_head, audit_link
from gisgov.store.tables.changes import change, change_head, change_values
from gisgov.store.tables.columns import Code, metadata
from gisgov.store.tables.drafts import (
    area_figure,
    draft_area,
    draft_move,
    draft_operation,
    draft_presence,
    draft_snapshot,
)
from gisgov.store.tables.jobs import job, job_log, job_progress
from gisgov.store.tables.loop import (
    care_count,
    event_limit,
    event_step,
    event_told,
    patrol_point,
    whistle,
    whistle_call,
)
from gisgov.store.tables.publications import area_lineage, event_reroute
from gisgov.store.tables.records import import_batch
from gisgov.store.tables.registers import (
    calendar_day,
    calendar_span,
    category,
    category_permit,
    department,
    device,
    policy_document,
    routing_exception,
    service_point,
    working_calendar,
)
from gisgov.store.tables.risk import (
    event_building,
    hazard,
    hazard_step,
    risk_followed,
    risk_rating,
    risk_rules,
)
from gisgov.store.tables.sign_in import account_password, account_session, api_key, sign_in_failure
from gisgov.store.tables.staff import staff_phone, staff_post
from gisgov.store.tables.subjects import building, building_area, event, event_area
from gisgov.store.tables.territory import (
    area,
    assignment,
    block,
    block_edge,
    code_scheme,
    layer,
    plan,
)

__all__ = [
    "Code",
    "account",
    "account_password",
    "account_role",
    "account_session",
    "api_key",
    "area",
    "area_figure",
    "area_lineage",
    "assignment",
    "audit_entry",
    "audit_head",
    "audit_link",
    "block",
    "block_edge",
    "building",
    "building_area",
    "calendar_day",
    "calendar_span",
    "care_count",
    "category",
    "category_permit",
    "change",
    "change_head",
    "change_values",
    "code_scheme",
    "department",
    "device",
    "draft_area",
    "draft_move",
    "draft_operation",
    "draft_presence",
    "draft_snapshot",
    "event",
    "event_area",
    "event_building",
    "event_limit",
    "event_reroute",
    "event_step",
    "event_told",
    "hazard",
    "hazard_step",
    "import_batch",
    "job",
    "job_log",
    "job_progress",
    "layer",
    "metadata",
    "patrol_point",
    "plan",
    "policy_document",
    "risk_followed",
    "risk_rating",
    "risk_rules",
    "role_right",
    "routing_exception",
    "service_point",
    "sign_in_failure",
    "staff_phone",
    "staff_post",
    "whistle",
    "whistle_call",
    "working_calendar",
]

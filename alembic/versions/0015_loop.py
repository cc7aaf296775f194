"""The closed loop of events: what may be reported, who deals with it by when, and what was done.

Registers (departments, categories, calendars, policies, devices, exceptions) are written by the service for
those who may; accounts read them. An event's way is append-only: ``event_step``.

Revision ID: 0015
Revises: 0014
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CREATED = tuple(Path(__file__).with_name(f"0015_{part}.sql") for part in ("loop", "limits"))

COLUMNS = (
    'ALTER TABLE event ADD COLUMN category_code TEXT COLLATE "C"',
    "ALTER TABLE event ADD COLUMN category_id INTEGER CONSTRAINT event_category_id_fkey REFERENCES category",
    "ALTER TABLE event ADD COLUMN received_at TIMESTAMPTZ DEFAULT now() NOT NULL",
    "ALTER TABLE event ADD COLUMN changed_at TIMESTAMPTZ DEFAULT now() NOT NULL",
    "ALTER TABLE event ADD COLUMN closed_at TIMESTAMPTZ",
    "ALTER TABLE event ADD COLUMN step_number INTEGER DEFAULT 0 NOT NULL",
    # on whose desk it lies; none: it came from a file and was never routed
    (
        "ALTER TABLE event ADD COLUMN desk_kind TEXT CONSTRAINT event_desk_kind_check "
        "CHECK (desk_kind IN ('area', 'department', 'triage'))"
    ),
    "ALTER TABLE event ADD COLUMN desk_layer_id INTEGER CONSTRAINT event_desk_layer_id_fkey REFERENCES layer",
    'ALTER TABLE event ADD COLUMN desk_area_code TEXT COLLATE "C"',
    (
        'ALTER TABLE event ADD COLUMN department_code TEXT COLLATE "C" CONSTRAINT event_department_code_fkey '
        "REFERENCES department"
    ),
    # where it was reported, if not by a coordinate
    (
        "ALTER TABLE event ADD COLUMN building_id BIGINT CONSTRAINT event_building_id_fkey "
        "REFERENCES building ON DELETE SET NULL"
    ),
    (
        'ALTER TABLE event ADD COLUMN device_id TEXT COLLATE "C" CONSTRAINT event_device_id_fkey '
        "REFERENCES device ON DELETE SET NULL"
    ),
    "ALTER TABLE event ADD COLUMN merged_into BIGINT CONSTRAINT event_merged_into_fkey REFERENCES event",
    "ALTER TABLE event ADD COLUMN dispute_grade TEXT",
    "ALTER TABLE event ADD COLUMN dispute_rules_version TEXT",
    (
        "ALTER TABLE event ADD CONSTRAINT event_desk_check CHECK ("
        "(desk_kind IS NOT DISTINCT FROM 'area') = (desk_area_code IS NOT NULL)"
        " AND (desk_layer_id IS NULL) = (desk_area_code IS NULL)"
        " AND (desk_kind IS DISTINCT FROM 'department' OR department_code IS NOT NULL))"
    ),
    (
        "ALTER TABLE event ADD CONSTRAINT event_merged_check "
        "CHECK ((merged_into IS NULL OR state = 'merged') AND merged_into <> id)"
    ),
    # what lies on the desk of an area
    "CREATE INDEX event_desk_idx ON event (desk_layer_id, desk_area_code) WHERE desk_area_code IS NOT NULL",
    "CREATE INDEX event_department_code_idx ON event (department_code) WHERE department_code IS NOT NULL",
    # what still has to be done, the latest first
    (
        "CREATE INDEX event_open_idx ON event (occurred_at DESC, id) "
        "WHERE state NOT IN ('closed', 'revisited', 'rejected', 'merged')"
    ),
    # which open events are near: an R-tree
    (
        "CREATE INDEX event_open_geom_idx ON event USING gist (geom) "
        "WHERE state NOT IN ('closed', 'revisited', 'rejected', 'merged')"
    ),
    "CREATE INDEX event_building_id_idx ON event (building_id) WHERE building_id IS NOT NULL",
    "CREATE INDEX event_merged_into_idx ON event (merged_into) WHERE merged_into IS NOT NULL",
    "CREATE INDEX event_category_id_idx ON event (category_id) WHERE category_id IS NOT NULL",
)
ADDED = (
    "category_code", "category_id", "received_at", "changed_at", "closed_at", "step_number", "desk_kind",
    "desk_layer_id", "desk_area_code", "department_code", "building_id", "device_id", "merged_into",
    "dispute_grade", "dispute_rules_version",
)  # fmt: skip

# Whose desk it lies on, and whoever was told of it, reaches it too: neighbours may read it, no more.
_TOLD = """
UNION ALL
SELECT told.event_id, held."right"
FROM acting_right AS held
JOIN event_told AS told ON told.layer_id = held.layer_id AND told.area_code = held.area_code
WHERE told.why IN ('desk', 'above') OR held."right" = 'events.read'"""

ROLES = "'viewer', 'dispatcher', 'planner', 'manager', 'administrator'"
REGISTERS = (
    "department", "category", "category_permit", "working_calendar", "calendar_day", "calendar_span",
    "policy_document", "device", "routing_exception", "service_point",
)  # fmt: skip
OF_EVENTS = ("event_step", "event_limit", "event_told", "whistle")
POLICIES = {
    **dict.fromkeys(REGISTERS, "(SELECT acts_everywhere('areas.read'))"),
    **dict.fromkeys(OF_EVENTS, "event_id IN (SELECT id FROM event)"),
    "whistle_call": "whistle_id IN (SELECT id FROM whistle)",
    "care_count": "building_id IN (SELECT id FROM building)",
    "patrol_point": "(SELECT acts_everywhere('patrols.read')) OR (layer_id, area_code) IN ("
    "SELECT ground.layer_id, ground.area_code FROM acting_ground('patrols.read', false) AS ground)",
}
TABLES = (
    "care_count", "patrol_point", "service_point", "whistle_call", "whistle", "event_told", "event_limit",
    "event_step", "routing_exception", "device", "policy_document", "calendar_span", "calendar_day",
    "working_calendar", "category_permit", "category", "department",
)  # fmt: skip

_EVENT = "external_id,category,level,state,occurred_at,geom,crs,problem"
AUDITED = {
    "department": "code,title,title_en,source",
    "category": "code,version,title,grp,function,kind,level,department_code,limits,layers,permit,"
    "valid_from,valid_to",
    "working_calendar": "name,timezone,hours,source",
    "calendar_day": "calendar,day,is_working",
    "policy_document": "kind,version,definition,adopted_at",
    "device": "id,kind,geom,state,source",
    "routing_exception": "geom,reach_m,categories,layer_id,area_code,department_code,valid_from,valid_to",
    "care_count": "building_id,category,count,as_of",
    "service_point": "code,tier,geom,valid_from,valid_to",
    "whistle": "event_id,layer_id,area_code,called_at,same_day,closed_at",
    "whistle_call": "whistle_id,department_code,due_at,answered_at",
}
LOGS = ("event_step", "category_permit")


def _roles(allowed: str) -> None:
    op.execute("ALTER TABLE account_role DROP CONSTRAINT account_role_role_check")
    op.execute(f"ALTER TABLE account_role ADD CONSTRAINT account_role_role_check CHECK (role IN ({allowed}))")


def _view(words: str) -> None:
    told = words.replace(":", "\\:")
    op.execute(sa.text(f"CREATE OR REPLACE VIEW reached_event WITH (security_barrier) AS {told}"))


def _reached_event() -> str:
    words: str = op.get_bind().scalar(sa.text("SELECT pg_get_viewdef('reached_event'::regclass)"))
    return words.rstrip().rstrip(";")


def upgrade() -> None:
    for part in _CREATED:
        op.get_bind().exec_driver_sql(part.read_text(encoding="utf-8").replace("%", "%%"))
    for statement in COLUMNS:
        op.execute(statement)
    _view(_reached_event() + _TOLD)
    _roles(f"{ROLES}, 'officer'")
    shown = f"{_EVENT},{','.join(name for name in ADDED if name != 'changed_at')}"
    op.execute(f"SELECT audit_table('event', '{{{shown}}}', '{{changed_at}}')")
    for table, columns in AUDITED.items():
        op.execute(f"SELECT audit_table('{table}', '{{{columns}}}', '{{}}')")
    for table, seen in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({seen})")
    for table in LOGS:
        op.execute(
            f"CREATE TRIGGER guard_log BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guard_log()"
        )


def downgrade() -> None:
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # entries of the audit would hold their tables
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    _view(_reached_event().rpartition("UNION ALL")[0])
    op.execute(f"SELECT audit_table('event', '{{{_EVENT}}}', '{{}}')")
    for table in AUDITED:
        op.execute(f"SELECT audit_table_no_more('{table}')")
    op.execute("ALTER TABLE event DROP CONSTRAINT event_desk_check, DROP CONSTRAINT event_merged_check")
    op.execute("DROP INDEX event_open_idx, event_open_geom_idx")  # of columns that stay
    for name in reversed(ADDED):
        op.execute(f"ALTER TABLE event DROP COLUMN {name}")
    op.execute("DROP VIEW event_limit_state")
    op.execute("DROP FUNCTION limit_resumed, limit_due, limit_ends, limit_working_days, limit_worked")
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION guard_log()")
    op.execute("DELETE FROM account_role WHERE role = 'officer'")
    _roles(ROLES)

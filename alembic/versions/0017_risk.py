"""Risk of buildings: every rating kept, rules that are proposed before they are in force, hazards on record.

Ratings and the steps of hazards are append-only; both go with a building that is removed.

Revision ID: 0017
Revises: 0016
"""

from pathlib import Path

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COLUMNS = (
    # rules are proposed, looked at by a dry run, and then put in force; those without a day are proposed
    "ALTER TABLE risk_rules ALTER COLUMN adopted_at DROP NOT NULL",
    "ALTER TABLE risk_rules ALTER COLUMN adopted_at DROP DEFAULT",
    "ALTER TABLE risk_rules ADD COLUMN proposed_at TIMESTAMPTZ DEFAULT clock_timestamp() NOT NULL",
    "ALTER TABLE risk_rules ADD COLUMN proposed_by TEXT",
    "ALTER TABLE risk_rules ADD COLUMN adopted_by TEXT",
    "ALTER TABLE risk_rules ADD COLUMN reason TEXT",
    "UPDATE risk_rules SET proposed_at = adopted_at",
    # since when a device is known to be as it is
    "ALTER TABLE device ADD COLUMN state_at TIMESTAMPTZ DEFAULT now() NOT NULL",
)
# asked row by row, or of all at once where there are many: PostgreSQL chooses
POLICIES = {
    "risk_rating": "EXISTS (SELECT FROM building WHERE building.id = risk_rating.building_id)",
    "hazard": "EXISTS (SELECT FROM building WHERE building.id = hazard.building_id)",
    "hazard_step": "EXISTS (SELECT FROM hazard WHERE hazard.id = hazard_step.hazard_id)",
    "event_building": "EXISTS (SELECT FROM event WHERE event.id = event_building.event_id)",
}
# Which devices stand where a right is held? Asked for all of them at once, as the policy of the table does.
REACHED_DEVICE = """
CREATE VIEW reached_device WITH (security_barrier) AS
SELECT device.id AS device_id, held."right"
FROM acting_right AS held
JOIN plan ON plan.layer_id = held.layer_id
    AND plan.status <> 'draft'
    AND (plan.valid_to IS NULL OR plan.valid_to > current_date)
JOIN area ON area.plan_id = plan.id AND area.code = held.area_code
JOIN device ON device.geom && area.geom AND ST_Intersects(device.geom, area.geom)"""

TABLES = ("risk_followed", "event_building", "hazard_step", "hazard", "risk_rating")
LOGS = ("risk_rating", "hazard_step")

_RULES, _DEVICE = "version,definition,adopted_at", "id,kind,geom,state,source"
_HAZARD = (
    "source,external_id,building_id,kind,event_id,state,found_on,due_on,rectified_on,checked_on,step_number"
)


def upgrade() -> None:
    words = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(words.replace("%", "%%"))
    for statement in COLUMNS:
        op.execute(statement)
    op.execute(
        f"SELECT audit_table('risk_rules', '{{{_RULES},proposed_at,proposed_by,adopted_by,reason}}', '{{}}')"
    )
    op.execute(f"SELECT audit_table('device', '{{{_DEVICE}}}', '{{state_at}}')")
    op.execute(f"SELECT audit_table('hazard', '{{{_HAZARD}}}', '{{changed_at}}')")
    for table, seen in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({seen})")
    op.execute("ALTER TABLE risk_followed ENABLE ROW LEVEL SECURITY")
    op.execute(REACHED_DEVICE)
    _devices_seen(
        "(SELECT acts_everywhere('devices.read')) OR id IN "
        "(SELECT own.device_id FROM reached_device AS own WHERE own.\"right\" = 'devices.read')"
    )
    for table in LOGS:
        op.execute(
            f"CREATE TRIGGER guard_log BEFORE UPDATE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guard_log()"
        )


def _devices_seen(seen: str) -> None:
    op.execute("DROP POLICY device_read ON device")
    op.execute(f"CREATE POLICY device_read ON device FOR SELECT USING ({seen})")


def downgrade() -> None:
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # entries of the audit would hold their tables
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.execute("SELECT audit_table_no_more('hazard')")
    op.execute(f"SELECT audit_table('risk_rules', '{{{_RULES}}}', '{{}}')")
    op.execute(f"SELECT audit_table('device', '{{{_DEVICE}}}', '{{}}')")
    op.execute("ALTER TABLE device DROP COLUMN state_at")
    _devices_seen("(SELECT acts_everywhere('areas.read'))")
    op.execute("DROP VIEW reached_device")
    op.execute("DELETE FROM risk_rules WHERE adopted_at IS NULL")
    for name in ("reason", "adopted_by", "proposed_by", "proposed_at"):
        op.execute(f"ALTER TABLE risk_rules DROP COLUMN {name}")
    op.execute("ALTER TABLE risk_rules ALTER COLUMN adopted_at SET DEFAULT now()")
    op.execute("ALTER TABLE risk_rules ALTER COLUMN adopted_at SET NOT NULL")
    op.execute("DROP TRIGGER risk_rules_kept ON risk_rules")
    for trigger in ("risk_rating_gone", "building_rules_known_of_new", "building_rules_known_of_changed"):
        op.execute(f"DROP TRIGGER {trigger} ON building")
    op.execute(
        "ALTER TABLE building ADD CONSTRAINT building_risk_rules_version_fkey"
        " FOREIGN KEY (risk_rules_version) REFERENCES risk_rules"
    )
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    for function in ("risk_rules_kept", "risk_rating_gone", "risk_rating_sound", "building_rules_known"):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("CREATE INDEX building_risk_class_idx ON building (risk_class)")

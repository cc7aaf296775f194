"""Publications: decided on, in effect, taken back; where areas come from; events that change hands.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = (
    "ALTER TABLE plan ADD COLUMN decided_on DATE",
    # when its open events were given to its areas: on publishing, or when its first day came
    "ALTER TABLE plan ADD COLUMN took_effect_at TIMESTAMPTZ",
    # a plan that takes back or corrects another, and why
    "ALTER TABLE plan ADD COLUMN corrects INTEGER CONSTRAINT plan_corrects_fkey REFERENCES plan",
    "ALTER TABLE plan ADD COLUMN reason TEXT",
    "ALTER TABLE plan ADD CONSTRAINT plan_corrects_check CHECK (corrects <> id)",
    "CREATE INDEX plan_corrects_idx ON plan (corrects)",
    # a plan that was taken back before its first day has an empty validity: [day, day)
    "ALTER TABLE plan DROP CONSTRAINT plan_validity_check",
    """ALTER TABLE plan ADD CONSTRAINT plan_validity_check
        CHECK (valid_to > valid_from OR (status = 'retired' AND valid_to = valid_from))""",
)

TABLES = (
    """CREATE TABLE area_lineage (
        id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT area_lineage_pkey PRIMARY KEY,
        plan_id INTEGER NOT NULL CONSTRAINT area_lineage_plan_id_fkey REFERENCES plan,
        code TEXT COLLATE "C",
        former_plan_id INTEGER NOT NULL CONSTRAINT area_lineage_former_plan_id_fkey REFERENCES plan,
        former_code TEXT COLLATE "C",
        origin TEXT CONSTRAINT area_lineage_origin_check
            CHECK (origin IN ('kept', 'reshaped', 'merged', 'split', 'new', 'gone')) NOT NULL,
        -- of the area: how much of its ground and people came from the former one
        ground_share DOUBLE PRECISION NOT NULL,
        people_share DOUBLE PRECISION,
        -- of the former area: how much of its ground and people went to this one
        former_ground_share DOUBLE PRECISION NOT NULL,
        former_people_share DOUBLE PRECISION,
        CONSTRAINT area_lineage_one_check CHECK (code IS NOT NULL OR former_code IS NOT NULL)
    )""",
    "CREATE INDEX area_lineage_plan_id_code_idx ON area_lineage (plan_id, code)",  # where an area comes from
    # what became of an area
    "CREATE INDEX area_lineage_former_plan_id_former_code_idx ON area_lineage (former_plan_id, former_code)",
    "CREATE INDEX area_lineage_former_code_idx ON area_lineage (former_code)",  # what replaced a code
    """CREATE TABLE event_reroute (
        id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT event_reroute_pkey PRIMARY KEY,
        event_id BIGINT NOT NULL CONSTRAINT event_reroute_event_id_fkey REFERENCES event ON DELETE CASCADE,
        layer_id INTEGER NOT NULL CONSTRAINT event_reroute_layer_id_fkey REFERENCES layer,
        at TIMESTAMPTZ DEFAULT now() NOT NULL,
        cause_plan_id INTEGER NOT NULL CONSTRAINT event_reroute_cause_plan_id_fkey REFERENCES plan,
        from_plan_id INTEGER CONSTRAINT event_reroute_from_plan_id_fkey REFERENCES plan,
        from_code TEXT COLLATE "C",
        to_plan_id INTEGER CONSTRAINT event_reroute_to_plan_id_fkey REFERENCES plan,
        to_code TEXT COLLATE "C"
    )""",
    "CREATE INDEX event_reroute_event_id_idx ON event_reroute (event_id)",  # the way of an event
    "CREATE INDEX event_reroute_cause_plan_id_idx ON event_reroute (cause_plan_id)",  # what a plan moved
)

POLICIES = {
    "area_lineage": "(SELECT acts_everywhere('areas.read'))",
    # whoever sees the event sees its way
    "event_reroute": "event_id IN (SELECT id FROM event)",
}

_SHOWN = (
    "name,layer_id,scope_code,scope_geom,status,valid_from,valid_to,working_crs,content_sha256,created_at,"
    "published_at,certificate"
)


def _audited(shown: str, ignored: str) -> str:
    return f"SELECT audit_table('plan', '{{{shown}}}', '{{{ignored}}}')"


def upgrade() -> None:
    for statement in (*COLUMNS, *TABLES):
        op.execute(statement)
    # the revision of a draft changes with its areas, and those are told of
    op.execute(_audited(f"{_SHOWN},based_on,decided_on,took_effect_at,corrects", "revision"))
    for table, seen in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({seen})")


def downgrade() -> None:
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # entries of the audit would hold their tables
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in POLICIES:
        op.execute(f"DROP TABLE {table}")
    op.execute(_audited(_SHOWN, ""))
    op.execute("ALTER TABLE plan DROP COLUMN reason, DROP COLUMN corrects")
    op.execute("ALTER TABLE plan DROP COLUMN took_effect_at, DROP COLUMN decided_on")
    op.execute("ALTER TABLE plan DROP CONSTRAINT IF EXISTS plan_validity_check")
    # one taken back before its first day held on none: it cannot be told without an empty validity
    op.execute("ALTER TABLE plan ADD CONSTRAINT plan_validity_check CHECK (valid_to > valid_from) NOT VALID")

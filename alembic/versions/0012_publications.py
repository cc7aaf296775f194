"""Publications: decided on, in effect, taken back; where areas come from; events that change hands.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
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

# A published plan may still be told, once, that it took effect.
_RETIRES = "    IF OLD.status = 'published' AND TG_OP = 'UPDATE' AND NEW.status = 'retired'"
_TAKES_EFFECT = """    IF OLD.status <> 'draft' AND TG_OP = 'UPDATE'
        AND OLD.took_effect_at IS NULL AND NEW.took_effect_at IS NOT NULL
    THEN
        undone := NEW;
        undone.took_effect_at := NULL;
        IF undone IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
"""
# A plan whose successor is yet to begin can still be corrected: while a draft says that it corrects it, its
# end moves to an earlier day.
_SHORTENED = """    IF OLD.status = 'retired' AND TG_OP = 'UPDATE' AND NEW.valid_to < OLD.valid_to
        AND EXISTS (SELECT FROM plan AS other WHERE other.corrects = OLD.id AND other.status = 'draft')
    THEN
        undone := NEW;
        undone.valid_to := OLD.valid_to;
        IF undone IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
"""
# Of plans that end in the future those are none that were taken back before their first day.
_ENDS, _HAS_DAYS = "plan.valid_to > current_date", "plan.valid_to > GREATEST(current_date, plan.valid_from)"
# function, what it says, what it says from here on
FUNCTIONS = (
    ("guard_plan()", _RETIRES, _TAKES_EFFECT + _SHORTENED + _RETIRES),
    ("acting_ground(text, boolean)", _ENDS, _HAS_DAYS),
    ("reaches_scope(text, text)", _ENDS, _HAS_DAYS),
    ("reaches_place(text, geometry)", _ENDS, _HAS_DAYS),
)
VIEWS = ("reached_event", "reached_building")

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


def _reword_function(name: str, former: str, now: str) -> None:
    text = op.get_bind().scalar(
        sa.text("SELECT pg_get_functiondef(CAST(:name AS REGPROCEDURE))"), {"name": name}
    )
    op.execute(sa.text(text.replace(former, now).replace(":", "\\:")))


def _reword_view(name: str, former: str, now: str) -> None:
    text = op.get_bind().scalar(sa.text("SELECT pg_get_viewdef(CAST(:name AS REGCLASS))"), {"name": name})
    words = text.replace(former, now).replace(":", "\\:")
    op.execute(sa.text(f"CREATE OR REPLACE VIEW {name} WITH (security_barrier) AS {words}"))


def _audited(shown: str, ignored: str) -> str:
    return f"SELECT audit_table('plan', '{{{shown}}}', '{{{ignored}}}')"


def upgrade() -> None:
    for statement in (*COLUMNS, *TABLES):
        op.execute(statement)
    for name, former, now in FUNCTIONS:
        _reword_function(name, former, now)
    for name in VIEWS:
        _reword_view(name, "CURRENT_DATE", "GREATEST(CURRENT_DATE, plan.valid_from)")
    # what is in force has taken effect: its events are where they were given
    op.execute(
        "UPDATE plan SET took_effect_at = published_at WHERE status <> 'draft' AND valid_from <= current_date"
    )
    # the revision of a draft changes with its areas, and those are told of
    op.execute(_audited(f"{_SHOWN},based_on,decided_on,took_effect_at,corrects", "revision"))
    for table, seen in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({seen})")


def downgrade() -> None:
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # entries of the audit would hold their tables
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    for name in VIEWS:
        _reword_view(name, "GREATEST(CURRENT_DATE, plan.valid_from)", "CURRENT_DATE")
    for name, former, now in FUNCTIONS:
        _reword_function(name, now, former)
    for table in POLICIES:
        op.execute(f"DROP TABLE {table}")
    op.execute(_audited(_SHOWN, ""))
    op.execute("ALTER TABLE plan DROP COLUMN reason, DROP COLUMN corrects")
    op.execute("ALTER TABLE plan DROP COLUMN took_effect_at, DROP COLUMN decided_on")
    op.execute("ALTER TABLE plan DROP CONSTRAINT IF EXISTS plan_validity_check")
    # one taken back before its first day held on none: it cannot be told without an empty validity
    op.execute("ALTER TABLE plan ADD CONSTRAINT plan_validity_check CHECK (valid_to > valid_from) NOT VALID")

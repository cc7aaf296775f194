"""Drafts that planners change together: revisions, the log of operations, snapshots, figures, cut blocks.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = (
    # counts the operations on a draft; who changes it says which one they saw
    "ALTER TABLE plan ADD COLUMN revision INTEGER DEFAULT 0 NOT NULL",
    # the plan that a draft began as, to which it is rebased when another took its place
    """ALTER TABLE plan ADD COLUMN based_on INTEGER
        CONSTRAINT plan_based_on_fkey REFERENCES plan ON DELETE SET NULL""",
    "CREATE INDEX plan_based_on_idx ON plan (based_on)",  # the drafts that began as a plan
    "ALTER TABLE area ADD COLUMN locked BOOLEAN DEFAULT false NOT NULL",
    # a block of a draft that no area has yet
    "ALTER TABLE assignment ALTER COLUMN area_code DROP NOT NULL",
    # the area above that a block of a draft lies in; NULL where nobody said
    'ALTER TABLE assignment ADD COLUMN parent_code TEXT COLLATE "C"',
    # a piece of another block, or that block with vertices of its neighbours' cuts in its border
    "ALTER TABLE block ADD COLUMN cut_from BIGINT CONSTRAINT block_cut_from_fkey REFERENCES block",
    "ALTER TABLE block ADD CONSTRAINT block_cut_from_check CHECK (cut_from < id)",
    "CREATE INDEX block_cut_from_idx ON block (cut_from)",  # the pieces of a block
    # an area of a plan of plain polygons, as a block that lines can cut; no base of other plans
    "ALTER TABLE block ADD COLUMN whole_area BOOLEAN DEFAULT false NOT NULL",
    "ALTER TABLE block_edge ADD COLUMN name TEXT",  # of the street or water that lies there
    "CREATE INDEX block_edge_geom_idx ON block_edge USING gist (geom)",  # along borders of few blocks
)

TABLES = (
    """CREATE TABLE draft_operation (
        id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT draft_operation_pkey PRIMARY KEY,
        plan_id INTEGER NOT NULL CONSTRAINT draft_operation_plan_id_fkey REFERENCES plan ON DELETE CASCADE,
        revision INTEGER NOT NULL,
        kind TEXT NOT NULL,
        account TEXT NOT NULL,
        at TIMESTAMPTZ DEFAULT now() NOT NULL,
        parameters JSONB DEFAULT '{}'::jsonb NOT NULL,
        undoes BIGINT CONSTRAINT draft_operation_undoes_fkey REFERENCES draft_operation ON DELETE CASCADE,
        CONSTRAINT draft_operation_plan_id_revision_key UNIQUE (plan_id, revision),
        CONSTRAINT draft_operation_revision_check CHECK (revision > 0)
    )""",
    "CREATE INDEX draft_operation_undoes_idx ON draft_operation (undoes)",
    """CREATE TABLE draft_move (
        operation_id BIGINT CONSTRAINT draft_move_operation_id_fkey
            REFERENCES draft_operation ON DELETE CASCADE,
        block_id BIGINT CONSTRAINT draft_move_block_id_fkey REFERENCES block,
        was_in BOOLEAN NOT NULL,
        is_in BOOLEAN NOT NULL,
        from_code TEXT COLLATE "C",
        to_code TEXT COLLATE "C",
        CONSTRAINT draft_move_pkey PRIMARY KEY (operation_id, block_id),
        CONSTRAINT draft_move_from_check CHECK (was_in OR from_code IS NULL),
        CONSTRAINT draft_move_to_check CHECK (is_in OR to_code IS NULL)
    )""",
    "CREATE INDEX draft_move_block_id_idx ON draft_move (block_id)",
    """CREATE TABLE draft_area (
        operation_id BIGINT CONSTRAINT draft_area_operation_id_fkey
            REFERENCES draft_operation ON DELETE CASCADE,
        code TEXT COLLATE "C",
        before JSONB,
        after JSONB,
        CONSTRAINT draft_area_pkey PRIMARY KEY (operation_id, code)
    )""",
    """CREATE TABLE draft_snapshot (
        plan_id INTEGER CONSTRAINT draft_snapshot_plan_id_fkey REFERENCES plan ON DELETE CASCADE,
        name TEXT,
        revision INTEGER NOT NULL,
        account TEXT NOT NULL,
        at TIMESTAMPTZ DEFAULT now() NOT NULL,
        CONSTRAINT draft_snapshot_pkey PRIMARY KEY (plan_id, name),
        CONSTRAINT draft_snapshot_name_check CHECK (name <> ''),
        CONSTRAINT draft_snapshot_revision_check CHECK (revision >= 0)
    )""",
    # figures of the areas of drafts, so that an operation measures what it changed and nothing else
    """CREATE TABLE area_figure (
        plan_id INTEGER,
        code TEXT COLLATE "C",
        load DOUBLE PRECISION,
        polsby_popper DOUBLE PRECISION,
        parts INTEGER NOT NULL,
        along_streets DOUBLE PRECISION,
        blocks INTEGER NOT NULL,
        population INTEGER NOT NULL,
        households INTEGER NOT NULL,
        CONSTRAINT area_figure_pkey PRIMARY KEY (plan_id, code),
        CONSTRAINT area_figure_plan_id_code_fkey FOREIGN KEY (plan_id, code)
            REFERENCES area (plan_id, code) ON DELETE CASCADE ON UPDATE CASCADE
    )""",
)

# The log is only added to; it goes with the draft that it is of, by the cascade of its foreign keys.
LOG = ("draft_operation", "draft_move", "draft_area")
GUARD = """
CREATE FUNCTION guard_draft_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Rows of "%" are added and never changed', TG_TABLE_NAME
        USING ERRCODE = 'GG001', HINT = 'Undo an operation by another one.';
END
$$
"""

_OF_SEEN_PLANS = "plan_id IN (SELECT id FROM plan)"
_OF_SEEN_OPERATIONS = "operation_id IN (SELECT id FROM draft_operation)"
# seen by whoever sees the plan; written by the service, which asks for the right to draft first
POLICIES = {
    "draft_operation": _OF_SEEN_PLANS,
    "draft_move": _OF_SEEN_OPERATIONS,
    "draft_area": _OF_SEEN_OPERATIONS,
    "draft_snapshot": _OF_SEEN_PLANS,
    "area_figure": _OF_SEEN_PLANS,
}


def upgrade() -> None:
    for statement in (*COLUMNS, *TABLES, GUARD):
        op.execute(statement)
    for table in LOG:
        op.execute(
            f"CREATE TRIGGER guard_log BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION guard_draft_log()"
        )
    for table, seen in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({seen})")
    op.execute("SELECT audit_table('draft_snapshot', '{plan_id,name,revision}')")


def downgrade() -> None:
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # entries of the audit would hold their tables
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in reversed(POLICIES):
        op.execute(f"DROP TABLE {table} CASCADE")
    op.execute("DROP FUNCTION guard_draft_log()")
    op.execute("DROP INDEX block_edge_geom_idx")
    op.execute("ALTER TABLE block_edge DROP COLUMN name")
    # without cuts there are no pieces, and without unassigned blocks no draft has any
    op.execute("DELETE FROM assignment WHERE area_code IS NULL")
    op.execute("ALTER TABLE block DROP COLUMN cut_from, DROP COLUMN whole_area")
    op.execute("ALTER TABLE assignment ALTER COLUMN area_code SET NOT NULL, DROP COLUMN parent_code")
    op.execute("ALTER TABLE area DROP COLUMN locked")
    op.execute("ALTER TABLE plan DROP COLUMN based_on, DROP COLUMN revision")

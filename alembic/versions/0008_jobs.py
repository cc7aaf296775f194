"""Jobs: their queue, progress, log and results.

Revision ID: 0008
Revises: 0007
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The queue's tables are made by its library, as the installed version makes them. Whoever takes in one with
# other tables adds a migration that runs the library's own from this version on; a test asks for it.
QUEUE_OF = "3.10"

TABLES = (
    """CREATE TABLE job (
        id TEXT PRIMARY KEY CONSTRAINT job_id_check CHECK (id ~ '^[0-9a-f]{32}$'),
        number BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        parameters JSONB NOT NULL,
        inputs JSONB NOT NULL,
        folder TEXT NOT NULL,
        account_id INTEGER REFERENCES account ON DELETE CASCADE,
        asked_by TEXT NOT NULL,
        scopes TEXT[],
        request_id TEXT,
        state TEXT DEFAULT 'waiting' NOT NULL
            CONSTRAINT job_state_check CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
        attempt INTEGER DEFAULT 1 NOT NULL,
        attempts INTEGER NOT NULL,
        queue_id BIGINT,
        created TIMESTAMPTZ DEFAULT now() NOT NULL,
        started TIMESTAMPTZ,
        finished TIMESTAMPTZ,
        expires TIMESTAMPTZ,
        problem JSONB,
        CONSTRAINT job_finished_check
            CHECK ((state IN ('done', 'failed', 'cancelled'))
                = (finished IS NOT NULL AND expires IS NOT NULL)),
        CONSTRAINT job_problem_check CHECK ((state = 'failed') = (problem IS NOT NULL))
    )""",
    # a table of its own: it is written several times a second and belongs in no audit
    """CREATE TABLE job_progress (
        job_id TEXT PRIMARY KEY REFERENCES job ON DELETE CASCADE,
        label TEXT NOT NULL,
        done BIGINT NOT NULL,
        total BIGINT
    )""",
    """CREATE TABLE job_log (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        job_id TEXT NOT NULL REFERENCES job ON DELETE CASCADE,
        attempt INTEGER NOT NULL,
        at TIMESTAMPTZ DEFAULT clock_timestamp() NOT NULL,
        line TEXT NOT NULL
    )""",
)
INDEXES = (
    # the jobs of whoever asks, the last one first
    "CREATE INDEX job_account_id_number_idx ON job (account_id, number)",
    # how many wait, and which run
    "CREATE INDEX job_state_idx ON job (state) WHERE state IN ('waiting', 'running')",
    # what was kept long enough
    "CREATE INDEX job_expires_idx ON job (expires) WHERE expires IS NOT NULL",
    # the lines of one job in their order
    "CREATE INDEX job_log_job_id_id_idx ON job_log (job_id, id)",
)

# People see their own jobs, and those who manage jobs all of them. Nobody but the service writes here.
POLICIES = (
    "ALTER TABLE job ENABLE ROW LEVEL SECURITY",
    """CREATE POLICY job_read ON job FOR SELECT USING (
        account_id = (SELECT acting_account()) OR (SELECT acts_everywhere('jobs.manage'))
    )""",
    *(
        statement
        for table in ("job_progress", "job_log")
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY {table}_read ON {table} FOR SELECT USING (job_id IN (SELECT id FROM job))",  # noqa: S608
        )
    ),
)

# everything that the queue's library made, by its name
REMOVE_QUEUE = r"""
DO $$
DECLARE
    made RECORD;
BEGIN
    -- with the one function that returns rows of them
    DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers
        CASCADE;
    FOR made IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'procrastinate\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format('DROP FUNCTION %s', made.name);
    END LOOP;
    DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
END
$$"""


def upgrade() -> None:
    # as it is: it holds signs that SQLAlchemy would take for parameters
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    for statement in (*TABLES, *INDEXES, *POLICIES):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE job_log, job_progress, job")
    op.execute(REMOVE_QUEUE)

"""Triggers that keep anyone from changing a published plan.

A published plan is what people were told and what events were joined to: its row, its areas and its
assignments stay as they are, whoever writes. The only change left to it is to be retired.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PLAN = """
CREATE FUNCTION guard_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    undone plan%ROWTYPE;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'Plan "%" begins as %, but every plan begins as a draft', NEW.name, NEW.status
                USING ERRCODE = 'GG001', HINT = 'Insert it as a draft, then publish it.';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status = 'draft' AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF OLD.status = 'draft' AND NEW.status <> 'retired' THEN
        RETURN NEW;
    END IF;
    IF OLD.status = 'published' AND TG_OP = 'UPDATE' AND NEW.status = 'retired'
        AND (OLD.valid_to IS NULL OR NEW.valid_to <= OLD.valid_to)
    THEN
        undone := NEW;
        undone.status := OLD.status;
        undone.valid_to := OLD.valid_to;
        IF undone IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Plan "%" is % and cannot be changed so', OLD.name, OLD.status
        USING ERRCODE = 'GG001', HINT = 'A draft can be published; a published plan can only be retired.';
END
$$
"""

# The row lock closes a race: while a plan is being published, a change of its areas waits, and then finds
# it published; while its areas are being changed, publishing waits, and then checks the changed ones.
CONTENT = """
CREATE FUNCTION guard_plan_content() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched INTEGER[];
    fixed RECORD;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(plan_id) INTO touched
        FROM (SELECT plan_id FROM changed UNION SELECT plan_id FROM became) AS either;
    ELSE
        SELECT array_agg(DISTINCT plan_id) INTO touched FROM changed;
    END IF;
    FOR fixed IN SELECT name, status FROM plan WHERE id = ANY (touched) ORDER BY id FOR SHARE LOOP
        IF fixed.status <> 'draft' THEN
            RAISE EXCEPTION 'Plan "%" is %: its % cannot be changed', fixed.name, fixed.status,
                CASE TG_TABLE_NAME WHEN 'area' THEN 'areas' ELSE 'assignments' END
                USING ERRCODE = 'GG001', HINT = 'Make a new draft of the layer and change that.';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$
"""

TRUNCATION = """
CREATE FUNCTION guard_truncation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM plan WHERE status <> 'draft') THEN
        RAISE EXCEPTION 'Table "%" holds published plans and cannot be truncated', TG_TABLE_NAME
            USING ERRCODE = 'GG001', HINT = 'Delete drafts one by one; published plans stay.';
    END IF;
    RETURN NULL;
END
$$
"""


def _content_triggers(table: str) -> tuple[str, ...]:
    calls = "FOR EACH STATEMENT EXECUTE FUNCTION guard_plan_content()"
    return (
        f"CREATE TRIGGER guard_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed {calls}",
        (
            f"CREATE TRIGGER guard_update AFTER UPDATE ON {table}"
            f" REFERENCING OLD TABLE AS changed NEW TABLE AS became {calls}"
        ),
        f"CREATE TRIGGER guard_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed {calls}",
    )


def upgrade() -> None:
    for statement in (
        PLAN,
        CONTENT,
        TRUNCATION,
        (
            "CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON plan"
            " FOR EACH ROW EXECUTE FUNCTION guard_plan()"
        ),
        *_content_triggers("area"),
        *_content_triggers("assignment"),
        *(
            f"CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION guard_truncation()"
            for table in ("plan", "area", "assignment")
        ),
    ):
        op.execute(statement)


def downgrade() -> None:
    for table in ("plan", "area", "assignment"):
        op.execute(f"DROP TRIGGER guard_truncate ON {table}")
    for table in ("area", "assignment"):
        for what in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER guard_{what} ON {table}")
    op.execute("DROP TRIGGER guard ON plan")
    for function in ("guard_plan", "guard_plan_content", "guard_truncation"):
        op.execute(f"DROP FUNCTION {function}()")

"""Row-level security: what lies in the territory of whoever acts, and nothing else.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Which events lie where whoever acts may see them, and which where they may deal with them? Those of an area
# that the role is held in, by the area that each event was given. An area of an overlay is given none: there
# the ground decides. Index: event_area_layer_id_area_code_idx.
REACHED = """
CREATE VIEW reached_{subject} WITH (security_barrier) AS
SELECT owned.{subject}_id, held."right"
FROM acting_right AS held
JOIN {subject}_area AS owned ON owned.layer_id = held.layer_id AND owned.area_code = held.area_code
UNION ALL
SELECT {subject}.id, held."right"
FROM acting_right AS held
JOIN layer ON layer.id = held.layer_id AND layer.kind = 'overlay'
JOIN plan ON plan.layer_id = layer.id
    AND plan.status <> 'draft'
    AND (plan.valid_to IS NULL OR plan.valid_to > current_date)
JOIN area ON area.plan_id = plan.id AND area.code = held.area_code
JOIN {subject} ON {subject}.geom && area.geom AND ST_Intersects({subject}.geom, area.geom)"""

# Does a place lie in an area where the right is held? For what comes in and was given no area yet.
LIES = """
CREATE FUNCTION reaches_place(wanted TEXT, place GEOMETRY) RETURNS BOOLEAN
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT
        FROM acting_right AS held
        JOIN plan ON plan.layer_id = held.layer_id
            AND plan.status <> 'draft'
            AND (plan.valid_to IS NULL OR plan.valid_to > current_date)
        JOIN area ON area.plan_id = plan.id AND area.code = held.area_code
        WHERE held."right" = wanted AND area.geom && place AND ST_Intersects(area.geom, place)
    )
$$"""


def _written(table: str, reached: str) -> tuple[str, ...]:
    """Return the policies of adding, changing and removing rows; one for all would count for reading too."""
    return (
        f"CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK ({reached})",
        f"CREATE POLICY {table}_change ON {table} FOR UPDATE USING ({reached})",
        f"CREATE POLICY {table}_remove ON {table} FOR DELETE USING ({reached})",
    )


OF_SUBJECT = (
    """CREATE POLICY {subject}_read ON {subject} FOR SELECT USING (
        (SELECT acts_everywhere('{right}.read'))
        OR EXISTS (SELECT FROM reached_{subject} AS own
            WHERE own.{subject}_id = {subject}.id AND own."right" = '{right}.read')
    )""",
    """CREATE POLICY {subject}_add ON {subject} FOR INSERT WITH CHECK (
        (SELECT acts_everywhere('{right}.write')) OR reaches_place('{right}.write', geom)
    )""",
    """CREATE POLICY {subject}_change ON {subject} FOR UPDATE
        USING (
            (SELECT acts_everywhere('{right}.write'))
            OR EXISTS (SELECT FROM reached_{subject} AS own
                WHERE own.{subject}_id = {subject}.id AND own."right" = '{right}.write')
        )
        WITH CHECK (
            (SELECT acts_everywhere('{right}.write')) OR reaches_place('{right}.write', geom)
        )""",
    """CREATE POLICY {subject}_remove ON {subject} FOR DELETE USING (
        (SELECT acts_everywhere('{right}.write'))
        OR EXISTS (SELECT FROM reached_{subject} AS own
            WHERE own.{subject}_id = {subject}.id AND own."right" = '{right}.write')
    )""",
    # which area owns it: told of what one may see; written by the service alone
    """CREATE POLICY {subject}_area_read ON {subject}_area FOR SELECT USING (
        (SELECT acts_everywhere('{right}.read'))
        OR EXISTS (SELECT FROM reached_{subject} AS own
            WHERE own.{subject}_id = {subject}_area.{subject}_id AND own."right" = '{right}.read')
    )""",
)

# Drafts are for those who work on that ground; what was ever in force is for everybody who holds a role.
OF_PLANS = (
    """CREATE POLICY plan_read ON plan FOR SELECT USING (
        CASE status
            WHEN 'draft' THEN reaches_scope('plans.read', scope_code)
            ELSE (SELECT acts_everywhere('areas.read'))
        END
    )""",
    """CREATE POLICY plan_add ON plan FOR INSERT
        WITH CHECK (status = 'draft' AND reaches_scope('plans.draft', scope_code))""",
    # a plan is put into force by the service, which checks it first
    """CREATE POLICY plan_change ON plan FOR UPDATE
        USING (status = 'draft' AND reaches_scope('plans.draft', scope_code))
        WITH CHECK (status = 'draft' AND reaches_scope('plans.draft', scope_code))""",
    "CREATE POLICY plan_remove ON plan FOR DELETE USING (reaches_scope('plans.draft', scope_code))",
    *(
        statement
        for table in ("area", "assignment")
        for statement in (
            f"CREATE POLICY {table}_read ON {table} FOR SELECT USING (plan_id IN (SELECT id FROM plan))",  # noqa: S608
            *_written(
                table, "plan_id IN (SELECT id FROM plan WHERE reaches_scope('plans.draft', scope_code))"
            ),
        )
    ),
)

OF_BLOCKS = tuple(
    statement
    for table in ("block", "block_edge")
    for statement in (
        f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ((SELECT acts_everywhere('blocks.read')))",
        *_written(
            table, "(SELECT acts_everywhere('blocks.write')) OR reaches_scope('blocks.write', scope_code)"
        ),
    )
)

# What belongs to the whole ground: read with any role, set up by those who hold the right everywhere.
WHOLE = {"layer": "layers.write", "code_scheme": "layers.write", "risk_rules": "risk.rate"}
OF_THE_WHOLE = tuple(
    statement
    for table, right in WHOLE.items()
    for statement in (
        f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ((SELECT acts_everywhere('areas.read')))",
        *_written(table, f"(SELECT acts_everywhere('{right}'))"),
    )
)

OF_IMPORTS = (
    """CREATE POLICY import_batch_read ON import_batch FOR SELECT
        USING ((SELECT acts_everywhere('audit.read')))""",
    """CREATE POLICY import_batch_add ON import_batch FOR INSERT
        WITH CHECK ((SELECT acting_account()) IS NOT NULL)""",
)

SUBJECTS = {"event": "events", "building": "buildings"}
POLICIES = (
    *(
        statement.format(subject=subject, right=right)
        for subject, right in SUBJECTS.items()
        for statement in OF_SUBJECT
    ),
    *OF_PLANS,
    *OF_BLOCKS,
    *OF_THE_WHOLE,
    *OF_IMPORTS,
)
TABLES = (
    *(table for subject in SUBJECTS for table in (subject, f"{subject}_area")),
    *("plan", "area", "assignment", "block", "block_edge", *WHOLE, "import_batch"),
)


def upgrade() -> None:
    for subject in SUBJECTS:
        # the events of an area, whatever the plan: what a role held in it reaches
        op.execute(
            f"CREATE INDEX {subject}_area_layer_id_area_code_idx ON {subject}_area (layer_id, area_code)"
        )
        op.execute(REACHED.format(subject=subject))
    op.execute(LIES)
    for policy in POLICIES:
        op.execute(policy)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for policy in POLICIES:
        name, table = policy.split()[2], policy.split()[4]
        op.execute(f"DROP POLICY {name} ON {table}")
    op.execute("DROP FUNCTION reaches_place")
    for subject in SUBJECTS:
        op.execute(f"DROP VIEW reached_{subject}")
        op.execute(f"DROP INDEX {subject}_area_layer_id_area_code_idx")

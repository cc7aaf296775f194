"""Features: what GIS programs read of the published plans, and nothing else, in a schema of its own.

The views are owned by the service, which row-level security does not hold, so that they themselves leave out
drafts. ``security_barrier`` lets no condition of a reader see a row that the view does not show. Such a view
answers a condition on geometry without its index; the function finds the areas in a box by the index first.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Which plans were, are or will be in force? One that was taken back before its first day never was.
_IN_FORCE_ONCE = "plan.status <> 'draft' AND (plan.valid_to IS NULL OR plan.valid_to > plan.valid_from)"

MADE = (
    "CREATE SCHEMA ogc",
    """CREATE VIEW ogc.layer WITH (security_barrier) AS
    SELECT id, name, title_zh, title_en, kind, position FROM public.layer""",
    f"""CREATE VIEW ogc.plan WITH (security_barrier) AS
    SELECT id, layer_id, name, scope_code, valid_from, valid_to, working_crs
    FROM public.plan
    WHERE {_IN_FORCE_ONCE}""",  # noqa: S608 - words of ours
    # index: area_plan_id_code_key, by the plans that the reader names
    f"""CREATE VIEW ogc.area WITH (security_barrier) AS
    SELECT
        area.id,
        plan.layer_id,
        area.plan_id,
        area.code,
        area.name,
        area.parent_codes,
        plan.name AS plan,
        plan.scope_code AS scope,
        plan.valid_from,
        plan.valid_to,
        area.area_m2,
        area.population,
        area.households,
        area.attributes,
        area.geom
    FROM public.area
    JOIN public.plan ON plan.id = area.plan_id
    WHERE {_IN_FORCE_ONCE}""",  # noqa: S608
    # Which areas of these plans lie in or near a box? Index: area_plan_id_geom_idx.
    f"""CREATE FUNCTION ogc.areas_near(plans INTEGER[], box GEOMETRY) RETURNS SETOF BIGINT
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 100 AS $$
        SELECT area.id
        FROM area
        JOIN plan ON plan.id = area.plan_id
        WHERE area.plan_id = ANY (plans) AND area.geom && box AND {_IN_FORCE_ONCE}
    $$""",  # noqa: S608
)


def upgrade() -> None:
    for statement in MADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION ogc.areas_near")
    for view in ("area", "plan", "layer"):
        op.execute(f"DROP VIEW ogc.{view}")
    op.execute("DROP SCHEMA ogc")

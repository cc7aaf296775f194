"""Staff posts with dates, deputies and phones.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# A deputy is a post of its own that names the one it stands in for, of the same area and role.
POSTS = (
    "ALTER TABLE staff_post ADD COLUMN valid_from DATE",
    "ALTER TABLE staff_post ADD COLUMN valid_to DATE",
    "ALTER TABLE staff_post ADD COLUMN deputy_for INTEGER",
    """ALTER TABLE staff_post ADD CONSTRAINT staff_post_validity_check
        CHECK (valid_to > valid_from)""",
    "ALTER TABLE staff_post ADD CONSTRAINT staff_post_another_check CHECK (deputy_for <> id)",
    """ALTER TABLE staff_post ADD CONSTRAINT staff_post_id_layer_id_area_code_role_key
        UNIQUE (id, layer_id, area_code, role)""",
    """ALTER TABLE staff_post ADD CONSTRAINT staff_post_deputy_for_layer_id_area_code_role_fkey
        FOREIGN KEY (deputy_for, layer_id, area_code, role)
        REFERENCES staff_post (id, layer_id, area_code, role) ON DELETE CASCADE""",
    "ALTER TABLE staff_post DROP CONSTRAINT staff_post_layer_id_area_code_role_holder_key",
    # nobody holds one role of an area twice at one time, nor deputises for one post twice
    """ALTER TABLE staff_post ADD CONSTRAINT staff_post_holder_excl EXCLUDE USING gist (
        layer_id WITH =, area_code WITH =, role WITH =, holder WITH =, COALESCE(deputy_for, 0) WITH =,
        daterange(valid_from, valid_to) WITH &&
    )""",
    # who serves an area
    "CREATE INDEX staff_post_layer_id_area_code_idx ON staff_post (layer_id, area_code)",
    # the deputies of a post
    "CREATE INDEX staff_post_deputy_for_idx ON staff_post (deputy_for)",
    # a table of its own: others than those who see the post may see it
    """CREATE TABLE staff_phone (
        post_id INTEGER CONSTRAINT staff_phone_pkey PRIMARY KEY
            CONSTRAINT staff_phone_post_id_fkey REFERENCES staff_post ON DELETE CASCADE,
        phone TEXT NOT NULL CONSTRAINT staff_phone_phone_check
            CHECK (phone ~ '^[+]?[0-9]+([ -][0-9]+)*$' AND length(phone) BETWEEN 3 AND 24)
    )""",
)

# Which areas does a right reach? Asked once for a statement, not once for a row.
_REACHED = """(SELECT acts_everywhere('{right}')) OR (layer_id, area_code) IN (
    SELECT ground.layer_id, ground.area_code FROM acting_ground('{right}', {wholly}) AS ground
)"""
_WRITTEN = _REACHED.format(right="staff.write", wholly="true")
_CONTACT = _REACHED.format(right="staff.contact", wholly="false")


def _of_posts(reached: str) -> str:
    """Return the condition that holds for a phone where one holds for its post."""
    return f"post_id IN (SELECT id FROM staff_post WHERE {reached})"  # noqa: S608 - written above


POLICIES = (
    # who serves an area is a part of the answer to who answers for a place
    """CREATE POLICY staff_post_read ON staff_post FOR SELECT USING (
        (SELECT acts_everywhere('areas.read')) OR (SELECT acts_everywhere('staff.read'))
    )""",
    f"CREATE POLICY staff_phone_read ON staff_phone FOR SELECT USING ({_of_posts(_CONTACT)})",
    *(
        statement
        for table, reached in (("staff_post", _WRITTEN), ("staff_phone", _of_posts(_WRITTEN)))
        for statement in (
            f"CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK ({reached})",
            f"CREATE POLICY {table}_change ON {table} FOR UPDATE USING ({reached})",
            f"CREATE POLICY {table}_remove ON {table} FOR DELETE USING ({reached})",
        )
    ),
)


def upgrade() -> None:
    for statement in (*POSTS, *POLICIES):
        op.execute(statement)
    for table in ("staff_post", "staff_phone"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    # the audit tells when somebody served where, and neither who nor how they are reached
    op.execute("SELECT audit_table('staff_post', '{layer_id,area_code,role,valid_from,valid_to,deputy_for}')")
    op.execute("SELECT audit_table('staff_phone', '{}')")


def downgrade() -> None:
    op.execute("DROP TABLE staff_phone")
    op.execute("ALTER TABLE staff_post DISABLE ROW LEVEL SECURITY")
    for what in ("read", "add", "change", "remove"):
        op.execute(f"DROP POLICY staff_post_{what} ON staff_post")
    op.execute("DROP INDEX staff_post_layer_id_area_code_idx, staff_post_deputy_for_idx")
    # without dates there is one post of a holder, and no deputy
    op.execute("DELETE FROM staff_post WHERE deputy_for IS NOT NULL")
    op.execute(
        "DELETE FROM staff_post USING staff_post AS first "
        "WHERE first.id < staff_post.id AND (first.layer_id, first.area_code, first.role, first.holder) "
        "= (staff_post.layer_id, staff_post.area_code, staff_post.role, staff_post.holder)"
    )
    # the audit's entries get their positions now: tables with some pending cannot change
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.execute("SELECT audit_table('staff_post', '{layer_id,area_code,role}')")
    op.execute("ALTER TABLE staff_post DROP CONSTRAINT staff_post_holder_excl")
    op.execute("ALTER TABLE staff_post DROP COLUMN deputy_for, DROP COLUMN valid_from, DROP COLUMN valid_to")
    op.execute("ALTER TABLE staff_post DROP CONSTRAINT staff_post_id_layer_id_area_code_role_key")
    op.execute(
        "ALTER TABLE staff_post ADD CONSTRAINT staff_post_layer_id_area_code_role_holder_key "
        "UNIQUE (layer_id, area_code, role, holder)"
    )

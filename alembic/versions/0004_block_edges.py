"""The edges of blocks with what lies along each: borders of areas should run along streets and water."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLE = """
    CREATE TABLE block_edge (
        id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT block_edge_pkey PRIMARY KEY,
        scope_code TEXT COLLATE "C" NOT NULL,
        edge_class TEXT NOT NULL CONSTRAINT block_edge_edge_class_check CHECK (
            edge_class IN (
                'unclassified', 'local', 'collector', 'arterial', 'water', 'rail', 'administrative'
            )
        ),
        geom geometry(LINESTRING, 4326) NOT NULL CONSTRAINT block_edge_geom_check CHECK (
            ST_IsValid(geom) AND NOT ST_IsEmpty(geom)
            AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180
            AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90
        )
    )"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("CREATE INDEX block_edge_scope_code_idx ON block_edge (scope_code)")


def downgrade() -> None:
    op.execute("DROP TABLE block_edge")

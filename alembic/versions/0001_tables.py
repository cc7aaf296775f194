"""The tables of the first path: layers, plans, areas, blocks, events, buildings.

Written as SQL, so that it stays what it was when `gisgov.store.tables` moves on; a test compares the two.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# IF NOT EXISTS asks for no rights when the administrator of a real server has made them already
EXTENSIONS = (
    "CREATE EXTENSION IF NOT EXISTS postgis",
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
)


def _sound(column: str) -> str:
    return (
        f"ST_IsValid({column}) AND NOT ST_IsEmpty({column})"
        f" AND ST_XMin({column}) >= -180 AND ST_XMax({column}) <= 180"
        f" AND ST_YMin({column}) >= -90 AND ST_YMax({column}) <= 90"
    )


TERRITORY = (
    """
    CREATE TABLE code_scheme (
        name TEXT CONSTRAINT code_scheme_pkey PRIMARY KEY,
        definition JSONB NOT NULL
    )""",
    """
    CREATE TABLE layer (
        id INTEGER GENERATED ALWAYS AS IDENTITY CONSTRAINT layer_pkey PRIMARY KEY,
        name TEXT NOT NULL CONSTRAINT layer_name_key UNIQUE,
        title_zh TEXT NOT NULL,
        title_en TEXT NOT NULL,
        kind TEXT NOT NULL CONSTRAINT layer_kind_check CHECK (kind IN ('partition', 'overlay')),
        nesting TEXT CONSTRAINT layer_nesting_check CHECK (nesting IN ('nested', 'spanning')),
        parent_id INTEGER CONSTRAINT layer_parent_id_fkey REFERENCES layer,
        code_scheme TEXT CONSTRAINT layer_code_scheme_fkey REFERENCES code_scheme ON UPDATE CASCADE,
        targets JSONB,
        staffing TEXT,
        position INTEGER NOT NULL,
        CONSTRAINT layer_nesting_needs_parent_check CHECK ((parent_id IS NULL) = (nesting IS NULL)),
        CONSTRAINT layer_parent_is_another_check CHECK (parent_id <> id)
    )""",
    f"""
    CREATE TABLE plan (
        id INTEGER GENERATED ALWAYS AS IDENTITY CONSTRAINT plan_pkey PRIMARY KEY,
        name TEXT NOT NULL CONSTRAINT plan_name_key UNIQUE CONSTRAINT plan_name_check CHECK (name <> ''),
        layer_id INTEGER NOT NULL CONSTRAINT plan_layer_id_fkey REFERENCES layer,
        scope_code TEXT COLLATE "C" NOT NULL DEFAULT '',
        scope_geom geometry(MULTIPOLYGON, 4326),
        status TEXT NOT NULL DEFAULT 'draft',
        valid_from DATE,
        valid_to DATE,
        decision TEXT,
        author TEXT,
        source JSONB NOT NULL DEFAULT '{{}}',
        working_crs TEXT NOT NULL,
        accepted_defects JSONB,
        content_sha256 TEXT,
        created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        published_at TIMESTAMPTZ,
        CONSTRAINT plan_status_check CHECK (status IN ('draft', 'published', 'retired')),
        CONSTRAINT plan_validity_check CHECK (valid_to > valid_from),
        CONSTRAINT plan_dates_of_status_check CHECK (
            CASE status
                WHEN 'draft' THEN valid_from IS NULL AND valid_to IS NULL AND published_at IS NULL
                WHEN 'published' THEN valid_from IS NOT NULL AND published_at IS NOT NULL
                ELSE valid_from IS NOT NULL AND valid_to IS NOT NULL AND published_at IS NOT NULL
            END
        ),
        CONSTRAINT plan_scope_geom_check CHECK ({_sound("scope_geom")}),
        CONSTRAINT plan_validity_excl EXCLUDE USING gist (
            layer_id WITH =, scope_code WITH =, daterange(valid_from, valid_to) WITH &&
        ) WHERE (status <> 'draft')
    )""",
    f"""
    CREATE TABLE area (
        id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT area_pkey PRIMARY KEY,
        plan_id INTEGER NOT NULL CONSTRAINT area_plan_id_fkey REFERENCES plan ON DELETE CASCADE,
        code TEXT COLLATE "C" NOT NULL CONSTRAINT area_code_check CHECK (code <> ''),
        name TEXT NOT NULL,
        parent_codes TEXT[] COLLATE "C" NOT NULL DEFAULT '{{}}',
        geom geometry(MULTIPOLYGON, 4326) NOT NULL,
        area_m2 DOUBLE PRECISION NOT NULL CONSTRAINT area_area_m2_check CHECK (area_m2 >= 0),
        population INTEGER CONSTRAINT area_population_check CHECK (population >= 0),
        households INTEGER CONSTRAINT area_households_check CHECK (households >= 0),
        attributes JSONB NOT NULL DEFAULT '{{}}',
        CONSTRAINT area_plan_id_code_key UNIQUE (plan_id, code),
        CONSTRAINT area_geom_check CHECK ({_sound("geom")})
    )""",
    "CREATE INDEX area_plan_id_geom_idx ON area USING gist (plan_id, geom)",
    "CREATE INDEX area_code_idx ON area (code)",
    "CREATE INDEX area_parent_codes_idx ON area USING gin (parent_codes)",
    """
    CREATE TABLE staff_post (
        id INTEGER GENERATED ALWAYS AS IDENTITY CONSTRAINT staff_post_pkey PRIMARY KEY,
        layer_id INTEGER NOT NULL CONSTRAINT staff_post_layer_id_fkey REFERENCES layer,
        area_code TEXT COLLATE "C" NOT NULL,
        role TEXT NOT NULL,
        holder TEXT NOT NULL,
        CONSTRAINT staff_post_layer_id_area_code_role_holder_key UNIQUE (layer_id, area_code, role, holder)
    )""",
    f"""
    CREATE TABLE block (
        id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT block_pkey PRIMARY KEY,
        code TEXT COLLATE "C" NOT NULL CONSTRAINT block_code_key UNIQUE
            CONSTRAINT block_code_check CHECK (code <> ''),
        scope_code TEXT COLLATE "C" NOT NULL,
        geom geometry(MULTIPOLYGON, 4326) NOT NULL,
        area_m2 DOUBLE PRECISION NOT NULL CONSTRAINT block_area_m2_check CHECK (area_m2 >= 0),
        population INTEGER NOT NULL DEFAULT 0 CONSTRAINT block_population_check CHECK (population >= 0),
        households INTEGER NOT NULL DEFAULT 0 CONSTRAINT block_households_check CHECK (households >= 0),
        land_use TEXT,
        attributes JSONB NOT NULL DEFAULT '{{}}',
        CONSTRAINT block_geom_check CHECK ({_sound("geom")})
    )""",
    "CREATE INDEX block_geom_idx ON block USING gist (geom)",
    "CREATE INDEX block_scope_code_idx ON block (scope_code)",
    """
    CREATE TABLE assignment (
        plan_id INTEGER NOT NULL CONSTRAINT assignment_plan_id_fkey REFERENCES plan ON DELETE CASCADE,
        block_id BIGINT NOT NULL CONSTRAINT assignment_block_id_fkey REFERENCES block,
        area_code TEXT COLLATE "C" NOT NULL,
        CONSTRAINT assignment_pkey PRIMARY KEY (plan_id, block_id),
        CONSTRAINT assignment_plan_id_area_code_fkey FOREIGN KEY (plan_id, area_code)
            REFERENCES area (plan_id, code) ON DELETE CASCADE ON UPDATE CASCADE
    )""",
    "CREATE INDEX assignment_plan_id_area_code_idx ON assignment (plan_id, area_code)",
    "CREATE INDEX assignment_block_id_idx ON assignment (block_id)",
)


SUBJECTS = (
    f"""
    CREATE TABLE event (
        id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT event_pkey PRIMARY KEY,
        external_id TEXT NOT NULL,
        source TEXT NOT NULL,
        category TEXT,
        level TEXT,
        state TEXT NOT NULL,
        occurred_at TIMESTAMPTZ NOT NULL,
        description TEXT,
        geom geometry(POINT, 4326),
        crs TEXT NOT NULL,
        problem TEXT CONSTRAINT event_problem_check CHECK (problem IN ('no-coordinate', 'bad-coordinate')),
        attributes JSONB NOT NULL DEFAULT '{{}}',
        CONSTRAINT event_source_external_id_key UNIQUE (source, external_id),
        CONSTRAINT event_problem_or_geom_check CHECK ((geom IS NULL) = (problem IS NOT NULL)),
        CONSTRAINT event_geom_check CHECK ({_sound("geom")})
    )""",
    "CREATE INDEX event_geom_idx ON event USING gist (geom)",
    "CREATE INDEX event_occurred_at_idx ON event (occurred_at)",
    """
    CREATE TABLE risk_rules (
        version TEXT CONSTRAINT risk_rules_pkey PRIMARY KEY,
        definition JSONB NOT NULL,
        adopted_at TIMESTAMPTZ NOT NULL DEFAULT now()
    )""",
    f"""
    CREATE TABLE building (
        id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT building_pkey PRIMARY KEY,
        external_id TEXT NOT NULL,
        source TEXT NOT NULL,
        name TEXT,
        geom geometry(GEOMETRY, 4326),
        crs TEXT NOT NULL,
        problem TEXT
            CONSTRAINT building_problem_check CHECK (problem IN ('no-coordinate', 'bad-coordinate')),
        floors INTEGER,
        households INTEGER,
        population INTEGER,
        use TEXT,
        built_year INTEGER,
        facts JSONB NOT NULL DEFAULT '{{}}',
        risk_class TEXT
            CONSTRAINT building_risk_class_check
            CHECK (risk_class IN ('safe', 'general', 'warning', 'unclassified')),
        risk_points INTEGER,
        risk_reasons TEXT[],
        risk_rules_version TEXT CONSTRAINT building_risk_rules_version_fkey REFERENCES risk_rules,
        rated_at TIMESTAMPTZ,
        CONSTRAINT building_source_external_id_key UNIQUE (source, external_id),
        CONSTRAINT building_problem_or_geom_check CHECK ((geom IS NULL) = (problem IS NOT NULL)),
        CONSTRAINT building_geom_check CHECK (
            GeometryType(geom) IN ('POINT', 'POLYGON', 'MULTIPOLYGON') AND {_sound("geom")}
        ),
        CONSTRAINT building_counts_check CHECK (floors >= 0 AND households >= 0 AND population >= 0),
        CONSTRAINT building_rating_is_whole_check CHECK (
            num_nulls(risk_class, risk_points, risk_reasons, risk_rules_version, rated_at) IN (0, 5)
        )
    )""",
    "CREATE INDEX building_geom_idx ON building USING gist (geom)",
    "CREATE INDEX building_risk_class_idx ON building (risk_class)",
)


def _joined(subject: str) -> tuple[str, ...]:
    table = f"{subject}_area"
    return (
        f"""
        CREATE TABLE {table} (
            {subject}_id BIGINT NOT NULL
                CONSTRAINT {table}_{subject}_id_fkey REFERENCES {subject} ON DELETE CASCADE,
            layer_id INTEGER NOT NULL CONSTRAINT {table}_layer_id_fkey REFERENCES layer,
            plan_id INTEGER,
            area_code TEXT COLLATE "C",
            on_border BOOLEAN NOT NULL DEFAULT false,
            candidates TEXT[] COLLATE "C" NOT NULL DEFAULT '{{}}',
            orphan_reason TEXT CONSTRAINT {table}_orphan_reason_check
                CHECK (orphan_reason IN ('no-coordinate', 'outside', 'bad-coordinate')),
            nearest_code TEXT COLLATE "C",
            distance_m DOUBLE PRECISION,
            CONSTRAINT {table}_pkey PRIMARY KEY ({subject}_id, layer_id),
            CONSTRAINT {table}_plan_id_area_code_fkey FOREIGN KEY (plan_id, area_code)
                REFERENCES area (plan_id, code),
            CONSTRAINT {table}_plan_id_nearest_code_fkey FOREIGN KEY (plan_id, nearest_code)
                REFERENCES area (plan_id, code),
            CONSTRAINT {table}_owner_or_orphan_check
                CHECK ((area_code IS NULL) = (orphan_reason IS NOT NULL)),
            CONSTRAINT {table}_area_has_plan_check
                CHECK ((plan_id IS NOT NULL) = (COALESCE(area_code, nearest_code) IS NOT NULL)),
            CONSTRAINT {table}_owner_is_no_neighbour_check CHECK (area_code IS NULL OR nearest_code IS NULL)
        )""",
        f"CREATE INDEX {table}_plan_id_area_code_idx ON {table} (plan_id, area_code)",
        f"CREATE INDEX {table}_orphan_idx ON {table} (layer_id) WHERE area_code IS NULL",
    )


RECORDS = (
    """
    CREATE TABLE import_batch (
        id INTEGER GENERATED ALWAYS AS IDENTITY CONSTRAINT import_batch_pkey PRIMARY KEY,
        kind TEXT NOT NULL CONSTRAINT import_batch_kind_check
            CHECK (kind IN ('areas', 'events', 'buildings', 'blocks')),
        file_name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        options JSONB NOT NULL DEFAULT '{}',
        rows_read INTEGER NOT NULL,
        rows_imported INTEGER NOT NULL,
        rows_unchanged INTEGER NOT NULL,
        rows_rejected INTEGER NOT NULL,
        at TIMESTAMPTZ NOT NULL DEFAULT now()
    )""",
)


def upgrade() -> None:
    for statement in (*EXTENSIONS, *TERRITORY, *SUBJECTS, *_joined("event"), *_joined("building"), *RECORDS):
        op.execute(statement)


def downgrade() -> None:
    # the extensions stay: other schemas of the database may use them
    for table in (
        "import_batch",
        "building_area",
        "event_area",
        "building",
        "risk_rules",
        "event",
        "assignment",
        "block",
        "staff_post",
        "area",
        "plan",
        "layer",
        "code_scheme",
    ):
        op.execute(f"DROP TABLE {table}")

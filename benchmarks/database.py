"""A private PostgreSQL server for one benchmark, removed with it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import shapely
import sqlalchemy as sa

from gisgov.embedded import Cluster, server_account
from gisgov.embedded.place import choose_place
from gisgov.store import tables
from gisgov.store.copying import copy_rows
from gisgov.store.database import Database
from gisgov.store.geometry_columns import as_column, multipolygons
from gisgov.store.migrating import migrate
from gisgov.types import Geometries


@contextmanager
def private_database() -> Iterator[Database]:
    """Give an empty, migrated database with the settings that a user's private server has."""
    folder = Path(tempfile.mkdtemp(prefix="gisgov-bench-"))
    folder.chmod(0o755)  # the server runs as another user when this runs as root
    account = server_account()
    cluster = Cluster(choose_place(folder / "cluster", account), account)
    try:
        database = Database(cluster.start())
        migrate(database)
        yield database
        database.dispose()
    finally:
        cluster.remove()
        shutil.rmtree(folder)


def plant_areas(database: Database, areas: Geometries, scope: shapely.Geometry) -> int:
    """Store areas (EPSG:4326, on the storage grid) as a draft of a layer of its own; return the plan's id."""
    with database.begin() as connection:
        grid = {"name": "bench", "title_zh": "基准", "title_en": "Bench", "kind": "partition", "position": 1}
        layer_id = connection.scalar(tables.layer.insert().values(**grid).returning(tables.layer.c.id))
        draft = {"name": "bench", "layer_id": layer_id, "working_crs": "EPSG:4547"}
        draft["scope_geom"] = as_column(scope)
        plan_id = int(connection.scalar(tables.plan.insert().values(**draft).returning(tables.plan.c.id)))
        ewkb = shapely.to_wkb(shapely.set_srid(multipolygons(areas), 4326), hex=True, include_srid=True)
        rows = ((plan_id, f"{i:06d}", f"grid {i}", geom, 0.0) for i, geom in enumerate(ewkb))
        copy_rows(connection, "area (plan_id, code, name, geom, area_m2)", rows)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE area"))
    return plan_id

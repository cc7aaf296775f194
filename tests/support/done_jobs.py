"""A check and a re-division that are done, which every service of the tests has."""

from __future__ import annotations

import json
from pathlib import Path

import shapely
import sqlalchemy as sa

from gisgov.errors import DatabaseUnavailable
from gisgov.services import check_jobs, redividing
from gisgov.services.check_jobs import write_results
from gisgov.services.checking import check_file
from gisgov.services.jobs import JobPlace
from gisgov.services.redividing import files
from gisgov.store.database import Database
from gisgov.store.tables import job
from gisgov.testing import areas_from_grid

CHECK = "0123456789abcdef" * 2
REDIVISION = "fedcba9876543210" * 2


def write_files(folder: Path) -> None:
    """Write what two jobs left: a check of two areas with a gap between them, and a re-division."""
    results = folder / CHECK / "attempt-1" / "results"
    results.mkdir(parents=True)
    areas = folder / "grids.geojson"
    _, shapes = areas_from_grid("AAA\nA.B\nABB", cell_m=100, origin=(500_000, 2_490_000))
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(one)} for one in shapes
    ]
    areas.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    write_results(check_file(areas, crs="EPSG:4547"), results)
    areas.unlink()
    for language in ("zh", "en"):
        page = f"<!doctype html><title>{language}</title>"
        (results / check_jobs.page_name(language)).write_text(page, encoding="utf-8")

    # nothing in it was computed
    results = folder / REDIVISION / "attempt-1" / "results"
    results.mkdir(parents=True)
    for name in (files.REPORT, files.SUMMARY):
        (results / name).write_text('{"areas": 2}', encoding="utf-8")
    collection = {"type": "FeatureCollection", "features": []}
    (results / files.areas_name(1)).write_text(json.dumps(collection), encoding="utf-8")
    (results / files.page_name("zh")).write_text("<title>子网格</title>", encoding="utf-8")


def write_rows(database_url: str, place: JobPlace) -> None:
    """Put the two into a database; one that does not answer goes without."""
    common = {
        "parameters": {"place": "body"},
        "inputs": {},
        "folder": place.name,
        "asked_by": "tests",
        "state": "done",
        "attempts": 1,
        "started": sa.func.now(),
        "finished": sa.func.now(),
        "expires": sa.text("now() + interval '1 day'"),
    }
    rows = (
        {"id": CHECK, "kind": check_jobs.KIND, "title": "网格.geojson"},
        {"id": REDIVISION, "kind": redividing.KIND, "title": "grid-2027"},
    )
    database = Database(database_url)
    try:
        with database.begin() as connection:
            for row in rows:
                connection.execute(job.insert().values(**common, **row))
    except DatabaseUnavailable:
        pass
    finally:
        database.dispose()

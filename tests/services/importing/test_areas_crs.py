"""Areas of a file into a draft plan: the system that their coordinates are in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import geopandas
import pytest
import shapely
import sqlalchemy as sa
from area_files import asked, shapes, written

from gisgov.errors import (
    CrsError,
    RowsRefused,
)
from gisgov.files.vectors import write_vectors
from gisgov.geometry.crs import GCJ02, WGS84, parse_crs
from gisgov.services.importing.areas import import_areas
from gisgov.store.database import Database
from gisgov.store.tables import area


def test_the_wrong_system_is_one_clear_error(grids: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "a.geojson", shapes("ab"))
    text = json.loads(path.read_text())
    del text["crs"]
    path.write_text(json.dumps(text))
    with pytest.raises(CrsError, match=r"a\.geojson does not state its coordinate system"):
        import_areas(grids, asked(path))
    # it is said before a row is read: reading would have stumbled over this
    path.write_text(json.dumps(text)[:-9])
    with pytest.raises(CrsError, match=r"a\.geojson does not state its coordinate system"):
        import_areas(grids, asked(path))
    path.write_text(json.dumps(text))
    with pytest.raises(RowsRefused, match=r"2 out-of-range\); row 1 \(a\): lies at .* Is --crs right\?"):
        import_areas(grids, asked(path, crs="EPSG:4549"))
    assert import_areas(grids, asked(path, crs="wgs84")).imported == 2


def test_a_declared_system_that_contradicts_the_file(grids: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", shapes("ab"))
    with pytest.raises(CrsError, match=r"a\.gpkg states EPSG:4326, but EPSG:4549 was declared"):
        import_areas(grids, asked(path, crs="EPSG:4549"))


def test_gcj02_overrules_the_label_by_name(grids: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", shapes("ab"), system=GCJ02, label=WGS84)
    report = import_areas(grids, asked(path, crs="gcj02", plan="right"))
    assert report.crs == "GCJ-02"
    with grids.begin() as connection:
        wkb = connection.scalar(
            sa.select(sa.func.ST_AsBinary(area.c.geom)).where(area.c.code == "a").where(area.c.name == "a")
        )
    assert shapely.hausdorff_distance(shapely.from_wkb(bytes(wkb)), shapes("ab")["a"]) < 2e-7


def test_a_plane_comes_out_in_degrees(grids: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", shapes("ab"), system=parse_crs("EPSG:4549"))
    report = import_areas(grids, asked(path))
    assert (report.crs, report.imported) == ("EPSG:4549", 2)


def test_a_long_border_is_densified(database: Database, plant: Callable[..., None], tmp_path: Path) -> None:
    plant("grid", {"x": shapely.box(120, 30, 120.4, 30.4)}, valid_from=None)
    zone = parse_crs("EPSG:4546")
    big = shapely.box(700_000, 3_300_000, 740_000, 3_340_000)
    frame = geopandas.GeoDataFrame({"code": ["a"]}, geometry=[big])
    write_vectors(frame, tmp_path / "a.gpkg", crs=zone)
    import_areas(database, asked(tmp_path / "a.gpkg"))
    with database.begin() as connection:
        count = connection.scalar(sa.select(sa.func.ST_NPoints(area.c.geom)).where(area.c.code == "a"))
    assert count > 100

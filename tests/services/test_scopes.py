"""The ground that a plan covers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas
import pytest
import shapely

from gisgov.errors import CrsError, FileError, InputError, NotFoundError
from gisgov.files.vectors import write_vectors
from gisgov.geometry.crs import WGS84
from gisgov.services.scopes import Scope, find_scope, read_outline
from gisgov.store.database import Database

WEST, EAST = shapely.box(120, 30, 120.5, 30.5), shapely.box(120.5, 30, 121, 30.5)
DAY = date(2026, 3, 1)


def written(path: Path, *geometries: shapely.Geometry | None, crs: object = WGS84) -> Path:
    write_vectors(geopandas.GeoDataFrame(geometry=list(geometries)), path, crs=crs)  # type: ignore[arg-type]
    return path


def test_several_polygons_are_joined(tmp_path: Path) -> None:
    outline = read_outline(written(tmp_path / "a.gpkg", WEST, EAST), None)
    assert outline.geom_type == "MultiPolygon"
    assert shapely.equals(outline, shapely.box(120, 30, 121, 30.5))


def test_the_outline_states_its_system_or_takes_the_declared_one(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", WEST)
    assert read_outline(path, "gcj02").bounds == (120.0, 30.0, 120.5, 30.5)
    path.with_suffix(".prj").unlink()
    assert read_outline(path, "gcj02").bounds[0] == pytest.approx(119.995, abs=0.002)
    with pytest.raises(CrsError, match="does not state"):
        read_outline(path, None)


def test_an_outline_must_be_sound(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(120, 30), (121, 31), (121, 30), (120, 31)])
    with pytest.raises(InputError, match=r"Row 2 of the scope a\.gpkg has an invalid ring"):
        read_outline(written(tmp_path / "a.gpkg", WEST, bow_tie), None)
    (tmp_path / "b.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(InputError, match=r"The scope b\.geojson holds no polygon"):
        read_outline(tmp_path / "b.geojson", "wgs84")


def test_a_scope_is_a_file_or_the_code_of_an_area(
    database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("district", {"330106": WEST, "330108": EAST})
    plant("beat", {"330108": EAST})
    with database.begin() as connection:
        assert find_scope(connection, None, None, day=DAY, crs=None).is_same(Scope("", None))
        assert find_scope(connection, None, "x", day=DAY, crs=None).is_same(Scope("x", None))
        found = find_scope(connection, "330106", None, day=DAY, crs=None)
        assert (found.code, found.bbox) == ("330106", (120.0, 30.0, 120.5, 30.5))
        path = written(tmp_path / "a.gpkg", EAST)
        assert find_scope(connection, str(path), "y", day=DAY, crs=None).code == "y"
        with pytest.raises(FileError, match=r"There is no file nowhere\.gpkg"):
            find_scope(connection, "nowhere.gpkg", None, day=DAY, crs=None)
        with pytest.raises(NotFoundError, match="in force on 2020-01-01 has the code '330106'"):
            find_scope(connection, "330106", None, day=date(2020, 1, 1), crs=None)
        with pytest.raises(InputError, match="'330108' is an area of several layers: district, beat"):
            find_scope(connection, "330108", None, day=DAY, crs=None)


def test_scopes_are_the_same_by_code_and_ground() -> None:
    west, east = shapely.MultiPolygon([WEST]), shapely.MultiPolygon([EAST])
    assert Scope("", None).is_same(Scope("", None))
    assert not Scope("", None).is_same(Scope("", west))
    assert not Scope("a", west).is_same(Scope("a", east))
    assert not Scope("a", west).is_same(Scope("b", west))
    assert Scope("a", west).is_same(Scope("a", shapely.reverse(west)))
    assert Scope("a", None).bbox is None

"""Facts inside a GeoPackage."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from gisgov.errors import FileError, InputError
from gisgov.files.attribute_tables import ABOUT, read_facts, write_facts
from gisgov.files.vectors import list_layers, open_vectors, write_vectors


def test_facts_lie_beside_the_layers(tmp_path: Path) -> None:
    place = tmp_path / "a.gpkg"
    write_vectors(geopandas.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4326), place, "areas")
    assert read_facts(place, "about") is None
    write_facts({"layer": "areas", "网格": "1;2"}, place, "about")
    assert read_facts(place, "about") == {"layer": "areas", "网格": "1;2"}
    assert list_layers(place) == ("areas",)


def test_what_is_no_geopackage(tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").write_text("not a database")
    with pytest.raises(FileError, match="cannot be read"):
        read_facts(tmp_path / "a.gpkg", "about")
    with pytest.raises(FileError, match="cannot be written"):
        write_facts({"a": "b"}, tmp_path / "none" / "a.gpkg", "about")


def test_a_repaired_file_says_which_of_its_layers_holds_the_areas(tmp_path: Path) -> None:
    place = tmp_path / "a.gpkg"
    for layer in ("grids", "repair_log"):
        write_vectors(geopandas.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4326), place, layer)
    write_facts({"subject": "b.gpkg"}, place, ABOUT)
    with pytest.raises(InputError, match="2 layers"), open_vectors(place):
        pass
    write_facts({"layer": "gone"}, place, ABOUT)
    with pytest.raises(InputError, match="2 layers"), open_vectors(place):
        pass
    write_facts({"layer": "grids"}, place, ABOUT)
    with open_vectors(place) as source:
        assert source.layer == "grids"
    with open_vectors(place, layer="repair_log") as source:
        assert source.layer == "repair_log"

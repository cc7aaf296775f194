"""Facts inside a GeoPackage."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from gisgov.errors import FileError
from gisgov.files.attribute_tables import read_facts, write_facts
from gisgov.files.vectors import list_layers, write_vectors


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

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from fixtures.district import District, generate
from gisgov.demo.files import write_district, write_table
from gisgov.errors import FileError


@pytest.fixture(scope="module")
def tiny() -> District:
    return generate(seed=7, scale=0.01)


def test_what_is_written_is_the_district(tiny: District, tmp_path: Path):
    files = write_district(tiny, tmp_path / "demo")
    names = ["district.gpkg", "buildings.parquet", "events.csv", "hazards.csv"]
    assert [path.name for path in files] == names
    layers = [name for name, _ in pyogrio.list_layers(files.areas)]
    assert layers == ["district", "street", "community", "block", "block_edge", "road", "rail", "water"]
    blocks = gpd.read_file(files.areas, layer="block")
    assert blocks.crs == "EPSG:4326"
    assert blocks.geometry.geom_equals(tiny.blocks.geometry).all()
    edges = gpd.read_file(files.areas, layer="block_edge")
    assert edges.geometry.geom_equals_exact(tiny.edges.geometry, 0).all()
    assert set(edges["class_zh"]) >= {"支路", "次干路", "行政界线"}
    assert len(gpd.read_parquet(files.buildings)) == len(tiny.buildings)
    events = pd.read_csv(files.events, dtype={"external_id": str})
    assert events["lon"].isna().sum() == tiny.events["lon"].isna().sum()
    assert (events["lon"].dropna() == tiny.events["lon"].dropna()).all()
    assert len(pd.read_csv(files.hazards)) == len(tiny.hazards) > 0


def test_writing_again_replaces(tiny: District, tmp_path: Path):
    write_district(tiny, tmp_path)
    files = write_district(tiny, tmp_path)
    assert len(gpd.read_file(files.areas, layer="community")) == len(tiny.communities)


def test_a_folder_that_cannot_be_is_named(tiny: District, tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="file"):
        write_district(tiny, tmp_path / "file" / "demo")


def test_a_table_that_cannot_be_written_is_named(tmp_path: Path):
    with pytest.raises(FileError, match="nowhere"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "nowhere" / "staff.csv")

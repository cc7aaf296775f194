"""Vector layers out."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from gisgov.errors import FileError
from gisgov.files.vector_output import write_vectors
from gisgov.files.vectors import list_layers, read_vectors
from gisgov.geometry.crs import GCJ02, parse_crs


def frame(**columns: object) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"a": [1, 2], **columns}, geometry=[shapely.box(0, 0, 1, 1)] * 2)


def test_mixed_values_become_text(tmp_path: Path) -> None:
    mixed = frame(
        x=np.array([1, "b"], dtype=object), y=np.array([None, np.nan], dtype=object), z=[pd.NA, "c"]
    )
    write_vectors(mixed, tmp_path / "folder" / "a.gpkg", "layer", crs=parse_crs(4547))
    table = read_vectors(tmp_path / "folder" / "a.gpkg")
    assert table.frame["x"].tolist() == ["1", "b"]
    assert table.frame["y"].isna().all()
    assert table.crs is not None
    assert table.crs.name == "EPSG:4547"
    assert list_layers(tmp_path / "folder" / "a.gpkg") == ("layer",)


def test_what_has_no_label_is_written_without(tmp_path: Path) -> None:
    for name in ("a.gpkg", "a.shp", "a.parquet"):
        write_vectors(frame(), tmp_path / name, crs=GCJ02)
        assert read_vectors(tmp_path / name).crs is None


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"gisgov does not write \.docx \(a\.docx\)\. Choose one of \.gpkg"):
        write_vectors(frame(), tmp_path / "a.docx")
    with pytest.raises(FileError, match="does not write a file without suffix"):
        write_vectors(frame(), tmp_path / "a")


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError, match="cannot be written"):
        write_vectors(frame(), tmp_path / "file" / "a.gpkg")
    (tmp_path / "b.gpkg").mkdir()
    with pytest.raises(FileError, match=r"b\.gpkg cannot be written"):
        write_vectors(frame(), tmp_path / "b.gpkg")


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.parquet"])
def test_a_file_appears_whole_or_not_at_all(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object, **__: object) -> None:
        raise OSError("disk full")

    def begin_and_break_off(_: object, path: Path, **__: object) -> None:
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(pyogrio, "write_dataframe", begin_and_break_off)
    monkeypatch.setattr(geopandas.GeoDataFrame, "to_parquet", break_off)
    with pytest.raises(FileError, match="cannot be written: disk full"):
        write_vectors(frame(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    if name != "a.gpkg":  # which is written to as it stands
        (tmp_path / name).write_bytes(b"from before")
        with pytest.raises(FileError, match="disk full"):
            write_vectors(frame(), tmp_path / name)
        assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"from before"]

"""Shapefiles that come as a zip."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

from gisgov.errors import FileError, InputError
from gisgov.files import zipped
from gisgov.files.zipped import unzipped_shapefile


@pytest.fixture
def shape(tmp_path: Path) -> Path:
    frame = geopandas.GeoDataFrame({"名称": ["西湖"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    frame.to_file(tmp_path / "区.shp", engine="pyogrio", encoding="UTF-8")
    return tmp_path / "区.shp"


def packed(path: Path, shape: Path, names: tuple[str, ...]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            for suffix in (".shp", ".shx", ".dbf", ".prj"):
                archive.write(shape.with_suffix(suffix), f"{name}{suffix}")
        archive.writestr("__MACOSX/._区.shp", "x")
        archive.writestr("read me.txt", "x")
    return path


def test_its_members_are_unpacked_and_removed(tmp_path: Path, shape: Path) -> None:
    with unzipped_shapefile(packed(tmp_path / "a.zip", shape, ("../../evil/区",))) as place:
        assert sorted(member.name for member in place.parent.iterdir()) == [
            "shape.dbf", "shape.prj", "shape.shp", "shape.shx",
        ]  # fmt: skip
        assert len(geopandas.read_file(place)) == 1
    assert not place.exists()


def test_one_shapefile_is_wanted(tmp_path: Path, shape: Path) -> None:
    path = packed(tmp_path / "two.zip", shape, ("a", "b"))
    with pytest.raises(InputError, match=r"holds 2 Shapefiles: a\.shp, b\.shp"), unzipped_shapefile(path):
        pass


def test_a_damaged_member_is_said(tmp_path: Path, shape: Path) -> None:
    path = packed(tmp_path / "a.zip", shape, ("a",))
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(FileError, match="cannot be unpacked: it is damaged"), unzipped_shapefile(path):
        pass


def test_what_would_fill_the_disk_is_refused(
    tmp_path: Path, shape: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped, "_MOST_BYTES", 10)
    path = packed(tmp_path / "a.zip", shape, ("a",))
    with pytest.raises(FileError, match="unpacks to more than"), unzipped_shapefile(path):
        pass


def test_a_password_is_said(tmp_path: Path, shape: Path) -> None:
    path = packed(tmp_path / "a.zip", shape, ("a",))
    content = path.read_bytes()
    # the encryption bit of each local header and directory entry
    content = content.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    content = content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    path.write_bytes(content)
    with pytest.raises(FileError, match="it is locked with a password"), unzipped_shapefile(path):
        pass

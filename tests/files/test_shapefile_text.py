"""The encoding of a Shapefile's names."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pyogrio
import pytest
import shapely

from gisgov.files.shapefile_text import detect_encoding


def written(folder: Path, names: list[str], encoding: str, cpg: str | None, column: str = "name") -> Path:
    shapes = [shapely.box(i, 0, i + 1, 1) for i in range(len(names))]
    frame = geopandas.GeoDataFrame({column: names}, geometry=shapes, crs=4326)
    pyogrio.write_dataframe(frame, folder / "a.shp", encoding=encoding)
    (folder / "a.cpg").unlink()
    if cpg is not None:
        (folder / "a.cpg").write_text(cpg)
    return folder / "a.dbf"


CHINESE = ["西湖区", "翠苑街道"]
LATIN = ["Cañón", "Zürich", "Genève"]


@pytest.mark.parametrize(
    ("names", "encoding", "cpg", "detected"),
    [
        (CHINESE, "gb18030", None, "gb18030"),
        (CHINESE, "gbk", "GBK", "gb18030"),
        (CHINESE, "gbk", "936", "gb18030"),
        (CHINESE, "utf-8", None, "utf-8"),
        (CHINESE, "utf-8", "UTF-8", "utf-8"),
        (CHINESE, "gb18030", "UTF-8", "gb18030"),
        (CHINESE, "utf-8", "GBK", "gb18030"),
        (CHINESE, "gb18030", "ISO-8859-1", "gb18030"),
        (CHINESE, "gb18030", "no such encoding", "gb18030"),
        (LATIN, "cp1252", "CP1252", "cp1252"),
        (LATIN, "utf-8", "ISO-8859-1", "utf-8"),
        (["plain"], "utf-8", None, "utf-8"),
    ],
)
def test_labels_are_believed_only_where_the_text_bears_them_out(
    tmp_path: Path, names: list[str], encoding: str, cpg: str | None, detected: str
) -> None:
    found = detect_encoding(written(tmp_path, names, encoding, cpg))
    if names == CHINESE and cpg == "GBK" and encoding == "utf-8":
        # three bytes of UTF-8 a letter: an even number of letters decodes in GBK as well
        assert found in ("gb18030", "utf-8")
    else:
        assert found == detected


def test_the_names_of_fields_count_too(tmp_path: Path) -> None:
    assert detect_encoding(written(tmp_path, ["1"], "gb18030", None, column="名称")) == "gb18030"


def test_a_letter_cut_in_half_is_no_objection(tmp_path: Path) -> None:
    dbf = written(tmp_path, ["西湖区"], "utf-8", None)
    content = dbf.read_bytes()
    dbf.write_bytes(content.replace("区".encode(), "区".encode()[:2] + b" "))
    assert detect_encoding(dbf) == "utf-8"


def test_a_table_without_a_header_has_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.dbf").write_bytes(b"")
    assert detect_encoding(tmp_path / "a.dbf") == "utf-8"

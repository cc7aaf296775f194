"""Codes of areas in files: checked, traced to their parents, given out."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd
import pytest

from fixtures import shipped
from gisgov.errors import FileError, InputError, NotFoundError
from gisgov.services.area_codes import (
    CodeParent,
    CodeProblem,
    GivenCode,
    check_codes,
    describe_schemes,
    find_parents,
    find_scheme,
    read_codes,
)
from gisgov.testing import areas_from_grid

GRID_15 = find_scheme("grid-15", shipped.code_schemes())
COMMUNITY = "330106012003"


def given(*codes: str | None) -> tuple[GivenCode, ...]:
    return tuple(GivenCode(i, code) for i, code in enumerate(codes, start=1))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_schemes_are_described() -> None:
    infos = {info.name: info for info in describe_schemes(shipped.code_schemes())}
    assert (infos["grid-20"].shape, infos["grid-20"].length) == ("6+6+3+3+2", 20)
    merged = infos["grid-20"].series[2]
    assert (merged.name, merged.counts, merged.first, merged.last, merged.parent) == (
        "merged",
        "community",
        601,
        999,
        "{county}{street}",
    )


def test_no_such_scheme() -> None:
    with pytest.raises(NotFoundError, match=r"No code scheme is called 'grid-16'\. There are: county-6, "):
        find_scheme("grid-16", shipped.code_schemes())


def test_codes_are_checked() -> None:
    found = check_codes(GRID_15, given(COMMUNITY + "001", None, COMMUNITY, COMMUNITY + "001", COMMUNITY))
    assert (found.checked, found.sound) == (5, 1)
    short = "has 12 characters, not 15 (6 county + 3 street + 3 community + 3 sequence)"
    assert found.problems == (
        CodeProblem(2, None, "is missing"),
        CodeProblem(3, COMMUNITY, short),
        CodeProblem(4, COMMUNITY + "001", "stands in row 1 already"),
        CodeProblem(5, COMMUNITY, short),
    )


def test_parents_are_found() -> None:
    found = find_parents(GRID_15, given(COMMUNITY + "001", "x", None))
    assert found.parents == (
        CodeParent(1, COMMUNITY + "001", COMMUNITY),
        CodeParent(2, "x", None),
        CodeParent(3, None, None),
    )
    assert [problem.row for problem in found.problems] == [2, 3]


def test_codes_of_a_table(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f"Code,name\n{COMMUNITY}001,a\n,b\n")
    assert read_codes(path, "code") == given(COMMUNITY + "001", None)
    with pytest.raises(InputError, match=r"a\.csv has no field 'area'"):
        read_codes(path, "area")


def test_codes_of_a_vector_layer(tmp_path: Path) -> None:
    names, polygons = areas_from_grid("AB")
    frame = geopandas.GeoDataFrame(
        {"code": [f"{COMMUNITY}00{i}" for i in (1, 2)]}, geometry=polygons, crs=4547
    )
    frame.to_file(tmp_path / "a.gpkg")
    assert read_codes(tmp_path / "a.gpkg", "CODE") == given(COMMUNITY + "001", COMMUNITY + "002")
    with pytest.raises(InputError, match=r"a\.gpkg has no field 'area'"):
        read_codes(tmp_path / "a.gpkg", "area")
    frame.iloc[:0].to_file(tmp_path / "none.gpkg")
    assert read_codes(tmp_path / "none.gpkg", "code") == ()
    assert len(names) == 2


def test_codes_that_lost_digits_are_refused(tmp_path: Path) -> None:
    pd.DataFrame({"code": [1.0200330106012003e19]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(FileError):
        read_codes(tmp_path / "a.parquet", "code")


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "layer", "field", "scheme", "checked", "faults"),
    [
        ("cn_codes_towns.csv", None, "code", "street-9", 208, {}),
        ("cn_codes_villages.csv", None, "code", "statistical-12", 2868, {}),
        ("cn_hangzhou_xihu.gpkg", "town", "areaCode", "statistical-street-12", 11, {}),
        ("cn_hangzhou_xihu.gpkg", "community", "xzqhbm", "statistical-12", 210, {132: "are 000"}),
        (
            "cn_hangzhou_xihu.gpkg",
            "grid",
            "XZQHBM",
            "grid-15",
            605,
            dict.fromkeys((36, 52, 53, 54, 316, 317, 512, 514, 603), "is missing"),
        ),
    ],
)
def test_real_codes(
    realdata: Path,
    file: str,
    layer: str | None,
    field: str,
    scheme: str,
    checked: int,
    faults: dict[int, str],
) -> None:
    chosen = find_scheme(scheme, shipped.code_schemes())
    found = check_codes(chosen, read_codes(realdata / file, field, layer=layer))
    assert found.checked == checked
    assert {problem.row for problem in found.problems} == faults.keys()
    assert all(faults[problem.row] in problem.message for problem in found.problems)

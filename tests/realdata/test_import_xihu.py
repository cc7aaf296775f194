"""Towns, communities and grids of Xihu, Hangzhou: what goes in, and what is named in the rejects."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from fixtures.shipped import code_schemes
from gisgov.files.vectors import read_vectors, write_vectors
from gisgov.governance.profiles import parse_profile
from gisgov.services.importing.areas import AreaImport, AreaImportReport, import_areas
from gisgov.services.loading import load_profile
from gisgov.store.database import Database

pytestmark = pytest.mark.realdata

DAY = date(2026, 3, 1)
PROFILE = """
name: xihu
title_zh: 西湖
title_en: Xihu
source: A test of the public data of Hangzhou.
layers:
  - {name: town, title_zh: 街道, title_en: Town, kind: partition, code_scheme: statistical-street-12}
  - {name: community, title_zh: 社区, title_en: Community, kind: partition, parent: town, nesting: nested}
  - {name: grid, title_zh: 网格, title_en: Grid, kind: partition, parent: community, nesting: nested,
     code_scheme: grid-15}
"""


@pytest.fixture
def xihu(database: Database, realdata: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    load_profile(database, parse_profile(yaml.safe_load(PROFILE), "xihu", schemes=code_schemes()))
    return realdata / "cn_hangzhou_xihu.gpkg"


def layer(path: Path, name: str, code: str, title: str, **options: object) -> AreaImport:
    fields = {"code_field": (code,), "name_field": title}
    return AreaImport(path=path, layer=name, day=DAY, file_layer=name, **fields, **options)  # type: ignore[arg-type]


def named(report: AreaImportReport) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for problem in report.problems:
        found.setdefault(problem.kind, []).append(problem.row)
    return found


def test_all_three_layers_go_in_and_every_fault_is_named(database: Database, xihu: Path) -> None:
    towns = import_areas(database, layer(xihu, "town", "areaCode", "name"))
    assert (towns.rows_read, towns.imported, towns.problems) == (11, 11, ())
    assert towns.crs == "EPSG:4326"

    communities = import_areas(database, layer(xihu, "community", "xzqhbm", "cunshe"))
    assert communities.crs == "EPSG:4490"
    assert (communities.rows_read, communities.imported) == (210, 207)
    assert named(communities) == {"invalid-ring": [127, 149], "empty-geometry": [136]}
    assert {problem.code for problem in communities.problems} == {
        "330106007013", "330106009004", "330106109009",
    }  # fmt: skip
    assert all(problem.lon is not None for problem in communities.problems if problem.kind == "invalid-ring")

    grids = import_areas(database, layer(xihu, "grid", "XZQHBM", "name"))
    assert (grids.rows_read, grids.imported, grids.rejected) == (605, 577, 28)
    assert named(grids) == {
        "missing-code": [36, 52, 53, 54, 316, 317, 512, 514, 603],
        "garbled-name": [121, 200],
        "invalid-ring": [297],
        "missing-parent": [69, 74, 79, 80, 81, 188, 205, 206, 211, 417, 449, 460, 466, 467, 604, 605],
    }
    absent = Counter(p.message.split()[1] for p in grids.problems if p.kind == "missing-parent")
    # four communities that the file lacks, and two whose own ring is invalid
    assert absent == {
        "330106009012": 3, "330106010037": 5, "330106011020": 3, "330106013020": 2,
        "330106009004": 2, "330106007013": 1,
    }  # fmt: skip
    assert [p.message for p in grids.problems if p.kind == "garbled-name"] == [
        r"name '花园社区第?\ue436\ue24b?' has the private-use character U+E436",
        "name '仕林社区第一网??' has a run of '?'",
    ]
    notes = Counter(note.kind for note in grids.notes)
    assert notes == {"parent-elsewhere": 45, "garbled-attribute": 2}
    for report in (towns, communities, grids):
        assert report.rows_read == report.imported + report.rejected


def test_importing_again_changes_nothing(database: Database, xihu: Path) -> None:
    import_areas(database, layer(xihu, "town", "areaCode", "name"))
    again = import_areas(database, layer(xihu, "town", "areaCode", "name"))
    assert (again.imported, again.unchanged) == (0, 11)
    import_areas(database, layer(xihu, "community", "xzqhbm", "cunshe"))
    again = import_areas(database, layer(xihu, "community", "xzqhbm", "cunshe"))
    assert (again.imported, again.unchanged, again.rejected) == (0, 207, 3)


def test_rejected_grids_are_mended_and_join_their_plan(database: Database, xihu: Path) -> None:
    for name, code, title in (("town", "areaCode", "name"), ("community", "xzqhbm", "cunshe")):
        import_areas(database, layer(xihu, name, code, title))
    grids = import_areas(database, layer(xihu, "grid", "XZQHBM", "name"))
    assert grids.rejects_path is not None
    rejects = read_vectors(Path(grids.rejects_path))
    assert len(rejects.frame) == 28
    mended = rejects.frame
    mended["name"] = mended["name"].str.replace(r"[?\ue000-\uf8ff]+", "", regex=True)
    mended["geometry"] = mended.geometry.buffer(0)
    # parents that no community has: by position instead
    write_vectors(mended, Path(grids.rejects_path), "grid", crs=rejects.crs)
    second = import_areas(
        database,
        layer(Path(grids.rejects_path), "grid", "XZQHBM", "name", plan=grids.plan, parent_by="position"),
    )
    # the nine without a code stay out, and one that lies in no community
    assert (second.imported, second.rejected) == (18, 10)
    assert Counter(problem.kind for problem in second.problems) == {"missing-code": 9, "missing-parent": 1}


def test_codes_of_two_editions_do_not_fit(database: Database, xihu: Path) -> None:
    """Streets by the communities' codes: a newer edition than that of the towns."""
    edition = PROFILE.replace(
        "title_en: Community, kind: partition",
        "title_en: Community, kind: partition, code_scheme: statistical-12",
    )
    load_profile(database, parse_profile(yaml.safe_load(edition), "xihu", schemes=code_schemes()))
    import_areas(database, layer(xihu, "town", "areaCode", "name"))
    report = import_areas(database, layer(xihu, "community", "xzqhbm", "cunshe", plan="by code"))
    assert {kind: len(rows) for kind, rows in named(report).items()} == {
        "missing-parent": 128, "code-not-in-scheme": 1, "invalid-ring": 2, "empty-geometry": 1,
    }  # fmt: skip
    # 330106010 is 转塘 to the communities and 北山 to the towns: the code exists, the ground says otherwise
    elsewhere = [note for note in report.notes if note.kind == "parent-elsewhere"]
    assert len(elsewhere) == 47
    assert all("330106070000" in note.message for note in elsewhere)
    by_place = import_areas(
        database, layer(xihu, "community", "xzqhbm", "cunshe", plan="by place", parent_by="position")
    )
    assert by_place.imported == 206


def test_grids_without_codes_are_numbered(database: Database, xihu: Path) -> None:
    for name, code, title in (("town", "areaCode", "name"), ("community", "xzqhbm", "cunshe")):
        import_areas(database, layer(xihu, name, code, title))
    request = AreaImport(
        path=xihu, layer="grid", day=DAY, file_layer="grid", name_field="name", plan="new numbers"
    )
    report = import_areas(database, request)
    assert report.rows_read == report.imported + report.rejected
    assert report.numbered == report.imported
    assert {kind: len(rows) for kind, rows in named(report).items()} == {
        "missing-parent": 3, "garbled-name": 2, "cannot-be-numbered": 2, "invalid-ring": 1,
    }  # fmt: skip
    # community 330106011000 is none by the rules, so nothing can be numbered in it
    unnumbered = [problem for problem in report.problems if problem.kind == "cannot-be-numbered"]
    assert all("330106011000" in problem.message for problem in unnumbered)
    again = import_areas(database, request)
    assert (again.imported, again.unchanged) == (0, report.imported)

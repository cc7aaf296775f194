"""Areas of a file into a draft plan."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import psycopg
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import (
    CrsError,
    DatabaseUnavailable,
    FileError,
    InputError,
    NameTaken,
    NotFoundError,
    PlanPublished,
    RowsRefused,
)
from gisgov.files.vectors import read_vectors, write_vectors
from gisgov.geometry.crs import GCJ02, WGS84, CoordinateSystem, from_wgs84_geometries, parse_crs
from gisgov.governance.codes import format_scheme, parse_scheme
from gisgov.services.importing.areas import AreaImport, AreaImportReport, import_areas
from gisgov.store.database import Database
from gisgov.store.layers import put_scheme
from gisgov.store.tables import area, import_batch, layer, plan
from gisgov.testing import areas_from_grid

DAY = date(2026, 3, 1)
SCHEME = parse_scheme(
    {
        "name": "pair",
        "title_zh": "双段码",
        "title_en": "Pair",
        "source": "A test.",
        "segments": [
            {"name": "town", "width": 1, "title_zh": "镇", "title_en": "Town"},
            {"name": "grid", "width": 2, "title_zh": "网格", "title_en": "Grid"},
        ],
        "series": [{"name": "grid", "title_zh": "网格", "title_en": "Grid", "parent": "{town}"}],
    }
)


def shapes(picture: str) -> dict[str, shapely.Geometry]:
    """Draw areas of 0.001° cells near Hangzhou."""
    letters, drawn = areas_from_grid(picture, cell_m=1)
    return dict(zip(letters, shapely.transform(drawn, lambda xy: xy * 0.001 + (120.0, 30.0)), strict=True))


def written(
    path: Path,
    drawn: dict[str, shapely.Geometry] | list[shapely.Geometry],
    *,
    system: CoordinateSystem = WGS84,
    label: CoordinateSystem | None = None,
    **columns: list[object],
) -> Path:
    given = list(drawn.values()) if isinstance(drawn, dict) else drawn
    codes = list(drawn) if isinstance(drawn, dict) else [None] * len(drawn)
    geometry = from_wgs84_geometries(np.array(given, dtype=object), system)
    frame = geopandas.GeoDataFrame({"code": codes, **columns}, geometry=geometry)
    write_vectors(frame, path, crs=label or system)
    return path


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def grids(database: Database, plant: Callable[..., None]) -> Database:
    """A database with towns 1 (west) and 2 (east) in force, and a layer for grids inside them."""
    plant("town", shapes("1122\n1122"))
    with database.begin() as connection:
        put_scheme(connection, SCHEME.name, format_scheme(SCHEME))
        above = connection.scalar(sa.select(layer.c.id).where(layer.c.name == "town"))
        values = {"title_zh": "网格", "title_en": "Grid", "kind": "partition", "parent_id": above}
        for name, scheme, nesting in (
            ("grid", None, "nested"), ("coded", SCHEME.name, "nested"), ("wide", None, "spanning"),
        ):  # fmt: skip
            row = {**values, "name": name, "code_scheme": scheme, "nesting": nesting, "position": 5}
            connection.execute(layer.insert().values(**row))
    return database


def asked(path: Path, **options: Any) -> AreaImport:
    return AreaImport(**{"path": path, "layer": "grid", "day": DAY, "code_field": ("code",), **options})


def stored(database: Database, name: str) -> dict[str, tuple[str, tuple[str, ...], float]]:
    query = (
        sa.select(area.c.code, area.c.name, area.c.parent_codes, area.c.area_m2)
        .join_from(area, plan)
        .where(plan.c.name == name)
    )
    with database.begin() as connection:
        return {r.code: (r.name, tuple(r.parent_codes), round(r.area_m2)) for r in connection.execute(query)}


def kinds(report: AreaImportReport) -> list[tuple[int, str]]:
    return [(one.row, one.kind) for one in report.problems]


def test_sound_areas_become_a_draft(grids: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", shapes("aabb\naabb"), name=["东", "西"], people=[5, None])
    report = import_areas(grids, asked(path, name_field="name", population_field="people", author="规划科"))
    assert (report.plan, report.status, report.rows_read, report.imported) == ("grid-a", "draft", 2, 2)
    assert (report.crs, report.working_crs, report.parents_in) == ("EPSG:4326", "EPSG:4549", ("town-2026",))
    assert report.rejects_path is None
    found = stored(grids, "grid-a")
    assert found["a"][:2] == ("东", ("1",))
    assert found["b"][:2] == ("西", ("2",))
    # 200 m each way, as degrees go at 30° north
    assert found["a"][2] == pytest.approx(0.002 * 110_850 * 0.002 * 96_490, rel=0.002)
    assert report.area_m2 == pytest.approx(found["a"][2] + found["b"][2], abs=2)
    with grids.begin() as connection:
        record = connection.execute(sa.select(import_batch)).mappings().one()
        source = connection.scalar(sa.select(plan.c.source).where(plan.c.name == "grid-a"))
        author = connection.scalar(sa.select(plan.c.author).where(plan.c.name == "grid-a"))
    assert (record["kind"], record["rows_imported"], record["options"]["layer"]) == ("areas", 2, "grid")
    assert source["files"][0]["file"] == "a.gpkg"
    assert author == "规划科"


def test_the_same_file_twice_changes_nothing(grids: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", shapes("aabb\naabb"), kind=["x", None], size=[1.5, 2.0])
    import_areas(grids, asked(path))
    tables = (area, plan, import_batch)
    with grids.begin() as connection:
        before = [connection.execute(sa.select(table)).all() for table in tables]
    report = import_areas(grids, asked(path))
    with grids.begin() as connection:
        assert [connection.execute(sa.select(table)).all() for table in tables] == before
    assert (report.imported, report.unchanged, report.status) == (0, 2, "draft")


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Nine rows, of which only the ninth and the last are sound."""
    good, far = shapes("a...\n....")["a"], shapely.box(121, 31, 121.001, 31.001)
    bow_tie = shapely.Polygon([(120, 30), (120.001, 30.001), (120.001, 30), (120, 30.001)])
    swapped = shapely.transform(good, lambda xy: xy[:, ::-1])
    rows = [good, bow_tie, None, far, swapped, good, good, shapely.Point(120, 30), good]
    frame = geopandas.GeoDataFrame(
        {
            "code": ["1", "2", "3", "4", "5", "6", None, "8", "9"],
            "name": ["东", "b", "c", "d", "e", "第?网", "f", "g", "h"],
        },
        geometry=rows,
    )
    write_vectors(frame, tmp_path / "mixed.gpkg", crs=WGS84)
    return tmp_path / "mixed.gpkg"


def test_problems_are_named_and_the_rest_goes_in(grids: Database, mixed: Path) -> None:
    report = import_areas(grids, asked(mixed, name_field="name"))
    assert kinds(report) == [
        (2, "invalid-ring"),
        (3, "empty-geometry"),
        (4, "out-of-range"),
        (5, "swapped-axes"),
        (6, "garbled-name"),
        (7, "missing-code"),
        (8, "not-a-polygon"),
    ]
    assert (report.rows_read, report.imported, report.rejected) == (9, 2, 7)
    assert next((one.kind, one.count) for one in report.problem_counts) == ("empty-geometry", 1)
    assert (report.problems[0].code, report.problems[0].lon) == ("2", 120.0005)
    assert sorted(stored(grids, "grid-mixed")) == ["1", "9"]


def test_rejects_can_be_mended_and_imported_into_the_same_plan(grids: Database, mixed: Path) -> None:
    first = import_areas(grids, asked(mixed, name_field="name"))
    assert first.rejects_path == "mixed.grid.rejects.gpkg"
    rejects = read_vectors(Path(first.rejects_path))
    assert list(rejects.frame.columns) == ["code", "name", "gisgov_row", "gisgov_problem", "geometry"]
    assert rejects.frame["gisgov_row"].tolist() == [2, 3, 4, 5, 6, 7, 8]
    assert rejects.frame["gisgov_problem"][0] == "has an invalid ring: self-intersection"
    assert rejects.crs == WGS84
    mended = rejects.frame.assign(name="好", code=[f"m{i}" for i in range(7)])
    mended["geometry"] = [*[shapes("...a\n....")["a"]] * 6, shapely.Point(120, 30)]
    mended.set_crs("EPSG:4326").to_file(first.rejects_path)

    second = import_areas(grids, asked(Path(first.rejects_path), name_field="name"))
    assert (second.plan, second.imported, second.rejected) == ("grid-mixed", 6, 1)
    # the row keeps the number it had in the first file
    again = read_vectors(Path("mixed.grid.rejects.grid.rejects.gpkg")).frame
    assert again["gisgov_row"].tolist() == [8]
    assert len(stored(grids, "grid-mixed")) == 8
    assert "gisgov_row" not in _attributes(grids, "m0")

    # both files again: nothing changes
    assert import_areas(grids, asked(Path(first.rejects_path), name_field="name")).unchanged == 6
    once_more = import_areas(grids, asked(mixed, name_field="name"))
    assert (once_more.imported, once_more.unchanged, once_more.rejected) == (0, 2, 7)


def _attributes(database: Database, code: str) -> dict[str, Any]:
    with database.begin() as connection:
        found: dict[str, Any] = connection.scalar(sa.select(area.c.attributes).where(area.c.code == code))
        return found


def test_strict_imports_nothing_but_writes_the_rejects(grids: Database, mixed: Path, tmp_path: Path) -> None:
    place = tmp_path / "sub" / "bad.geojson"
    with pytest.raises(
        RowsRefused, match=r"7 of the 9 rows of mixed\.gpkg have problems, so nothing was"
    ) as told:
        import_areas(grids, asked(mixed, name_field="name", strict=True, rejects_path=place))
    assert "row 2 (2): has an invalid ring: self-intersection at 120.0005000" in told.value.message
    assert told.value.hint == f"All are in {place}."
    assert len(read_vectors(place).frame) == 7
    assert stored(grids, "grid-mixed") == {}


def test_a_dry_run_changes_nothing(grids: Database, mixed: Path) -> None:
    report = import_areas(grids, asked(mixed, name_field="name", dry_run=True))
    assert (report.status, report.imported, report.rejects_path) == ("not stored", 2, None)
    assert stored(grids, "grid-mixed") == {}
    assert not list(Path().iterdir())
    assert import_areas(grids, asked(mixed, name_field="name")).imported == 2


def test_when_no_row_is_sound_nothing_is_made(grids: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", [None, None])
    with pytest.raises(
        RowsRefused, match=r"None of the 2 rows of a\.gpkg can be imported \(2 empty-geometry, 2 missing"
    ):
        import_areas(grids, asked(path))
    with grids.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(plan)) == 1


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


def test_a_name_that_is_taken(grids: Database, tmp_path: Path) -> None:
    import_areas(grids, asked(written(tmp_path / "a.gpkg", shapes("ab")), plan="p"))
    moved = written(tmp_path / "moved.gpkg", shapes("aab"))
    with pytest.raises(
        NameTaken, match=r"'p' exists with other content: 2 of its areas differ .* the first is a\."
    ):
        import_areas(grids, asked(moved, plan="p"))
    more = written(tmp_path / "more.gpkg", shapes("abc"))
    with pytest.raises(NameTaken, match=r"it lacks 1 areas of more\.gpkg, the first is c\. .* or say --add"):
        import_areas(grids, asked(more, plan="p"))
    less = written(tmp_path / "less.gpkg", {"a": shapes("ab")["a"]})
    with pytest.raises(NameTaken, match=r"less\.gpkg lacks 1 of its areas, the first is b\."):
        import_areas(grids, asked(less, plan="p"))
    with pytest.raises(NameTaken, match="Plan 'town-2026' exists, of layer 'town'"):
        import_areas(grids, asked(more, plan="town-2026"))
    assert sorted(stored(grids, "p")) == ["a", "b"]
    report = import_areas(grids, asked(more, plan="p", add=True))
    assert (report.imported, report.unchanged) == (1, 2)


def test_a_published_plan_stays_as_it_is(grids: Database, tmp_path: Path, plant: Callable[..., None]) -> None:
    path = written(tmp_path / "a.gpkg", shapes("ab"))
    import_areas(grids, asked(path, plan="p"))
    with grids.begin() as connection:
        dates = {"valid_from": DAY, "published_at": sa.func.now()}
        connection.execute(plan.update().where(plan.c.name == "p").values(status="published", **dates))
    assert import_areas(grids, asked(path, plan="p")).status == "published"
    with pytest.raises(PlanPublished, match="Plan 'p' is published and cannot take the areas of more"):
        import_areas(grids, asked(written(tmp_path / "more.gpkg", shapes("abc")), plan="p", add=True))


def test_parts_of_one_unit(grids: Database, tmp_path: Path) -> None:
    west, east = shapes("a.b.").values()
    path = written(tmp_path / "a.gpkg", [west, east, east], name=["东", "东", "西"])
    frame = read_vectors(path).frame.assign(code=["1", "1", "2"])
    write_vectors(frame, path, crs=WGS84)
    report = import_areas(grids, asked(path, name_field="name"))
    assert kinds(report) == [(1, "several-rows"), (2, "several-rows")]
    report = import_areas(grids, asked(path, name_field="name", merge_parts=True))
    assert (report.merged, report.rejected, report.imported, report.unchanged) == (1, 0, 1, 1)
    assert [(one.row, one.kind) for one in report.notes] == [(1, "joined-parts")]
    assert stored(grids, "grid-a")["1"][2] == pytest.approx(2 * stored(grids, "grid-a")["2"][2], rel=0.01)


def test_a_row_twice_is_imported_once(grids: Database, tmp_path: Path) -> None:
    one = shapes("a")["a"]
    path = written(tmp_path / "a.gpkg", [one, one])
    write_vectors(read_vectors(path).frame.assign(code="1"), path, crs=WGS84)
    report = import_areas(grids, asked(path))
    assert kinds(report) == [(2, "repeated-row")]
    assert report.imported == 1


def test_missing_parents(grids: Database, tmp_path: Path) -> None:
    drawn = shapes("aabbcc")
    path = written(tmp_path / "a.gpkg", drawn, above=["1", "9", None])
    report = import_areas(grids, asked(path, parent_field="above"))
    assert [(one.row, one.kind, one.message) for one in report.problems] == [
        (2, "missing-parent", "names 9 as its parent, which is no area of layer town"),
        (3, "missing-parent", "lies in no area of layer town"),
    ]
    assert report.problems[0].lon is not None


def test_parents_by_code_and_remarks(grids: Database, tmp_path: Path) -> None:
    a, b = shapes("aabb").values()
    path = written(tmp_path / "a.gpkg", {"101": a, "102": b, "7x": a})
    report = import_areas(grids, asked(path, layer="coded"))
    assert kinds(report) == [(3, "code-not-in-scheme")]
    assert [(one.row, one.kind, one.message) for one in report.notes] == [
        (2, "parent-elsewhere", "names 1 as its parent, but 100% of it lies in 2")
    ]
    report = import_areas(grids, asked(path, layer="coded", plan="by place", parent_by="position"))
    assert stored(grids, "by place")["102"][1] == ("2",)


def test_areas_may_span_parents(grids: Database, tmp_path: Path) -> None:
    import_areas(grids, asked(written(tmp_path / "a.gpkg", shapes("aaaa")), layer="wide"))
    assert stored(grids, "wide-a")["a"][1] == ("1", "2")


def test_areas_are_numbered_by_the_scheme(grids: Database, tmp_path: Path) -> None:
    drawn = shapes("a.cd\n..ef")
    path = written(tmp_path / "a.gpkg", list(drawn.values()), name=[*"acdef"])
    report = import_areas(grids, asked(path, layer="coded", code_field=(), name_field="name"))
    assert report.numbered == 5
    found = stored(grids, "coded-a")
    assert {code: name for code, (name, *_) in found.items()} == {
        "101": "a", "201": "c", "202": "d", "203": "e", "204": "f",
    }  # fmt: skip
    again = import_areas(grids, asked(path, layer="coded", code_field=(), name_field="name"))
    assert (again.imported, again.unchanged, again.numbered) == (0, 5, 0)
    # a second plan of the layer goes on counting
    import_areas(grids, asked(path, layer="coded", code_field=(), plan="second"))
    assert sorted(stored(grids, "second")) == ["102", "205", "206", "207", "208"]
    assert stored(grids, "second")["102"][0] == "102"
    with pytest.raises(
        InputError, match=r"Layer 'grid' has no code scheme to number areas by\. Say --code-field"
    ):
        import_areas(grids, asked(path, code_field=()))


def test_what_cannot_be_numbered_is_rejected(
    grids: Database, tmp_path: Path, plant: Callable[..., None]
) -> None:
    plant("town", shapes("1177\n1177"), plan="odd", valid_from=None)
    with grids.begin() as connection:
        connection.execute(area.update().where(area.c.code == "7").values(code="77"))
    path = written(tmp_path / "a.gpkg", list(shapes("ab.c").values()), name=[*"abc"])
    options = {"layer": "coded", "code_field": (), "name_field": "name", "parent_plan": "odd"}
    report = import_areas(grids, asked(path, **options))
    assert [(one.row, one.kind) for one in report.problems] == [(3, "cannot-be-numbered")]
    assert report.problems[0].message.startswith("cannot be numbered in 77: '77' is not the code of a parent")
    assert (report.imported, report.numbered) == (2, 2)
    early = asked(path, layer="coded", code_field=(), day=date(2020, 1, 1), plan="early")
    with grids.begin() as connection:
        connection.execute(plan.delete().where(plan.c.name == "odd"))
    with pytest.raises(RowsRefused, match=r"3 cannot-be-numbered\); row 1: .* no area above it is known"):
        import_areas(grids, early)


def test_the_scope_may_be_a_file(grids: Database, tmp_path: Path) -> None:
    outline = written(tmp_path / "scope.gpkg", shapes("ab"))
    path = written(tmp_path / "a.gpkg", {**shapes("ab"), "far": shapely.box(120.1, 30, 120.101, 30.001)})
    report = import_areas(grids, asked(path, scope=str(outline), scope_code="330106"))
    assert kinds(report) == [(3, "out-of-range")]
    assert "out of the scope" in report.problems[0].message
    with grids.begin() as connection:
        code, extent = connection.execute(
            sa.select(plan.c.scope_code, sa.func.ST_AsText(sa.func.Box2D(plan.c.scope_geom))).where(
                plan.c.name == "grid-a"
            )
        ).one()
    assert code == "330106"
    assert extent == "POLYGON((120 30,120 30.001,120.002 30.001,120.002 30,120 30))"
    assert import_areas(grids, asked(path, scope=str(outline), scope_code="330106")).unchanged == 2
    assert import_areas(grids, asked(path)).unchanged == 2
    with pytest.raises(NameTaken, match="exists, for another scope"):
        import_areas(grids, asked(path, scope_code="330108"))


def test_the_scope_may_be_an_area_above(grids: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", shapes("ab"))
    import_areas(grids, asked(path, scope="1"))
    with grids.begin() as connection:
        row = connection.execute(sa.select(plan.c.scope_code, sa.func.ST_NPoints(plan.c.scope_geom)))
        assert [tuple(one) for one in row] == [("", None), ("1", 9)]
    with pytest.raises(NotFoundError, match="No area in force on 2026-03-01 has the code 'nowhere'"):
        import_areas(grids, asked(path, scope="nowhere", plan="q"))


def test_parents_are_looked_for_in_one_draft_or_a_named_plan(
    grids: Database, tmp_path: Path, plant: Callable[..., None]
) -> None:
    path = written(tmp_path / "a.gpkg", shapes("ab"))
    early = {"day": date(2020, 1, 1)}
    assert import_areas(grids, asked(path, **early)).parents_in == ()
    plant("town", shapes("1122"), plan="draft-1", valid_from=None)
    assert import_areas(grids, asked(path, **early, plan="q")).parents_in == ("draft-1",)
    plant("town", shapes("33"), plan="draft-2", valid_from=None)
    with pytest.raises(
        InputError, match=r"it has several drafts\. Choose one with --parent-plan: draft-1, draft-2"
    ):
        import_areas(grids, asked(path, **early, plan="r"))
    report = import_areas(grids, asked(path, parent_plan="draft-2", plan="s"))
    assert report.parents_in == ("draft-2",)
    assert stored(grids, "s")["a"][1] == ("3",)
    with pytest.raises(InputError, match="Plan 's' is of layer 'grid', not of 'town'"):
        import_areas(grids, asked(path, parent_plan="s", plan="t"))
    with pytest.raises(InputError, match="Layer 'town' has no layer above it"):
        import_areas(grids, asked(path, layer="town", parent_field="code"))


def test_sql_in_names_is_only_text(grids: Database, tmp_path: Path) -> None:
    evil = "'); DROP TABLE area; --"
    drawn = shapes("ab")
    path = written(tmp_path / "a.gpkg", {evil: drawn["a"], 'b\\"\t$1': drawn["b"]}, **{evil: ["x", "y\\."]})
    report = import_areas(grids, asked(path, plan=evil, name_field=evil))
    assert sorted(stored(grids, evil)) == sorted([evil])
    assert kinds(report) == [(2, "code-not-in-scheme")]
    assert stored(grids, evil)[evil][0] == "x"
    with pytest.raises(NotFoundError, match="No layer is called"):
        import_areas(grids, asked(path, layer=evil))


def test_files_that_are_no_use(grids: Database, tmp_path: Path) -> None:
    (tmp_path / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(FileError, match=r"Layer 'empty' of empty\.geojson holds no rows"):
        import_areas(grids, asked(tmp_path / "empty.geojson", crs="wgs84", layer="coded", code_field=()))
    path = written(tmp_path / "a.gpkg", shapes("a"))
    with pytest.raises(InputError, match=r"a\.gpkg has no field 'nope'\. Its fields: code\."):
        import_areas(grids, asked(path, code_field=("nope",)))
    broken = written(tmp_path / "b.gpkg", [None])
    with pytest.raises(InputError, match=r"cannot be written to .*, which is being read"):
        import_areas(grids, asked(broken, rejects_path=broken))


def test_odd_numbers_do_not_stop_an_import(grids: Database, tmp_path: Path) -> None:
    good = shapely.to_geojson(shapes("a")["a"])
    bad = good.replace("120.0,30.0", "NaN,30.0")
    features = ", ".join(
        f'{{"type": "Feature", "properties": {{"code": "{code}"}}, "geometry": {text}}}'
        for code, text in (("1", good), ("2", bad))
    )
    (tmp_path / "a.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}')
    report = import_areas(grids, asked(tmp_path / "a.geojson", crs="wgs84"))
    assert kinds(report) == [(2, "not-finite")]
    assert report.imported == 1


def test_a_database_that_goes_away_leaves_nothing(grids: Database, database_url: str, tmp_path: Path) -> None:
    drawn = {f"{i:04d}": shapely.box(120 + i * 1e-6, 30, 120.0001 + i * 1e-6, 30.0001) for i in range(200)}
    path = written(tmp_path / "a.gpkg", drawn)

    def murderous(items: Iterable[Any], *, label: str, total: int | None = None) -> Iterator[Any]:
        for item in items:
            yield item
            if label == "finding parents":
                with psycopg.connect(database_url.replace("+psycopg", "")) as other:
                    other.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )

    with pytest.raises(DatabaseUnavailable):
        import_areas(grids, asked(path), progress=murderous)
    assert stored(grids, "grid-a") == {}
    with grids.begin() as connection:
        names = connection.scalars(sa.select(plan.c.name)).all()
        assert connection.scalar(sa.select(sa.func.count()).select_from(import_batch)) == 0
    assert list(names) == ["town-2026"]
    assert import_areas(grids, asked(path)).imported == 200


def test_two_at_once_into_one_plan_take_turns(grids: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", shapes("ab"))
    reports: list[AreaImportReport] = []
    threads = [
        threading.Thread(target=lambda: reports.append(import_areas(grids, asked(path)))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((one.imported, one.unchanged) for one in reports) == [(0, 2), (2, 0)]


def test_memory_holds_a_batch(grids: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gisgov.files.vectors._BATCH_BYTES", 2000)
    monkeypatch.setattr("gisgov.store.waiting._BATCH_BYTES", 2000)
    labels: list[str] = []

    def counting(items: Iterable[Any], *, label: str, total: int | None = None) -> Iterator[Any]:
        for item in items:
            labels.append(label)
            yield item

    drawn = {f"{i:04d}": shapely.box(120 + i * 1e-5, 30, 120.0001 + i * 1e-5, 30.0001) for i in range(60)}
    report = import_areas(
        grids, asked(written(tmp_path / "a.geojson", drawn), crs="wgs84"), progress=counting
    )
    assert report.imported == 60
    assert labels.count("reading rows") > 3
    assert labels.count("finding parents") > 3

"""Areas of a file into a draft plan."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import shapely
import sqlalchemy as sa
from area_files import DAY, asked, kinds, shapes, stored, written

from gisgov.errors import (
    DatabaseUnavailable,
    FileError,
    InputError,
    NameTaken,
    NotFoundError,
    PlanPublished,
)
from gisgov.services.editing.history import list_operations
from gisgov.services.editing.snapshots import take_snapshot
from gisgov.services.importing.areas import AreaImportReport, import_areas
from gisgov.store.database import Database
from gisgov.store.tables import area, import_batch, plan


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
    take_snapshot(grids, "p", "s")
    report = import_areas(grids, asked(more, plan="p", add=True))
    assert (report.imported, report.unchanged) == (1, 2)
    # polygons without blocks: the log says that nothing gets back behind it
    assert [(one.revision, one.kind) for one in list_operations(grids, "p")] == [(1, "overwritten")]


def test_a_published_plan_stays_as_it_is(grids: Database, tmp_path: Path, plant: Callable[..., None]) -> None:
    path = written(tmp_path / "a.gpkg", shapes("ab"))
    import_areas(grids, asked(path, plan="p"))
    with grids.begin() as connection:
        dates = {"valid_from": DAY, "published_at": sa.func.now()}
        connection.execute(plan.update().where(plan.c.name == "p").values(status="published", **dates))
    assert import_areas(grids, asked(path, plan="p")).status == "published"
    with pytest.raises(PlanPublished, match="Plan 'p' is published and cannot take the areas of more"):
        import_areas(grids, asked(written(tmp_path / "more.gpkg", shapes("abc")), plan="p", add=True))


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

"""Areas of a file into a draft plan: what is above them, their codes and their scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import shapely
import sqlalchemy as sa
from area_files import asked, kinds, shapes, stored, written

from gisgov.errors import (
    InputError,
    NameTaken,
    NotFoundError,
    RowsRefused,
)
from gisgov.services.importing.areas import import_areas
from gisgov.store.database import Database
from gisgov.store.tables import area, plan


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

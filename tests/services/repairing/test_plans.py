"""Plans repaired as new drafts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError, NameTaken, NotFoundError
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.measures import areas_m2
from gisgov.services.checking import check_plan
from gisgov.services.plans import delete_draft, show_plan
from gisgov.services.repairing.people import PeopleFile
from gisgov.services.repairing.plans import PlanAsked, propose_for_plan, repair_plan
from gisgov.store import tables
from gisgov.store.areas import areas_of_plan
from gisgov.store.database import Database
from gisgov.store.plans import content_sha256, find_plan
from gisgov.store.staff import posts_of_layer
from gisgov.testing import areas_from_grid

DAY = date(2026, 3, 1)


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


@pytest.fixture
def holed(database: Database, plant: Callable[..., None]) -> PlanAsked:
    """A draft with a gap of one cell that A, B and C surround, inside street S."""
    plant("street", drawn("SSS\nSSS\nSSS"))
    parents = {code: ["S"] for code in "ABC"}
    staff = {"A": [("网格长", "张三")]}
    plant(
        "grid",
        drawn("AAB\nA.B\nCCC"),
        plan="p",
        parent="street",
        parents=parents,
        staff=staff,
        valid_from=None,
    )
    with database.begin() as connection:
        values = {"population": 40, "households": 9, "attributes": {"色": "红"}}
        connection.execute(tables.area.update().where(tables.area.c.code == "B").values(values))
        source = {"files": [{"file": "a.gpkg"}]}
        connection.execute(
            tables.plan.update().where(tables.plan.c.name == "p").values(source=source, author="李")
        )
    return PlanAsked("p", at=DAY)


def accept(path: Path, **cells: str) -> None:
    """Write cells into every row of a CSV of proposals."""
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows([row | cells for row in rows])


def test_a_plan_becomes_a_draft_and_stays_as_it_is(
    database: Database, holed: PlanAsked, tmp_path: Path
) -> None:
    report = propose_for_plan(database, holed, tmp_path / "p.csv")
    assert [(one.kind, one.words) for one in report.proposals] == [("gap", "give to A")]
    assert (report.subject, report.layer, report.scope) == ("p", "grid", "all of layer street on 2026-03-01")
    accept(tmp_path / "p.csv", to="B", accepted="yes")
    with database.begin() as connection:
        before = areas_of_plan(connection, find_plan(connection, "p").id)
        digest = content_sha256(connection, find_plan(connection, "p").id)
    done = repair_plan(database, holed, tmp_path / "p.csv", "p2")
    assert (done.result, done.done, done.clean, done.certified_after) == ("p2", 1, True, True)
    assert [(one.code, one.dropped) for one in done.changes] == [("B", False)]
    with database.begin() as connection:
        plan, source = find_plan(connection, "p2"), find_plan(connection, "p")
        after, still = areas_of_plan(connection, plan.id), areas_of_plan(connection, source.id)
        layer_id = plan.layer_id
        posts = posts_of_layer(connection, layer_id)
    assert (plan.status, plan.layer, plan.scope_code, plan.working_crs, plan.author) == (
        "draft",
        "grid",
        source.scope_code,
        source.working_crs,
        "李",
    )
    assert shapely.to_wkb(still.geometries).tolist() == shapely.to_wkb(before.geometries).tolist()
    same = shapely.to_wkb(after.geometries) == shapely.to_wkb(before.geometries)
    assert same.tolist() == [True, False, True]
    assert after.codes.tolist() == ["A", "B", "C"]
    assert after.names.tolist() == before.names.tolist()
    assert after.parent_codes == before.parent_codes
    assert (after.population[1], after.households[1], after.attributes[1]) == (40, 9, {"色": "红"})
    assert after.area_m2[0] == before.area_m2[0]
    assert after.area_m2[1] == pytest.approx(areas_m2(after.geometries[1:2], parse_crs(plan.working_crs))[0])
    corners = shapely.get_coordinates(after.geometries[1])
    assert np.array_equal(corners, np.round(corners, 7))
    assert [(post.area_code, post.role, post.holder) for post in posts] == [("A", "网格长", "张三")]
    repaired = plan.source["repaired"]
    assert (repaired["plan"], repaired["content_sha256"], repaired["proposals"]) == ("p", digest, "p.csv")
    (decision,) = repaired["decisions"]
    assert (decision["number"], decision["decision"], decision["by"]) == (1, "give to B", "person")
    assert "why_not" not in decision
    assert plan.source["before"] == {"files": [{"file": "a.gpkg"}]}
    assert check_plan(database, "p2", at=DAY).certified
    assert show_plan(database, "p2").plan.areas == 3
    delete_draft(database, "p2")  # which undoes it
    assert not check_plan(database, "p", at=DAY).clean


def test_nothing_is_stored_when_the_table_is_refused(
    database: Database, holed: PlanAsked, tmp_path: Path
) -> None:
    propose_for_plan(database, holed, tmp_path / "p.csv")
    accept(tmp_path / "p.csv", to="Q")
    with pytest.raises(InputError, match="row 1, to: no area is called 'Q'"):
        repair_plan(database, holed, tmp_path / "p.csv", "p2")
    with pytest.raises(NotFoundError):
        show_plan(database, "p2")


def test_names_that_are_taken_and_plans_that_are_not_there(
    database: Database, holed: PlanAsked, tmp_path: Path
) -> None:
    propose_for_plan(database, holed, tmp_path / "p.csv")
    with pytest.raises(NameTaken, match="'street-2026' already"):
        repair_plan(database, holed, tmp_path / "p.csv", "street-2026")
    with pytest.raises(NotFoundError, match="No plan is called 'q'"):
        propose_for_plan(database, PlanAsked("q"), tmp_path / "q.csv")
    with pytest.raises(InputError, match="may hold decisions"):
        propose_for_plan(database, holed, tmp_path / "p.csv")


def test_a_plan_that_changed_meanwhile_is_refused(
    database: Database, holed: PlanAsked, tmp_path: Path
) -> None:
    propose_for_plan(database, holed, tmp_path / "p.csv")
    with database.begin() as connection:
        connection.execute(sa.delete(tables.area).where(tables.area.c.code == "C"))
    with pytest.raises(ConflictError, match=r"p\.csv does not fit p: its areas are not those"):
        repair_plan(database, holed, tmp_path / "p.csv", "p2", accept_all=True)


def test_a_plan_made_of_blocks_is_refused(database: Database, holed: PlanAsked, tmp_path: Path) -> None:
    with database.begin() as connection:
        shape = shapely.MultiPolygon([drawn("A")["A"]])
        block = {"code": "1", "scope_code": "S", "geom": f"SRID=4326;{shape.wkt}", "area_m2": 1.0}
        block_id = connection.scalar(tables.block.insert().values(block).returning(tables.block.c.id))
        plan_id = find_plan(connection, "p").id
        row = {"plan_id": plan_id, "block_id": block_id, "area_code": "A"}
        connection.execute(tables.assignment.insert().values(row))
    with pytest.raises(ConflictError, match="is made of 1 blocks"):
        propose_for_plan(database, holed, tmp_path / "p.csv")


def test_people_of_the_database_are_asked(database: Database, holed: PlanAsked, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No building or block with people lies in plan 'p'"):
        propose_for_plan(database, holed, tmp_path / "p.csv", rule="nearest-people")
    with database.begin() as connection:
        house = {"external_id": "1", "source": "x", "crs": "EPSG:4326", "population": 20}
        house["geom"] = "SRID=4326;POINT(114.015 22.508)"  # in C, south of the gap
        connection.execute(tables.building.insert().values(house))
    report = propose_for_plan(database, holed, tmp_path / "p.csv", rule="nearest-people")
    assert (report.people, report.proposals[0].to) == (20, "C")
    elsewhere = tmp_path / "people.csv"
    elsewhere.write_text("lon,lat,n\n114.025,22.515,3\n", encoding="utf-8")  # in B, east of it
    people = PeopleFile(elsewhere, "n", "wgs84")
    report = propose_for_plan(database, holed, tmp_path / "q.csv", rule="nearest-people", people=people)
    assert (report.people, report.proposals[0].to) == (3, "B")


def test_a_sound_plan_becomes_a_draft_of_the_same_areas(
    database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("grid", drawn("AB"), plan="p")
    propose_for_plan(database, PlanAsked("p"), tmp_path / "p.csv")
    done = repair_plan(database, PlanAsked("p"), tmp_path / "p.csv", "p2")
    assert (done.clean, done.changes, done.decisions) == (True, (), ())
    with database.begin() as connection:
        digests = {content_sha256(connection, find_plan(connection, name).id) for name in ("p", "p2")}
    assert len(digests) == 1


def test_ground_that_does_not_touch_is_refused_in_degrees_too(
    database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("grid", drawn("AABD\nA.BD\nCCCD"), plan="p", valid_from=None)
    asked = PlanAsked("p", today=DAY)
    propose_for_plan(database, asked, tmp_path / "p.csv")
    accept(tmp_path / "p.csv", to="D")
    with pytest.raises(InputError, match="row 1, to: area D does not touch the ground"):
        repair_plan(database, asked, tmp_path / "p.csv", "p2")


def test_a_dropped_area_is_not_in_the_draft(
    database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("grid", drawn("AAB") | {"E": drawn("..E")["E"]}, plan="p", valid_from=None)
    asked = PlanAsked("p", today=DAY)
    report = propose_for_plan(database, asked, tmp_path / "p.csv")
    assert [(one.kind, one.decision) for one in report.proposals] == [("duplicate", "leave")]
    accept(tmp_path / "p.csv", decision="drop", to="E", accepted="yes")
    done = repair_plan(database, asked, tmp_path / "p.csv", "p2")
    assert (done.dropped, done.clean, done.certificate_after) == (("B",), True, None)
    with database.begin() as connection:
        assert areas_of_plan(connection, find_plan(connection, "p2").id).codes.tolist() == ["A", "E"]


def test_an_outline_without_the_corners_of_areas_needs_no_repair(
    database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("grid", drawn("AB"), plan="p", valid_from=None)
    outline = shapely.MultiPolygon([shapely.box(114.0, 22.5, 114.02, 22.51)])  # no vertex between A and B
    with database.begin() as connection:
        values: dict[str, Any] = {"scope_geom": f"SRID=4326;{outline.wkt}"}
        connection.execute(tables.plan.update().where(tables.plan.c.name == "p").values(values))
    report = propose_for_plan(database, PlanAsked("p", today=DAY), tmp_path / "p.csv")
    assert len(report.proposals) == 0
    checked = check_plan(database, "p", today=DAY)
    assert checked.certified
    assert "2 corners of theirs were put into its border" in checked.proof

"""Checks of all layers in force on a day, with the events and buildings in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from pydantic import TypeAdapter

from gisgov.errors import InputError, NotFoundError
from gisgov.services.defect_layers import defects_frame
from gisgov.services.point_files import PointFile
from gisgov.services.tolerances import ToleranceChoice
from gisgov.services.tree_checks import check_tree
from gisgov.services.tree_reports import TreeReport
from gisgov.store.database import Database
from gisgov.testing import areas_from_grid

DAY = date(2026, 3, 1)


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


def put(database: Database, table: str, **places: str | None) -> None:
    """Events or buildings by id, at places of WKT or nowhere."""
    when = {"event": "state, occurred_at,", "building": ""}[table]
    then = {"event": "'open', now(),", "building": ""}[table]
    with database.begin() as connection:
        for name, place in places.items():
            problem = "no-coordinate" if place is None else None
            connection.execute(
                sa.text(
                    f"INSERT INTO {table} (external_id, source, {when} geom, problem, crs)"
                    f" VALUES (:id, 's', {then} ST_GeomFromText(:place, 4326), :problem, 'x')"
                ),
                {"id": name, "place": place, "problem": problem},
            )


@pytest.fixture
def town(database: Database, plant: Any) -> Database:
    """A district of two streets, two grids in each, of two plans, and a school over them."""
    plant("district", drawn("DDDD\nDDDD"))
    plant("street", drawn("SSTT\nSSTT"), parent="district", parents={"S": ["D"], "T": ["D"]})
    west, east = drawn("ABCC\nABDD"), ("C", "D")
    plant(
        "grid",
        {code: west[code] for code in ("A", "B")},
        parent="street",
        parents={"A": ["S"], "B": ["S"]},
        plan="grid-west",
        scope="S",
    )
    plant(
        "grid",
        {code: west[code] for code in east},
        parent="street",
        parents={"C": ["T"], "D": ["T"]},
        plan="grid-east",
        scope="T",
    )
    plant("school", drawn(".X"), parent="street", kind="overlay", parents={"X": ["S"]})
    plant("beat", drawn("PPPP"), valid_from=None)
    return database


def test_every_layer_is_checked_against_the_one_above(town: Database) -> None:
    report = check_tree(town, at=DAY)
    assert [(one.layer, one.subject, one.areas, one.clean) for one in report.layers] == [
        ("district", "district-2026", 1, True),
        ("street", "street-2026", 2, True),
        ("grid", "grid-east, grid-west", 4, True),
        ("school", "school-2026", 1, True),
    ]
    assert report.not_in_force == ("beat",)
    assert [(one.layer, one.certified) for one in report.layers if one.certified] == [
        ("street", True),
        ("grid", True),
    ]
    street = report.layers[1]
    assert (street.scope, street.parents) == (
        "all of layer district on 2026-03-01",
        "layer district on 2026-03-01",
    )
    assert report.layers[0].scope == "none: gaps are those that the areas enclose"
    assert (report.at, report.clean, report.points) == (DAY, True, ())
    TypeAdapter(TreeReport).dump_json(report, warnings="error")


def test_defects_between_plans_and_levels_are_numbered_through(database: Database, plant: Any) -> None:
    plant("district", drawn("DDDD"))
    plant("street", drawn("SST."), parent="district", parents={"S": ["D"], "T": ["D"]})
    parents = {"A": ["S"], "B": ["S"], "C": ["T"]}
    plant("grid", drawn("ABB"), parent="street", parents=parents, plan="west", scope="S")
    plant("grid", drawn("..C"), parent="street", parents=parents, plan="east", scope="T")
    report = check_tree(database, at=DAY)
    assert not report.clean
    street, grid = report.layers[1:]
    assert [(one.number, one.kind, one.areas) for one in street.defects if one.is_fault] == [
        (1, "gap", ("T",))
    ]
    faults = [(one.kind, one.areas) for one in grid.defects if one.is_fault]
    # C lies on ground of B, of another plan; and B leaves S
    assert faults == [("contained", ("B", "C")), ("crosses-parent", ("B",))]
    numbers = [one.number for layer in report.layers for one in layer.defects]
    assert numbers == list(range(1, len(numbers) + 1))
    frame = defects_frame(report)
    assert frame["number"].tolist() == numbers
    assert set(frame["layer"]) == {"street", "grid"}


def test_the_nearest_layer_above_that_is_in_force_is_covered(database: Database, plant: Any) -> None:
    plant("district", drawn("DDD"))
    plant("street", drawn("SSS"), parent="district", valid_from=None)
    plant("grid", drawn("AB."), parent="street", parents={"A": ["S"], "B": ["S"]})
    report = check_tree(database, at=DAY)
    (_, grid) = report.layers
    assert (grid.scope, grid.parents) == ("all of layer district on 2026-03-01", None)
    assert grid.counts["gap"] == 1
    assert report.not_in_force == ("street",)


def test_the_topmost_layer_covers_the_outlines_of_its_plans(database: Database, plant: Any) -> None:
    plant("district", drawn("DD."), valid_from=None)
    with database.begin() as connection:
        outline = f"SRID=4326;{shapely.MultiPolygon([shapely.box(114, 22.5, 114.03, 22.51)]).wkt}"
        connection.execute(sa.text("UPDATE plan SET scope_geom = :outline"), {"outline": outline})
        connection.execute(
            sa.text("UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now()")
        )
    (district,) = check_tree(database, at=DAY).layers
    assert (district.scope, district.counts["gap"]) == ("outlines of its plans", 1)


def test_a_nested_area_without_its_parent_is_told(database: Database, plant: Any) -> None:
    plant("street", drawn("ST"))
    plant("grid", drawn("AB"), parent="street", parents={"A": ["S"], "B": ["X"]})
    (_, grid) = check_tree(database, at=DAY).layers
    assert [(one.kind, one.areas) for one in grid.defects] == [("missing-parent", ("B",))]


def test_one_layer_is_checked_with_those_above_and_below(town: Database) -> None:
    def names(layer: str) -> list[str | None]:
        return [one.layer for one in check_tree(town, layer=layer, at=DAY).layers]

    assert names("street") == ["district", "street", "grid", "school"]
    assert names("grid") == ["district", "street", "grid"]
    with pytest.raises(NotFoundError, match="'village'"):
        names("village")
    with pytest.raises(InputError, match="Nothing is in force on 2026-03-01"):
        names("beat")


def test_what_was_in_force_on_a_day_is_checked(database: Database, plant: Any) -> None:
    plant("street", drawn("SS."), plan="then", valid_from=date(2024, 1, 1), valid_to=date(2026, 1, 1))
    plant("street", drawn("SSS"), plan="now")
    plant("grid", drawn("AA."), parent="street", parents={"A": ["S"]}, valid_from=date(2024, 1, 1))
    assert check_tree(database, at=date(2025, 6, 1)).clean
    assert check_tree(database, at=DAY).layers[1].counts["gap"] == 1
    with pytest.raises(InputError, match="Nothing is in force on 2020-01-01") as refused:
        check_tree(database, at=date(2020, 1, 1))
    assert "--at" in (refused.value.hint or "")


def test_tolerances_can_be_chosen(town: Database) -> None:
    report = check_tree(town, at=DAY, tolerances=ToleranceChoice(min_gap_m2=5.0))
    assert {one.tolerances["min_gap_m2"] for one in report.layers} == {5.0}


def test_events_and_buildings_are_held_against_every_partition(town: Database, tmp_path: Path) -> None:
    put(
        town,
        "building",
        inside="POINT (114.005 22.505)",
        between="POINT (114.01 22.505)",
        outline="POLYGON ((114.03 22.50, 114.034 22.50, 114.034 22.504, 114.03 22.504, 114.03 22.50))",
        away="POINT (114.045 22.505)",
        nowhere=None,
    )
    put(town, "event", one="POINT (114.015 22.505)")
    pois = tmp_path / "pois.csv"
    pois.write_text("name,lon,lat\n学校,114.005,22.515\n医院,114.005,22.525\n", encoding="utf-8")
    report = check_tree(town, at=DAY, points=[PointFile(pois, crs="wgs84")])
    told = {
        (one.subject, one.layer): (one.points, one.inside, one.on_border, one.in_several, one.orphans)
        for one in report.points
    }
    assert told == {
        ("buildings", "district"): (5, 3, 0, 0, 2),
        ("buildings", "street"): (5, 3, 0, 0, 2),
        ("buildings", "grid"): (5, 2, 1, 0, 2),
        ("events", "district"): (1, 1, 0, 0, 0),
        ("events", "street"): (1, 1, 0, 0, 0),
        ("events", "grid"): (1, 1, 0, 0, 0),
        ("file pois.csv", "district"): (2, 1, 0, 0, 1),
        ("file pois.csv", "street"): (2, 1, 0, 0, 1),
        ("file pois.csv", "grid"): (2, 1, 0, 0, 1),
    }
    assert not report.clean
    away, nowhere = report.points[2].faults
    assert (away.id, away.source, away.reason, away.nearest_area) == ("away", "s", "outside", "D")
    # half of a cell of 0.01° at 22.5° north
    assert away.distance_m == pytest.approx(514.5, abs=0.5)
    assert (nowhere.id, nowhere.reason, nowhere.message) == ("nowhere", "no-coordinate", "has no coordinate")
    numbers = [fault.number for one in report.points for fault in one.faults]
    assert numbers == list(range(1, 10))


def test_an_event_on_overlapping_ground_lies_in_several_areas(database: Database, plant: Any) -> None:
    plant("grid", drawn("AAB") | {"C": drawn(".CC")["C"]})
    put(database, "event", both="POINT (114.015 22.505)")
    (events,) = check_tree(database, at=DAY).points
    assert (events.in_several, events.faults[0].areas) == (1, ("A", "C"))


def test_the_counts_are_those_of_the_join(town: Database) -> None:
    from zoneinfo import ZoneInfo

    from gisgov.services.joining import join_buildings, join_events

    rng = np.random.default_rng(7)
    # on a grid of half cells, so that many lie on borders
    places = rng.integers(-1, 10, size=(60, 2)) * 0.005 + (114.0, 22.5)
    put(town, "building", **{f"b{i}": f"POINT ({x:.7f} {y:.7f})" for i, (x, y) in enumerate(places)})
    put(town, "event", **{f"e{i}": f"POINT ({x:.7f} {y:.7f})" for i, (x, y) in enumerate(places)})
    report = check_tree(town, at=DAY)
    with town.begin() as connection:
        connection.execute(sa.text("UPDATE event SET occurred_at = '2026-03-01 12:00+08'"))
    joined = {
        "buildings": join_buildings(town, at=DAY),
        "events": join_events(town, timezone=ZoneInfo("Asia/Shanghai")),
    }
    for one in report.points:
        (other,) = [layer for layer in joined[one.subject].layers if layer.layer == one.layer]
        assert (one.inside + one.on_border, one.orphans) == (other.joined, other.orphans)
        orphans = [orphan for orphan in joined[one.subject].orphans if orphan.layer == one.layer]
        assert [fault.id for fault in one.faults] == [orphan.external_id for orphan in orphans]
        assert [fault.nearest_area for fault in one.faults] == [orphan.nearest_area for orphan in orphans]
        assert [fault.distance_m for fault in one.faults] == pytest.approx(
            [orphan.distance_m for orphan in orphans], rel=1e-3
        )
    assert {one.on_border > 0 for one in report.points if one.layer == "grid"} == {True}

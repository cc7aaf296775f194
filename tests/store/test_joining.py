"""Joining points to areas: one answer in SQL and in Python, at the point's own time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyproj
import pytest
import shapely
import sqlalchemy as sa

from gisgov.store import joining
from gisgov.store.database import Database
from gisgov.store.tables import building, building_area, event, event_area
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries

ZONE = ZoneInfo("Asia/Shanghai")
NOON = "2026-03-01 12:00+08:00"


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    """Areas of a picture whose cells are 0.01° wide; the south-west corner is 114°E 22.5°N."""
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


def wkt(lon: float, lat: float) -> str:
    return f"SRID=4326;POINT({lon!r} {lat!r})"


@pytest.fixture
def report(database: Database) -> Callable[..., int]:
    """Put an event into the database: ``report("1", 114.005, 22.505, at="2026-03-01 12:00+08:00")``."""

    def reported(
        name: str, lon: float | None, lat: float | None = None, *, at: str = NOON, problem: str | None = None
    ) -> int:
        row = {
            "external_id": name,
            "source": "test",
            "state": "open",
            "occurred_at": sa.cast(sa.literal(at), sa.DateTime(timezone=True)),
            "geom": None if lon is None or lat is None else wkt(lon, lat),
            "crs": "EPSG:4326",
            "problem": "no-coordinate" if lon is None and problem is None else problem,
        }
        with database.begin() as connection:
            return int(connection.execute(sa.insert(event).values(row).returning(event.c.id)).scalar_one())

    return reported


def join(database: Database, **options: Any) -> tuple[joining.Written, ...]:
    with database.begin() as connection:
        return joining.join_events(connection, timezone=ZONE, **options)


def owners(database: Database, table: sa.Table = event_area) -> list[tuple[Any, ...]]:
    """Return subject, layer, plan, owner, on_border and candidates of all joined rows."""
    with database.begin() as connection:
        rows = connection.execute(
            sa.text(
                f"SELECT subject.external_id, layer.name, plan.name, stored.area_code, stored.on_border,"
                f" stored.candidates, stored.orphan_reason, stored.nearest_code"
                f" FROM {table.name} AS stored JOIN {table.name[:-5]} AS subject"
                f" ON subject.id = stored.{table.name[:-5]}_id JOIN layer ON layer.id = stored.layer_id"
                f" LEFT JOIN plan ON plan.id = stored.plan_id ORDER BY 1, 2"
            )
        )
        return [tuple(row) for row in rows]


def test_the_smallest_code_owns_a_point_on_a_border(
    database: Database, plant: Callable[..., None], report: Callable[..., int]
) -> None:
    plant("grid", drawn("AAB\nACB"))
    report("corner of three", 114.01, 22.51)
    report("edge", 114.02, 22.515)
    report("inside", 114.025, 22.505)
    report("outer border", 114.0, 22.5)
    (done,) = join(database)
    assert (done.layer, done.joined, done.on_border, done.orphans) == ("grid", 4, 3, 0)
    assert owners(database) == [
        ("corner of three", "grid", "grid-2026", "A", True, ["C"], None, None),
        ("edge", "grid", "grid-2026", "A", True, ["B"], None, None),
        ("inside", "grid", "grid-2026", "B", False, [], None, None),
        ("outer border", "grid", "grid-2026", "A", True, [], None, None),
    ]


def test_three_areas_meet_in_a_point(
    database: Database, plant: Callable[..., None], report: Callable[..., int]
) -> None:
    plant("grid", drawn("BA\nCC"))
    report("1", 114.01, 22.51)
    join(database)
    assert owners(database)[0][3:6] == ("A", True, ["B", "C"])


def test_orphans_are_explained(
    database: Database, plant: Callable[..., None], report: Callable[..., int]
) -> None:
    plant("grid", drawn("AB"))
    report("1", 114.03, 22.505)
    report("2", None)
    report("3", None, problem="bad-coordinate")
    (done,) = join(database)
    assert (done.joined, done.orphans) == (0, 3)
    with database.begin() as connection:
        told = joining.orphans(connection, "event", done.layer_id, done.orphan_ids)
    assert [(one.external_id, one.reason, one.nearest_area) for one in told] == [
        ("1", "outside", "B"),
        ("2", "no-coordinate", None),
        ("3", "bad-coordinate", None),
    ]
    metres = pyproj.Geod(ellps="WGS84").inv(114.02, 22.505, 114.03, 22.505)[2]
    assert told[0].distance_m == pytest.approx(metres, abs=0.01)
    assert told[1].distance_m is None


def test_nearest_is_by_metres_and_not_by_degrees(
    database: Database, plant: Callable[..., None], report: Callable[..., int]
) -> None:
    # at 60°N a degree of longitude is half as long: E is 0.9 km away, N is 1.1 km though fewer degrees
    plant(
        "grid",
        {"E": shapely.box(10.016, 59.9, 10.1, 60.1), "N": shapely.box(9.9, 60.01, 10.01, 60.1)},
    )
    report("1", 10.0, 60.0)
    join(database)
    assert owners(database)[0][6:] == ("outside", "E")


def test_an_event_is_joined_to_the_plan_of_its_own_local_day(
    database: Database, plant: Callable[..., None], report: Callable[..., int]
) -> None:
    plant("grid", drawn("AA"), plan="old", valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
    plant("grid", drawn("BB"), plan="new", valid_from=date(2026, 1, 1))
    ids = [
        report("1 before all", 114.005, 22.505, at="2024-12-31 15:59:59+00:00"),
        report("2 first moment", 114.005, 22.505, at="2024-12-31 16:00:00+00:00"),
        report("3 last moment", 114.005, 22.505, at="2025-12-31 23:59:59+08:00"),
        report("4 of the next", 114.005, 22.505, at="2026-01-01 00:00:00+08:00"),
    ]
    (done,) = join(database, ids=ids)
    assert done.joined == 3
    assert [row[:4] for row in owners(database)] == [
        ("2 first moment", "grid", "old", "A"),
        ("3 last moment", "grid", "old", "A"),
        ("4 of the next", "grid", "new", "B"),
    ]


def test_every_partition_layer_and_only_those(
    database: Database, plant: Callable[..., None], report: Callable[..., int]
) -> None:
    plant("street", drawn("SS"))
    plant("grid", drawn("AB"))
    plant("school", drawn("X."), kind="overlay")
    plant("draft", drawn("DD"), valid_from=None)
    report("1", 114.005, 22.505)
    done = join(database)
    assert [(one.layer, one.joined) for one in done] == [("street", 1), ("grid", 1)]
    assert [row[1:4] for row in owners(database)] == [
        ("grid", "grid-2026", "A"),
        ("street", "street-2026", "S"),
    ]


def test_joining_again_writes_nothing(
    database: Database, plant: Callable[..., None], report: Callable[..., int]
) -> None:
    plant("grid", drawn("AB"))
    report("1", 114.005, 22.505)
    report("2", 114.5, 22.505)
    join(database)
    before = owners(database)
    (again,) = join(database)
    assert (again.joined, again.on_border, again.orphans, again.orphan_ids) == (0, 0, 0, ())
    assert owners(database) == before


def test_what_has_an_owner_keeps_it_and_orphans_are_asked_again(
    database: Database, plant: Callable[..., None], report: Callable[..., int]
) -> None:
    plant("grid", drawn("A.."), plan="west", scope="W")
    report("1 west", 114.005, 22.505)
    report("2 east", 114.025, 22.505)
    join(database)
    plant("grid", drawn("0.E"), plan="east", scope="E")  # its 0 covers the first event and is smaller than A
    (done,) = join(database)
    assert (done.joined, done.orphans) == (1, 0)
    assert [row[2:4] for row in owners(database)] == [("west", "A"), ("east", "E")]


def test_an_event_that_moved_is_joined_anew(
    database: Database, plant: Callable[..., None], report: Callable[..., int]
) -> None:
    plant("grid", drawn("AB"), valid_to=date(2027, 1, 1))
    first, second = report("1", 114.005, 22.505), report("2", 114.005, 22.505)
    join(database)
    with database.begin() as connection:
        connection.execute(sa.update(event).values(geom=wkt(114.015, 22.505)))
    join(database, ids=[first])
    assert [row[3] for row in owners(database)] == ["B", "A"]
    with database.begin() as connection:
        later = sa.cast(sa.literal("2027-01-01 00:00+08:00"), sa.DateTime(timezone=True))
        connection.execute(sa.update(event).where(event.c.id == second).values(occurred_at=later))
    join(database, ids=[second])
    assert [row[0] for row in owners(database)] == ["1"]  # no plan is in force on its day now


def test_one_layer_alone_can_be_joined(
    database: Database, plant: Callable[..., None], report: Callable[..., int]
) -> None:
    plant("street", drawn("SS"))
    plant("grid", drawn("AB"))
    report("1", 114.005, 22.505)
    with database.begin() as connection:
        grid = connection.scalar(sa.text("SELECT id FROM layer WHERE name = 'grid'"))
    assert [one.layer for one in join(database, layer_id=grid)] == ["grid"]
    assert [row[1] for row in owners(database)] == ["grid"]


def test_without_plans_there_is_nothing_to_join(database: Database, report: Callable[..., int]) -> None:
    report("1", 114.005, 22.505)
    assert join(database) == ()


def jagged(side: int, seed: int) -> tuple[list[str], Geometries]:
    """Quadrilaterals with shared corners off the lattice lines, so that no edge is straight in x or y."""
    rng = np.random.default_rng(seed)
    steps = np.arange(side + 1) * 0.02
    x, y = np.meshgrid(114.0 + steps, 22.5 + steps)
    x, y = (np.round(part + rng.uniform(-0.006, 0.006, part.shape), 7) for part in (x, y))
    shapes = [
        shapely.Polygon([(x[i, j], y[i, j]) for i, j in ((r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c))])
        for r in range(side)
        for c in range(side)
    ]
    codes = [f"{number:03d}" for number in rng.permutation(side * side)]
    return codes, np.array(shapes, dtype=object)


def test_sql_names_the_owner_that_exact_predicates_name(
    database: Database, plant: Callable[..., None]
) -> None:
    codes, shapes = jagged(6, seed=7)
    plant("grid", dict(zip(codes, shapes, strict=True)))
    rng = np.random.default_rng(8)
    corners = np.unique(shapely.get_coordinates(shapes), axis=0)
    rings = shapely.get_exterior_ring(shapes)
    along = shapely.get_coordinates(
        shapely.line_interpolate_point(
            np.repeat(rings, 60), rng.uniform(0, 1, 60 * len(rings)), normalized=True
        )
    )
    anywhere = rng.uniform((113.98, 22.48), (114.14, 22.64), (500, 2))
    # to the grid beside a border, and unrounded: as close to it as doubles come
    points = np.vstack([corners, np.round(along, 7), along, np.round(anywhere, 7)])
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO event (external_id, source, state, occurred_at, geom, crs)"
                " SELECT CAST(number AS TEXT), 's', 'open', :at, ST_SetSRID(ST_MakePoint(x, y), 4326), 'x'"
                " FROM unnest(CAST(:x AS FLOAT[]), CAST(:y AS FLOAT[])) WITH ORDINALITY AS p (x, y, number)"
            ),
            {"x": points[:, 0].tolist(), "y": points[:, 1].tolist(), "at": NOON},
        )
    join(database)
    expected = []
    order = np.argsort(codes)
    for point in shapely.points(points):
        cover = [int(i) for i in order if shapely.covers(shapes[i], point)]
        named = [codes[i] for i in cover]
        touches = bool(cover) and not shapely.contains_properly(shapes[cover[0]], point)
        expected.append((named[0] if named else None, touches, named[1:]))
    found = {row[0]: row[3:6] for row in owners(database)}
    assert [found[str(number)] for number in range(1, len(points) + 1)] == expected
    assert sum(on_border for _, on_border, _ in expected) >= len(corners)


@pytest.fixture
def build(database: Database) -> Callable[..., int]:
    """Put a building into the database."""

    def built(name: str, shape: shapely.Geometry | None) -> int:
        row = {
            "external_id": name,
            "source": "test",
            "geom": None if shape is None else f"SRID=4326;{shape.wkt}",
            "crs": "EPSG:4326",
            "problem": None if shape is not None else "no-coordinate",
        }
        with database.begin() as connection:
            made = connection.execute(sa.insert(building).values(row).returning(building.c.id))
            return int(made.scalar_one())

    return built


def join_buildings(database: Database, day: date, **options: Any) -> tuple[joining.Written, ...]:
    with database.begin() as connection:
        return joining.join_buildings(connection, day=day, **options)


def test_a_building_stands_where_a_point_inside_it_stands(
    database: Database, plant: Callable[..., None], build: Callable[..., int]
) -> None:
    plant("grid", drawn("AAAB"))
    horseshoe = shapely.box(114.0, 22.5, 114.04, 22.51) - shapely.box(114.002, 22.5, 114.04, 22.509)
    build("1 horseshoe", horseshoe)  # its centroid lies in the yard
    build("2 mostly in A", shapely.box(114.02, 22.503, 114.032, 22.507))
    build("3 a point in B", shapely.Point(114.035, 22.505))
    build("4 lost", None)
    (done,) = join_buildings(database, date(2026, 3, 1))
    assert (done.joined, done.orphans) == (3, 1)
    assert [row[3] for row in owners(database, building_area)] == ["A", "A", "B", None]


def test_buildings_follow_the_plan_in_force(
    database: Database, plant: Callable[..., None], build: Callable[..., int]
) -> None:
    plant("grid", drawn("AA"), plan="old", valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
    plant("grid", drawn("BB"), plan="new", valid_from=date(2026, 1, 1))
    build("1", shapely.Point(114.005, 22.505))
    build("2", shapely.Point(114.5, 22.505))
    join_buildings(database, date(2025, 6, 1))
    assert [row[2:4] for row in owners(database, building_area)] == [("old", "A"), ("old", None)]
    (done,) = join_buildings(database, date(2026, 6, 1))
    assert (done.joined, done.orphans) == (1, 1)
    assert [row[2:4] for row in owners(database, building_area)] == [("new", "B"), ("new", None)]
    (again,) = join_buildings(database, date(2026, 6, 1))
    assert (again.joined, again.orphans) == (0, 0)


def test_a_building_that_moved_is_joined_anew(
    database: Database, plant: Callable[..., None], build: Callable[..., int]
) -> None:
    plant("grid", drawn("AB"))
    moved = build("1", shapely.Point(114.005, 22.505))
    join_buildings(database, date(2026, 3, 1))
    with database.begin() as connection:
        connection.execute(sa.update(building).values(geom=wkt(114.015, 22.505)))
    (done,) = join_buildings(database, date(2026, 3, 1), ids=[moved])
    assert done.joined == 1
    assert owners(database, building_area)[0][3] == "B"

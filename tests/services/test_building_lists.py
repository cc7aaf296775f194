"""Buildings found by what they are called, where they lie, and how they are rated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
import shapely
import sqlalchemy as sa
from acting_sessions import put_account
from risk_ground import TODAY, ZONE, adopt, put, rated_long_ago

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.access import Actor, ActorKind, Errand
from gisgov.services.building_lists import BuildingFilter, BuildingPage, list_buildings
from gisgov.services.class_changes import ClassChanges, class_changes
from gisgov.services.joining import join_buildings
from gisgov.store.building_lists import AskedArea, BuildingsWanted, buildings_by_code
from gisgov.store.database import Database

WEST, EAST = shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)
BEGIN = date(2026, 3, 1)


@pytest.fixture
def ids(database: Database, plant: Callable[..., None]) -> dict[str, int]:
    """Two grids: in A one building that burnt and a new one, in B an old one; and one without a place."""
    plant("grid", {"A": WEST, "B": EAST}, valid_from=BEGIN)
    made = {
        "A-100": put(database, "A-100", (114.005, 22.505), built_year=1950, fires=3, use="mixed"),
        "A-200": put(database, "A-200", (114.006, 22.505), built_year=2000, fires=0, address="兴华路100号"),
        "B-300": put(database, "B-300", (114.015, 22.505), built_year=1950, fires=0),
        "lost": put(database, "lost", None),
    }
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE building SET name = 'A-1 号楼' WHERE external_id = 'B-300'"))
    join_buildings(database, at=BEGIN)
    adopt(database)
    return made


def codes(page: BuildingPage) -> list[str]:
    return [one.code for one in page.buildings]


def listed(database: Database, **asked: object) -> BuildingPage:
    own = {name: asked.pop(name) for name in ("sort", "after", "limit", "at") if name in asked}
    day = own.pop("at", TODAY)
    return list_buildings(database, BuildingFilter(**asked), at=day, today=TODAY, timezone=ZONE, **own)  # type: ignore[arg-type]


def test_beginnings_of_codes_come_before_names_and_parts(database: Database, ids: dict[str, int]) -> None:
    assert codes(listed(database, text="A-1")) == ["A-100", "B-300"]
    assert codes(listed(database, text="100")) == ["A-100", "A-200"]  # its code; its address
    assert codes(listed(database, text="a-2")) == ["A-200"]
    assert codes(listed(database, text="号楼")) == ["B-300"]
    assert codes(listed(database, text="兴华路")) == ["A-200"]
    assert codes(listed(database, text="%")) == []
    found = listed(database, text="A-1", limit=1)
    assert codes(listed(database, text="A-1", limit=1, after=found.after)) == ["B-300"]
    (one,) = listed(database, ids=[ids["A-200"]]).buildings
    assert (one.id, one.address, one.lon, one.lat) == (ids["A-200"], "兴华路100号", 114.006, 22.505)
    assert [(area.layer, area.code) for area in one.areas] == [("grid", "A")]


def test_pages_go_through_all_once_in_either_order(database: Database, ids: dict[str, int]) -> None:
    for sort in ("code", "points"):
        seen, after = [], None
        while True:
            page = listed(database, sort=sort, limit=1, after=after)
            seen += codes(page)
            if (after := page.after) is None:
                break
        assert sorted(seen) == sorted(ids)
        assert seen[0] == "A-100"


def test_conditions_hold_together(database: Database, ids: dict[str, int]) -> None:
    assert codes(listed(database, layer="grid", area="A")) == ["A-100", "A-200"]
    assert codes(listed(database, layer="grid", area="A", classes=["warning"])) == ["A-100"]
    assert codes(listed(database, classes=["general", "warning"], sort="points")) == ["A-100", "B-300"]
    assert codes(listed(database, bbox=(114.012, 22.5, 114.02, 22.51))) == ["B-300"]
    assert codes(listed(database, uses=["mixed"])) == ["A-100"]
    with pytest.raises(NotFoundError, match="No area 'C' of layer 'grid'"):
        listed(database, layer="grid", area="C")
    with pytest.raises(InputError, match="no class of buildings"):
        listed(database, classes=["red"])
    with pytest.raises(InputError, match="both layer and area"):
        listed(database, area="A")
    with pytest.raises(InputError, match="not where a page"):
        listed(database, after="7")
    with pytest.raises(InputError, match="not where a page"):
        listed(database, after="99999999999~1", sort="points")


def test_an_area_may_cover_more_buildings_than_a_statement_has_parameters(
    database: Database, ids: dict[str, int]
) -> None:
    asked = AskedArea(layer_id=1, code="A", plans=(), others=(ids["lost"], *range(10**6, 10**6 + 70_000)))
    with database.begin() as connection:
        found = buildings_by_code(connection, BuildingsWanted(area=asked), None, after=None, limit=9)
    assert [one.external_id for one in found] == ["lost"]


def test_a_past_day_has_its_own_classes(database: Database, ids: dict[str, int]) -> None:
    rated_long_ago(database, ids["A-200"], datetime(2026, 3, 2, tzinfo=ZONE), "warning", 40)
    assert codes(listed(database, classes=["warning"])) == ["A-100"]
    past = listed(database, classes=["warning"], at=date(2026, 3, 5), sort="points")
    assert [(one.code, one.risk_points) for one in past.buildings] == [("A-200", 40)]
    assert sorted(codes(listed(database, classes=["unclassified"], at=date(2026, 3, 5)))) == [
        "A-100", "B-300", "lost",
    ]  # fmt: skip


def manager_of_b(database: Database) -> Database:
    """Return the database in the hands of one whose ground is B alone."""
    with database.begin() as connection:
        session = connection.connection.driver_connection
        account = put_account(session, "wang", ("manager", "grid", "B"))  # type: ignore[arg-type]
    return database.acting(Actor("wang", ActorKind.PERSON, account), Errand("test", "here", "r-1"))


def test_nobody_sees_beyond_the_ground_of_a_role(database: Database, ids: dict[str, int]) -> None:
    own = manager_of_b(database)
    assert codes(listed(own)) == ["B-300"]
    assert codes(listed(own, text="A-1")) == ["B-300"]
    assert codes(listed(own, ids=list(ids.values()), sort="points")) == ["B-300"]


def test_changes_of_classes_are_counted_and_listed(database: Database, ids: dict[str, int]) -> None:
    rated_long_ago(database, ids["A-100"], datetime(2026, 3, 2, tzinfo=ZONE), "safe", 1)
    rated_long_ago(database, ids["A-200"], datetime(2026, 3, 2, tzinfo=ZONE), "warning", 40)
    today = datetime.now(ZONE).date()

    def changes(**asked: object) -> ClassChanges:
        return class_changes(database, since=date(2026, 3, 3), until=today, timezone=ZONE, **asked)  # type: ignore[arg-type]

    found = changes()
    assert found.counts == {"worse": 1, "better": 1, "new": 1, "none": 0}
    shown = [(one.building.code, one.former_class, one.building.risk_class) for one in found.buildings]
    assert shown == [
        ("A-100", "safe", "warning"),
        ("B-300", "unclassified", "general"),
        ("A-200", "warning", "safe"),
    ]
    assert [(one.code, one.balance, one.counts["new"]) for one in found.areas] == [("A", 0, 0), ("B", 0, 1)]
    assert [one.zh for one in found.buildings[0].reasons]
    only = changes(area="B", area_layer="grid")
    assert [(one.code, one.counts["new"], one.counts["worse"]) for one in only.areas] == [
        ("A", 0, 0),
        ("B", 1, 0),
    ]
    assert [(one.before, one.buildings) for one in only.moves] == [("unclassified", 1)]
    with pytest.raises(NotFoundError, match="No area 'S'"):
        changes(area="S")
    seen = class_changes(manager_of_b(database), since=date(2026, 3, 3), until=today, timezone=ZONE)
    assert [(one.code, one.counts["new"]) for one in seen.areas] == [("B", 1)]
    assert seen.counts == {"worse": 0, "better": 0, "new": 1, "none": 0}
    worse = changes(directions=["worse"], area="A")
    assert [one.building.code for one in worse.buildings] == ["A-100"]
    rated_anew = changes(former_class="unclassified", risk_class="一般")
    assert [one.building.code for one in rated_anew.buildings] == ["B-300"]
    assert rated_anew.counts == found.counts
    assert changes(former_class="general").buildings == ()
    with pytest.raises(InputError, match="no class of buildings"):
        changes(risk_class="blue")
    first = changes(limit=2)
    rest = changes(limit=2, after=first.after)
    assert [one.building.code for one in rest.buildings] == ["A-200"]
    assert rest.after is None
    with pytest.raises(InputError, match="no days in between"):
        class_changes(database, since=today, until=today, timezone=ZONE)
    with pytest.raises(InputError, match="no direction"):
        changes(directions=["up"])

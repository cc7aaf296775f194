"""Areas, stored: written and read whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
import shapely

from gisgov.errors import ConflictError, PlanPublished
from gisgov.store import areas
from gisgov.store.areas import AreaTable, Put, put_areas
from gisgov.store.database import Database
from gisgov.store.layers import find_layer, insert_layer
from gisgov.store.plans import create_draft, find_plan

LEFT = shapely.box(114.0, 22.5, 114.01, 22.51)
RIGHT = shapely.MultiPolygon([shapely.box(114.01, 22.5, 114.02, 22.51)])

TWO = AreaTable(
    codes=np.array(["B", "A"], dtype=object),
    names=np.array(["右", "左'; DROP TABLE area; --"], dtype=object),
    parent_codes=[("X", "Y"), ()],
    geometries=np.array([RIGHT, LEFT], dtype=object),
    area_m2=np.array([2.5, 1.5]),
    population=np.array([7, None], dtype=object),
    households=np.array([None, 3], dtype=object),
    attributes=[{"等级": [1, {"深": None}]}, {}],
)


@pytest.fixture
def draft(database: Database) -> int:
    """Id of a draft without areas."""
    row = {"name": "grid", "title_zh": "网格", "title_en": "Grid", "kind": "partition", "position": 1}
    with database.begin() as connection:
        return create_draft(connection, name="p", layer_id=insert_layer(connection, row), working_crs="x")


def test_areas_are_read_as_they_were_written(database: Database, draft: int) -> None:
    with database.begin() as connection:
        assert put_areas(connection, draft, TWO) == Put(2, 0, 0)
        found = areas.areas_of_plan(connection, draft)
    assert found.codes.tolist() == ["A", "B"]
    assert found.names.tolist() == TWO.names[::-1].tolist()
    assert found.parent_codes == [(), ("X", "Y")]
    assert found.geometries[0].equals_exact(shapely.MultiPolygon([LEFT]), 0)
    assert found.geometries[1].equals_exact(RIGHT, 0)
    assert found.area_m2.tolist() == [1.5, 2.5]
    assert (found.population.tolist(), found.households.tolist()) == ([None, 7], [3, None])
    assert found.attributes == [{}, {"等级": [1, {"深": None}]}]


def test_writing_again_changes_only_what_differs(database: Database, draft: int) -> None:
    with database.begin() as connection:
        put_areas(connection, draft, TWO)
        assert put_areas(connection, draft, TWO) == Put(0, 0, 2)
        moved = np.array([RIGHT, shapely.box(114.0, 22.5, 114.01, 22.5100001)], dtype=object)
        fields = {name: getattr(TWO, name) for name in AreaTable.__slots__}
        assert put_areas(connection, draft, AreaTable(**{**fields, "geometries": moved})) == Put(0, 1, 1)


def test_many_areas_are_written_in_parts(
    database: Database, draft: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(areas, "_BATCH", 1)
    with database.begin() as connection:
        assert put_areas(connection, draft, TWO) == Put(2, 0, 0)


def test_areas_are_deleted_by_code(database: Database, draft: int) -> None:
    with database.begin() as connection:
        put_areas(connection, draft, TWO)
        assert areas.delete_areas(connection, draft, ["A", "Z"]) == 1
        assert areas.areas_of_plan(connection, draft).codes.tolist() == ["B"]


def test_a_published_plan_takes_no_areas(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", {"A": LEFT})
    with pytest.raises(PlanPublished, match="its areas cannot"), database.begin() as connection:
        put_areas(connection, find_plan(connection, "grid-2026").id, TWO)


def test_unsound_ground_is_refused(database: Database, draft: int) -> None:
    bow_tie = shapely.Polygon([(114, 22), (115, 23), (115, 22), (114, 23)])
    fields = {name: getattr(TWO, name) for name in AreaTable.__slots__}
    broken = AreaTable(**{**fields, "geometries": np.array([RIGHT, bow_tie], dtype=object)})
    with pytest.raises(ConflictError, match="area_geom_check"), database.begin() as connection:
        put_areas(connection, draft, broken)


def test_the_ground_in_force_is_of_all_scopes(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", {"A": LEFT}, plan="west", scope="W", valid_to=date(2027, 1, 1), names={"A": "西"})
    plant("grid", {"B": RIGHT}, plan="east", scope="E")
    plant("grid", {"C": RIGHT}, plan="draft", valid_from=None)
    with database.begin() as connection:
        layer = find_layer(connection, "grid").id
        both = areas.ground_in_force(connection, layer, date(2026, 6, 1))
        later = areas.ground_in_force(connection, layer, date(2027, 1, 1))
        before = areas.ground_in_force(connection, layer, date(2025, 12, 31))
    assert (both.codes.tolist(), both.plans) == (["A", "B"], ("east", "west"))
    assert both.names.tolist() == ["西", "grid B"]
    assert both.chosen(np.array([1])).codes.tolist() == ["B"]
    assert later.codes.tolist() == ["B"]
    assert before.geometries.tolist() == []

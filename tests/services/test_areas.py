"""Areas: pages, parents, children, neighbours, search."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
import shapely

from gisgov.errors import InputError, NotFoundError
from gisgov.services.areas import children_of, find_areas, get_area, list_areas, neighbours_of, parents_of
from gisgov.services.resolution import Post
from gisgov.store.database import Database
from gisgov.testing import areas_from_grid

DAY = date(2026, 3, 1)


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


@pytest.fixture
def district(plant: Callable[..., None]) -> None:
    """Two streets of three grids; grid 3 spans both; schools lie over the grids."""
    plant("street", drawn("SST\nSTT"), names={"S": "Sea Street", "T": "桃源街道"})
    plant(
        "grid",
        drawn("123\n144"),
        parent="street",
        parents={"1": ["S"], "2": ["S"], "3": ["T", "S"], "4": ["T"]},
        names={"1": "桃一", "2": "桃二"},
        staff={"1": [("网格长", "王")]},
    )
    plant("school", drawn("S"), parent="grid", kind="overlay", parents={"S": ["1"]}, plan="schools/2026")


@pytest.mark.usefixtures("district")
def test_pages_follow_each_other_in_the_order_of_codes(database: Database) -> None:
    first = list_areas(database, "grid", at=DAY, limit=3)
    assert [one.code for one in first.areas] == ["1", "2", "3"]
    assert first.after == "grid-2026/3"
    last = list_areas(database, "grid", at=DAY, limit=3, after=first.after)
    assert [one.code for one in last.areas] == ["4"]
    assert last.after is None
    assert list_areas(database, "grid", at=DAY, limit=4).after is None


@pytest.mark.usefixtures("district")
def test_a_record_holds_all_that_is_known(database: Database) -> None:
    one = get_area(database, "1", at=DAY)
    assert (one.id, one.layer, one.title_zh, one.title_en) == ("grid-2026/1", "grid", "grid层", "Grid")
    assert (one.code, one.name, one.parent_codes, one.plan) == ("1", "桃一", ("S",), "grid-2026")
    assert (one.valid_from, one.valid_to) == (date(2026, 1, 1), None)
    assert one.staff == (Post("网格长", "王"),)
    assert one.bbox == pytest.approx((114.0, 22.5, 114.01, 22.52))
    assert one.geometry is not None
    assert one.geometry["type"] == "MultiPolygon"
    ring = one.geometry["coordinates"][0][0]
    assert shapely.LinearRing(ring).is_ccw, "GeoJSON wants outer rings counterclockwise"
    assert [114.01, 22.5] in ring, "coordinates come back as they were stored"


@pytest.mark.usefixtures("district")
def test_a_box_keeps_what_meets_it(database: Database) -> None:
    box = (114.021, 22.501, 114.029, 22.509)
    assert [one.code for one in list_areas(database, "grid", at=DAY, bbox=box).areas] == ["4"]
    touching = (114.03, 22.4, 115.0, 23.0)
    assert [one.code for one in list_areas(database, "grid", at=DAY, bbox=touching).areas] == ["3", "4"]


@pytest.mark.usefixtures("district")
def test_geometry_can_be_left_out(database: Database) -> None:
    page = list_areas(database, "grid", at=DAY, with_geometry=False)
    assert {one.geometry for one in page.areas} == {None}


@pytest.mark.usefixtures("district")
def test_another_day_has_other_areas(database: Database) -> None:
    assert list_areas(database, "grid", at=date(2025, 12, 31)).areas == ()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"after": "nothing"}, "after"),
        ({"after": "grid-2026/99"}, "after"),
        ({"bbox": (115.0, 22.0, 114.0, 23.0)}, "bbox"),
        ({"bbox": (114.0, 23.0, 115.0, 22.0)}, "bbox"),
        ({"bbox": (-181.0, 22.0, 115.0, 23.0)}, "bbox"),
        ({"bbox": (math.nan, 22.0, 115.0, 23.0)}, "bbox"),
    ],
)
@pytest.mark.usefixtures("district")
def test_what_cannot_be_asked_is_pointed_at(
    database: Database, options: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as caught:
        list_areas(database, "grid", at=DAY, **options)  # type: ignore[arg-type]
    assert caught.value.field == field


@pytest.mark.usefixtures("district")
def test_unknown_layers_are_pointed_at(database: Database) -> None:
    for question in (
        lambda: list_areas(database, "beat", at=DAY),
        lambda: get_area(database, "1", layer="beat", at=DAY),
        lambda: find_areas(database, "1", layer="beat", at=DAY),
    ):
        with pytest.raises(NotFoundError) as caught:
            question()
        assert caught.value.field == "layer"


@pytest.mark.usefixtures("district")
def test_a_code_of_several_layers_must_name_one(database: Database) -> None:
    with pytest.raises(InputError, match="several layers") as caught:
        get_area(database, "S", at=DAY)
    assert caught.value.field == "layer"
    assert caught.value.hint == "Say which is meant by layer=school or layer=street."
    assert get_area(database, "S", layer="school", at=DAY).id == "schools/2026/S"


@pytest.mark.usefixtures("district")
def test_an_area_of_another_day_is_told_of(database: Database) -> None:
    with pytest.raises(NotFoundError, match="No area '2' is in force on 2025-06-01") as caught:
        get_area(database, "2", at=date(2025, 6, 1))
    assert caught.value.field == "code"
    assert caught.value.hint == "It was in force from 2026-01-01 to now in plan grid-2026 of layer grid."
    with pytest.raises(NotFoundError, match="of layer street") as caught:
        get_area(database, "2", layer="street", at=DAY)
    assert caught.value.hint is None


@pytest.mark.usefixtures("district")
def test_children_name_their_parent_page_by_page(database: Database) -> None:
    first = children_of(database, "S", layer="street", at=DAY, limit=2)
    assert [one.code for one in first.areas] == ["1", "2"]
    last = children_of(database, "S", layer="street", at=DAY, limit=2, after=first.after)
    assert [one.code for one in last.areas] == ["3"]
    # the cursor of a plan whose own name holds a slash
    assert children_of(database, "1", at=DAY, after="schools/2026/S").areas == ()
    assert [one.layer for one in children_of(database, "1", at=DAY).areas] == ["school"]


@pytest.mark.usefixtures("district")
def test_parents_may_be_several_or_none(database: Database) -> None:
    assert [one.code for one in parents_of(database, "3", at=DAY)] == ["S", "T"]
    assert [one.code for one in parents_of(database, "1", at=DAY)] == ["S"]
    assert parents_of(database, "T", at=DAY) == ()


@pytest.mark.usefixtures("district")
def test_neighbours_share_a_border_of_some_length(database: Database) -> None:
    found = {one.area.code: one.border_m for one in neighbours_of(database, "4", at=DAY)}
    assert list(found) == ["1", "2", "3"]
    assert found["1"] == pytest.approx(1108, abs=2)  # 0.01 degrees north to south
    assert found["2"] == pytest.approx(1028, abs=2)  # 0.01 degrees west to east, at 22.5° north
    corner = {one.area.code for one in neighbours_of(database, "2", at=DAY)}
    assert corner == {"1", "3", "4"}


def test_areas_that_meet_in_a_corner_are_no_neighbours(
    database: Database, plant: Callable[..., None]
) -> None:
    plant("grid", drawn("AB\nCD"))
    assert [one.area.code for one in neighbours_of(database, "A", at=DAY)] == ["B", "C"]


@pytest.mark.usefixtures("district")
def test_search_finds_codes_by_their_beginning_and_names_by_any_part(database: Database) -> None:
    def codes(text: str, **options: object) -> list[tuple[str, str]]:
        found = find_areas(database, text, at=DAY, **options)  # type: ignore[arg-type]
        return [(one.layer, one.code) for one in found]

    assert codes("桃") == [("street", "T"), ("grid", "1"), ("grid", "2")]
    assert codes("桃二") == [("grid", "2")]
    assert codes("sea") == [("street", "S")]
    assert codes("S") == [("street", "S"), ("school", "S")]
    assert codes("S", layer="school") == [("school", "S")]
    assert codes("桃", limit=1) == [("street", "T")]
    assert codes("%") == [], "no pattern, just text"


@pytest.mark.usefixtures("district")
def test_a_whole_match_comes_before_longer_ones(database: Database, plant: Callable[..., None]) -> None:
    plant("beat", {"1": shapely.box(114, 22, 115, 23), "11": shapely.box(115, 22, 116, 23)})
    assert [(one.layer, one.code) for one in find_areas(database, "1", at=DAY)] == [
        ("grid", "1"),
        ("beat", "1"),
        ("beat", "11"),
    ]


@pytest.mark.usefixtures("database")
def test_an_empty_search_is_refused(database: Database) -> None:
    with pytest.raises(InputError) as caught:
        find_areas(database, "  ", at=DAY)
    assert caught.value.field == "q"

"""Listing, showing and deleting plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import shapely
from pydantic import TypeAdapter

from gisgov.errors import InputError, NotFoundError, PlanPublished
from gisgov.services.plans import PlanDetail, PlanInfo, delete_draft, list_plans, page_of_plans, show_plan
from gisgov.store.database import Database

SQUARE = shapely.box(114.0, 22.5, 114.01, 22.51)


@pytest.fixture
def three(plant: Callable[..., None]) -> None:
    """Two plans of one layer after each other, and a draft."""
    plant("grid", {"A": SQUARE}, plan="old", valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
    plant("grid", {"A": SQUARE, "B": SQUARE}, plan="new", scope="330106")
    plant("grid", {"A": SQUARE}, plan="draft", valid_from=None)


@pytest.mark.usefixtures("three")
def test_plans_are_listed(database: Database) -> None:
    found = list_plans(database)
    assert [one.name for one in found] == ["old", "draft", "new"]
    assert found[2] == PlanInfo("new", "grid", "330106", "published", date(2026, 1, 1), None, 2, None, None)
    assert [one.name for one in list_plans(database, layer="grid", at=date(2025, 12, 31))] == ["old"]
    assert list_plans(database, at=date(2024, 1, 1)) == ()
    with pytest.raises(NotFoundError, match="'street'"):
        list_plans(database, layer="street")


@pytest.mark.usefixtures("three")
def test_plans_come_in_pages(database: Database) -> None:
    first = page_of_plans(database, limit=2)
    assert ([one.name for one in first.plans], first.after) == (["old", "draft"], "draft")
    rest = page_of_plans(database, limit=2, after=first.after)
    assert ([one.name for one in rest.plans], rest.after) == (["new"], None)
    day = page_of_plans(database, "grid", date(2026, 3, 1), limit=1, after="old")
    assert ([one.name for one in day.plans], day.after) == (["new"], None)
    with pytest.raises(InputError, match="limit 0 is out of range"):
        page_of_plans(database, limit=0)
    with pytest.raises(InputError, match="No page ends at 'gone'"):
        page_of_plans(database, limit=2, after="gone")
    with pytest.raises(NotFoundError, match="'street'"):
        page_of_plans(database, "street", limit=2)


@pytest.mark.usefixtures("three")
def test_a_plan_is_shown(database: Database) -> None:
    detail = show_plan(database, "new")
    assert (detail.plan.areas, detail.area_m2, detail.population, detail.blocks) == (2, 2.0, None, 0)
    assert (detail.layer_title_zh, detail.working_crs, detail.has_scope) == ("grid层", "EPSG:4547", False)
    TypeAdapter(PlanDetail).dump_json(detail, warnings="error")
    with pytest.raises(NotFoundError):
        show_plan(database, "none")


@pytest.mark.usefixtures("three")
def test_only_a_draft_is_deleted(database: Database) -> None:
    assert delete_draft(database, "draft").areas == 1
    assert [one.name for one in list_plans(database)] == ["old", "new"]
    with pytest.raises(PlanPublished, match="'new' is published"):
        delete_draft(database, "new")
    with pytest.raises(NotFoundError):
        delete_draft(database, "draft")

"""Staff posts: filled from a list, compared with the formula."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.services.areas import get_area
from gisgov.services.resolving import Post
from gisgov.services.staff import StaffFault, StaffPost, put_staff
from gisgov.store import tables
from gisgov.store.database import Database

DAY = date(2026, 3, 1)
LEADER, HELPER = StaffPost("1", "网格长", "王一"), StaffPost("1", "兼职网格员", "李二")


@pytest.fixture
def grids(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", {"1": shapely.box(114, 22, 114.1, 22.1), "2": shapely.box(114.1, 22, 114.2, 22.1)})
    with database.begin() as connection:
        connection.execute(tables.layer.update().values(staffing="1 网格长 + N≥0 兼职网格员"))


@pytest.mark.usefixtures("grids")
def test_posts_are_filled_and_vacancies_named(database: Database) -> None:
    done = put_staff(database, "grid", [LEADER, HELPER, LEADER], at=DAY)
    assert (done.added, done.removed, done.unchanged, done.areas) == (2, 0, 0, 2)
    assert done.faults == (StaffFault("2", ("网格长: needs 1, has 0",)),)
    assert set(get_area(database, "1", at=DAY).staff) == {Post("网格长", "王一"), Post("兼职网格员", "李二")}


@pytest.mark.usefixtures("grids")
def test_the_list_is_the_whole_staff(database: Database) -> None:
    put_staff(database, "grid", [LEADER, HELPER], at=DAY)
    again = put_staff(database, "grid", [LEADER, HELPER], at=DAY)
    assert (again.added, again.removed, again.unchanged) == (0, 0, 2)
    other = put_staff(database, "grid", [LEADER, StaffPost("2", "网格长", "赵三")], at=DAY)
    assert (other.added, other.removed, other.unchanged, other.faults) == (1, 1, 1, ())


@pytest.mark.usefixtures("grids")
def test_a_layer_without_a_formula_has_no_faults(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(sa.update(tables.layer).values(staffing=None))
    assert put_staff(database, "grid", [], at=DAY).faults == ()


@pytest.mark.usefixtures("grids")
@pytest.mark.parametrize(
    ("post", "message"),
    [
        (StaffPost("3", "网格长", "王一"), "area '3'"),
        (StaffPost("1", " ", "王一"), "no role or no holder"),
        (StaffPost("1", "网格长", ""), "no role or no holder"),
    ],
)
def test_a_post_that_cannot_be_changes_nothing(database: Database, post: StaffPost, message: str) -> None:
    with pytest.raises(InputError, match=message):
        put_staff(database, "grid", [LEADER, post], at=DAY)
    assert get_area(database, "1", at=DAY).staff == ()


def test_a_layer_must_exist(database: Database) -> None:
    with pytest.raises(NotFoundError, match="beat"):
        put_staff(database, "beat", [], at=DAY)

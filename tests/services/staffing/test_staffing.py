"""Staff posts as people work with them: listed, held against the formula, filled, changed, ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError, NotFoundError
from gisgov.services.staffing.appointing import Appointment, appoint, change_post, end_post, remove_post
from gisgov.services.staffing.figures import layer_posts, posts_frame, posts_table
from gisgov.services.staffing.posts import StaffPostInfo, list_posts
from gisgov.services.staffing.vacancies import PostGap, Vacancies, list_vacancies
from gisgov.store.database import Database
from gisgov.store.tables import layer

JAN, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)
FORMULA = "1 网格长 + 1 专职网格员 + N≥1 兼职网格员"


@pytest.fixture
def grids(database: Database, plant: Callable[..., None]) -> Database:
    """Two grids in force, and one that was; the layer has a formula."""
    plant("grid", {"a": shapely.box(120, 30, 121, 31), "b": shapely.box(121, 30, 122, 31)})
    dates = {"plan": "old", "scope": "x", "valid_from": date(2020, 1, 1), "valid_to": JAN}
    plant("grid", {"z": shapely.box(122, 30, 123, 31)}, **dates)
    with database.begin() as connection:
        connection.execute(layer.update().values(staffing=FORMULA))
    return database


def given(database: Database, area: str, role: str, holder: str, **more: Any) -> StaffPostInfo:
    return appoint(database, Appointment("grid", area, role, holder, **more), today=MARCH)


def vacancies(database: Database, day: date = MARCH) -> Vacancies:
    return list_vacancies(database, "grid", at=day)


def test_a_post_is_filled_listed_changed_and_ended(grids: Database) -> None:
    made = given(grids, "a", "网格长", " 王 ", valid_from=JAN, phone=" 000-1 ")
    assert (made.holder, made.phone, made.valid_from, made.valid_to) == ("王", "000-1", JAN, None)
    assert list_posts(grids, "grid", at=MARCH) == (made,)
    assert list_posts(grids, "grid", at=MARCH, area="b") == ()
    assert list_posts(grids, "grid", at=date(2025, 12, 31)) == ()
    changed = change_post(grids, made.id, {"holder": "汪", "phone": None})
    assert (changed.holder, changed.phone, changed.valid_from) == ("汪", None, JAN)
    assert end_post(grids, made.id, on=JUNE).valid_to == JUNE
    assert end_post(grids, made.id, on=MARCH).valid_to == MARCH
    assert list_posts(grids, "grid", at=MARCH) == ()
    assert change_post(grids, made.id, {"valid_to": None}).valid_to is None
    remove_post(grids, made.id)
    assert list_posts(grids, "grid", at=MARCH) == ()


def test_an_ended_post_does_not_end_later(grids: Database) -> None:
    made = given(grids, "a", "网格长", "王", valid_to=MARCH)
    with pytest.raises(ConflictError, match=rf"Post {made.id} ended on 2026-03-01 already"):
        end_post(grids, made.id, on=JUNE)


def test_a_deputy_acts_when_the_holder_is_gone(grids: Database) -> None:
    wang = given(grids, "a", "网格长", "王", valid_to=MARCH)
    li = given(grids, "a", "网格长", "李", valid_from=JAN, deputy_for=wang.id)
    assert li.deputy_for == wang.id
    (area,) = (one for one in vacancies(grids).found if one.code == "a")
    leader = area.roles[0]
    assert (leader.role, leader.missing, leader.acting) == ("网格长", 1, 1)
    with grids.begin() as connection:
        connection.execute(layer.update().values(staffing=FORMULA.replace("网格长", "网格长（或代理）", 1)))
    (area,) = (one for one in vacancies(grids).found if one.code == "a")
    assert [one.role for one in area.roles] == ["专职网格员", "兼职网格员"]


def test_vacancies_of_a_day(grids: Database) -> None:
    given(grids, "a", "网格长", "王", valid_from=JAN, valid_to=JUNE)
    given(grids, "a", "专职网格员", "李")
    given(grids, "a", "专职网格员", "赵")
    given(grids, "a", "兼职网格员", "钱")
    found = vacancies(grids)
    assert (found.formula, found.areas, found.areas_short) == (FORMULA, 2, 1)
    assert (found.missing, found.surplus, found.elsewhere) == (3, 1, 0)
    assert (found.needed, found.filled_share) == (6, 0.5)
    posts = layer_posts(grids, "grid", at=MARCH)
    assert (posts.formula, posts.roles) == (FORMULA, ("网格长", "专职网格员", "兼职网格员"))
    frame = posts_frame(posts)
    assert frame.to_dict("list") == {
        "code": ["a", "b"],
        "needed": [3, 3],
        "filled": [3, 0],
        "missing": [0, 3],
        "surplus": [1, 0],
        "filled_share": [1.0, 0.0],
        **{f"needed_{place}": [1, 1] for place in range(3)},
        **{f"missing_{place}": [0, 1] for place in range(3)},
    }
    assert [(one.role, one.least, one.filled, one.missing, one.surplus) for one in found.roles] == [
        ("网格长", 2, 1, 1, 0),
        ("专职网格员", 2, 2, 1, 1),
        ("兼职网格员", 2, 1, 1, 0),
    ]
    a, b = found.found
    assert [(one.role, one.surplus) for one in a.roles] == [("专职网格员", 1)]
    assert a.gaps == (PostGap("网格长", JUNE, None),)
    assert (b.code, b.name, b.plan, b.missing) == ("b", "grid b", "grid-2026", 3)
    assert PostGap("网格长", None, None) in b.gaps


def test_posts_of_areas_not_in_force_are_counted(grids: Database) -> None:
    old = appoint(grids, Appointment("grid", "z", "网格长", "王"), today=date(2025, 6, 1))
    assert vacancies(grids).elsewhere == 1
    end_post(grids, old.id, on=JAN)
    assert vacancies(grids).elsewhere == 0


def test_a_layer_without_formula_has_no_vacancies_and_takes_any_role(grids: Database) -> None:
    with grids.begin() as connection:
        connection.execute(layer.update().values(staffing=sa.null()))
    assert given(grids, "a", "顾问", "王").role == "顾问"
    with pytest.raises(ConflictError, match="Layer grid has no staffing formula"):
        vacancies(grids)
    with pytest.raises(InputError, match="role is empty"):
        given(grids, "a", " ", "王")


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"area": "z"}, NotFoundError, r"No area 'z' of layer grid is in force on 2026-03-01\."),
        (
            {"role": "村长"},
            InputError,
            r"'村长' is no role .* Its formula has 网格长, 专职网格员, 兼职网格员\.",
        ),
        ({"holder": " "}, InputError, "is no name"),
        ({"holder": "王\n李"}, InputError, "is no name"),
        ({"phone": "call"}, InputError, "'call' is no phone"),
        (
            {"valid_from": JUNE, "valid_to": MARCH},
            InputError,
            "A post from 2026-06-01 cannot end on 2026-03-01",
        ),
        ({"deputy_for": 4711}, NotFoundError, "No staff post has the id 4711"),
    ],
)
def test_what_cannot_be_appointed(
    grids: Database, more: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        given(grids, **{"area": "a", "role": "网格长", "holder": "王", **more})


def test_who_cannot_deputise(grids: Database) -> None:
    wang = given(grids, "a", "网格长", "王")
    li = given(grids, "a", "网格长", "李", deputy_for=wang.id)
    for area, role, holder, of, message in (
        ("b", "网格长", "赵", wang, "is 网格长 of grid a"),
        ("a", "专职网格员", "赵", wang, "is 网格长 of grid a"),
        ("a", "网格长", "王", wang, "cannot stand in for themselves"),
        ("a", "网格长", "赵", li, "is that of a deputy"),
    ):
        with pytest.raises(InputError, match=message):
            given(grids, area, role, holder, deputy_for=of.id)


def test_nobody_is_appointed_twice(grids: Database) -> None:
    given(grids, "a", "网格长", "王")
    with pytest.raises(ConflictError, match="holds that post already in that time"):
        given(grids, "a", "网格长", "王", valid_from=JUNE)


def test_what_is_not_there_is_said(grids: Database) -> None:
    for act in (
        lambda: change_post(grids, 4711, {}),
        lambda: end_post(grids, 4711, on=MARCH),
        lambda: remove_post(grids, 4711),
    ):
        with pytest.raises(NotFoundError, match="No staff post has the id 4711"):
            act()
    with pytest.raises(NotFoundError, match="No area of layer grid has the code 'y'"):
        list_posts(grids, "grid", at=MARCH, area="y")


def test_roles_that_the_formula_does_not_name_have_their_columns(grids: Database) -> None:
    with grids.begin() as connection:
        connection.execute(layer.update().values(staffing=None))
    given(grids, "b", "顾问", "周")
    assert layer_posts(grids, "grid", at=MARCH).areas == ()
    assert posts_frame(layer_posts(grids, "grid", at=MARCH)).empty
    with grids.begin() as connection:
        connection.execute(layer.update().values(staffing="N≥0 兼职网格员"))
    found = layer_posts(grids, "grid", at=MARCH)
    assert (found.roles, [one.surplus for one in found.areas]) == ((), [0, 1])
    assert posts_frame(found)["filled_share"].isna().all(), "nobody is needed"
    text = posts_table(found).file("csv").decode("utf-8-sig").splitlines()
    assert text[0] == (
        "区域编码,区域名称,应配,在岗,空缺,超配,到岗率（%）,兼职网格员：应配,兼职网格员：在岗,兼职网格员：代理,"
        "兼职网格员：空缺,兼职网格员：超配,顾问：应配,顾问：在岗,顾问：代理,顾问：空缺,顾问：超配"
    )
    assert text[2:] == ["b,grid b,0,0,0,1,,0,0,0,0,0,0,1,0,0,1", ",合计,0,0,0,1,,0,0,0,0,0,0,1,0,0,1"]

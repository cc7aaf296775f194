"""Staff posts, stored."""

from __future__ import annotations

from datetime import date

import pytest

from gisgov.errors import ConflictError, NotFoundError
from gisgov.store import staff
from gisgov.store.database import Database
from gisgov.store.layers import insert_layer
from gisgov.store.staff import StaffPost

WANG, LI = StaffPost("A", "网格长", "王"), StaffPost("A", "专职网格员", "李")
GRID = {"name": "grid", "title_zh": "网格", "title_en": "Grid", "kind": "partition", "position": 1}
FIRST, MARCH, LATER = date(2025, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


def keys(posts: tuple[staff.StoredPost, ...]) -> set[tuple[str, str, str]]:
    return {(post.area_code, post.role, post.holder) for post in posts}


def test_posts_are_filled_once_and_taken_away(database: Database) -> None:
    with database.begin() as connection:
        layer = insert_layer(connection, GRID)
        assert staff.put_posts(connection, layer, []) == 0
        assert staff.add_posts(connection, layer, []) == []
        assert staff.put_posts(connection, layer, [WANG]) == 1
        assert staff.put_posts(connection, layer, [WANG, LI]) == 1
        found = staff.posts_of_layer(connection, layer)
        assert keys(found) == {("A", "网格长", "王"), ("A", "专职网格员", "李")}
        assert staff.posts_of_layer(connection, layer, code="B") == ()
        staff.delete_post(connection, found[0].id)
        assert staff.posts_of_layer(connection, layer) == found[1:]
        with pytest.raises(NotFoundError, match=rf"No staff post has the id {found[0].id}\."):
            staff.find_post(connection, found[0].id)


def test_posts_have_their_days_and_the_last_is_not_one_of_them(database: Database) -> None:
    dated = StaffPost("A", "网格长", "王", FIRST, MARCH)
    with database.begin() as connection:
        layer = insert_layer(connection, GRID)
        staff.add_posts(connection, layer, [dated, StaffPost("A", "网格长", "王", MARCH)])
        for day, since in ((date(2026, 2, 28), FIRST), (MARCH, MARCH)):
            (post,) = staff.posts_of_layer(connection, layer, day=day)
            assert post.valid_from == since
        assert staff.posts_of_layer(connection, layer, day=date(2024, 12, 31)) == ()


@pytest.mark.parametrize("since", [None, FIRST, date(2026, 2, 28)])
def test_nobody_holds_a_role_twice_at_one_time(database: Database, since: date | None) -> None:
    with database.begin() as connection:
        layer = insert_layer(connection, GRID)
        staff.add_post(connection, layer, StaffPost("A", "网格长", "王", FIRST, MARCH))
    with pytest.raises(ConflictError, match="holds that post already in that time"), database.begin() as more:
        staff.add_post(more, layer, StaffPost("A", "网格长", "王", since, LATER))


def test_a_deputy_is_of_the_same_area_and_role(database: Database) -> None:
    with database.begin() as connection:
        layer = insert_layer(connection, GRID)
        post = staff.add_post(connection, layer, WANG)
        deputy = StaffPost("A", "网格长", "李", MARCH, None, post)
        made = staff.add_post(connection, layer, deputy)
        (found,) = staff.deputies_of(connection, post)
        assert (found.id, found.holder, found.valid_from) == (made, "李", MARCH)
    for stranger in (
        StaffPost("B", "网格长", "李", None, None, post),
        StaffPost("A", "员", "李", None, None, post),
    ):
        with pytest.raises(ConflictError), database.begin() as connection:
            staff.add_post(connection, layer, stranger)
    with database.begin() as connection:
        staff.delete_post(connection, post)
        assert staff.posts_of_layer(connection, layer) == ()


def test_phones_are_put_changed_and_taken_away(database: Database) -> None:
    with database.begin() as connection:
        layer = insert_layer(connection, GRID)
        wang, li = staff.add_posts(connection, layer, [WANG, LI])
        staff.put_phones(connection, {wang: "0755-0000 1234", li: None})
        assert staff.phones_of(connection, [wang, li]) == {wang: "0755-0000 1234"}
        staff.put_phones(connection, {wang: "+86 100", li: "110"})
        assert staff.phones_of(connection, [wang, li]) == {wang: "+86 100", li: "110"}
        staff.put_phones(connection, {wang: None})
        assert staff.phones_of(connection, [wang]) == {}
        staff.change_posts(connection, {li: {"valid_to": MARCH}})
        assert staff.find_post(connection, li).valid_to == MARCH


@pytest.mark.parametrize("phone", ["", "12", "call me", "1" * 25, "12--34", "123\n"])
def test_what_is_no_phone_is_refused(database: Database, phone: str) -> None:
    with database.begin() as connection:
        layer = insert_layer(connection, GRID)
        post = staff.add_post(connection, layer, WANG)
    with pytest.raises(ConflictError), database.begin() as connection:
        staff.put_phones(connection, {post: phone})

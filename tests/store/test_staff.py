"""Staff posts, stored."""

from __future__ import annotations

from gisgov.store import staff
from gisgov.store.database import Database
from gisgov.store.layers import insert_layer
from gisgov.store.staff import StaffPost

WANG, LI = StaffPost("A", "网格长", "王"), StaffPost("A", "专职网格员", "李")


def test_posts_are_filled_once_and_taken_away(database: Database) -> None:
    row = {"name": "grid", "title_zh": "网格", "title_en": "Grid", "kind": "partition", "position": 1}
    with database.begin() as connection:
        layer = insert_layer(connection, row)
        assert staff.put_posts(connection, layer, []) == 0
        assert staff.put_posts(connection, layer, [WANG]) == 1
        assert staff.put_posts(connection, layer, [WANG, LI]) == 1
        assert set(staff.posts_of_layer(connection, layer)) == {WANG, LI}
        assert staff.delete_posts(connection, layer, [WANG, StaffPost("B", "网格长", "王")]) == 1
        assert staff.posts_of_layer(connection, layer) == (LI,)

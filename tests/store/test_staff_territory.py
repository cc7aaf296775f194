"""Row-level security of staff posts and phones: raw SQL of an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import shapely
from acting_sessions import acting, put_account, seen

FILLED = (("street", "S", "书记"), ("grid", "1", "王"), ("grid", "2", "李"), ("grid", "3", "赵"))


@pytest.fixture
def ground(session: psycopg.Connection, plant: Callable[..., None]) -> psycopg.Connection:
    """Two streets; grid 1 in S, 3 in T, 2 in both; a post with a phone in each area but T."""
    boxes = [shapely.box(114 + x, 22, 115 + x, 23) for x in range(3)]
    plant("street", {"S": boxes[0], "T": boxes[2]})
    parents = {"1": ["S"], "2": ["S", "T"], "3": ["T"]}
    plant("grid", dict(zip("123", boxes, strict=True)), parent="street", parents=parents)
    for layer, code, holder in FILLED:
        session.execute(
            "WITH made AS (INSERT INTO staff_post (layer_id, area_code, role, holder) "
            "SELECT id, %s, '网格长', %s FROM layer WHERE name = %s RETURNING id) "
            "INSERT INTO staff_phone SELECT id, '000-' || id FROM made",
            (code, holder, layer),
        )
    return session


PHONES = "staff_phone JOIN staff_post ON staff_post.id = post_id"


@pytest.mark.parametrize(
    ("role", "layer", "code", "phones"),
    [
        ("viewer", "street", "S", ["书记", "李", "王"]),
        ("dispatcher", "street", "T", ["李", "赵"]),
        ("planner", "grid", "1", ["王"]),
        ("viewer", None, None, ["书记", "李", "王", "赵"]),
    ],
)
def test_posts_are_for_all_and_phones_for_whom_they_concern(
    ground: psycopg.Connection, role: str, layer: str | None, code: str | None, phones: list[str]
) -> None:
    account = put_account(ground, "he", (role, layer, code))
    assert len(seen(ground, "staff_post", "holder", account)) == 4
    assert seen(ground, PHONES, "holder", account) == sorted(phones)


def test_a_key_for_other_rights_sees_no_phone(ground: psycopg.Connection) -> None:
    account = put_account(ground, "he", ("manager", None, None))
    assert seen(ground, "staff_phone", "phone", account, scopes="staff.read") == []
    assert len(seen(ground, "staff_phone", "phone", account, scopes="staff.read,staff.contact")) == 4


CHANGES: dict[str, tuple[str, dict[str, int]]] = {
    "end": ("UPDATE staff_post SET valid_to = '2027-01-01' WHERE holder = %s", {"王": 1, "李": 0, "赵": 0}),
    "remove": ("DELETE FROM staff_post WHERE holder = %s", {"王": 1, "书记": 1, "李": 0, "赵": 0}),
    "call": (
        "UPDATE staff_phone SET phone = '110' FROM staff_post WHERE id = post_id AND holder = %s",
        {"王": 1, "李": 0, "赵": 0},
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_manager_changes_the_posts_of_his_area(ground: psycopg.Connection, what: str) -> None:
    account = put_account(ground, "chen", ("manager", "street", "S"))
    statement, reached = CHANGES[what]
    for holder, count in reached.items():
        with acting(ground, account):
            assert ground.execute(statement, (holder,)).rowcount == count


@pytest.mark.parametrize(("code", "fits"), [("1", True), ("2", False), ("3", False)])
def test_a_manager_appoints_in_his_area_alone(ground: psycopg.Connection, code: str, fits: bool) -> None:
    account = put_account(ground, "chen", ("manager", "street", "S"))
    statement = (
        "INSERT INTO staff_post (layer_id, area_code, role, holder) "
        "SELECT id, %s, '网格员', '孙' FROM layer WHERE name = 'grid'"
    )
    with acting(ground, account):
        if fits:
            assert ground.execute(statement, (code,)).rowcount == 1
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ground.execute(statement, (code,))


@pytest.mark.parametrize("role", ["viewer", "dispatcher", "planner"])
def test_others_change_nothing(ground: psycopg.Connection, role: str) -> None:
    account = put_account(ground, "he", (role, None, None))
    for change in ("UPDATE staff_post SET role = 'x'", "DELETE FROM staff_phone"):
        with acting(ground, account):
            assert ground.execute(change).rowcount == 0


def test_the_audit_tells_neither_names_nor_phones(ground: psycopg.Connection) -> None:
    ground.execute("UPDATE staff_post SET holder = '周', valid_to = '2027-01-01' WHERE holder = '王'")
    ground.execute("UPDATE staff_phone SET phone = '110'")
    told: list[Any] = ground.execute("SELECT content::TEXT FROM audit_entry").fetchall()
    whole = " ".join(row[0] for row in told)
    assert "2027-01-01" in whole
    assert "staff_phone" in whole
    for secret in ("王", "周", "000-", '"110"'):
        assert secret not in whole

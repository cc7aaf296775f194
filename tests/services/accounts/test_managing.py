"""Making, changing and deleting accounts; and whoever manages them stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from shapely import box

from gisgov.errors import ConflictError, GisgovError, InputError, NameTaken, NotAllowed, NotFoundError
from gisgov.governance.access import Actor, ActorKind, Errand, Grant, Role
from gisgov.services.accounts import (
    change_account,
    create_account,
    delete_account,
    find_session,
    give_one_time_password,
    is_managed,
    list_accounts,
    list_keys,
    make_key,
    open_session,
    show_account,
)
from gisgov.store.database import Database

MANAGER = Grant(Role.ADMINISTRATOR)
VIEWER = Grant(Role.VIEWER)


def acting(database: Database, name: str) -> Database:
    """Return the database in the hands of an account."""
    with database.begin() as connection:
        key = connection.scalar(sa.text("SELECT id FROM account WHERE name = :name"), {"name": name})
    info = show_account(database, name)
    grants = tuple(Grant(Role(one.role), one.layer, one.area_code) for one in info.roles)
    return database.acting(Actor(name, ActorKind.PERSON, key, grants), Errand())


@pytest.fixture
def managed(database: Database, plant: Callable[..., None]) -> Database:
    """A database in the hands of one of two who manage accounts."""
    plant("street", {"S": box(114, 22, 114.1, 22.1)})
    create_account(database, "chen", grants=[MANAGER])
    create_account(database, "bo", grants=[MANAGER])
    return acting(database, "chen")


def test_accounts_are_of_departments(managed: Database, database: Database) -> None:
    with pytest.raises(NotFoundError, match="no department water"):
        create_account(managed, "lin", department="water")
    with database.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO department (code, title, source) VALUES ('water', '水务局', 'test')")
        )
    assert create_account(managed, "lin", department="water").department == "water"
    assert change_account(managed, "lin", disabled=True).department == "water"
    with pytest.raises(NotFoundError, match="no department air"):
        change_account(managed, "lin", department="air")
    assert change_account(managed, "lin", department=None).department is None
    assert {one.account: one.department for one in list_accounts(managed)} == dict.fromkeys(
        ("bo", "chen", "lin")
    )
    with pytest.raises(NotAllowed):
        change_account(acting(managed, "lin"), "lin", department="water")


def test_an_account_that_manages_makes_others(managed: Database) -> None:
    made = create_account(managed, "lin", grants=[Grant(Role.PLANNER, "street", "S"), VIEWER, VIEWER])
    assert [(one.role, one.layer, one.area_code) for one in made.roles] == [
        ("viewer", None, None),
        ("planner", "street", "S"),
    ]
    assert made.one_time_password is not None
    assert len(made.one_time_password.replace("-", "")) == 16
    assert [one.account for one in list_accounts(managed)] == ["bo", "chen", "lin"]


@pytest.mark.parametrize("name", ["", "Wang", "wang li", "-wang", "王", "w" * 65])
def test_names_are_plain(managed: Database, name: str) -> None:
    with pytest.raises(InputError, match="is no name of an account"):
        create_account(managed, name)


def test_a_name_belongs_to_one(managed: Database) -> None:
    with pytest.raises(NameTaken):
        create_account(managed, "bo")


@pytest.mark.parametrize(("layer", "code"), [("street", "X"), ("parish", "S")])
def test_roles_are_held_where_there_is_something(managed: Database, layer: str, code: str) -> None:
    with pytest.raises(NotFoundError, match=f"There is no area {code} in a layer {layer}"):
        create_account(managed, "lin", grants=[Grant(Role.PLANNER, layer, code)])
    assert "lin" not in {one.account for one in list_accounts(managed)}


def test_half_an_area_is_none() -> None:
    with pytest.raises(InputError, match="lacks its code"):
        Grant.held(Role.VIEWER, "street", None)
    with pytest.raises(InputError, match="lacks its layer"):
        Grant.held(Role.VIEWER, None, "S")


@pytest.mark.parametrize(
    "use",
    [
        list_accounts,
        lambda database: create_account(database, "new"),
        lambda database: show_account(database, "bo"),
        lambda database: change_account(database, "mei", grants=[MANAGER]),
        lambda database: delete_account(database, "bo"),
        lambda database: give_one_time_password(database, "bo"),
        lambda database: make_key(database, "mei"),
        lambda database: list_keys(database, "bo"),
    ],
)
def test_an_account_that_manages_nothing_is_refused(
    managed: Database, database: Database, use: Callable[[Database], object]
) -> None:
    create_account(database, "mei", grants=[Grant(Role.MANAGER), Grant(Role.ADMINISTRATOR, "street", "S")])
    before = list_accounts(database)
    with pytest.raises(NotAllowed):
        use(acting(database, "mei"))
    assert list_accounts(database) == before


@pytest.mark.parametrize(
    "change", [{"grants": [VIEWER]}, {"disabled": True}, {"grants": [], "disabled": True}]
)
def test_nobody_locks_themselves_out(managed: Database, change: dict[str, object]) -> None:
    with pytest.raises(ConflictError, match="lock yourself out"):
        change_account(managed, "chen", **change)  # type: ignore[arg-type]
    assert show_account(managed, "chen").roles[0].role == "administrator"
    with pytest.raises(ConflictError, match="lock yourself out"):
        delete_account(managed, "chen")


def test_the_last_that_manages_stays(managed: Database, database: Database) -> None:
    delete_account(managed, "bo")
    refusals: list[Callable[[], object]] = [
        lambda: delete_account(database, "chen"),
        lambda: change_account(database, "chen", disabled=True),
        lambda: change_account(database, "chen", grants=[VIEWER]),
        lambda: change_account(database, "chen", grants=[Grant(Role.ADMINISTRATOR, "street", "S")]),
    ]
    for refused in refusals:
        with pytest.raises(ConflictError, match="chen is the last account that manages accounts"):
            refused()
    assert is_managed(database)
    create_account(database, "hotline", kind=ActorKind.CLIENT, grants=[MANAGER])
    with pytest.raises(ConflictError):  # a program reads no page of accounts
        delete_account(database, "chen")


def test_roles_are_replaced_and_the_rest_stays(managed: Database) -> None:
    create_account(managed, "lin", grants=[VIEWER, Grant(Role.PLANNER, "street", "S")])
    changed = change_account(managed, "lin", grants=[Grant(Role.PLANNER, "street", "S"), Grant(Role.PLANNER)])
    assert [(one.role, one.area_code) for one in changed.roles] == [("planner", None), ("planner", "S")]
    assert change_account(managed, "lin") == changed
    assert change_account(managed, "lin", grants=[]).roles == ()


def test_disabling_ends_sessions_and_enabling_brings_none_back(managed: Database) -> None:
    create_account(managed, "lin")
    session = open_session(managed, "lin", client="")
    assert find_session(managed, session.token) is not None
    assert change_account(managed, "lin", disabled=True).disabled
    assert find_session(managed, session.token) is None
    assert not change_account(managed, "lin", disabled=False).disabled
    assert find_session(managed, session.token) is None


@pytest.mark.parametrize(
    "use",
    [
        lambda database: show_account(database, "nobody"),
        lambda database: change_account(database, "nobody", disabled=True),
        lambda database: delete_account(database, "nobody"),
        lambda database: give_one_time_password(database, "nobody"),
        lambda database: make_key(database, "nobody"),
        lambda database: list_keys(database, "nobody"),
    ],
)
def test_whom_nobody_knows(managed: Database, use: Callable[[Database], object]) -> None:
    with pytest.raises(NotFoundError, match="There is no account 'nobody'"):
        use(managed)


def test_a_program_has_no_password(managed: Database) -> None:
    made = create_account(managed, "hotline", kind=ActorKind.CLIENT)
    assert made.one_time_password is None
    with pytest.raises(ConflictError):
        give_one_time_password(managed, "hotline")
    with pytest.raises(GisgovError):
        open_session(managed, "hotline", client="")

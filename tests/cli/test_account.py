"""`gisgov account`: made, shown, given roles, disabled, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from shapely import box

from gisgov.errors import SignInRefused
from gisgov.services.accounts import sign_in
from gisgov.store.database import Database

Cli = Callable[..., Any]
FRESH = "three wet cats"


@pytest.fixture(autouse=True)
def street(plant: Callable[..., None]) -> None:
    plant("street", {"S": box(114, 22, 114.1, 22.1), "T": box(114.1, 22, 114.2, 22.1)})


def test_the_first_administrator_signs_in_with_the_printed_password(cli: Cli, database: Database) -> None:
    assert cli("account", "list").stdout == (
        "There is no account yet: gisgov account add NAME --role administrator\n"
    )
    made = cli("account", "add", "chen", "--role", "administrator")
    assert made.status == 0
    assert made.stdout.startswith("Made account chen (person): administrator everywhere.\n")
    password = made.stdout.splitlines()[1].rpartition(" ")[2]
    assert sign_in(database, "chen", password, client="", new_password=FRESH).token
    with pytest.raises(SignInRefused):
        sign_in(database, "chen", password, client="")


def test_roles_are_held_in_the_areas_behind_them(cli: Cli) -> None:
    options = ("--role=planner", "--in", "street:S", "--in=street:T", "--role", "viewer", "--role", "调度员")
    made = cli("account", "add", "lin", *options, "--json").json()
    held = [(one["role"], one["layer"], one["area_code"]) for one in made["roles"]]
    assert held == [
        ("viewer", None, None),
        ("dispatcher", None, None),
        ("planner", "street", "S"),
        ("planner", "street", "T"),
    ]
    changed = cli("account", "roles", "lin", "--role", "dispatcher", "--in", "street:T")
    assert "  dispatcher 调度员, in street T\n" in changed.stdout
    assert cli("account", "roles", "lin", "--none").stdout.endswith("  no role\n")
    assert cli("account", "list").stdout.splitlines()[1].split() == ["lin", "person", "-", "-", "no", "role"]


def test_an_account_is_of_a_department(cli: Cli, database: Database) -> None:
    assert "There is no department water" in cli("account", "add", "lin", "--department", "water").stderr
    with database.begin() as connection:
        told = "INSERT INTO department (code, title, source) VALUES ('water', '水务局', 'test')"
        connection.execute(sa.text(told))
    assert cli("account", "add", "lin", "--department", "water", "--json").json()["department"] == "water"
    assert "\n  of department water\n" in cli("account", "show", "lin").stdout
    assert cli("account", "list").stdout.splitlines()[1].split()[3] == "water"
    assert "department" not in cli("account", "department", "lin", "--none").stdout
    assert "of department water" in cli("account", "department", "lin", "water").stdout
    neither = cli("account", "department", "lin")
    assert (neither.status, "or --none" in neither.stderr) == (2, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--role", "king"), "'king' is no role; roles are viewer, "),
        (("--in", "street:S"), "--in stands behind the --role that is held there."),
        (("--role", "planner", "--in", "street"), "'street' is no area of a layer: "),
        (("--role", "planner", "--in", "street:X"), "There is no area X in a layer street."),
        (("--role",), "'' is no role"),
    ],
)
def test_roles_that_cannot_be_are_one_line(cli: Cli, options: tuple[str, ...], said: str) -> None:
    ran = cli("account", "add", "lin", *options)
    assert ran.status == 2
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_neither_roles_nor_none_is_refused(cli: Cli) -> None:
    cli("account", "add", "lin")
    ran = cli("account", "roles", "lin")
    assert (ran.status, ran.stderr.count("\n")) == (2, 1)


def test_accounts_are_disabled_enabled_and_deleted(cli: Cli) -> None:
    cli("account", "add", "lin")
    assert "lin  person, disabled, made " in cli("account", "disable", "lin").stdout
    assert " disabled " in cli("account", "list").stdout
    assert "may sign in" in cli("account", "enable", "lin").stdout
    assert cli("account", "show", "lin").status == 0
    assert cli("account", "delete", "lin").stdout == "Deleted account lin.\n"
    gone = cli("account", "show", "lin")
    assert (gone.status, gone.stderr) == (2, "gisgov: There is no account 'lin'.\n")


def test_the_last_administrator_stays(cli: Cli) -> None:
    cli("account", "add", "chen", "--role", "administrator")
    for words in (("delete", "chen"), ("disable", "chen"), ("roles", "chen", "--role", "viewer")):
        ran = cli("account", *words)
        assert ran.status == 2
        assert "chen is the last account that manages accounts." in ran.stderr
    cli("account", "add", "bo", "--role", "administrator")
    assert cli("account", "delete", "chen").status == 0


def test_a_client_has_no_password(cli: Cli) -> None:
    made = cli("account", "add", "hotline", "--client", "--role", "viewer")
    assert "Make its key with `gisgov key add hotline`." in made.stdout
    assert cli("account", "password", "hotline").status == 2


def test_a_new_one_time_password_ends_the_old_one(cli: Cli, database: Database) -> None:
    first = cli("account", "add", "lin", "--json").json()["one_time_password"]
    printed = cli("account", "password", "lin").stdout.splitlines()[0]
    second = printed.rpartition(" ")[2]
    assert first != second
    with pytest.raises(SignInRefused):
        sign_in(database, "lin", first, client="", new_password=FRESH)
    assert sign_in(database, "lin", second, client="", new_password=FRESH).token

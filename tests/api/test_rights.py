"""Every route, asked by everybody: in or out, exactly as the table of rights says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from principals import PRINCIPALS, Principal, key_of, table_says

from api.app import ROOMS, create_app
from gisgov.governance.access import rights_table
from gisgov.store.database import Database

TABLE = rights_table()
ENDLESS = {"/v1/events/stream"}  # goes on until the client leaves, unless it is asked to end
OUT = {401: "/problems/not-signed-in", 403: "/problems/not-allowed"}


As = Callable[[Principal], AbstractContextManager[Any]]


@pytest.fixture
def as_principal(client: Any, database: Database, district: None) -> As:
    """Give a client of somebody: ``with as_principal(who) as client``."""

    @contextmanager
    def asking(who: Principal) -> Iterator[Any]:
        del client.headers["Authorization"]
        if who.has_account:
            client.headers.update(key_of(database, who))
        yield client

    return asking


def operations() -> list[str]:
    """Return all that the service answers."""
    routes = [route for room in ROOMS for route in room.router.routes]
    methods = [(method, route) for route in routes for method in route.methods]  # type: ignore[attr-defined]
    return sorted(f"{method} {route.path_format}" for method, route in methods)


def test_every_route_has_its_row_and_no_row_is_left_over() -> None:
    assert len(create_app().routes) == len(ROOMS), "a router that is in no room"
    assert operations() == sorted(one for one in TABLE.operations if not one.startswith("gisgov "))


@pytest.mark.parametrize("who", PRINCIPALS, ids=str)
def test_every_route_lets_in_whom_the_table_lets_in(as_principal: As, who: Principal) -> None:
    with as_principal(who) as client:
        answers = {operation: asked(client, operation) for operation in operations()}
    assert answers == {operation: table_says(TABLE.right_of(operation), who) for operation in operations()}


def asked(client: Any, operation: str) -> bool:
    """Send the barest request of an operation, and tell whether it got past admission."""
    method, path = operation.split(" ")
    address = re.sub(r"\{\w+\}", "0", path)
    if path in ENDLESS:
        address += "?catch_up=true"
    response = client.request(method, address, follow_redirects=False)
    if response.status_code not in OUT:
        return True
    told = response.json()
    if path.startswith("/open311/"):  # in its own shape: whoever was let in sent nothing that is forbidden
        assert [error["code"] for error in told] == [response.status_code]
        return False
    return bool(told["type"] != OUT[response.status_code])

"""Every route, asked by everybody: in or out, exactly as the table of rights says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
from direct_requests import ask_in_turn
from planted_layers import plant_district
from principals import PRINCIPALS, Principal, key_of, table_says

from api.app import ROOMS, create_app
from gisgov.governance.access import rights_table
from gisgov.store.database import Database

TABLE = rights_table()
ENDLESS = {"/v1/events/stream"}  # goes on until the client leaves, unless it is asked to end
Open = Callable[..., AbstractContextManager[Any]]
OUT = {401: "/problems/not-signed-in", 403: "/problems/not-allowed"}


@pytest.fixture(scope="module")
def service(open_client: Open, module_database_url: str) -> Iterator[Any]:
    """Client of a service with a district, without a key; what it is asked for as a job is left undone."""
    database = Database(module_database_url)
    plant_district(database)
    database.dispose()
    with open_client(module_database_url, headers={}, serve_worker=False) as client:
        yield client


def operations() -> list[str]:
    """Return all that the service answers."""
    routes = [route for room in ROOMS for route in room.router.routes]
    methods = [(method, route) for route in routes for method in route.methods]  # type: ignore[attr-defined]
    return sorted(f"{method} {route.path_format}" for method, route in methods)


def test_every_route_has_its_row_and_no_row_is_left_over() -> None:
    assert len(create_app().routes) == len(ROOMS), "a router that is in no room"
    assert operations() == sorted(one for one in TABLE.operations if not one.startswith("gisgov "))


@pytest.mark.parametrize("who", PRINCIPALS, ids=str)
def test_every_route_lets_in_whom_the_table_lets_in(
    service: Any, module_database_url: str, who: Principal
) -> None:
    headers: dict[str, str] = {}
    if who.has_account:
        database = Database(module_database_url)
        headers = key_of(database, who)
        database.dispose()
    asked = operations()
    answers = ask_in_turn(service, ({**barest(operation), "headers": headers} for operation in asked))
    got_in = {
        operation: was_let_in(operation, answer) for operation, answer in zip(asked, answers, strict=True)
    }
    assert got_in == {operation: table_says(TABLE.right_of(operation), who) for operation in asked}


def barest(operation: str) -> dict[str, str]:
    """Return the barest request of an operation."""
    method, path = operation.split(" ")
    address = re.sub(r"\{\w+\}", "0", path)
    return {"method": method, "url": f"{address}?catch_up=true" if path in ENDLESS else address}


def was_let_in(operation: str, response: httpx.Response) -> bool:
    """Tell whether a request got past admission."""
    if response.status_code not in OUT:
        return True
    told = response.json()
    if " /open311/" in operation:  # in its own shape: whoever was let in sent nothing that is forbidden
        assert [error["code"] for error in told] == [response.status_code]
        return False
    return bool(told["type"] != OUT[response.status_code])

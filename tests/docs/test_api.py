"""docs/api.md lists each route of the service, and none that does not exist."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute

from gisgov.paths import root


@pytest.fixture(scope="module")
def routes() -> set[str]:
    from api.app import ROOMS

    return {
        # how a parameter is matched (`{code:name}`) is of no concern to callers
        f"{method} {re.sub(r':[a-z]+}', '}', route.path)}"
        for room in ROOMS
        for route in room.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
        if method != "HEAD"
    }


def test_each_route_is_listed_once_and_none_besides(routes: set[str]) -> None:
    text = (root() / "docs" / "api.md").read_text(encoding="utf-8")
    listed = re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`?\s]*)`", text)

    assert set(listed) == routes

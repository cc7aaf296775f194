"""Pages in a real browser, with answers about accounts and jobs that are made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from faked_accounts import Faked
from service_pages import DESKTOP, Visit, launched, served

Opened = tuple[Any, Faked]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return the browser of these tests; one of another file could not run while it does."""
    with launched() as opened:
        yield opened


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a service whose database does not answer."""
    with served("postgresql://nobody@127.0.0.1:1/none", tmp_path_factory.mktemp("service")) as base:
        yield base


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Opened]]:
    """Open a page with made-up answers; at the end nothing may have gone wrong but what was refused."""
    visits: list[Visit] = []

    def opened(
        place: str, session: dict[str, Any], size: tuple[int, int] = DESKTOP, **answers: Any
    ) -> Opened:
        one = Visit(browser, address, size)
        visits.append(one)
        faked = Faked(one.page, session)
        for path, body in answers.items():
            faked.give("GET", f"/v1/{path}", lambda _, body=body: (200, body))
        return one.open(place), faked

    yield opened
    for one in visits:
        one.context.close()
        assert [text for text in one.wrong if "the server responded with a status of 4" not in text] == []

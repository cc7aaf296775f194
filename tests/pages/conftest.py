"""The pages at work: a small district, served to a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from service_pages import OFFICE, Visit, launched, served, session_of


@dataclass(frozen=True)
class Served:
    """A service on a district: its address, and its database."""

    base: str
    database_url: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium."""
    with launched() as opened:
        yield opened


@pytest.fixture(scope="module")
def district(district_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the demo's district, small; the tests of a module change it one after the other."""
    with served(district_database_url, tmp_path_factory.mktemp("served")) as base:
        yield Served(base, district_database_url)


@pytest.fixture(scope="module")
def sessions(district: Served) -> Callable[[str], str]:
    """Give the session of an account with a role everywhere (`planner`, `dispatcher` …), made once."""
    known: dict[str, str] = {}

    def session(role: str, name: str = "") -> str:
        who = name or f"the-{role}"
        if who not in known:
            known[who] = session_of(district.database_url, who, role)
        return known[who]

    return session


@pytest.fixture
def visit(browser: Any, district: Served, sessions: Callable[..., str]) -> Iterator[Callable[..., Visit]]:
    """Visit the service in a role; at the end nothing may have gone wrong, nowhere else been asked."""
    visits: list[Visit] = []

    def opened(role: str, size: tuple[int, int] = OFFICE, locale: str = "zh-CN", name: str = "") -> Visit:
        visits.append(Visit(browser, district.base, size, locale, sessions(role, name)))
        return visits[-1]

    yield opened
    for one in visits:
        one.context.close()
        assert one.wrong == []

"""The ground of the closed loop, made once for the tests of a file; each test brings its own events."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from loop_ground import of_department, people, settle

from gisgov.store.database import Database


@pytest.fixture(scope="module")
def ground(module_database_url: str) -> Iterator[Database]:
    """Streets, grids and departments, in the hands of the service."""
    opened = Database(module_database_url)
    settle(opened)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def hands(ground: Database) -> dict[str, Database]:
    """The ground in the hands of each of the people."""
    return {
        **people(ground),
        **{f"officer-{one}": of_department(ground, f"officer-{one}", one) for one in ("water", "parks")},
    }

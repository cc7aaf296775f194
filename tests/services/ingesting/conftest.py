"""The ground where events come in, made once for the tests of a file; each test brings its own events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from ingest_ground import Days, days_of, ingest, settle
from loop_ground import people

from gisgov.services.ingesting import Ingested
from gisgov.store.database import Database


@pytest.fixture(scope="module")
def ground(module_database_url: str) -> Iterator[Database]:
    """The ground, in the hands of the service."""
    opened = Database(module_database_url)
    settle(opened)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def days(ground: Database, tmp_path_factory: pytest.TempPathFactory) -> Days:
    """The indexes of days."""
    return days_of(ground, Path(tmp_path_factory.mktemp("indexes")))


@pytest.fixture(scope="module")
def send(ground: Database, days: Days) -> partial[Ingested]:
    """Take in events as the service itself."""
    return partial(ingest, ground, days)


@pytest.fixture(scope="module")
def hands(ground: Database) -> dict[str, Database]:
    """The ground in the hands of people."""
    return people(ground)

"""The queue's tables are those of the library that is installed."""

from __future__ import annotations

import importlib.util
from importlib.metadata import version

from gisgov.paths import root


def test_the_migrations_know_the_installed_library() -> None:
    """Another version may have other tables: then a migration has to bring stored ones there."""
    place = root() / "alembic" / "versions" / "0008_jobs.py"
    spec = importlib.util.spec_from_file_location("jobs_migration", place)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    assert version("procrastinate").startswith(f"{migration.QUEUE_OF}.")

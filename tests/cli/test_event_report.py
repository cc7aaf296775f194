"""``gisgov event report``: one event by a coordinate or a building, and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from ingest_ground import settle

from gisgov.cli.main import gisgov
from gisgov.store.database import Database

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def run(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the command on the ground where events come in."""
    database = Database(module_database_url)
    settle(database)
    database.dispose()
    given = {
        "GISGOV_DATABASE_URL": module_database_url,
        "GISGOV_INDEX_DIR": str(tmp_path_factory.mktemp("indexes")),
    }

    def run(*words: str) -> Result:
        return CliRunner(env=given).invoke(gisgov, ["event", "report", *words])

    return run


def test_an_event_lands_on_a_desk_that_is_told_of(run: Run) -> None:
    words = (
        "--lon",
        "114.0101",
        "--lat",
        "22.505",
        "--level",
        "1",
        "--id",
        "p-1",
        "--at",
        "2026-05-10 08:00:00",
    )
    told = run(*words)
    assert told.exit_code == 0, told.output
    assert "(patrol p-1) is created: reported, level 1." in told.output
    assert "On the desk of grid B grid B." in told.output
    assert "Told too: grid A grid A, 10.3 m" in told.output
    again = json.loads(run(*words, "--json").output)
    assert [one["outcome"] for one in again["items"]] == ["known"]


def test_buildings_are_places_and_what_is_far_away_waits(run: Run) -> None:
    spot = run("--building", "b1", "--category", "0102", "--corrected")
    assert "closed, level 1" in spot.output
    away = run("--lon", "120", "--lat", "30", "--category", "0101")
    assert "On the desk of triage, department water." in away.output
    assert "Nearest: grid C" in away.output


def test_what_is_refused_says_why(run: Run) -> None:
    told = run("--building", "b9", "--level", "7")
    assert told.exit_code == 1
    assert "level: '7' is no level" in told.output

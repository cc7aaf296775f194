"""Running commands in tests, in this process, against a database of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed and how it ended."""

    status: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.stdout)


@pytest.fixture
def cli_without_database() -> Callable[..., Ran]:
    """Run a command that must not need a database: ``cli_without_database("check", path, "--json")``."""
    return _run


@pytest.fixture
def cli(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run a command on the test's own database: ``cli("plan", "list", "--json").json()``."""
    monkeypatch.setenv("GISGOV_DATABASE_URL", database_url)
    return _run


def _run(*arguments: object) -> Ran:
    from gisgov.cli.main import gisgov

    result = CliRunner().invoke(gisgov, [str(argument) for argument in arguments])
    return Ran(result.exit_code, result.stdout, result.stderr)

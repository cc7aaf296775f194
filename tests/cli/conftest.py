"""Running commands in tests, in this process, against a database of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import pytest
from click.testing import CliRunner

from gisgov.testing import areas_from_grid


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
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write areas of a picture of cells of 100 m: ``save("grids", "AAB\\nACB")``."""

    def saved(name: str, picture: str, *, layer: str | None = None, crs: int = 4547) -> Path:
        codes, shapes = areas_from_grid(picture, cell_m=100, origin=(500_000, 2_490_000))
        frame = geopandas.GeoDataFrame({"code": codes}, geometry=list(shapes), crs=crs)
        frame.to_file(tmp_path / f"{name}.gpkg", layer=layer or name)
        return tmp_path / f"{name}.gpkg"

    return saved


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

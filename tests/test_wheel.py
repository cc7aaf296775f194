"""The wheel: one top-level name, and every room works from it, away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from gisgov.paths import root


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (root() / "maps" / "static").is_dir():
        pytest.fail("maps/static is not there: run `make web`")
    out = tmp_path_factory.mktemp("dist")
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    built = subprocess.run(
        [uv, "build", "--wheel", "--no-build-isolation", "--offline", "--out-dir", out, root()],
        env=os.environ | {"VIRTUAL_ENV": sys.prefix},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has the wheel, and borrows its dependencies from the one the tests run in."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    made = home / "bin" / "python"
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(
        subprocess.run([made, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()
    )
    # a path file names the folder only: the checkout's own path file in there is not followed
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    return made


def _run(python: Path, *arguments: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))}
    ran = subprocess.run(
        [python, "-W", "error", *arguments],
        cwd=python.parent,
        env=kept | environment,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_it_has_one_name_and_all_rooms(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"gisgov"}
    rooms = {name.split("/")[2] for name in names if name.startswith("gisgov/_bundled/")}
    assert rooms == {"api", "maps", "alembic", "fixtures"}
    assert "gisgov/_bundled/alembic/env.py" in names
    assert "gisgov/_bundled/maps/static/leaflet/leaflet.js" in names
    assert any(name.startswith("gisgov/store/sql/") and name.endswith(".sql") for name in names)
    assert any(name.startswith("gisgov/_bundled/fixtures/profiles/") for name in names)
    assert not any("__pycache__" in name or "/tests/" in name for name in names)


def test_the_program_and_the_licence_are_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        points = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()

    assert "gisgov = gisgov.__main__:main" in points
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_program_runs_from_it(python: Path) -> None:
    said = _run(python, "-m", "gisgov", "--help")

    assert "Spatial governance by grids" in said


def test_its_rooms_are_imported_from_it(python: Path) -> None:
    rooms = "api.main, maps.grids, fixtures.shipped, alembic.command, gisgov.services.resolving"
    asked = (
        f"from gisgov.paths import add_rooms, is_bundled; add_rooms(); import {rooms}; import sys, gisgov\n"
    )
    names = "('gisgov', 'api', 'maps', 'fixtures')"
    told = f"print(is_bundled(), *sorted({{sys.modules[name].__file__ for name in {names}}}))"

    bundled, *places = _run(python, "-c", asked + told).split()

    assert bundled == "True"
    assert all(Path(place).is_relative_to(python.parent.parent) for place in places)


def test_its_migrations_and_profiles_work(python: Path, bare_database_url: str) -> None:
    given = {"GISGOV_DATABASE_URL": bare_database_url}

    assert _run(python, "-m", "gisgov", "db", "migrate", **given).startswith("tables: none → ")
    _run(python, "-m", "gisgov", "layers", "load", "sub-grids", **given)
    assert "street" in _run(python, "-m", "gisgov", "layers", "list", "--json", **given)

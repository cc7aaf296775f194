"""What holds for the checkout as a whole: names, sizes, and what must not be written into it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gisgov.paths import root

_SOURCES = ("gisgov", "api", "maps", "fixtures", "scripts", "benchmarks")


def _modules() -> Iterator[Path]:
    for room in _SOURCES:
        yield from (path for path in (root() / room).rglob("*.py") if "__pycache__" not in path.parts)


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root(), capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [root() / name for name in listed.stdout.split("\0") if name and (root() / name).is_file()]


def test_no_module_is_too_long() -> None:
    long = {
        str(path): lines for path in _modules() if (lines := len(path.read_text("utf-8").splitlines())) > 500
    }

    assert long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "core"}

    assert [path for path in _modules() if path.stem in empty or path.parent.name in empty] == []


def test_nothing_is_left_undone() -> None:
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            raised = node.exc if isinstance(node, ast.Raise) else None
            name = raised.func if isinstance(raised, ast.Call) else raised
            assert not (isinstance(name, ast.Name) and name.id == "NotImplementedError"), path


def test_tests_are_no_packages() -> None:
    assert list((root() / "tests").rglob("__init__.py")) == []


def test_the_migrations_do_not_hide_alembic() -> None:
    assert list((root() / "alembic").glob("__init__.py")) == []
    asked = "import alembic, alembic.command; print(alembic.__file__)"
    for place in (root(), root().parent):
        found = subprocess.run(
            [sys.executable, "-c", asked], cwd=place, capture_output=True, text=True, check=True
        )
        assert Path(found.stdout.strip()).parent != root() / "alembic"


def test_no_lock_names_a_registry() -> None:
    for lock in ("requirements.lock", "benchmarks/requirements.lock"):
        assert not re.search(r"https?://", (root() / lock).read_text("utf-8").split("\n", 2)[2])
    assert '"resolved"' not in (root() / "web" / "package-lock.json").read_text("utf-8")


def test_no_file_names_a_place_of_one_machine() -> None:
    place = re.compile(r"/(?:home|Users)/(?!ann\b|gisgov\b|USER\b)[a-z]\w*/|/(?:root|work)/")
    for path in _tracked():
        if path.suffix in {
            ".py",
            ".md",
            ".toml",
            ".sh",
            ".yml",
            ".yaml",
            ".js",
            ".mjs",
            ".sql",
            ".html",
            ".css",
        }:
            found = place.search(path.read_text("utf-8"))
            assert found is None or path == Path(__file__), f"{path}: {found.group() if found else ''}"


def test_the_release_is_told_to_users() -> None:
    from gisgov import __version__

    changes = (root() / "CHANGELOG.md").read_text("utf-8")
    assert "## Unreleased" in changes or f"## {__version__}" in changes

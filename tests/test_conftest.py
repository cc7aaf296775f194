"""What tests/conftest.py promises of a session: tried on sessions of its own, with a copy of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Session = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Run pytest on one test module, and return how it went."""

    def run(test: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
        (tmp_path / "test_one.py").write_text(test, encoding="utf-8")
        (tmp_path / "pytest.ini").write_text(
            "[pytest]\naddopts = --import-mode=importlib\nmarkers =\n    realdata: needs data\n",
            encoding="utf-8",
        )
        kept = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTEST_ADDOPTS"}}
        kept = {
            name: value for name, value in kept.items() if not name.startswith(("PYTEST_XDIST", "GISGOV_"))
        }
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-rs",
                "-p",
                "no:cacheprovider",
                *arguments,
                str(tmp_path),
            ],
            cwd=tmp_path,
            env=kept | environment,
            capture_output=True,
            text=True,
        )

    return run


_SKIPS = """
import pytest

@pytest.mark.realdata
def test_of_real_data():
    pytest.skip("not here")

def test_of_something_else():
    pytest.skip("not today")
"""


def test_in_ci_a_test_of_real_data_must_not_be_skipped(session: Session, tmp_path: Path) -> None:
    failed = session(_SKIPS, CI="true", GISGOV_REALDATA=str(tmp_path))
    assert failed.returncode == 1
    assert "test_of_real_data: skipped, though the public data set is in" in failed.stdout
    assert "1 failed, 1 skipped" in failed.stdout

    assert session(_SKIPS, CI="true", GISGOV_REALDATA=str(tmp_path / "nowhere")).returncode == 0
    assert session(_SKIPS, GISGOV_REALDATA=str(tmp_path)).returncode == 0


_DATABASES = """
import os, pathlib, psycopg, pytest

@pytest.mark.parametrize("number", range(4))
def test_a_database_is_ones_own(database_url, number):
    with psycopg.connect(database_url.replace("+psycopg", "")) as session:
        assert session.execute("SELECT count(*) FROM code_scheme").fetchone() == (0,)
        session.execute("INSERT INTO code_scheme (name, definition) VALUES ('mine', '{}')")

def test_it_needs_none_of_the_developers(pytestconfig):
    assert "ask_for_the_fixture" in os.environ["GISGOV_DATABASE_URL"]
    assert "GISGOV_HOME" not in os.environ
    pathlib.Path("folder").write_text(str(pytestconfig.gisgov_folder))
"""


def test_a_session_leaves_nothing_behind(session: Session, tmp_path: Path) -> None:
    ran = session(_DATABASES, "-n", "2", GISGOV_HOME="/nowhere", GISGOV_DATABASE_URL="postgresql://db/town")

    assert ran.returncode == 0, ran.stdout
    assert not Path((tmp_path / "folder").read_text(encoding="utf-8")).exists()


_KILLED = """
import os, pathlib, signal

def test_that_is_killed(database_url, pytestconfig):
    pathlib.Path("folder").write_text(str(pytestconfig.gisgov_folder))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_session_that_is_killed_leaves_nothing_behind_either(session: Session, tmp_path: Path) -> None:
    ran = session(_KILLED, "-n", "0")

    assert ran.returncode == -9
    folder = Path((tmp_path / "folder").read_text(encoding="utf-8"))
    deadline = time.monotonic() + 60
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not folder.exists()

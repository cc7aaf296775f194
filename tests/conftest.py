"""Fixtures that every room's tests may use, and the private database that the session starts for them."""

from __future__ import annotations

import fcntl
import gc
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import psycopg

    from gisgov.embedded import Cluster
    from gisgov.store.database import Database

_ROOT = Path(__file__).resolve().parent.parent
_REALDATA = Path(os.environ.get("GISGOV_REALDATA", _ROOT.parent / "shared" / "data"))

# A test that asks for no database must not find the one its developer works with.
_NO_DATABASE = "postgresql://nobody@127.0.0.1:1/ask_for_the_fixture_database_url"

_TEMPLATE = "template_of_tests"
_DISTRICT = "district_of_tests"

# Ends the database when the test session ended without doing so (kill -9, a closed terminal).
_GUARD = """
while kill -0 "$1" 2>/dev/null && [ -d "$2" ]; do sleep 1; done
[ -d "$2" ] || exit 0
read -r server < "$2/cluster/data/postmaster.pid" && kill -QUIT "$server"
sleep 1
rm -rf "$2"
"""


def pytest_configure(config: pytest.Config) -> None:
    """Give the session a folder that all its workers share; the environment's settings stay outside."""
    _keep_bytecode()
    for name in [name for name in os.environ if name.startswith("GISGOV_") and name != "GISGOV_REALDATA"]:
        del os.environ[name]
    os.environ["GISGOV_DATABASE_URL"] = _NO_DATABASE
    os.environ["GISGOV_PREPARE_TILES"] = "false"  # services of tests listen at once
    shared: dict[str, Any] | None = getattr(config, "workerinput", None)
    if shared is not None:
        config.gisgov_folder, config.gisgov_session = Path(shared["gisgov_folder"]), shared["gisgov_session"]
        os.environ["GISGOV_INDEX_DIR"] = str(config.gisgov_folder / "indexes")
        return
    folder = Path(tempfile.mkdtemp(prefix="gisgov-tests-", dir=_fast_disk()))
    folder.chmod(0o755)  # the server runs as another user when the tests run as root
    config.gisgov_folder, config.gisgov_session = folder, os.getpid()
    os.environ["GISGOV_INDEX_DIR"] = str(folder / "indexes")


def _keep_bytecode() -> None:
    """Compile what is tested once, whatever was said: services and workers are started hundreds of times."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _fast_disk() -> str | None:
    """Name the disk in memory where there is room on it: a database a test is 300 files made and deleted."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30
    return str(memory) if roomy else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Trace no lines where a browser is what is tested: what it asks has tests of its own."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Spare the collector what lives as long as the session: thousands of tests, and all that they import."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each xdist worker the session's folder."""
    node.workerinput["gisgov_folder"] = str(node.config.gisgov_folder)
    node.workerinput["gisgov_session"] = node.config.gisgov_session


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the database with the session, however that went; workers leave it to the one that leads them."""
    folder: Path | None = getattr(config, "gisgov_folder", None)
    if folder is None or hasattr(config, "workerinput"):
        return
    if (folder / "cluster").exists():
        _cluster(folder).remove()
    shutil.rmtree(folder)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI, where the public data set is there, a test that needs it must run: its skip is a failure."""
    outcome = yield
    report: pytest.TestReport = outcome.get_result()  # type: ignore[attr-defined]
    required = os.environ.get("CI") == "true" and _REALDATA.is_dir()
    if (
        report.skipped
        and not hasattr(report, "wasxfail")
        and item.get_closest_marker("realdata")
        and required
    ):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: skipped, though the public data set is in {_REALDATA}"


@pytest.fixture(scope="module", autouse=True)
def _told_as_before() -> Iterator[None]:
    """What a service that one module starts writes down or leaves out must not decide for the next module."""
    import structlog

    before = structlog.get_config()
    processors = list(before["processors"])  # capturing lines changes the list itself
    yield
    structlog.configure(**{**before, "processors": processors})


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of the public data set; tests that ask for it carry the marker ``realdata``."""
    if not _REALDATA.is_dir():
        pytest.skip("the public data set is not here: set GISGOV_REALDATA to its folder")
    return _REALDATA


@pytest.fixture(scope="session")
def _light_hashes() -> Iterator[None]:
    """Hash passwords in this process as a service does, and lightly: accounts are made thousands of times."""
    from argon2 import PasswordHasher

    from gisgov.services.accounts import hashing

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session")
def _sessions(pytestconfig: pytest.Config, _light_hashes: None) -> Iterator[psycopg.Connection]:
    """A session on the private server, which the first worker to ask starts."""
    import psycopg

    from gisgov.store.database import Database
    from gisgov.store.migrating import migrate

    folder: Path = pytestconfig.gisgov_folder  # type: ignore[attr-defined]
    made = folder / "made"
    with _alone(folder):
        cluster = _cluster(folder)
        if not made.exists():
            _watch(pytestconfig.gisgov_session, folder)  # type: ignore[attr-defined]
        url = cluster.start()
        server = psycopg.connect(_libpq(url, "postgres"), autocommit=True)
        if not made.exists():
            server.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE gisgov")
            database = Database(_named(url, _TEMPLATE))
            migrate(database)
            database.dispose()
            made.write_text(url, encoding="utf-8")
    with server:
        yield server


@pytest.fixture(scope="session")
def _names(pytestconfig: pytest.Config) -> Iterator[str]:
    worker = getattr(pytestconfig, "workerinput", {}).get("workerid", "main")
    return (f"test_{worker}_{number}" for number in itertools.count())


@pytest.fixture
def database_url(
    _sessions: psycopg.Connection, _names: Iterator[str], pytestconfig: pytest.Config
) -> Iterator[str]:
    """URL of a fresh, migrated database of this test's own."""
    with _clone(_sessions, next(_names), _TEMPLATE, pytestconfig) as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(
    _sessions: psycopg.Connection, _names: Iterator[str], pytestconfig: pytest.Config
) -> Iterator[str]:
    """URL of a fresh, migrated database that the tests of one module share."""
    with _clone(_sessions, next(_names), _TEMPLATE, pytestconfig) as url:
        yield url


@pytest.fixture(scope="module")
def district_database_url(
    _sessions: psycopg.Connection, _names: Iterator[str], pytestconfig: pytest.Config
) -> Iterator[str]:
    """URL of a database with the demo's district, small; the tests of one module share it.

    One street, one community, 15 sub-grids, 1,300 buildings, 2,400 events (scale 0.05): the first to ask has
    it made, the others get copies.
    """
    folder: Path = pytestconfig.gisgov_folder  # type: ignore[attr-defined]
    with _alone(folder):
        if not (folder / "district").exists():
            _make_district(_sessions, folder)
    with _clone(_sessions, next(_names), _DISTRICT, pytestconfig) as url:
        yield url


@pytest.fixture
def bare_database_url(
    _sessions: psycopg.Connection, _names: Iterator[str], pytestconfig: pytest.Config
) -> Iterator[str]:
    """URL of a fresh database of this test's own with PostGIS and without tables."""
    with _clone(_sessions, next(_names), "gisgov", pytestconfig) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database of this test's own."""
    from gisgov.store.database import Database

    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def plant(database: Database) -> Callable[..., None]:
    """Put a layer with a published plan into the test's database, as `planted_layers.plant` does.

    ``plant("grid", {"A": polygon}, parent="street")``: codes to polygons in lon/lat, of the plan
    ``grid-2026``, in force from 2026-01-01.
    """
    import planted_layers

    return partial(planted_layers.plant, database)


def _make_district(server: psycopg.Connection, folder: Path) -> None:
    from zoneinfo import ZoneInfo

    from gisgov.demo import journey
    from gisgov.paths import web_assets
    from gisgov.store.database import Database

    server.execute(f"CREATE DATABASE {_DISTRICT} TEMPLATE {_TEMPLATE}")
    database = Database(_named((folder / "made").read_text(encoding="utf-8"), _DISTRICT))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journey, "draw_maps", lambda *_, **__: ())
        journey.run_demo(
            database,
            out=folder / "district",
            assets=web_assets(),
            indexes=folder / "indexes",
            timezone=ZoneInfo("Asia/Shanghai"),
            scale=0.05,
        )
    database.dispose()


@contextmanager
def _clone(server: psycopg.Connection, name: str, template: str, config: pytest.Config) -> Iterator[str]:
    # copying files is faster than logging every page; PostgreSQL 14 knows no other way
    way = "STRATEGY file_copy" if server.info.server_version >= 150000 else ""
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template} {way}")
    yield _named((config.gisgov_folder / "made").read_text(encoding="utf-8"), name)  # type: ignore[attr-defined]
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _cluster(folder: Path) -> Cluster:
    from gisgov.embedded import Cluster, server_account
    from gisgov.embedded.place import choose_place

    account = server_account()
    return Cluster(choose_place(folder / "cluster", account), account, durable=False)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _watch(session: int, folder: Path) -> None:
    # its shell outlives the session by a second at most; nobody waits for it
    guard = subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, "guard", str(session), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    guard.returncode = 0


def _named(url: str, name: str) -> str:
    """Return the URL with another database's name."""
    return url.replace("@/gisgov?", f"@/{name}?")


def _libpq(url: str, name: str) -> str:
    return _named(url, name).replace("postgresql+psycopg:", "postgresql:")

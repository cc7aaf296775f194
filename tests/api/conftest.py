"""A client of the service, in this process, on a database of the test's own."""

from __future__ import annotations

import gzip
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from planted_layers import plant_district

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from gisgov.store.database import Database

Open = Callable[..., AbstractContextManager["TestClient"]]


NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"
"""Where none answers."""


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built pages, as short as can be."""
    folder = tmp_path_factory.mktemp("dist")
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "index.html").write_text("<!doctype html><title>start</title>", encoding="utf-8")
    (folder / "pages" / "docs.html").write_text("<!doctype html><title>docs</title>", encoding="utf-8")
    names = "check sign-in account accounts jobs planner publication events analysis admin about"
    for name in names.split():
        page = f"<!doctype html><title>{name}</title>"
        (folder / "pages" / f"{name}.html").write_text(page, encoding="utf-8")
    (folder / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (folder / "assets").mkdir()
    (folder / "assets" / "start-1a2b.js").write_text("export const answer = 42;", encoding="utf-8")
    packed = gzip.compress(b"export const answer = 42;")
    (folder / "assets" / "start-1a2b.js.gz").write_bytes(packed)
    (folder / "start.js").write_text("export const answer = 42;\n" * 100, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn maps, and a file that is none."""
    folder = tmp_path_factory.mktemp("out")
    (folder / "risk.html").write_text("<title>楼栋风险 &amp; 等级</title>", encoding="utf-8")
    (folder / "plain.html").write_text("no title", encoding="utf-8")
    (folder / "risk.png").write_bytes(b"\x89PNG")
    (folder / "secret.txt").write_text("not a map", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of jobs that are done: a check of two areas with a gap between them, and a re-division."""
    from done_jobs import write_files

    folder = tmp_path_factory.mktemp("jobs")
    write_files(folder)
    return folder


@pytest.fixture(scope="session")
def open_client(assets: Path, maps: Path, jobs: Path, tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Start the service with some settings, and stop it: ``with open_client(url) as client``.

    The client asks with the key of an administrator, or with the headers given. A service whose database does
    not answer cannot look a key up: it is told who asks.
    """
    from done_jobs import write_rows
    from lent_services import lent
    from signed_in import KNOWN, bearer

    from api.identity import identified
    from gisgov.config import Settings
    from gisgov.work.place import job_place

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Starlette would rather have the successor of httpx
        from starlette.testclient import TestClient

    tested = partial(TestClient, base_url="http://localhost", raise_server_exceptions=False)

    @contextmanager
    def opened(
        database_url: str, *, headers: dict[str, str] | None = None, **settings: object
    ) -> Iterator[TestClient]:
        values = {
            "database_url": database_url,
            "maps_dir": maps,
            "jobs_dir": tmp_path_factory.mktemp("state"),
            "log_level": "error",
            **settings,
        }
        configured = Settings(**values)  # type: ignore[arg-type]
        place = job_place(configured, database_url)
        shutil.copytree(jobs, place.folder, dirs_exist_ok=True)
        write_rows(database_url, place)
        with (
            pytest.MonkeyPatch.context() as patch,
            lent(configured, assets=assets) as app,
            tested(app) as client,
        ):
            patch.setattr("api.tile_answers.WAIT_S", 300.0)  # the kernels of tiles may have to be compiled
            if headers is not None:
                client.headers.update(headers)
            elif database_url == NO_DATABASE:
                app.dependency_overrides[identified] = lambda: KNOWN
            else:
                client.headers.update(bearer(database_url))
            yield client

    return opened


@pytest.fixture
def client(open_client: Open, database_url: str) -> Iterator[TestClient]:
    """Client of a service on the test's own database, with the key of an administrator."""
    with open_client(database_url) as opened:
        yield opened


@pytest.fixture
def anonymous(open_client: Open, database_url: str) -> Iterator[TestClient]:
    """Client of a service on the test's own database, without a key."""
    with open_client(database_url, headers={}) as opened:
        yield opened


@pytest.fixture(scope="session")
def lonely(open_client: Open) -> Iterator[TestClient]:
    """Client of a service whose database does not answer; it knows that an administrator asks."""
    with open_client(NO_DATABASE) as opened:
        yield opened


@pytest.fixture
def district(database: Database) -> None:
    """Two streets of two grids each; both layers have an area S; a beat layer of the year 2030."""
    plant_district(database)

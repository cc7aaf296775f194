"""A client of the service, in this process, on a database of the test's own."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from gisgov.testing import areas_from_grid

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from gisgov.services.jobs import JobStore

Open = Callable[..., AbstractContextManager["TestClient"]]


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built pages, as short as can be."""
    folder = tmp_path_factory.mktemp("dist")
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "index.html").write_text("<!doctype html><title>start</title>", encoding="utf-8")
    (folder / "pages" / "docs.html").write_text("<!doctype html><title>docs</title>", encoding="utf-8")
    for name in ("check", "sign-in", "account", "accounts", "jobs"):
        page = f"<!doctype html><title>{name}</title>"
        (folder / "pages" / f"{name}.html").write_text(page, encoding="utf-8")
    (folder / "pages" / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
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


CHECK = "0123456789abcdef" * 2
"""Id of a check that is done, which every service here has."""


@pytest.fixture(scope="session")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a check that is done: two areas with a gap between them."""
    from gisgov.services.check_jobs import KIND, page_name, write_results
    from gisgov.services.checking import check_file
    from gisgov.services.jobs import Draft, Input, JobStore

    folder = tmp_path_factory.mktemp("jobs")
    areas = folder / "grids.geojson"
    _, shapes = areas_from_grid("AAA\nA.B\nABB", cell_m=100, origin=(500_000, 2_490_000))
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(one)} for one in shapes
    ]
    areas.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    report = check_file(areas, crs="EPSG:4547")

    store = JobStore(folder / "store", most_waiting=1, keep=timedelta(days=1))
    draft = Draft(store.folder / f".draft-{CHECK}")
    draft.inputs.mkdir(parents=True)
    store.submit(
        draft,
        kind=KIND,
        title="网格.geojson",
        parameters={"question": {}, "place": "body"},
        inputs={"file": Input("upload-file.geojson", "网格.geojson")},
    )
    with store.claim(limit_s=3600) as claim:
        assert claim is not None
        write_results(report, claim.results)
        for language in ("zh", "en"):
            page = f"<!doctype html><title>{language}</title>"
            (claim.results / page_name(language)).write_text(page, encoding="utf-8")
        claim.finish()
    _leave_redivision(store)
    return store.folder


REDIVISION = "fedcba9876543210" * 2
"""Id of a re-division that is done, which every service here has."""


def _leave_redivision(store: JobStore) -> None:
    """Put the folder of a re-division that is done beside that of the check; nothing in it was computed."""
    from gisgov.services.jobs import Draft
    from gisgov.services.redividing import KIND
    from gisgov.services.redividing.files import REPORT, SUMMARY, areas_name, page_name

    draft = Draft(store.folder / f".draft-{REDIVISION}")
    draft.inputs.mkdir(parents=True)
    store.submit(draft, kind=KIND, title="grid-2027", parameters={"request": {}, "place": "body"})
    with store.claim(limit_s=3600) as claim:
        assert claim is not None
        (claim.results / REPORT).write_text('{"areas": 2}', encoding="utf-8")
        (claim.results / SUMMARY).write_text('{"areas": 2}', encoding="utf-8")
        features = {"type": "FeatureCollection", "features": []}
        (claim.results / areas_name(1)).write_text(json.dumps(features), encoding="utf-8")
        (claim.results / page_name("zh")).write_text("<title>子网格</title>", encoding="utf-8")
        claim.finish()


@pytest.fixture(scope="session")
def open_client(assets: Path, maps: Path, jobs: Path, tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Start the service with some settings, and stop it: ``with open_client(url) as client``."""
    from api.app import create_app
    from api.jobs.place import job_store
    from gisgov.config import Settings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Starlette would rather have the successor of httpx
        from starlette.testclient import TestClient

    @contextmanager
    def opened(database_url: str, **settings: object) -> Iterator[TestClient]:
        values = {
            "database_url": database_url,
            "maps_dir": maps,
            "jobs_dir": tmp_path_factory.mktemp("state"),
            "log_level": "error",
            **settings,
        }
        configured = Settings(**values)  # type: ignore[arg-type]
        shutil.copytree(jobs, job_store(configured, database_url).folder, dirs_exist_ok=True)
        app = create_app(configured, assets=assets)
        client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
        with client:
            yield client

    return opened


@pytest.fixture
def client(open_client: Open, database_url: str) -> Iterator[TestClient]:
    """Client of a service on the test's own database."""
    with open_client(database_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def lonely(open_client: Open) -> Iterator[TestClient]:
    """Client of a service whose database does not answer."""
    with open_client("postgresql://nobody@127.0.0.1:1/none") as opened:
        yield opened


def _drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


@pytest.fixture
def district(plant: Callable[..., None]) -> None:
    """Two streets of two grids each; both layers have an area S; a beat layer of the year 2030."""
    plant("street", _drawn("SSTT"), names={"S": "南山街道", "T": "桃源街道"})
    parents = {"1": ["S"], "S": ["S"], "3": ["T"], "4": ["T"]}
    plant("grid", _drawn("1S34"), parent="street", parents=parents, staff={"1": [("网格长", "王")]})
    plant("beat", _drawn("B"), parent="street", valid_from=date(2030, 1, 1))
    plant("网格", _drawn("甲乙"), plan="网格/2026")

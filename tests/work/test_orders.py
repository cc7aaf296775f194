"""Where jobs lie, and what their processes are told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gisgov.config import Settings
from gisgov.work.orders import WorkOrder
from gisgov.work.place import index_place, job_place

URL = "postgresql://ann:mellon@db.example/town"


@pytest.fixture
def order(tmp_path: Path) -> WorkOrder:
    settings = Settings(jobs_dir=tmp_path / "jobs", job_processes=1, jobs_keep_hours=2)
    return WorkOrder.of(settings, place=job_place(settings, URL), database_url=URL, assets=tmp_path)


def test_jobs_lie_in_the_state_folder_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert job_place(Settings(), URL).root == tmp_path / "gisgov" / "jobs"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert job_place(Settings(), URL).root == tmp_path / ".local" / "state" / "gisgov" / "jobs"
    assert job_place(Settings(jobs_dir=tmp_path / "mine"), URL).root == tmp_path / "mine"
    assert list(tmp_path.iterdir()) == []


def test_each_database_has_a_folder_of_its_own() -> None:
    def folder(url: str) -> Path:
        return job_place(Settings(jobs_dir=Path("jobs")), url).folder

    assert folder(URL) == folder("postgresql://ann:friend@db.example/town")
    others = [
        "postgresql://bob@db.example/town",
        "postgresql://ann@db.example/village",
        "postgresql:///town?host=/x",
    ]
    assert len({folder(url) for url in (URL, *others)}) == 4


def test_an_order_is_read_as_it_was_written(order: WorkOrder) -> None:
    assert WorkOrder.read(order.line()) == order
    assert order.line().count(b"\n") == 1
    assert (order.limit_s, order.processes, str(order.zone)) == (3600, 1, "Asia/Shanghai")
    assert (order.place.folder, order.place.keep.total_seconds()) == (Path(order.root) / order.name, 7200)


@pytest.mark.parametrize("module", ["gisgov.work", "gisgov.work.child"])
@pytest.mark.parametrize("is_ordered", [False, True])
def test_processes_that_nobody_asks_end(order: WorkOrder, module: str, is_ordered: bool) -> None:
    ran = subprocess.run(
        [sys.executable, "-P", "-m", module],
        input=order.line() if is_ordered else b"",
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, b""), ran.stderr.decode()
    assert b"Traceback" not in ran.stderr, ran.stderr.decode()


def test_indexes_lie_beside_the_jobs_in_a_folder_for_each_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GISGOV_INDEX_DIR")
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    there = index_place(Settings(), URL)
    assert there.parent == Path("/state/gisgov/indexes")
    assert there.name == job_place(Settings(), URL).name
    assert index_place(Settings(index_dir=Path("/local")), URL) == Path("/local") / there.name

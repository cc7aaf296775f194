"""A data set on a cluster of two worker processes, one of which is killed in the middle."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from layer_indexes import DAY, drawn, layer_index

from gisgov.distributed import assign_dataset, clusters, connected
from gisgov.distributed.assigning import answer_of
from gisgov.distributed.clusters import refuse_unfit_workers
from gisgov.distributed.on_worker import do_partition, times_mapped
from gisgov.errors import InputError, JobDied, UnavailableError
from gisgov.files.streams.source import Place
from gisgov.geometry.systems import WGS84
from gisgov.services.assigning_files import FileRequest, assign_folder
from gisgov.services.assigning_files.columns import Adding
from gisgov.services.assigning_files.datasets import Partition
from gisgov.services.assigning_files.index_file import write_layer

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

FILES, ROWS = 12, 400
LAYER = layer_index(drawn("AAB\nACB"))


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve files in two folders."""
    folder = tmp_path_factory.mktemp("points")
    rng = np.random.default_rng(3)
    for number in range(FILES):
        table = pa.table(
            {
                "id": np.arange(ROWS) + number * ROWS,
                "lon": rng.uniform(113.99, 114.04, ROWS),
                "lat": rng.uniform(22.49, 22.53, ROWS),
            }
        )
        place = folder / f"half={number % 2}" / f"points-{number:02}.parquet"
        place.parent.mkdir(exist_ok=True)
        pq.write_table(table, place, row_group_size=150)
    return folder


@pytest.fixture(scope="module")
def scheduler() -> Iterator[LocalCluster]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=0,
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
        silence_logs=50,
        scheduler_kwargs={"dashboard": False},
    ) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def workers(scheduler: LocalCluster) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two worker processes of one thread, on the scheduler of this process."""
    words = [
        "-m",
        "dask",
        "worker",
        scheduler.scheduler_address,
        "--no-nanny",
        "--nthreads",
        "1",
        "--no-dashboard",
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment()
        )
        for _ in range(2)
    ]
    yield processes
    for process in processes:
        process.terminate()
        process.wait(20)


@pytest.fixture
def client(scheduler: LocalCluster, workers: list[subprocess.Popen[bytes]]) -> Iterator[Client]:
    with connected(scheduler.scheduler_address) as client:
        client.wait_for_workers(1, timeout=60)
        yield client


def test_a_worker_killed_in_the_middle_only_repeats_its_partitions(
    client: Client, workers: list[subprocess.Popen[bytes]], points: Path, tmp_path: Path
) -> None:
    client.wait_for_workers(2, timeout=60)
    alone = assign_folder(LAYER, FileRequest(points, tmp_path / "alone", DAY, crs="wgs84"))
    done: list[Any] = []

    def kill_one(items: Iterable[Any], *, label: str, total: int | None = None) -> Iterator[Any]:
        assert total == FILES
        for item in items:
            done.append(item)
            yield item
            if len(done) == 3:
                workers[0].send_signal(signal.SIGKILL)

    together = assign_dataset(
        client, points, tmp_path / "out", LAYER, day=DAY, crs="wgs84", progress=kill_one
    )

    assert workers[0].wait(10) == -signal.SIGKILL
    assert workers[1].poll() is None
    assert len(done) == FILES
    assert set(client.run(times_mapped).values()) == {1}, "the plan travels once to each worker"
    assert files_of(tmp_path / "out") == files_of(tmp_path / "alone")
    assert len(files_of(tmp_path / "out")) == FILES
    assert (together.rows, together.owned, together.border) == (alone.rows, alone.owned, alone.border)
    assert together.rows == FILES * ROWS
    assert not (tmp_path / ".out.assigning").exists()


def test_what_a_worker_finds_wrong_is_told_as_it_is_here(
    client: Client, points: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "odd").mkdir()
    pq.write_table(pa.table({"lon": [True], "lat": [False]}), tmp_path / "odd" / "points.parquet")
    asked = {"day": DAY, "crs": "wgs84"}
    with pytest.raises(InputError, match="Column 'lon' holds bool, not coordinates"):
        assign_dataset(client, tmp_path / "odd", tmp_path / "out", LAYER, **asked)
    assert not (tmp_path / "out").exists()

    with pytest.raises(InputError, match="does not see") as unseen:
        refuse_unfit_workers(client, tmp_path / "nowhere")
    assert "storage that all workers share" in str(unseen.value)
    monkeypatch.setattr(clusters, "__version__", "0.0")
    with pytest.raises(InputError, match=r"and here is 0\.0\. Install the same version"):
        assign_dataset(client, points, tmp_path / "out", LAYER, **asked)


def test_a_worker_maps_an_index_once(points: Path, tmp_path: Path) -> None:
    before = times_mapped()
    write_layer(tmp_path / "layer", LAYER)
    adding = Adding(Place("lon", "lat"), WGS84, ("a", "b", "c"), detail=False)
    for number in range(2):
        partition = Partition(str(points / "half=0" / "points-00.parquet"), (1, 2), 151, f"{number}", adding)
        told = do_partition(partition, str(tmp_path), str(tmp_path / "layer"))
        assert (told["rows"], told["first"], told["file"]) == (250, 151, "points-00.parquet")
    assert times_mapped() == before + 1


def test_without_dask_or_a_cluster_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_CONNECT_S", 0.3)
    with (
        pytest.raises(UnavailableError, match="No Dask scheduler answers at"),
        connected("tcp://127.0.0.1:1"),
    ):
        pass
    with pytest.raises(InputError, match="is no address of a scheduler"), connected("moon://1"):
        pass

    def late(*_: object, **__: object) -> None:
        raise TimeoutError

    with pytest.raises(UnavailableError, match="has no worker"):
        refuse_unfit_workers(SimpleNamespace(wait_for_workers=late), Path("x"))  # type: ignore[arg-type]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r'Dask is not installed\. Install it: pip install "gisgov'):
        assign_dataset(None, "in", "out", LAYER, day=DAY)  # type: ignore[arg-type]


def test_workers_without_gisgov_are_named_and_lost_ones_passed_over() -> None:
    def run(*_: object, **__: object) -> dict[str, object]:
        return {"tcp://a": OSError("closed"), "tcp://b": ModuleNotFoundError("No module named 'gisgov'")}

    client = SimpleNamespace(wait_for_workers=lambda *_, **__: None, run=run)
    with pytest.raises(InputError, match="Worker tcp://b has no gisgov"):
        refuse_unfit_workers(client, Path("x"))  # type: ignore[arg-type]


def test_partitions_that_no_worker_survives_and_clusters_that_go_away() -> None:
    from distributed import KilledWorker

    def future(error: Exception) -> Any:
        def result() -> None:
            raise error

        return SimpleNamespace(result=result)

    with pytest.raises(JobDied, match=r"Partition a/1.parquet was lost with every worker"):
        answer_of(future(KilledWorker("a", None, 3)), "a/1.parquet")  # type: ignore[no-untyped-call]
    with pytest.raises(UnavailableError, match=r"went away while it worked\. Start it again"):
        answer_of(future(CancelledError()), "1.parquet")


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

"""A data set of points given its areas by the workers of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gisgov.distributed.clusters import refuse_unfit_workers, require_dask
from gisgov.distributed.on_worker import do_partition
from gisgov.errors import JobDied, UnavailableError
from gisgov.services.assigning_files.datasets import DatasetRun, assign_folder
from gisgov.services.assigning_files.index_file import write_layer
from gisgov.services.assigning_files.report import FileAssignment, FileRequest
from gisgov.types import Json, Progress, silent

if TYPE_CHECKING:
    from distributed import Client, Future

    from gisgov.services.indexes import LayerIndex

_INDEX_NAME: Final = "layer.areas"
_WAITING_PER_THREAD: Final = 4


def assign_dataset(
    client: Client,
    source: Path | str,
    out: Path | str,
    layer_index: LayerIndex,
    *,
    day: date,
    crs: str | None = None,
    lon: str | None = None,
    lat: str | None = None,
    detail: bool = False,
    resume: bool = False,
    progress: Progress = silent,
) -> FileAssignment:
    """Write a data set of points anew with the area of each, by the workers of a cluster.

    The index of the layer is written once beside the output; each worker process maps it once. Partitions
    are read and written by the workers where they lie. A worker that dies has its partitions repeated by
    others: files are written aside and renamed, under names that follow from the input, so that the result is
    equal to the bit to that of one process.

    Parameters
    ----------
    client : distributed.Client
        The cluster. Its workers have the same gisgov.
    source : path
        A folder of Parquet files, or one such file, on storage that all workers share under one path.
    out : path
        A folder that is not there yet, on such storage too.
    layer_index : LayerIndex
        The areas.
    day : datetime.date
        The day that they are of, for the report.
    crs, lon, lat, detail, resume
        As of `gisgov.services.assigning_files.FileRequest`.
    progress : Progress
        How the advance is shown.

    Returns
    -------
    FileAssignment
        As of one process.

    Raises
    ------
    InputError
        Dask is not installed, a worker does not see the data set or has another gisgov, and what
        `gisgov.services.assigning_files.assign_folder` raises.
    JobDied
        A partition made every worker die that tried it.
    UnavailableError
        The cluster has no workers.
    """
    require_dask()
    request = FileRequest(
        Path(source).absolute(),
        Path(out).absolute(),
        day,
        crs=crs,
        lon=lon,
        lat=lat,
        detail=detail,
        resume=resume,
    )
    return assign_folder(layer_index, request, do=lambda run: _do_there(client, run), progress=progress)


def _do_there(client: Client, run: DatasetRun) -> Iterator[tuple[str, Json]]:
    """Keep all workers busy, and yield what is told of each partition when it is done."""
    from distributed import as_completed

    if not run.partitions:
        return
    index = run.work / _INDEX_NAME
    write_layer(index, run.layer)
    refuse_unfit_workers(client, index)
    threads = sum(client.nthreads().values())  # type: ignore[no-untyped-call]
    left = iter(run.partitions)
    waiting = as_completed(loop=client.loop)  # type: ignore[no-untyped-call]
    names: dict[object, str] = {}

    def submit() -> None:
        one = next(left, None)
        if one is not None:
            # not pure: a result kept from an earlier run says nothing of files on disk
            future = client.submit(do_partition, one, str(run.work), str(index), pure=False)
            names[future.key] = one.name
            waiting.add(future)  # type: ignore[no-untyped-call]

    for _ in range(max(threads, 1) * _WAITING_PER_THREAD):
        submit()
    try:
        for future in waiting:
            yield names[future.key], answer_of(future, names[future.key])
            submit()
    finally:
        client.cancel([*waiting.futures])  # type: ignore[no-untyped-call]


def answer_of(future: Future[Json], name: str) -> Json:
    """Return what a worker told, or say what became of it.

    Raises
    ------
    JobDied
        Every worker that tried it died.
    UnavailableError
        The cluster went away.
    """
    from concurrent.futures import CancelledError

    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    try:
        return dict(future.result())
    except KilledWorker as error:
        raise JobDied(
            f"Partition {name} was lost with every worker that tried it.",
            hint="Look into the workers' logs; they may need more memory. --resume goes on.",
        ) from error
    except (CancelledError, CommClosedError) as error:
        raise UnavailableError(
            "The Dask cluster went away while it worked.", hint="Start it again; --resume goes on."
        ) from error

"""Connecting to a Dask cluster, and making sure that its workers can do the work."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gisgov import __version__
from gisgov.errors import InputError, UnavailableError

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_S = 10.0


@contextlib.contextmanager
def connected(address: str) -> Iterator[Client]:
    """Connect to the scheduler of a cluster for as long as the block runs.

    Parameters
    ----------
    address : str
        Such as ``tcp://host:8786``.

    Raises
    ------
    InputError
        Dask is not installed, or this is no address.
    UnavailableError
        Nobody answers there.
    """
    require_dask()
    from distributed import Client

    try:
        client = Client(address, timeout=_CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise InputError(
            f"{address!r} is no address of a scheduler: {error}.", hint="Say tcp://host:8786.", field="dask"
        ) from None
    except OSError as error:
        raise UnavailableError(
            f"No Dask scheduler answers at {address}.",
            hint="Start one: `dask scheduler`, `dask worker ADDRESS`.",
        ) from error
    try:
        yield client
    finally:
        client.close()  # type: ignore[no-untyped-call]


def require_dask() -> None:
    """Refuse to go on without Dask.

    Raises
    ------
    InputError
        It is not installed.
    """
    if importlib.util.find_spec("distributed") is None:
        raise InputError(
            "Dask is not installed.", hint='Install it: pip install "gisgov[distributed]".', field="dask"
        )


def refuse_unfit_workers(client: Client, shared: Path) -> None:
    """Ask every worker whether it has this gisgov and sees the same file.

    Parameters
    ----------
    client : distributed.Client
        The cluster.
    shared : pathlib.Path
        A file that was just written where the data set lies.

    Raises
    ------
    UnavailableError
        There is no worker.
    InputError
        A worker has another gisgov, or none, or does not see the file.
    """
    # a worker may be starting: its nanny has begun another one in its place
    try:
        client.wait_for_workers(1, timeout=_CONNECT_S)
    except TimeoutError:
        raise UnavailableError(
            "The Dask cluster has no worker.", hint="Start some: `dask worker ADDRESS`."
        ) from None
    answers = client.run(_fitness, str(shared), on_error="return")
    for worker, answer in sorted(answers.items()):
        if isinstance(answer, ImportError):
            raise InputError(
                f"Worker {worker} has no gisgov {__version__}: {answer}.",
                hint="Install the same version on all workers.",
                field="dask",
            )
        if isinstance(answer, BaseException):
            continue  # it went away meanwhile, and does nothing for us
        version, is_seen = answer
        if version != __version__:
            raise InputError(
                f"Worker {worker} has gisgov {version}, and here is {__version__}.",
                hint="Install the same version on all workers.",
                field="dask",
            )
        if not is_seen:
            raise InputError(
                f"Worker {worker} does not see {shared.parent}.",
                hint="POINTS and OUT must lie on storage that all workers share, under the same path.",
                field="out",
            )


def _fitness(shared: str) -> tuple[str, bool]:
    import gisgov

    return gisgov.__version__, Path(shared).is_file()

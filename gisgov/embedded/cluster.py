"""A private PostgreSQL with PostGIS: made once, started when needed, apart from the machine's own."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from gisgov.embedded.account import Account
from gisgov.embedded.making import DATABASE, OWNER, make_data, password_of
from gisgov.embedded.place import Place
from gisgov.embedded.postmaster import Postmaster, read_postmaster
from gisgov.embedded.programs import Programs, find_programs, postgres_version
from gisgov.embedded.server import SOCKET_PORT, find_server, halt, launch
from gisgov.errors import ConflictError, InputError, ProgramMissing

Notice = Callable[[str], None]
"""Told in one line of what takes time."""


def unheard(line: str) -> None:
    """Tell nobody."""


_SETTINGS = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # compiles for longer than most spatial queries run
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "password_encryption": "scram-sha-256",
}
_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "128MB",  # all of it is looked through whenever a database is dropped
    "dynamic_shared_memory_type": "mmap",  # in the data folder, so that nothing is left of a killed server
}


@dataclass(frozen=True, slots=True)
class _Start:
    """What is noted of a start, to see later whether the programs have changed under the server."""

    folder: str
    version: str
    executable: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """What can be said of a cluster from outside.

    Attributes
    ----------
    running : bool
        Whether it takes connections.
    folder, log : str
        Where it lies; what it wrote.
    exists : bool
        Whether it was ever made.
    pid, port : int or None
        Of the running server; the port is a TCP port only when ``tcp``.
    tcp : bool
        Whether it also listens on loopback.
    version : str or None
        Version of the server that runs, or of the programs that would run.
    installed : str or None
        Version of the programs on the disk now; None where none fit.
    missing : str or None
        Why no programs on the disk fit, in words.
    restart_needed : bool
        Whether the programs were updated under the running server.
    """

    running: bool
    folder: str
    log: str
    exists: bool
    pid: int | None
    port: int | None
    tcp: bool
    version: str | None
    installed: str | None
    missing: str | None
    restart_needed: bool


class Cluster:
    """One private PostgreSQL.

    Parameters
    ----------
    place : Place
        Where it lies.
    account : Account
        Who runs it.
    pg_bin : pathlib.Path, optional
        The folder of PostgreSQL's programs; by default the newest installed ones.
    packs : pathlib.Path, optional
        Folder of packed clusters; without it every cluster is made from nothing.
    durable : bool
        False gives up safety against power cuts for speed: for tests.
    """

    def __init__(
        self,
        place: Place,
        account: Account,
        *,
        pg_bin: Path | None = None,
        packs: Path | None = None,
        durable: bool = True,
    ) -> None:
        self.place = place
        self.account = account
        self._pg_bin = pg_bin
        self._packs = packs
        self._durable = durable

    def start(self, *, tcp_port: int | None = None, notice: Notice = unheard) -> str:
        """Make sure that the server runs, and return the URL of its database.

        Parameters
        ----------
        tcp_port : int, optional
            Also listen on this port of loopback, with a password.
        notice : callable
            Told what takes time.

        Raises
        ------
        ProgramMissing
            PostgreSQL or PostGIS is not installed.
        DatabaseUnavailable
            It could not be made or did not start; the message says why.
        ConflictError
            It runs already without listening where asked.
        """
        if tcp_port == 5432:
            raise InputError("Port 5432 is left to the machine's own server.", hint="Choose another port.")
        with self._locked():
            running = find_server(self.place)
            if running and self._is_current():
                return self._url_when_listening(running, tcp_port)
            programs = find_programs(self._pg_bin, major=self.major())
            if running:
                notice(f"PostgreSQL was updated to {programs.version}: the private database is restarted")
                halt(running, self.place.data)
            if not self.place.data.exists():
                notice(f"making the private database in {self.place.folder}")
                make_data(self.place, self.account, programs, self._packs)
            postmaster = launch(programs, self.place, self.place.data, self.account, self._settings(tcp_port))
            self._note_start(programs)
            if tcp_port:
                password_of(self.place, self.account, postmaster)
            return self.url(postmaster)

    def stop(self) -> bool:
        """End the server; False when none ran."""
        with self._locked():
            running = find_server(self.place)
            if running:
                halt(running, self.place.data)
            return running is not None

    def remove(self) -> None:
        """End the server and delete all its files."""
        self.stop()
        for folder in {self.place.folder, self.place.socket_folder}:
            shutil.rmtree(folder)

    def url(self, postmaster: Postmaster, database: str = DATABASE) -> str:
        """Return the SQLAlchemy URL of a database of the running server."""
        host = quote(postmaster.socket_folder, safe="")
        return f"postgresql+psycopg://{OWNER}@/{database}?host={host}&port={postmaster.port}"

    def running_url(self) -> str | None:
        """Return the URL of the database if the server runs, else None."""
        running = self._running()
        return self.url(running) if running else None

    def major(self) -> int | None:
        """Return the major version of PostgreSQL that made the data; None before there are any."""
        try:
            return int((self.place.data / "PG_VERSION").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def loopback_url(self) -> str | None:
        """Return the URL, with its password, for programs that only speak TCP; None without a listener."""
        running = self._running()
        if not running or not running.listen:
            return None
        password = password_of(self.place, self.account, running)
        return f"postgresql://{OWNER}:{password}@{running.listen}:{running.port}/{DATABASE}"

    def status(self) -> ClusterStatus:
        """Look at the cluster without changing anything."""
        running = self._running()
        noted = self._noted_start()
        installed, missing = self._installed_version()
        version = noted.version if running and noted else installed
        return ClusterStatus(
            running=running is not None,
            folder=str(self.place.folder),
            log=str(self.place.log),
            exists=self.place.data.exists(),
            pid=running.pid if running else None,
            port=running.port if running else None,
            tcp=bool(running and running.listen),
            version=version,
            installed=installed,
            missing=missing,
            restart_needed=running is not None and installed is not None and version != installed,
        )

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the cluster alone: of two starts at once the second finds the first one's server."""
        with self.place.lock.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _running(self) -> Postmaster | None:
        """Return the server if it takes connections now."""
        postmaster = read_postmaster(self.place.data)
        return postmaster if postmaster and postmaster.ready and postmaster.answers() else None

    def _is_current(self) -> bool:
        """Whether the programs on the disk are those the server was started from.

        New sessions of a running server load libraries from the disk, and fail where those belong to another
        version; so it cannot be asked, and what was noted at its start is compared instead.
        """
        noted = self._noted_start()
        if noted is None:
            return False
        folder = Path(noted.folder)
        if self._pg_bin is not None and self._pg_bin != folder:
            return False
        return _executable(folder) == noted.executable or postgres_version(folder) == noted.version

    def _noted_start(self) -> _Start | None:
        try:
            noted = json.loads(self.place.state.read_text(encoding="utf-8"))
            return _Start(noted["folder"], noted["version"], tuple(noted["executable"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _note_start(self, programs: Programs) -> None:
        start = _Start(str(programs.folder), programs.version, _executable(programs.folder))
        self.place.state.write_text(json.dumps(asdict(start)) + "\n", encoding="utf-8")

    def _installed_version(self) -> tuple[str | None, str | None]:
        """Return the version of the programs on the disk, or why there is none."""
        try:
            return find_programs(self._pg_bin, major=self.major()).version, None
        except ProgramMissing as error:
            return None, error.message

    def _settings(self, tcp_port: int | None) -> dict[str, str]:
        settings = _SETTINGS | {
            "shared_buffers": f"{_shared_megabytes()}MB",
            "listen_addresses": "127.0.0.1" if tcp_port else "",
            "port": str(tcp_port or SOCKET_PORT),
        }
        return settings if self._durable else settings | _FORGETFUL

    def _url_when_listening(self, running: Postmaster, tcp_port: int | None) -> str:
        if tcp_port and not (running.listen and running.port == tcp_port):
            raise ConflictError(
                f"The private database runs already, without listening on port {tcp_port}.",
                hint="Stop it first: `gisgov db stop`.",
            )
        return self.url(running)


def _shared_megabytes() -> int:
    """Return how much the server holds of its tables: an eighth of the machine's memory, up to a gigabyte."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(1024, max(128, memory // 8 >> 20))


def _executable(folder: Path) -> tuple[int, int, int]:
    """Return what changes when a package puts another ``postgres`` in place."""
    try:
        held = (folder / "postgres").stat()
    except OSError:
        return (0, 0, 0)
    return held.st_ino, held.st_size, held.st_mtime_ns

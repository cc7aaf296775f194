"""Start and end PostgreSQL's main process, and say in one sentence why it did not start."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from gisgov.embedded.account import Account
from gisgov.embedded.place import Place
from gisgov.embedded.postmaster import Postmaster, is_postmaster_of, processes_in, read_postmaster
from gisgov.embedded.programs import Programs
from gisgov.errors import DatabaseUnavailable

SOCKET_PORT = 54320
"""Port in the socket's name where no TCP port is asked for; 5432 belongs to the machine's own server."""

_PATIENCE_S = 300.0  # after a crash the server first replays its log
_STOP_PATIENCE_S = 60.0
_SOCKET_PATIENCE_S = 2.0
_LAST_BREATH_S = 0.1
_ORPHAN_PATIENCE_S = 10.0
_TICK_S = 0.004
_LOG_BYTES = 8_000_000

_children: set[int] = set()
"""Servers that this process started: each leaves an exit status behind that only this process can take."""


def launch(
    programs: Programs, place: Place, data: Path, account: Account, settings: Mapping[str, str]
) -> Postmaster:
    """Start a server and wait until it takes connections.

    Parameters
    ----------
    programs : Programs
        What to run.
    place : Place
        Where its log and socket go.
    data : pathlib.Path
        Its data folder.
    account : Account
        Who runs it.
    settings : mapping
        PostgreSQL's parameters by name.

    Raises
    ------
    DatabaseUnavailable
        It ended before it was ready; the message carries the reason the server gave.
    """
    _clear_stale(place, data)
    command = [programs.path("postgres"), "-D", str(data), "-k", str(place.socket_folder)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    _turn_log(place.log, account)
    with place.log.open("ab") as log:
        written = log.tell()
        with place.alive.open("a") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[
                    alive.fileno()
                ],  # and with it the lock, which ends with the last process that has it
                start_new_session=True,  # ctrl-C in the terminal is not meant for the database
                **account.process_arguments(place.folder),
            )
    for _ in _ticks(_PATIENCE_S):
        postmaster = read_postmaster(data)
        if postmaster and postmaster.ready and postmaster.pid == process.pid:
            _let_go(process)
            return postmaster
        if process.poll() is not None:
            raise explain(_read_from(place.log, written), place)
    _let_go(process)
    raise _not_ready(place)


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Leave a server to itself: it is meant to outlive this process, of which `subprocess` warns."""
    _children.add(process.pid)
    process.returncode = 0


def find_server(place: Place) -> Postmaster | None:
    """Return the server that runs on a place, after waiting for one that is just starting or ending.

    Returns
    -------
    Postmaster or None
        It takes connections; None when there is none, only the pid file of one that was killed, or one that
        lost its socket (as when ``/tmp`` was swept): that one is ended.

    Raises
    ------
    DatabaseUnavailable
        One is starting, and not ready in time.
    """
    for waited in _ticks(_PATIENCE_S):
        postmaster = read_postmaster(place.data)
        # the socket is asked too: from another container the process cannot be seen, but its server is there
        answers = postmaster is not None and postmaster.answers()
        is_seen = postmaster is not None and is_running(postmaster.pid, place.data)
        if postmaster and answers and not is_seen:
            time.sleep(_LAST_BREATH_S)  # the kernel lets go of a killed server's socket after its process
            answers = postmaster.answers()
        if postmaster and postmaster.ready and answers:
            return postmaster
        if postmaster and is_seen:
            if postmaster.ready and waited > _SOCKET_PATIENCE_S:
                halt(postmaster, place.data)
                return None
        elif not answers:
            if _all_gone(place):
                return None
            # sessions of a server that was killed, or a server too young to have written its file
            if waited > _ORPHAN_PATIENCE_S:
                raise _still_there(place)
    raise _not_ready(place)


def halt(postmaster: Postmaster, data: Path) -> None:
    """End a server: sessions are cut, what they committed is kept.

    Raises
    ------
    DatabaseUnavailable
        The server belongs to another user or container, or does not end.
    """
    if not is_running(postmaster.pid, data):
        raise DatabaseUnavailable(
            f"The private database in {data.parent} is run by another user or container.",
            hint="Stop it there.",
        )
    os.kill(postmaster.pid, signal.SIGINT)
    for _ in _ticks(_STOP_PATIENCE_S):
        if not is_running(postmaster.pid, data):
            return
    raise DatabaseUnavailable(
        f"The private database (process {postmaster.pid}) does not end.", hint="Its log says why."
    )


def is_running(pid: int, data: Path) -> bool:
    """Whether this process is the server of that data folder and has not ended."""
    if pid in _children:
        with contextlib.suppress(ChildProcessError):  # another thread took its exit status
            if os.waitpid(pid, os.WNOHANG) != (0, 0):  # an ended one would stay as a zombie
                _children.discard(pid)
    return is_postmaster_of(pid, data)


def _clear_stale(place: Place, data: Path) -> None:
    """Remove the files by which a server that was killed still seems to run.

    Called under the cluster's lock and when `find_server` found none. PostgreSQL removes such files itself
    unless the number in them has gone to another process of the same user, say the machine's own server.
    """
    (data / "postmaster.pid").unlink(missing_ok=True)
    for left in place.socket_folder.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _turn_log(log: Path, account: Account) -> None:
    if not log.exists():
        log.touch(mode=0o600)
        account.own(log)
    elif log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_name(log.name + ".old"))
        _turn_log(log, account)


def _read_from(log: Path, position: int) -> str:
    with log.open("rb") as opened:
        opened.seek(position)
        return opened.read().decode(errors="replace")


def _not_ready(place: Place) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        f"The private database was not ready after {_PATIENCE_S:.0f} s.",
        hint=f"It may be repairing itself after a crash: try again; its log is {place.log}.",
    )


def _all_gone(place: Place) -> bool:
    """Whether no process of the server is left, be it in another container or too young to show."""
    with place.alive.open("a") as alive:
        try:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _still_there(place: Place) -> DatabaseUnavailable:
    left = processes_in(place.data)
    end = f"End it (`kill {left[0]}`)" if left else "End it"
    return DatabaseUnavailable(
        f"A process of a private database that was killed still works in {place.data}.",
        hint=f"{end} and try again.",
    )


def _ticks(seconds: float) -> Iterator[float]:
    """Yield how long one has waited, at short intervals, at least once and until the time is over."""
    begin = time.monotonic()
    yield 0.0
    while (waited := time.monotonic() - begin) < seconds:
        time.sleep(_TICK_S)
        yield waited


def explain(text: str, place: Place) -> DatabaseUnavailable:
    """Turn what PostgreSQL's programs wrote into an error that says what to do.

    Parameters
    ----------
    text : str
        Their messages, in English.
    place : Place
        The cluster they worked on.
    """
    if "No space left on device" in text:
        return disk_full(place)
    taken = re.search(r"could not bind .* address \"([^\"]+)\": Address already in use", text)
    if taken:
        return DatabaseUnavailable(
            f"The port asked for is used by another program on {taken.group(1)}.", hint="Choose another port."
        )
    faults = re.findall(r"(?:FATAL|PANIC|error|ERROR): +(.+)", text)
    reason = faults[0].rstrip(".") if faults else "its process ended without a word"
    return DatabaseUnavailable(
        f"The private database did not start: {reason}.", hint=f"Its log is {place.log}."
    )


def disk_full(place: Place) -> DatabaseUnavailable:
    """Return the error for a disk without room."""
    return DatabaseUnavailable(
        f"The disk that holds {place.folder} is full.",
        hint="Make room, or name a folder on another disk in GISGOV_HOME; what was committed is kept.",
    )

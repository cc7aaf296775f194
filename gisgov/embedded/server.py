"""Start and end PostgreSQL's main process, and say in one sentence why it did not start."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from gisgov.embedded.account import Account
from gisgov.embedded.place import Place
from gisgov.embedded.postmaster import Postmaster, is_postmaster_of, orphans_of, read_postmaster
from gisgov.embedded.programs import Programs
from gisgov.errors import DatabaseUnavailable

SOCKET_PORT = 54320
"""Port in the socket's name where no TCP port is asked for; 5432 belongs to the machine's own server."""

_PATIENCE_S = 300.0  # after a crash the server first replays its log
_STOP_PATIENCE_S = 60.0
_ORPHAN_PATIENCE_S = 10.0
_TICK_S = 0.004
_LOG_BYTES = 8_000_000

_children: dict[int, subprocess.Popen[bytes]] = {}


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
    _clear_stale(data)
    command = [programs.path("postgres"), "-D", str(data), "-k", str(place.socket_folder)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    _turn_log(place.log, account)
    with place.log.open("ab") as log:
        written = log.tell()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # ctrl-C in the terminal is not meant for the database
            **account.process_arguments(place.folder),
        )
    _children[process.pid] = process
    deadline = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        postmaster = read_postmaster(data)
        if postmaster and postmaster.ready and postmaster.pid == process.pid:
            return postmaster
        time.sleep(_TICK_S)
    raise _did_not_start(place, written, still_starting=process.poll() is None)


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
    deadline = time.monotonic() + _STOP_PATIENCE_S
    while is_running(postmaster.pid, data):
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(
                f"The private database (process {postmaster.pid}) does not end.", hint="Its log says why."
            )
        time.sleep(_TICK_S)


def is_running(pid: int, data: Path) -> bool:
    """Whether this process is the server of that data folder and has not ended."""
    child = _children.get(pid)
    if (
        child is not None and child.poll() is not None
    ):  # also takes its exit status, so that no zombie is left
        del _children[pid]
        return False
    return is_postmaster_of(pid, data)


def _clear_stale(data: Path) -> None:
    """Remove the pid file of a server that was killed, once its last sessions are gone.

    Called under the cluster's lock and after nobody answered on its socket. PostgreSQL removes such a file
    itself unless the number in it has gone to another process of the same user, say the machine's own server.
    """
    deadline = time.monotonic() + _ORPHAN_PATIENCE_S
    while (left := orphans_of(data)) and time.monotonic() < deadline:
        time.sleep(_TICK_S)
    if left:
        raise DatabaseUnavailable(
            f"Process {left[0]} of a private database that was killed still works in {data}.",
            hint=f"End it (`kill {left[0]}`) and try again.",
        )
    with contextlib.suppress(FileNotFoundError):
        (data / "postmaster.pid").unlink()


def _turn_log(log: Path, account: Account) -> None:
    if not log.exists():
        log.touch(mode=0o600)
        account.own(log)
    elif log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_name(log.name + ".old"))
        _turn_log(log, account)


def _did_not_start(place: Place, written: int, *, still_starting: bool) -> DatabaseUnavailable:
    with place.log.open("rb") as log:
        log.seek(written)
        text = log.read().decode(errors="replace")
    if still_starting:
        return DatabaseUnavailable(
            f"The private database was not ready after {_PATIENCE_S:.0f} s.", hint=f"Its log is {place.log}."
        )
    return explain(text, place)


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

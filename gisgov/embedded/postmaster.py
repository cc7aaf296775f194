"""Is a server running on a data folder? Read from ``postmaster.pid``, and not believed without looking."""

from __future__ import annotations

import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What a server's pid file says.

    Attributes
    ----------
    pid : int
        Number of its main process.
    port : int
        Its port; part of the socket's name, and a TCP port only where ``listen`` is not empty.
    socket_folder : str
        Folder of its unix socket.
    listen : str
        First address it listens on; "" for none.
    ready : bool
        Whether it takes connections.
    """

    pid: int
    port: int
    socket_folder: str
    listen: str
    ready: bool

    @property
    def socket(self) -> str:
        """Path of the unix socket."""
        return f"{self.socket_folder}/.s.PGSQL.{self.port}"

    def answers(self) -> bool:
        """Whether somebody takes connections on the socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(5)
            try:
                connection.connect(self.socket)
            except OSError:
                return False
        return True


def read_postmaster(data: Path) -> Postmaster | None:
    """Read a data folder's pid file; None when there is none or it is not written to its end."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        return Postmaster(
            pid=int(lines[0]),
            port=int(lines[3]),
            socket_folder=lines[4].strip(),
            listen=lines[5].strip(),
            ready=len(lines) > 7 and lines[7].strip() == "ready",
        )
    except (OSError, ValueError, IndexError):
        return None


def is_postmaster_of(pid: int, data: Path, processes: Path = _PROCESSES) -> bool:
    """Whether the process is a server working on this data folder, and not another that got its number.

    A server's working directory is its data folder. Where the system has no ``/proc``, ``ps`` is asked.
    """
    if processes.is_dir():
        try:
            return (processes / str(pid) / "cwd").samefile(data)
        except OSError:  # gone, dying, or somebody else's
            return False
    answer = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "postgres" in answer.stdout and str(data) in answer.stdout


def processes_in(data: Path, processes: Path = _PROCESSES) -> tuple[int, ...]:
    """Return the processes that work in a data folder, such as sessions of a server that was killed."""
    if not processes.is_dir():
        return ()
    pids = sorted(int(entry.name) for entry in os.scandir(processes) if entry.name.isdigit())
    return tuple(pid for pid in pids if pid != os.getpid() and is_postmaster_of(pid, data, processes))

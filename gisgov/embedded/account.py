"""Which user the server runs as: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisgov.errors import UnavailableError

_CANDIDATES = ("postgres", "gisgov", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """The user that owns the cluster and runs its programs.

    Attributes
    ----------
    name : str
        Login name.
    uid, gid : int
        Its numbers.
    switch : bool
        Whether programs must be started as somebody else, because gisgov itself runs as root.
    """

    name: str
    uid: int
    gid: int
    switch: bool

    def process_arguments(self, folder: Path) -> dict[str, Any]:
        """Return the arguments of `subprocess.Popen` that start a program as this user in ``folder``."""
        arguments: dict[str, Any] = {"cwd": folder, "env": clean_environment(os.environ)}
        if self.switch:
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return arguments

    def run(self, command: Sequence[str], folder: Path, **extra: Any) -> subprocess.CompletedProcess[str]:
        """Run a program as this user and return what it said; its exit status is not judged."""
        arguments = self.process_arguments(folder) | extra
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, **arguments
        )

    def own(self, path: Path) -> None:
        """Give a file or folder to this user."""
        if self.switch:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_enter(self, folder: Path) -> bool:
        """Whether this user may pass through ``folder`` and all above it."""
        if not self.switch:
            return os.access(folder, os.X_OK)
        # asking the kernel as that user sees what mode bits alone do not tell: ACLs, mounts, confinement
        return self.run(["test", "-x", f"{folder}/."], Path("/")).returncode == 0


def server_account() -> Account:
    """Return the user to run the server as.

    Returns
    -------
    Account
        The present user; for root ``postgres`` or, where there is none, another unprivileged user.

    Raises
    ------
    UnavailableError
        gisgov runs as root and the machine has no unprivileged user to lend.
    """
    uid = os.geteuid()
    if uid != 0:
        return Account(_name_of(uid), uid, os.getegid(), switch=False)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid, switch=True)
    raise UnavailableError(
        "PostgreSQL does not run as root, and there is no unprivileged user to run it as.",
        hint="Make one (`useradd --system gisgov`) or run gisgov as an ordinary user.",
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container started with a bare number
        return str(uid)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what would steer PostgreSQL's programs elsewhere, in plain English."""
    kept = {name: value for name, value in environment.items() if not name.startswith(("PG", "LC_", "LANG"))}
    # initdb refuses a locale that does not exist here, and messages are read by gisgov
    return kept | {"LC_ALL": "C", "TZ": "UTC"}

"""Where a private cluster lies on the disk: a folder per checkout, and a socket of short path."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gisgov.embedded.account import Account
from gisgov.errors import UnavailableError
from gisgov.paths import is_bundled, root

SOCKET_PATH_BYTES = 103
"""Longest socket path that every system takes (Linux 107, macOS and the BSDs 103)."""

_MACHINE = Path("/var/lib/gisgov")
_LONGEST_NAME = ".s.PGSQL.65535"


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one cluster.

    Attributes
    ----------
    folder : pathlib.Path
        Holds everything; mode 0700, owned by the account that runs the server.
    socket_folder : pathlib.Path
        Holds the unix socket: ``folder`` itself, or one below ``/tmp`` where the path would be too long.
    """

    folder: Path
    socket_folder: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server writes about itself."""
        return self.folder / "log"

    @property
    def lock(self) -> Path:
        """File that whoever starts or stops the server holds a lock on."""
        return self.folder / "lock"

    @property
    def alive(self) -> Path:
        """File that every process of the server holds a lock on as long as it lives."""
        return self.folder / "alive"

    @property
    def state(self) -> Path:
        """What was noted when the server was started: with which programs, of which version."""
        return self.folder / "server.json"

    @property
    def password(self) -> Path:
        """Password of the loopback listener; exists once one was asked for."""
        return self.folder / "password"


def choose_place(home: Path | None, account: Account) -> Place:
    """Choose and prepare the folder of this checkout's cluster.

    Parameters
    ----------
    home : pathlib.Path, optional
        The folder to use (``GISGOV_HOME``). Without it: ``.gisgov`` in the checkout, or, where the server's
        account cannot use that (a home folder closed to it, a file system without modes), a folder named
        after the checkout below ``/var/lib/gisgov`` (root) or the user's data folder. One that holds data
        already goes first.
    account : Account
        Who runs the server.

    Raises
    ------
    UnavailableError
        No folder can be used.
    """
    folders = [home.absolute()] if home else list(_candidates(account))
    folders.sort(key=lambda folder: not _holds_data(folder))  # stable: the order above, those with data first
    for folder in folders:
        if _prepare(folder, account):
            return Place(folder, _socket_folder(folder, account))
    tried = ", ".join(str(folder) for folder in folders)
    raise UnavailableError(
        f"User {account.name} cannot keep a database in {tried}.",
        hint="Name a folder that it may reach and own in GISGOV_HOME.",
    )


def packs_folder(account: Account) -> Path:
    """Return the folder where packed clusters are kept for the next checkout."""
    if account.switch:
        return _MACHINE / "packs"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gisgov"


def _candidates(account: Account) -> Iterator[Path]:
    home = Path(sys.prefix) if is_bundled() else root()
    if not is_bundled():
        yield home / ".gisgov"
    name = f"{home.name}-{_short_hash(home)}"
    if account.switch:
        yield _MACHINE / name
    elif sys.platform == "darwin":
        yield Path.home() / "Library" / "Application Support" / "gisgov" / name
    else:
        yield Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "gisgov" / name


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _holds_data(folder: Path) -> bool:
    try:
        return (folder / "data" / "PG_VERSION").is_file()
    except OSError:  # closed to us
        return False


def _prepare(folder: Path, account: Account) -> bool:
    """Make the folder if need be; False where the account could not work in it."""
    try:
        make_folder(folder.parent)
        with _locked_folder(folder.parent):
            fresh = not folder.exists()
            if fresh:
                folder.mkdir()
                account.own(folder)
                folder.chmod(0o700)
            held = folder.stat()
            # a file system without owners or modes (a Windows drive, some shares) keeps neither,
            # and PostgreSQL insists on both
            kept = held.st_uid == account.uid and stat.S_IMODE(held.st_mode) == 0o700
            sound = kept and account.can_enter(folder)
            if fresh and not sound:
                folder.rmdir()
    except OSError:
        return False
    return sound


@contextlib.contextmanager
def _locked_folder(folder: Path) -> Iterator[None]:
    """Hold a folder alone, so that of two first starts none sees the other's work half done."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each open to pass through whatever the umask says."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)


def _socket_folder(folder: Path, account: Account) -> Path:
    # a comma or a quote in the path would be read as a list by PostgreSQL and by its client library
    plain = re.fullmatch(r"[\w./+@=-]+", str(folder), flags=re.ASCII) is not None
    if plain and len(os.fsencode(folder / _LONGEST_NAME)) <= SOCKET_PATH_BYTES:
        return folder
    short = Path(f"/tmp/gisgov-{account.uid}-{_short_hash(folder)}")  # noqa: S108 - checked below to be ours alone
    try:
        short.mkdir(mode=0o700)
        account.own(short)
    except FileExistsError:
        pass
    held = short.lstat()
    if not stat.S_ISDIR(held.st_mode) or held.st_uid != account.uid or stat.S_IMODE(held.st_mode) != 0o700:
        raise UnavailableError(
            f"{short}, where the database's socket belongs, is somebody else's.",
            hint="Name a folder with a shorter path in GISGOV_HOME.",
        )
    return short

"""A fresh cluster packed as a tar file, so that the next checkout on the machine need not make its own.

Making one takes PostgreSQL about a second, most of it ``initdb`` and ``CREATE EXTENSION postgis``; unpacking
one takes a tenth of that.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path
from typing import BinaryIO

from gisgov.embedded.account import Account
from gisgov.embedded.place import make_folder
from gisgov.embedded.programs import Programs

_END = 1024

_FORMAT = 2
"""Raised whenever a fresh cluster is made differently, so that older packs are not taken."""


def pack_path(folder: Path, programs: Programs) -> Path:
    """Return where the pack for these programs lies, whether it exists or not."""
    numbers = programs.version.split(" ", 1)[0]
    return folder / f"{_family(programs)}.{numbers.partition('.')[2]}-postgis-{programs.postgis}.tar"


def _family(programs: Programs) -> str:
    return f"cluster-{_FORMAT}-postgresql-{programs.major}"


def unpack(pack: Path, into: Path, account: Account) -> bool:
    """Unpack a cluster; False when there is none, or it is broken (then it is removed).

    gisgov opens the archive and ``tar`` reads it as the server's account, to which all files then belong.
    """
    try:
        held = pack.stat()
    except OSError:
        return False
    if held.st_uid != os.geteuid():  # somebody else's files are not run
        return False
    with pack.open("rb") as archive:
        if _is_whole(archive, held.st_size):
            done = account.run(["tar", "-xf", "-", "-C", str(into)], into, stdin=archive)
            if done.returncode == 0:
                return True
    with contextlib.suppress(OSError):
        pack.unlink()
    return False


def _is_of_another_major(pack: Path, programs: Programs) -> bool:
    return pack.name.startswith(f"cluster-{_FORMAT}-") and not pack.name.startswith(f"{_family(programs)}.")


def _is_whole(archive: BinaryIO, size: int) -> bool:
    """Whether an archive has its end, two blocks of zeros: ``tar`` itself does not miss them."""
    if size <= _END:
        return False
    archive.seek(size - _END)
    whole = not any(archive.read(_END))
    archive.seek(0)
    return whole


def make_pack(data: Path, folder: Path, programs: Programs, account: Account) -> None:
    """Pack a cluster that is not running; without a word when that fails, as nothing depends on it.

    Packs that this one replaces, of older releases of the same major version, are removed.
    """
    pack = pack_path(folder, programs)
    part = pack.with_suffix(f".{os.getpid()}.part")
    try:
        make_folder(pack.parent)
        with part.open("wb") as archive:
            command = ["tar", "-cf", "-", "-C", str(data.parent), data.name]
            arguments = account.process_arguments(data.parent)
            done = subprocess.run(
                command, stdout=archive, stderr=subprocess.DEVNULL, check=False, **arguments
            )
            os.fsync(archive.fileno())
        if done.returncode == 0:
            part.replace(pack)
            for older in folder.glob("cluster-*.tar"):
                if older != pack and not _is_of_another_major(older, programs):
                    older.unlink()
    except OSError:
        pass
    with contextlib.suppress(OSError):
        part.unlink()

"""Dump a database into a file and restore it, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gisgov.embedded.clients import connection
from gisgov.errors import DatabaseUnavailable, FileError


def dump(program: str, url: str, file: Path) -> int:
    """Write the whole database into a file of ``pg_dump``'s custom format.

    Parameters
    ----------
    program : str
        Path of ``pg_dump``.
    url : str
        The database.
    file : pathlib.Path
        Replaced only when the dump is whole.

    Returns
    -------
    int
        Size of the file in bytes.

    Raises
    ------
    FileError
        The file cannot be written.
    DatabaseUnavailable
        ``pg_dump`` failed; the message carries its reason.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    text, environment = connection(url)
    command = [program, "-d", text, "--format=custom", "--no-owner", "--no-privileges"]
    try:
        with part.open("xb") as opened:
            _run(command, environment, stdout=opened.fileno())
            os.fsync(opened.fileno())
        part.replace(file)
    except OSError as error:
        raise FileError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return file.stat().st_size


def tables_version(program: str, file: Path) -> str:
    """Return the version of gisgov's tables in a dump.

    Parameters
    ----------
    program : str
        Path of ``pg_restore``.
    file : pathlib.Path
        A dump.

    Raises
    ------
    FileError
        The file is absent, is no dump, or holds no tables of gisgov.
    """
    if not file.is_file():
        raise FileError(f"There is no file {file}.")
    command = [program, "--data-only", "--table=alembic_version", "--file=-", str(file)]
    answer = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if answer.returncode != 0:
        raise FileError(f"{file} is not a dump that pg_restore can read: {_reason(answer.stderr)}.")
    match = re.search(r"^COPY \S*alembic_version .*\n(\S+)$", answer.stdout, flags=re.MULTILINE)
    if match is None or match.group(1) == "\\.":
        raise FileError(f"{file} is a dump, but not of a database of gisgov.")
    return match.group(1)


def restore(program: str, url: str, file: Path) -> None:
    """Read a dump into a database in one transaction: on any failure nothing has changed.

    Tables of the dump that the database holds already are replaced.

    Parameters
    ----------
    program : str
        Path of ``pg_restore``.
    url : str
        The database.
    file : pathlib.Path
        A dump.

    Raises
    ------
    DatabaseUnavailable
        ``pg_restore`` failed; the message carries its reason.
    """
    text, environment = connection(url)
    command = [
        program,
        "-d",
        text,
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
    ]
    entries = _run([program, "--list", str(file)], environment, stdout=subprocess.PIPE).splitlines()
    # Extensions that are there already may belong to the server's administrator: they are not gisgov's to
    # drop and make again, as --clean would have it. So they come first, and only where missing.
    making = [entry for entry in entries if re.match(r"\d+; \d+ \d+ EXTENSION ", entry)]
    others = [entry for entry in entries if " EXTENSION " not in entry]
    for chosen, options in ((making, []), (others, ["--clean", "--if-exists"])):
        with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as contents:
            contents.write("\n".join(chosen))
            contents.flush()
            _run([*command, *options, f"--use-list={contents.name}", str(file)], environment)


def _run(command: Sequence[str], environment: dict[str, str], stdout: int = subprocess.DEVNULL) -> str:
    done = subprocess.run(
        command,
        env=environment | {"LC_ALL": "C"},  # what went wrong is read from the messages
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise DatabaseUnavailable(f"{Path(command[0]).name} failed: {_reason(done.stderr)}.")
    return done.stdout or ""


def _reason(text: str) -> str:
    """Return the first line of what went wrong, without the program's name."""
    lines = (
        [line for line in text.splitlines() if "error:" in line] or text.splitlines() or ["no reason given"]
    )
    return re.sub(r"^\S*pg_\w+: (error: )?", "", lines[0]).strip().rstrip(".")

"""PostgreSQL's client programs, run on the database that gisgov uses."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL, make_url

from gisgov.embedded.programs import find_programs
from gisgov.errors import ProgramMissing


def client(name: str, pg_bin: Path | None = None, major: int | None = None) -> str:
    """Return the path of a client program such as ``psql`` or ``pg_dump``.

    Parameters
    ----------
    name : str
        The program.
    pg_bin : pathlib.Path, optional
        The only folder to look at.
    major : int, optional
        Version of the server, whose own programs fit best; without it the newest ones are taken.

    Raises
    ------
    ProgramMissing
        It is not installed.
    """
    try:
        return find_programs(pg_bin, major=major, postgis=False).path(name)
    except ProgramMissing:
        # on a machine without a server, clients lie on the path
        found = shutil.which(name) if pg_bin is None else None
        if found is None:
            raise ProgramMissing(
                f"{name} is not installed.",
                hint="Install PostgreSQL's clients (Debian/Ubuntu: `apt install postgresql-client`), "
                "or name their folder in GISGOV_PG_BIN.",
            ) from None
        return found


def connection(url: str) -> tuple[str, dict[str, str]]:
    """Return the connection string and the environment for a client program.

    The password travels in the environment: a command line can be read by every user of the machine.

    Examples
    --------
    >>> text, environment = connection("postgresql+psycopg://ann:secret@db.example:5433/town?sslmode=require")
    >>> text, environment["PGPASSWORD"]
    ('postgresql://ann@db.example:5433/town?sslmode=require', 'secret')
    """
    parsed = make_url(url)
    # PGPASSWORD, PGPASSFILE, PGSSLROOTCERT … hold for gisgov's own connections too
    environment = dict(os.environ) | {"PGCLIENTENCODING": "UTF8", "PGAPPNAME": "gisgov"}
    if parsed.password:
        environment["PGPASSWORD"] = str(parsed.password)
    return without_password(url), environment


def without_password(url: str) -> str:
    """Return a database's URL as libpq reads it and as everybody may see it."""
    parsed = make_url(url)
    bare = URL.create(
        "postgresql", parsed.username, None, parsed.host, parsed.port, parsed.database, parsed.query
    )
    return bare.render_as_string(hide_password=False)


def psql(program: str, url: str, arguments: Sequence[str]) -> int:
    """Run ``psql`` in this terminal and return its exit status; ctrl-C is for it."""
    text, environment = connection(url)
    process = subprocess.Popen([program, "-d", text, *arguments], env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue

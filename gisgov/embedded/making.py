"""Make the data folder of a private cluster: from a pack where there is one, else with ``initdb``."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import psycopg
from psycopg import sql

from gisgov.embedded.account import Account
from gisgov.embedded.packs import make_pack, pack_path, unpack
from gisgov.embedded.place import Place
from gisgov.embedded.postmaster import Postmaster
from gisgov.embedded.programs import Programs
from gisgov.embedded.server import SOCKET_PORT, disk_full, explain, halt, launch
from gisgov.errors import DatabaseUnavailable, GisgovError, ProgramMissing

OWNER = "gisgov"
"""Role that owns the cluster and its database."""

DATABASE = "gisgov"

# The socket lies in a folder of mode 0700, so whoever reaches it is the owner or root; loopback is open to
# every user of the machine and asks for a password.
_ACCESS = """\
# TYPE  DATABASE  USER  ADDRESS       METHOD
local   all       all                 trust
host    all       all   127.0.0.1/32  scram-sha-256
"""

_MAKING = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "port": str(SOCKET_PORT),
    # as little write-ahead log as can be, for it would only make the pack bigger
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "8MB",
    "max_wal_size": "8MB",
}


def make_data(place: Place, account: Account, programs: Programs, packs: Path | None) -> None:
    """Make ``place.data``, whole or not at all.

    Parameters
    ----------
    place : Place
        Its folder exists, its data folder does not.
    account : Account
        To whom all of it will belong.
    programs : Programs
        What makes it.
    packs : pathlib.Path or None
        Where packed clusters are kept; a pack is made there when there is none yet.

    Raises
    ------
    DatabaseUnavailable
        The disk is full, or ``initdb`` failed.
    ProgramMissing
        PostGIS cannot be loaded.
    """
    workshop = place.folder / "making"
    shutil.rmtree(workshop, ignore_errors=True)  # left by a making that was interrupted
    data = workshop / "data"
    try:
        workshop.mkdir(mode=0o700)
        account.own(workshop)
        if not (packs and unpack(pack_path(packs, programs), workshop, account)):
            shutil.rmtree(data, ignore_errors=True)
            _initialise(data, place, account, programs)
            if packs:
                make_pack(data, packs, programs, account)
        data.rename(place.data)
    except OSError as error:
        raise (
            disk_full(place)
            if error.errno == 28
            else DatabaseUnavailable(
                f"The private database could not be made in {place.folder}: {error.strerror}."
            )
        ) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _initialise(data: Path, place: Place, account: Account, programs: Programs) -> None:
    command = [programs.path("initdb"), "-D", str(data), "-U", OWNER, "--encoding=UTF8", "--locale=C"]
    # no bytes of value are there yet, so nothing is synced to the disk before the first real start
    command += ["--auth=trust", "--no-sync", "--no-instructions", "--wal-segsize=4"]
    done = account.run(command, place.folder)
    if done.returncode != 0:
        raise explain(done.stderr + done.stdout, place)
    (data / "pg_hba.conf").write_text(_ACCESS, encoding="utf-8")
    postmaster = launch(programs, place, data, account, _MAKING)
    try:
        with connect(postmaster, "postgres") as session:
            session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        with connect(postmaster, DATABASE) as session:
            session.execute("CREATE EXTENSION postgis")
            session.execute("CREATE EXTENSION btree_gist")
    except psycopg.Error as error:
        raise _no_extension(error, place, programs) from error
    finally:
        halt(postmaster, data)


def connect(postmaster: Postmaster, database: str) -> psycopg.Connection:
    """Open an autocommit session of the owner on a running server."""
    return psycopg.connect(
        host=postmaster.socket_folder,
        port=postmaster.port,
        user=OWNER,
        dbname=database,
        options="-c statement_timeout=0",  # instead of what PGOPTIONS says
        autocommit=True,
    )


def _no_extension(error: psycopg.Error, place: Place, programs: Programs) -> GisgovError:
    if isinstance(error, psycopg.errors.DiskFull):
        return disk_full(place)
    reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
    if error.sqlstate is None:  # of the connection itself
        return DatabaseUnavailable(f"The private database could not be made: {reason}.")
    return ProgramMissing(
        f"PostGIS of PostgreSQL {programs.major} cannot be loaded: {reason}.",
        hint=f"Debian/Ubuntu: `apt install --reinstall postgresql-{programs.major}-postgis-3`.",
    )


def password_of(place: Place, account: Account, postmaster: Postmaster) -> str:
    """Return the password of the loopback listener, after giving the role one if it has none."""
    if place.password.exists():
        return place.password.read_text(encoding="ascii").strip()
    password = secrets.token_urlsafe(24)
    with connect(postmaster, "postgres") as session:
        role = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(OWNER), sql.Literal(password))
        session.execute(role)
    place.password.touch(mode=0o600)
    account.own(place.password)
    place.password.write_text(password + "\n", encoding="ascii")
    return password

"""``gisgov db``: the database behind everything else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from gisgov.cli.database_status import DatabaseStatus, database_status, describe
from gisgov.cli.main import FAILED
from gisgov.cli.output import emit, json_option
from gisgov.cli.progress import notice
from gisgov.cli.session import connect, load_settings, open_database
from gisgov.config import Settings
from gisgov.errors import ConflictError, InputError

_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class TablesMigrated:
    """Answer of ``gisgov db migrate`` and ``gisgov db restore``.

    Attributes
    ----------
    before, after : str or None
        Version of the tables; None for no tables. A dump's own version is before.
    """

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class DumpWritten:
    """Answer of ``gisgov db dump``.

    Attributes
    ----------
    file : str
        The file.
    size_bytes : int
        Its size.
    tables : str or None
        Version of the tables in it; None where there are none.
    """

    file: str
    size_bytes: int
    tables: str | None


@click.group
def db() -> None:
    """Start, stop, migrate, dump and restore the database."""


@db.command
@click.option("--tcp-port", type=click.IntRange(1024, 65535), help="Also listen on this port of 127.0.0.1.")
@json_option(DatabaseStatus)
def start(tcp_port: int | None, as_json: bool) -> None:
    """Start the private database, making it first if need be."""
    settings = _private_settings("started")
    from gisgov.embedded import cluster

    cluster(settings).start(tcp_port=tcp_port, notice=notice)
    open_database(settings)
    emit(database_status(settings), as_json=as_json, text=describe)


@db.command
def stop() -> None:
    """Stop the private database; its data stay."""
    settings = _private_settings("stopped")
    from gisgov.embedded import cluster

    click.echo("stopped" if cluster(settings).stop() else "was not running")


@db.command
@json_option(DatabaseStatus)
def status(as_json: bool) -> None:
    """Say which database is used, where it lies and how it is."""
    emit(database_status(load_settings()), as_json=as_json, text=describe)


@db.command
@click.option("--to", "version", default="head", show_default=True, help="Version of the tables; base: none.")
@json_option(TablesMigrated)
def migrate(version: str, as_json: bool) -> None:
    """Bring the tables to the version this gisgov works with, or to another."""
    from gisgov.store import migrating

    if version not in {"head", "base", *migrating.known_versions()}:
        known = ", ".join(migrating.known_versions())
        raise InputError(f"No version of the tables is called {version!r}.", hint=f"There are: {known}.")
    done = migrating.migrate(open_database(as_it_is=True), version)
    emit(
        TablesMigrated(done.before, done.after),
        as_json=as_json,
        text=f"tables: {done.before or 'none'} → {done.after or 'none'}",
    )


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the database; ARGUMENTS are passed on to it."""
    from gisgov.embedded import clients

    program, url = _client("psql")
    if clients.psql(program, url, arguments) != 0:
        click.get_current_context().exit(FAILED)


@db.command
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@json_option(DumpWritten)
def dump(file: Path, force: bool, as_json: bool) -> None:
    """Write the whole database into FILE."""
    if file.exists() and not force:
        raise ConflictError(f"{file} exists.", hint="Choose another name, or give --force.")
    from gisgov.embedded import dumps
    from gisgov.store.migrating import stored_version

    program, url = _client("pg_dump")
    with connect(url).begin() as connection:
        tables = stored_version(connection)
    notice(f"dumping to {file}")
    size = dumps.dump(program, url, file)
    answer = DumpWritten(str(file), size, tables)
    emit(answer, as_json=as_json, text=f"{file}: {size:,} bytes")


@db.command
@click.argument("file", type=_FILE)
@click.option("--replace", "overwrite", is_flag=True, help="Give up what the database holds now.")
@json_option(TablesMigrated)
def restore(file: Path, overwrite: bool, as_json: bool) -> None:
    """Read a dump into the database, whole or not at all, and bring its tables to this version."""
    from gisgov.embedded import dumps
    from gisgov.store import migrating
    from gisgov.store.changes import begin_epoch

    program, url = _client("pg_restore")
    held = dumps.tables_version(program, file)
    if held not in migrating.known_versions():
        raise ConflictError(
            f"{file} holds version {held} of the tables, which this gisgov does not know.",
            hint="Restore it with the gisgov that made it, or a newer one.",
        )
    database = connect(url)
    with database.begin() as connection:
        present = migrating.stored_version(connection)
    if present is not None and not overwrite:
        raise ConflictError("The database holds data already.", hint="Give --replace to give them up.")
    notice(f"restoring {file}")
    dumps.restore(program, url, file)
    done = migrating.migrate(database)
    with database.begin() as connection:
        begin_epoch(connection)  # services that run must not take its versions for those they know
    emit(TablesMigrated(held, done.after), as_json=as_json, text=f"restored {file}")


def _private_settings(verb: str) -> Settings:
    settings = load_settings()
    if settings.database_url:
        raise InputError(
            f"The server that GISGOV_DATABASE_URL names is not {verb} by gisgov.",
            hint="Unset it to use the checkout's private database.",
        )
    return settings


def _client(name: str) -> tuple[str, str]:
    """Return the path of a client program and the URL it shall work on; the private server is started."""
    from gisgov.embedded import clients, cluster

    settings = load_settings()
    if settings.database_url:
        return clients.client(name, settings.pg_bin), settings.database_url
    private = cluster(settings)
    url = private.start(notice=notice)
    return clients.client(name, settings.pg_bin, private.major()), url

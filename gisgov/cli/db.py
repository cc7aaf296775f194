"""``gisgov db``: the database behind everything else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import click

from gisgov.cli.main import FAILED
from gisgov.cli.output import emit, json_option
from gisgov.cli.progress import notice
from gisgov.cli.session import connect, load_settings, open_database
from gisgov.config import Settings
from gisgov.errors import ConflictError, DatabaseUnavailable, InputError

_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """Answer of ``gisgov db start`` and ``gisgov db status``.

    Attributes
    ----------
    private : bool
        True for the checkout's own database, False for the server that GISGOV_DATABASE_URL names.
    running : bool
        Whether it takes connections.
    url : str or None
        How to reach it, without its password; None while it is stopped.
    loopback_url : str or None
        The same over TCP, with its password; None unless it was started with --tcp-port.
    folder, log : str or None
        Where a private database lies, and the log of its server.
    postgresql, postgis : str or None
        Versions of the server.
    installed : str or None
        Version of the programs on the disk; None where none fit.
    programs_missing : str or None
        Why no programs on the disk fit; the next command that needs them fails.
    restart_needed : bool
        Whether the programs were updated under the running server; the next command restarts it.
    tables : str or None
        Version of gisgov's tables in it; None where there are none or it is stopped.
    tables_wanted : str
        Version that this gisgov works with.
    size_bytes : int or None
        Size of the database.
    """

    private: bool
    running: bool
    url: str | None
    loopback_url: str | None
    folder: str | None
    log: str | None
    postgresql: str | None
    postgis: str | None
    installed: str | None
    programs_missing: str | None
    restart_needed: bool
    tables: str | None
    tables_wanted: str
    size_bytes: int | None


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
    emit(_status(settings), as_json=as_json, text=_describe)


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
    emit(_status(load_settings()), as_json=as_json, text=_describe)


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


def _status(settings: Settings) -> DatabaseStatus:
    if settings.database_url:
        return _with_condition(_stopped(private=False), settings.database_url)
    from gisgov.embedded import cluster

    private = cluster(settings)
    held = private.status()
    found = replace(
        _stopped(private=True),
        folder=held.folder,
        log=held.log,
        installed=held.installed,
        programs_missing=held.missing,
        restart_needed=held.restart_needed,
        loopback_url=private.loopback_url(),
    )
    url = private.running_url()
    return _with_condition(found, url) if url else found


def _stopped(*, private: bool) -> DatabaseStatus:
    from gisgov.store.migrating import newest

    return DatabaseStatus(
        private=private,
        running=False,
        url=None,
        loopback_url=None,
        folder=None,
        log=None,
        postgresql=None,
        postgis=None,
        installed=None,
        programs_missing=None,
        restart_needed=False,
        tables=None,
        tables_wanted=newest(),
        size_bytes=None,
    )


def _with_condition(found: DatabaseStatus, url: str) -> DatabaseStatus:
    from gisgov.embedded.clients import without_password
    from gisgov.store.condition import condition

    try:
        with connect(url).begin() as connection:
            held = condition(connection)
    except DatabaseUnavailable as error:
        if found.private:  # its programs were updated, and it is too old for them
            return replace(found, running=True, restart_needed=True)
        raise error
    return replace(
        found,
        running=True,
        url=without_password(url),
        postgresql=held.postgresql,
        postgis=held.postgis,
        tables=held.tables,
        size_bytes=held.size_bytes,
    )


def _describe(status: DatabaseStatus) -> str:
    kind = "private database of this checkout" if status.private else "server named by GISGOV_DATABASE_URL"
    tables = status.tables or "none"
    if status.tables and status.tables != status.tables_wanted:
        tables += f" (this gisgov works with {status.tables_wanted}: gisgov db migrate)"
    lines = [
        ("database", kind),
        ("state", "running" if status.running else "stopped"),
        ("url", status.url),
        ("loopback", status.loopback_url),
        ("folder", status.folder),
        ("log", status.log),
        ("postgresql", status.postgresql),
        ("postgis", status.postgis),
        ("installed", status.installed or status.programs_missing),
        ("tables", tables if status.running else None),
        ("size", f"{status.size_bytes / 1e6:,.1f} MB" if status.size_bytes is not None else None),
    ]
    if status.restart_needed:
        lines.append(("restart", "PostgreSQL was updated; the next command restarts the server"))
    return "\n".join(f"{name:<11} {value}" for name, value in lines if value is not None)

"""What ``gisgov db status`` tells of the database, and how it finds that out without starting it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gisgov.cli.session import connect
from gisgov.config import Settings
from gisgov.errors import DatabaseUnavailable


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


def database_status(settings: Settings) -> DatabaseStatus:
    """Look at the database that the settings name, starting nothing."""
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


def describe(status: DatabaseStatus) -> str:
    """Return the state of the database as lines for people."""
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

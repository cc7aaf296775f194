"""``gisgov audit``: who changed what, and whether that is still what was written."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gisgov.cli.audit_texts import listed, verified
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.progress import notice
from gisgov.cli.session import load_settings, open_database
from gisgov.services.audit import (
    AuditPage,
    AuditVerification,
    export_audit,
    list_audit,
    parse_milestone,
    parse_period,
    verify_audit,
)

_FROM = click.option("--from", "since", metavar="TIME", help="From this date or timestamp on.")
_TO = click.option("--to", "until", metavar="TIME", help="Until this date or timestamp, which is excluded.")


@click.group
def audit() -> None:
    """Show what was changed by whom, verify that nothing of it was, and export it."""


@audit.command("list")
@_FROM
@_TO
@click.option("--account", metavar="NAME", help="Only what this account, operator or login did.")
@click.option("--after", type=click.IntRange(1), metavar="POSITION", help="Go on behind this position.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    metavar="N",
    help="How many entries.",
)
@json_option(AuditPage)
def list_(
    since: str | None, until: str | None, account: str | None, after: int | None, limit: int, as_json: bool
) -> None:
    """List what was changed, the newest first."""
    settings = load_settings()
    period = parse_period(since, until, ZoneInfo(settings.timezone))
    page = list_audit(open_database(settings), period, account=account, after=after, limit=limit)
    zone = ZoneInfo(settings.timezone)
    emit(page, as_json=as_json, text=lambda given: listed(given, zone))


@audit.command
@click.option(
    "--expect",
    metavar="POSITION:SHA256",
    help="A position with its hash from an earlier run or export, kept elsewhere: finds an audit that was "
    "written anew as a whole.",
)
@json_option(AuditVerification)
def verify(expect: str | None, as_json: bool) -> None:
    """Compute all hashes anew and say whether an entry was changed, taken away, put in or moved.

    Exit status 1 when something is wrong.
    """
    milestone = None if expect is None else parse_milestone(expect)
    settings = load_settings()
    found = verify_audit(open_database(settings), expect=milestone)
    zone = ZoneInfo(settings.timezone)
    emit(found, as_json=as_json, text=lambda given: verified(given, zone))
    finish(found=not found.intact)


@audit.command
@_FROM
@_TO
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to this file; standard output by default.",
)
def export(since: str | None, until: str | None, output: Path | None) -> None:
    """Write the entries of a period as lines of JSON, exactly as they were hashed.

    The last line tells the last position and its hash, for `gisgov audit verify --expect`.
    """
    settings = load_settings()
    period = parse_period(since, until, ZoneInfo(settings.timezone))
    exported = export_audit(open_database(settings), period)
    if output is None:
        for line in exported.lines:
            click.echo(line)
    else:
        part = output.with_name(f".{output.name}.part")
        try:
            with part.open("w", encoding="utf-8", newline="\n") as opened:
                opened.writelines(f"{line}\n" for line in exported.lines)
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
    stretch = exported.stretch
    if stretch is None:
        notice("Nothing was changed in that time.")
    else:
        notice(f"Positions {stretch.first} to {stretch.last}; expect {stretch.last}:{stretch.sha256}")

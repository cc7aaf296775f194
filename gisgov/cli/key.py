"""``gisgov key``: keys that programs come with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.services.accounts.records import KeyInfo, NewKey


@click.group
def key() -> None:
    """Make, list, replace and revoke the keys of accounts."""


@key.command
@click.argument("account")
@click.option("--title", default="", help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="RIGHT",
    help="Limit it to this right, such as areas.read; several are taken. Default: the rights of the account.",
)
@click.option("--days", type=click.IntRange(min=1), help="How long it lasts.  [default: 90]")
@json_option(NewKey)
def add(account: str, title: str, scopes: tuple[str, ...], days: int | None, as_json: bool) -> None:
    """Make a key of an account, and print it: it is told this once."""
    from gisgov.services.accounts import make_key

    settings = load_settings()
    made = make_key(
        open_database(settings),
        account,
        scopes=scopes or None,
        title=title,
        expires=None if days is None else datetime.now(UTC) + timedelta(days=days),
        longest=timedelta(days=settings.key_most_days),
    )
    emit(made, as_json=as_json, text=_made)


@key.command("list")
@click.argument("account")
@json_option(tuple[KeyInfo, ...])
def list_(account: str, as_json: bool) -> None:
    """List the keys of an account, the newest first."""
    from gisgov.services.accounts import list_keys

    emit(list_keys(open_database(), account), as_json=as_json, text=_listed)


@key.command
@click.argument("key_id", metavar="ID")
@json_option(NewKey)
def rotate(key_id: str, as_json: bool) -> None:
    """Make a key in the place of another, which goes on for a while so that nothing stands still."""
    from gisgov.services.accounts import rotate_key

    settings = load_settings()
    grace = timedelta(hours=settings.key_grace_hours)
    longest = timedelta(days=settings.key_most_days)
    made = rotate_key(open_database(settings), key_id, grace=grace, longest=longest)
    emit(
        made, as_json=as_json, text=lambda one: f"{_made(one)}\n{_goes_on(key_id, settings.key_grace_hours)}"
    )


@key.command
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """End a key at once."""
    from gisgov.services.accounts import revoke_key

    revoke_key(open_database(), key_id)
    click.echo(f"Revoked key {key_id}.")


def _made(made: NewKey) -> str:
    return (
        f"Key of {made.account}, told this once:  {made.key}\n"
        f"It has {_rights(made.scopes)} and ends on {_moment(made.expires)}."
    )


def _goes_on(key_id: str, hours: int) -> str:
    return f"Key {key_id} goes on for {hours} h."


def _listed(found: tuple[KeyInfo, ...]) -> str:
    if not found:
        return "The account has no key."
    rows = [
        (one.id, one.title or None, _rights(one.scopes), _moment(one.expires), _moment(one.last_used))
        for one in found
    ]
    return table(("key", "title", "rights", "ends", "last used"), rows)


def _rights(scopes: tuple[str, ...] | None) -> str:
    return "the rights of the account" if scopes is None else ", ".join(scopes)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone():%Y-%m-%d %H:%M}"

"""``gisgov draft``: drafts changed operation by operation, by several planners."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from gisgov.cli.draft_operations import OPERATIONS
from gisgov.cli.draft_texts import tell_branch, tell_draft, tell_log
from gisgov.cli.output import emit, json_option
from gisgov.cli.progress import progress
from gisgov.cli.session import load_settings, open_database
from gisgov.services.days import local_day
from gisgov.services.editing.branching import Branch, branch_plan
from gisgov.services.editing.history import list_operations
from gisgov.services.editing.reports import LoggedOperation
from gisgov.services.editing.showing import DraftReport, show_draft
from gisgov.services.editing.snapshots import Snapshot, take_snapshot


@click.group
def draft() -> None:
    """Change drafts: assign, merge, split, move borders, undo; branch, snapshot and rebase them."""


@draft.command
@click.argument("source")
@click.argument("name")
@click.option("--snapshot", metavar="NAME", help="Begin as SOURCE was at this snapshot of it.")
@click.option("--revision", type=click.IntRange(min=0), help="Or at this revision of it.")
@click.option("--author", metavar="TEXT", help="Who makes it.  [default: the account]")
@json_option(Branch)
def branch(
    source: str, name: str, snapshot: str | None, revision: int | None, author: str | None, as_json: bool
) -> None:
    """Make the draft NAME, which begins as the plan SOURCE is: published, or another draft."""
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    made = branch_plan(
        open_database(settings),
        source,
        name,
        snapshot=snapshot,
        revision=revision,
        author=author,
        today=local_day(None, zone),
        timezone=zone,
        progress=progress(),
    )
    emit(made, as_json=as_json, text=tell_branch)


@draft.command
@click.argument("name", metavar="DRAFT")
@json_option(DraftReport)
def show(name: str, as_json: bool) -> None:
    """Show a draft: figures of its areas, what is to be mended, snapshots."""
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    found = show_draft(
        open_database(settings), name, today=local_day(None, zone), timezone=zone, progress=progress()
    )
    emit(found, as_json=as_json, text=tell_draft)


@draft.command
@click.argument("name", metavar="DRAFT")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
@click.option("--before", type=click.IntRange(min=0), metavar="REVISION", help="Only those before this one.")
@json_option(tuple[LoggedOperation, ...])
def log(name: str, limit: int, before: int | None, as_json: bool) -> None:
    """List what was done on a draft by whom, the newest first."""
    found = list_operations(open_database(), name, limit=limit, before=before)
    emit(found, as_json=as_json, text=tell_log)


@draft.command
@click.argument("name", metavar="DRAFT")
@click.argument("snapshot_name", metavar="NAME")
@json_option(Snapshot)
def snapshot(name: str, snapshot_name: str, as_json: bool) -> None:
    """Give what a draft is now a name; it can be had again whatever is undone and done after."""
    taken = take_snapshot(open_database(), name, snapshot_name)
    emit(taken, as_json=as_json, text=f"Snapshot {taken.name} keeps revision {taken.revision} of {name}.")


for _command in OPERATIONS:
    draft.add_command(_command)

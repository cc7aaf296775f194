"""Use cases: give what a draft is now a name, and list those names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gisgov.errors import InputError, NameTaken
from gisgov.services.access import require_scope
from gisgov.services.editing.open_draft import RIGHT, refuse_published
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database
from gisgov.store.drafts import draft_row
from gisgov.store.drafts_snapshots import StoredSnapshot, insert_snapshot, snapshots_of
from gisgov.store.plans import find_plan


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A revision of a draft that has a name.

    Attributes
    ----------
    name : str
        Its name, unlike that of the draft's other snapshots.
    revision : int
        The revision that it keeps.
    account : str
        Who made it.
    at : datetime.datetime
        When.
    """

    name: str
    revision: int
    account: str
    at: datetime


def take_snapshot(database: Database, plan: str, name: str) -> Snapshot:
    """Give what a draft is now a name, under which it can be had again whatever is undone and done after.

    Raises
    ------
    NotFoundError
        There is no such plan.
    NotAllowed
        The right to draft is not held in its scope.
    PlanPublished
        It is no draft.
    InputError
        The name is blank.
    NameTaken
        The draft has a snapshot of that name.
    """
    if not name.strip():
        raise InputError("The name of a snapshot is blank.", field="name")
    with database.begin() as connection:
        require_scope(connection, RIGHT, find_plan(connection, plan).scope_code)
        found = find_plan(connection, plan, for_change=True)
        refuse_published(found)
        if any(one.name == name.strip() for one in snapshots_of(connection, found.id)):
            raise NameTaken(f"Draft {plan!r} has a snapshot {name.strip()!r} already.", field="name")
        account, revision = who_acts(connection), draft_row(connection, found.id).revision
        with as_owner(connection):
            taken = insert_snapshot(connection, found.id, name.strip(), revision=revision, account=account)
        return told(taken)


def list_snapshots(database: Database, plan: str) -> tuple[Snapshot, ...]:
    """Return the snapshots of a draft, by revision and name.

    Raises
    ------
    NotFoundError
        There is no such plan.
    """
    with database.begin() as connection:
        found = find_plan(connection, plan)
        return tuple(told(one) for one in snapshots_of(connection, found.id))


def told(stored: StoredSnapshot) -> Snapshot:
    """Return a stored snapshot."""
    return Snapshot(stored.name, stored.revision, stored.account, stored.at)

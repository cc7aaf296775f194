"""Use case: tell that somebody is at work in a draft, and hear who else is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gisgov.services.access import require_scope
from gisgov.services.editing.open_draft import RIGHT, refuse_published
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database
from gisgov.store.drafts_presence import be_present, others_present
from gisgov.store.plans import find_plan


@dataclass(frozen=True, slots=True)
class Planner:
    """Somebody at work in a draft.

    Attributes
    ----------
    account : str
        Who.
    doing : str or None
        What they say that they do.
    seen : datetime.datetime
        When they were last heard of.
    """

    account: str
    doing: str | None
    seen: datetime


@dataclass(frozen=True, slots=True)
class Company:
    """What whoever is at work in a draft hears of it.

    Attributes
    ----------
    revision : int
        That the draft has.
    others : tuple of Planner
        Who else was heard of in the last minute, by account.
    """

    revision: int
    others: tuple[Planner, ...]


def tell_presence(database: Database, plan: str, doing: str | None) -> Company:
    """Tell that whoever acts is at work in a draft; asked again every few seconds.

    Parameters
    ----------
    database : Database
        Where it is.
    plan : str
        The draft.
    doing : str or None
        What they do there, for others to read.

    Raises
    ------
    NotFoundError
        There is no such plan.
    NotAllowed
        The right to draft is not held in its scope.
    PlanPublished
        It is no draft any more.
    """
    with database.begin() as connection:
        found = find_plan(connection, plan)
        require_scope(connection, RIGHT, found.scope_code)
        refuse_published(found)
        account = who_acts(connection)
        with as_owner(connection):
            be_present(connection, found.id, account, doing)
            others = others_present(connection, found.id, account)
        return Company(found.revision, tuple(Planner(one.account, one.doing, one.seen) for one in others))

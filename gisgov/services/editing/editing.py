"""Use case: do an operation on a draft."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from gisgov.governance.redivision_policy import RedivisionPolicy
from gisgov.services.editing.answering import report
from gisgov.services.editing.applying import Entry, apply_change
from gisgov.services.editing.history import refuse_stale
from gisgov.services.editing.makers import MAKERS
from gisgov.services.editing.open_draft import open_draft
from gisgov.services.editing.operations import Operation, Rebase, written
from gisgov.services.editing.preparing import prepare
from gisgov.services.editing.reports import EditReport
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database
from gisgov.store.plans import find_plan
from gisgov.types import Progress, silent


def edit_draft(
    database: Database,
    plan: str,
    operation: Operation,
    *,
    seen: int | None,
    today: date,
    timezone: ZoneInfo,
    policy: RedivisionPolicy | None = None,
    progress: Progress = silent,
) -> EditReport:
    """Do an operation on a draft, all of it in one transaction.

    Parameters
    ----------
    database : Database
        Where it is.
    plan : str
        The draft.
    operation : Operation
        What to do.
    seen : int or None
        The revision that whoever asks has seen; None takes it as it is.
    today : datetime.date
        Areas of the layer above are those in force on this day.
    timezone : zoneinfo.ZoneInfo
        Where days begin: events of the year before may be part of the load.
    policy : RedivisionPolicy, optional
        What a re-division goes by, and how often buildings are due a visit.
    progress : Progress
        Told how preparing a draft that nobody changed before advances.

    Returns
    -------
    EditReport
        What changed, and the problems that the draft has now.

    Raises
    ------
    NotFoundError
        There is no such plan, area, block or snapshot.
    NotAllowed
        The right to draft is not held in the scope of the plan.
    PlanPublished
        It is no draft any more.
    DraftChanged
        Somebody changed it since it was seen; the error tells what.
    ConflictError
        A locked area would change, a code is taken, or there is nothing to undo or redo.
    InputError
        What is asked for cannot be done; the field says why.
    """
    with database.begin() as connection:
        draft = open_draft(connection, plan, today=today, timezone=timezone, policy=policy)
        refuse_stale(connection, draft, seen)
        account = who_acts(connection)
        if isinstance(operation, Rebase) and operation.onto is not None:
            find_plan(connection, operation.onto)  # the service, which goes on, sees all
        with as_owner(connection):
            prepare(connection, draft, progress=progress)
            change = MAKERS[operation.kind](connection, draft, operation)
            entry = Entry(operation.kind, account, written(operation))
            return report(connection, apply_change(connection, draft, change, entry), operation.kind)

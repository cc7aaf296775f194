"""Use case: put a draft into force."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from gisgov.services.days import local_day
from gisgov.services.editing.history import refuse_stale
from gisgov.services.editing.open_draft import describe
from gisgov.services.publishing.carrying_out import carry_out
from gisgov.services.publishing.judging import judge
from gisgov.services.publishing.reports import PlanPublication
from gisgov.services.publishing.seen import Seen
from gisgov.services.publishing.terms import Terms, allowed, lock_draft
from gisgov.store.database import Database
from gisgov.types import Progress, silent


def publish_plan(
    database: Database,
    name: str,
    *,
    valid_from: date,
    valid_to: date | None = None,
    decision: str | None = None,
    author: str | None = None,
    decided_on: date | None = None,
    corrects: str | None = None,
    reason: str | None = None,
    accept_defects: str | None = None,
    keep_codes: bool = False,
    over_newer: bool = False,
    seen: int | None = None,
    timezone: ZoneInfo,
    today: date | None = None,
    progress: Progress = silent,
) -> PlanPublication:
    """Check a draft and put it into force, all in one transaction.

    The plan of the same layer and scope that was open-ended until now ends on the day this one begins. Where
    its areas come from is written down. Open events of areas that are no more go to its areas, each with a
    record of from where to where, and buildings follow: at once if its first day has come, otherwise on that
    day (`take_effect`). Events that are closed keep the area that they had.

    Parameters
    ----------
    database : Database
        Where it is.
    name : str
        A draft.
    valid_from : datetime.date
        First day in force: today, earlier or later.
    valid_to : datetime.date, optional
        First day no longer in force; open-ended by default.
    decision, author : str, optional
        The decision that it rests on, and who made it; what the draft says of them by default.
    decided_on : datetime.date, optional
        Day of the decision.
    corrects : str, optional
        The published plan that it corrects: that one ends on ``valid_from``, and if this is its own first day
        and not past, it never was in force. Nothing is deleted.
    reason : str, optional
        Why it corrects that one.
    accept_defects : str, optional
        Reason for publishing it although it has defects; recorded with their counts. An inherited network
        may have to be in force before it can be repaired.
    keep_codes : bool
        Keep codes as they are, even if they were in force for other ground: for plans that come with codes
        that others decided on. By default such areas are numbered anew by the scheme of the layer.
    over_newer : bool
        Publish it although it is based on an older plan than the one it follows, and so undoes what that one
        changed.
    seen : int, optional
        The revision of the draft that whoever publishes has seen; by default whatever it is.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day an event happened, and which day is today.
    today : datetime.date, optional
        By default what the clock says.
    progress : Progress
        Told how the check advances.

    Returns
    -------
    PlanPublication
        What was done.

    Raises
    ------
    NotFoundError
        There is no such plan, or none to correct.
    NotAllowed
        The right to publish is not held in its scope, or areas of it lie elsewhere than in that.
    PlanPublished
        It is published or retired already, or the one to correct is retired.
    InputError
        It has no areas, the validity is empty, a reason is blank, or areas cannot be numbered.
    ConflictError
        Its areas are not the ground of their blocks, or the plan to correct is of another layer or scope.
    DraftChanged
        Somebody changed the draft since it was seen; the error tells what.
    StaleBase
        It follows a newer plan than it is based on, and would undo what that one changed.
    ValidityOverlap
        Another plan of the layer and scope is in force in that time and cannot simply end, or one of
        another scope holds more than half of one of its areas.
    DefectsFound
        It has blocks in no area; or it has faults, or covers ground along the border of another scope's plan,
        and no reason was given to accept them. Vertex mismatches do not keep it from being published.
    """
    terms = Terms(
        valid_from,
        valid_to,
        decision=decision,
        author=author,
        decided_on=decided_on,
        accept_defects=accept_defects,
        corrects=corrects,
        reason=reason,
        keep_codes=keep_codes,
        over_newer=over_newer,
    )
    terms.refuse_unsound()
    day = today or local_day(None, timezone)
    with database.begin() as connection, allowed(connection, name, corrects=corrects):
        plan = lock_draft(connection, name)
        refuse_stale(connection, describe(connection, plan, today=day, timezone=timezone), seen)
        judged = judge(connection, plan, terms, today=day, progress=progress)
        if judged.refusals:
            raise judged.refusals[0]
        done = carry_out(connection, judged, today=day, timezone=timezone)
        return Seen.of(connection, judged.plan.scope_code).publication(done)

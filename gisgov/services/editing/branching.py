"""Use case: begin a draft as what a plan is, or a draft was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import NameTaken
from gisgov.governance.draft_problems import DraftProblemTitle
from gisgov.services.access import require_scope
from gisgov.services.editing.applying import apply_change
from gisgov.services.editing.history import change_since, revision_named
from gisgov.services.editing.open_draft import RIGHT, describe
from gisgov.services.editing.preparing import prepare
from gisgov.services.editing.problems import draft_problems
from gisgov.services.plans import PlanInfo, plan_info
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database
from gisgov.store.drafts import draft_row
from gisgov.store.drafts_copying import base_on, copy_content
from gisgov.store.imports import lock_name
from gisgov.store.plans import StoredPlan, create_draft, find_plan, has_plan
from gisgov.types import Progress, silent


@dataclass(frozen=True, slots=True)
class Branch:
    """A draft that began as a plan.

    Attributes
    ----------
    plan : PlanInfo
        The draft.
    based_on : str or None
        Name of the published plan that it can be rebased from; None where the source was based on none.
    revision : int or None
        Revision of the source that it began as; None for what the source is now.
    made_of : {"assignments", "blocks", "areas"}
        The blocks that the source was made of; of a plan of plain polygons the stored blocks that nest in its
        areas, or, where these do not, or nobody lives in them, the areas themselves, each a block of its own.
    sentence_zh, sentence_en : str
        The same in words, and which areas state other people than their blocks have.
    """

    plan: PlanInfo
    based_on: str | None
    revision: int | None
    made_of: Literal["assignments", "blocks", "areas"]
    sentence_zh: str
    sentence_en: str


_WORDS = {
    "assignments": ("沿用原方案的地块。", "It is made of the blocks of its source."),
    "blocks": (
        "原方案只有面；库中地块与其区域完全吻合，已按地块重建。",
        "Its source was plain polygons; the stored blocks nest in its areas, and it is made of them.",
    ),
    "areas": (
        "原方案只有面，库中没有与其区域吻合的地块；每个区域各成一个地块，可用线切割。",
        "Its source was plain polygons in which no stored blocks nest; each area is a block that can be cut.",
    ),
    "unpeopled": (
        "原方案只有面；库中地块与其区域吻合但没有人口，为不丢失区域人口，每个区域各成一个地块，可用线切割。",
        "Its source was plain polygons with people; the stored blocks have none, so each area is a block.",
    ),
}


def branch_plan(
    database: Database,
    source: str,
    name: str,
    *,
    snapshot: str | None = None,
    revision: int | None = None,
    author: str | None = None,
    today: date,
    timezone: ZoneInfo,
    progress: Progress = silent,
) -> Branch:
    """Make a draft that begins as another plan.

    Parameters
    ----------
    database : Database
        Where they are.
    source : str
        A draft, or a plan that is or was published.
    name : str
        Name of the new draft.
    snapshot, revision : str and int, optional
        What the source was then, instead of what it is now; one of both at most.
    author : str, optional
        Who makes it; by default whoever acts.
    today : datetime.date
        Areas of the layer above are those in force on this day.
    timezone : zoneinfo.ZoneInfo
        Where days begin.
    progress : Progress
        Told how measuring advances.

    Raises
    ------
    NotFoundError
        There is no such plan or snapshot.
    NotAllowed
        The right to draft is not held in its scope.
    NameTaken
        A plan is called so already.
    InputError
        The name is blank, the source never had that revision, or its areas do not fit together.
    """
    name = name.strip()
    with database.begin() as connection:
        lock_name(connection, "plan", name)
        if has_plan(connection, name):
            raise NameTaken(f"A plan is called {name!r} already.", hint="Choose another name.", field="name")
        origin = find_plan(connection, source)
        require_scope(connection, RIGHT, origin.scope_code)
        if origin.status == "draft":  # nobody changes it between the parts of the copy
            origin = find_plan(connection, source, for_change=True)
        at = _revision(connection, origin, snapshot, revision)
        plan_id = create_draft(
            connection,
            name=name,
            layer_id=origin.layer_id,
            working_crs=origin.working_crs,
            scope_code=origin.scope_code,
            scope=origin.scope,
            source={"branched_from": source, **({} if at is None else {"revision": at})},
            author=author or who_acts(connection),
        )
        with as_owner(connection):
            _copy(connection, origin, plan_id)
            made = describe(connection, find_plan(connection, name), today=today, timezone=timezone)
            ground = prepare(connection, made, progress=progress)
            if at is not None:
                old = describe(connection, origin, today=today, timezone=timezone)
                apply_change(connection, made, change_since(connection, old, at), None)
        kind = "assignments" if ground is None else ground.made_of
        plan = find_plan(connection, name)
        words = _WORDS["unpeopled" if ground is not None and ground.unpeopled else kind]
        problems = draft_problems(connection, plan.id, made.layer)
        differ = [one for one in problems if one.kind == DraftProblemTitle.COUNTS_DIFFER]
        chinese = "".join((words[0], *(one.sentence_zh for one in differ)))
        english = " ".join((words[1], *(one.sentence_en for one in differ)))
        return Branch(plan_info(plan), plan.based_on, at, kind, chinese, english)


def _revision(
    connection: sa.Connection, origin: StoredPlan, snapshot: str | None, revision: int | None
) -> int | None:
    if snapshot is None and revision is None:
        return None
    newest = draft_row(connection, origin.id).revision
    return revision_named(connection, origin.id, newest, snapshot, revision)


def _copy(connection: sa.Connection, origin: StoredPlan, plan_id: int) -> None:
    is_draft = origin.status == "draft"
    copy_content(connection, origin.id, plan_id, keeps_locks=is_draft)
    base = draft_row(connection, origin.id).based_on if is_draft else origin.id
    base_on(connection, plan_id, base)

"""Use case: say exactly what publishing a draft will do, by doing it and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import GisgovError, NotAllowed
from gisgov.services.access import holds, require_scope
from gisgov.services.days import local_day
from gisgov.services.editing.reports import DraftProblem
from gisgov.services.joining import LayerJoin
from gisgov.services.policies import patrols_per_year
from gisgov.services.publishing.carrying_out import carry_out
from gisgov.services.publishing.downstream import AffectedArea, affected_below
from gisgov.services.publishing.effect import PlanEffect, effect_of
from gisgov.services.publishing.judging import Judged, judge
from gisgov.services.publishing.reports import PlanPublication, PublicationEffect, Refusal, Rerouting
from gisgov.services.publishing.seen import Seen
from gisgov.services.publishing.terms import PUBLISH, Terms, lock_draft, refuse_unseen
from gisgov.services.publishing.workload import AreaWorkload, workloads
from gisgov.store import plans, publications, rerouting
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.publications import LeftPost
from gisgov.store.rerouting import ReroutedEvent
from gisgov.types import Progress, silent


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """What publishing a draft will do.

    Attributes
    ----------
    plan, layer : str
        The draft.
    effective : datetime.date
        Its first day.
    refusals : tuple of Refusal
        Why it is not published so; the rest then says what would be if that were mended or accepted.
    problems : tuple of DraftProblem
        What planners were told of while they drew it, warnings too.
    defects : dict
        Number of defects of every kind that was looked for.
    certified : bool
        Whether it is proved that its areas cover its scope exactly once.
    proof : str
        The same in words.
    content_sha256 : str or None
        Digest that its areas will have.
    effect : PublicationEffect or None
        What publishing changes at once: validities, codes, lineage. None where it cannot even be tried.
    rerouted : Rerouting or None
        Open events that change hands on its first day, or at once if that has come. Figures of events are
        None, here, in ``effect`` and in ``workload``, for who may not see events in the scope of the plan.
    buildings : LayerJoin or None
        Buildings that find their area or become orphans then; None, as all figures of buildings, likewise.
    events : tuple of ReroutedEvent
        The events themselves, as far as whoever asks may see them.
    posts : tuple of LeftPost
        Staff posts whose area is no more.
    below : tuple of AffectedArea
        Areas of the layers right below that no longer fit.
    workload : tuple of AreaWorkload
        Last year's events and the visits due in a year, by area, before and after.
    """

    plan: str
    layer: str
    effective: date
    refusals: tuple[Refusal, ...]
    problems: tuple[DraftProblem, ...]
    defects: dict[str, int]
    certified: bool
    proof: str
    content_sha256: str | None
    effect: PublicationEffect | None
    rerouted: Rerouting | None
    buildings: LayerJoin | None
    events: tuple[ReroutedEvent, ...]
    posts: tuple[LeftPost, ...]
    below: tuple[AffectedArea, ...]
    workload: tuple[AreaWorkload, ...]


@dataclass(frozen=True, slots=True)
class _Tried:
    """What was done, and is taken back."""

    publication: PlanPublication | None = None
    effect: PlanEffect | None = None
    posts: tuple[LeftPost, ...] = ()
    below: tuple[AffectedArea, ...] = ()
    workload: tuple[AreaWorkload, ...] = ()


def preview_plan(
    database: Database,
    name: str,
    *,
    effective: date | None = None,
    valid_to: date | None = None,
    corrects: str | None = None,
    accept_defects: str | None = None,
    keep_codes: bool = False,
    over_newer: bool = False,
    timezone: ZoneInfo,
    today: date | None = None,
    most_events: int | None = None,
    progress: Progress = silent,
) -> PlanPreview:
    """Say exactly what publishing a draft will do.

    It is done, in a part of a transaction that is then taken back, by the functions that publish. Meanwhile
    nobody else publishes in the layer, or changes the draft. Events are those that are open now.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks: of events they are told by name only of those that they may see.
    name : str
        A draft.
    effective : datetime.date, optional
        Its first day; today by default.
    valid_to, corrects, accept_defects, keep_codes, over_newer
        As of `publish_plan`.
    timezone : zoneinfo.ZoneInfo
        Where days begin.
    today : datetime.date, optional
        By default what the clock says.
    most_events : int, optional
        List no more events than that; they are counted all the same.
    progress : Progress
        Told how the check advances.

    Raises
    ------
    NotFoundError
        There is no such plan, or none to correct.
    NotAllowed
        The right to see drafts is not held in its scope.
    PlanPublished
        It is no draft any more.
    InputError
        It has no areas, or the validity is empty.
    """
    day = today or local_day(None, timezone)
    terms = Terms(
        effective or day,
        valid_to,
        accept_defects=accept_defects,
        corrects=corrects,
        reason=None if corrects is None else "preview",
        keep_codes=keep_codes,
        over_newer=over_newer,
    )
    terms.refuse_unsound()
    with database.begin() as connection:
        scope = plans.find_plan(connection, name).scope_code
        require_scope(connection, "plans.read", scope)
        refuse_unseen(connection, corrects)
        publishes, seen = holds(connection, PUBLISH, scope), Seen.of(connection, scope)
        trial = connection.begin_nested()
        with as_owner(connection):
            judged = judge(connection, lock_draft(connection, name), terms, today=day, progress=progress)
            # whoever may not publish is told what it does if somebody does who may
            refusals = [one for one in judged.refusals if publishes or not isinstance(one, NotAllowed)]
            tried = _Tried()
            if judged.is_placed:
                try:
                    tried = _try(connection, judged, day, timezone)
                except GisgovError as error:  # areas that cannot be numbered
                    refusals.append(error)
        events = rerouting.rerouted_events(connection, judged.plan.id, most_events)
        trial.rollback()
    return _preview(judged, tried, refusals, events, seen)


def _try(connection: sa.Connection, judged: Judged, today: date, timezone: ZoneInfo) -> _Tried:
    plan, first = judged.plan, judged.terms.valid_from
    publication = carry_out(connection, judged, today=today, timezone=timezone)
    done = plans.find_plan(connection, plan.name)
    effect = None if publication.effect.took_effect else effect_of(connection, done, first)
    former = publication.effect.lineage_of
    return _Tried(
        publication,
        effect,
        publications.posts_left(connection, plan.layer_id, publication.effect.codes_retired, first),
        affected_below(connection, done, first),
        workloads(
            connection,
            None if former is None else plans.find_plan(connection, former).id,
            plan.id,
            day=min(first, today),
            timezone=timezone,
            visits_per_year=patrols_per_year(connection),
        ),
    )


def _preview(
    judged: Judged,
    tried: _Tried,
    refusals: list[GisgovError],
    events: tuple[ReroutedEvent, ...],
    seen: Seen,
) -> PlanPreview:
    done = tried.publication
    then = tried.effect or (done.effect if done is not None else None)
    return PlanPreview(
        plan=judged.plan.name,
        layer=judged.plan.layer,
        effective=judged.terms.valid_from,
        refusals=tuple(Refusal(one.slug, one.message, one.hint) for one in refusals),
        problems=judged.problems,
        defects=judged.report.counts,
        certified=judged.report.certified,
        proof=judged.report.proof,
        content_sha256=None if done is None else done.content_sha256,
        effect=None if done is None else seen.effect(done.effect),
        rerouted=None if then is None else seen.rerouting(then.rerouted),
        buildings=None if then is None else seen.of_buildings(then.buildings),
        events=events,
        posts=tried.posts,
        below=tried.below,
        workload=seen.workload(tried.workload),
    )

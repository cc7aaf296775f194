"""Putting a draft that was judged into force: what publishing writes, and a preview of it takes back."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.governance.comparison import Comparison, compare
from gisgov.services.comparing import lineage_rows, overlaps_of
from gisgov.services.defect_reports import NOTICES
from gisgov.services.plans import plan_info
from gisgov.services.publishing.effect import effect_of, join_unowned, tell
from gisgov.services.publishing.judging import Judged
from gisgov.services.publishing.numbering import number_areas, recoded
from gisgov.services.publishing.reports import PlanPublication, PublicationEffect
from gisgov.store import audit, lineage, plans, publications, succession
from gisgov.store.plans import StoredPlan
from gisgov.types import Json


def carry_out(
    connection: sa.Connection, judged: Judged, *, today: date, timezone: ZoneInfo
) -> PlanPublication:
    """Put a draft into force that nothing speaks against, inside a transaction of the service.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside the transaction, which holds the lock of the layer.
    judged : Judged
        The draft and its terms.
    today : datetime.date
        If its first day has come by then, it takes effect.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day an event happened.

    Raises
    ------
    InputError
        New areas cannot be numbered.
    """
    plan, terms, ends = judged.plan, judged.terms, judged.ends
    if ends is not None:
        succession.give_way(connection, ends, terms.valid_from, to=plan.id)
    former = succession.plan_before(connection, plan.layer_id, plan.scope_code, terms.valid_from, but=plan.id)
    told = None if former is None else compare(overlaps_of(connection, former, plan))
    codes = publications.codes_of_plan(connection, plan.id)
    numbered = number_areas(
        connection, plan, codes, told, day=terms.valid_from, timezone=timezone, keep=terms.keep_codes
    )
    if numbered.renumbered:
        publications.recode_areas(connection, plan.id, numbered.renumbered)
        told = None if told is None else recoded(told, numbered.renumbered)
    digest = _set_published(connection, judged)
    if former is not None and told is not None:
        lineage.put_lineage(connection, plan.id, former.id, lineage_rows(told.overlaps))
    done = plans.find_plan(connection, plan.name)
    if ends is not None and ends.valid_to is not None:
        _follow_anew(connection, done, ends)
    events = join_unowned(connection, done, timezone)
    tell(connection, done, "published")
    effect = effect_of(connection, done, today) if terms.valid_from <= today else None
    audit.note(
        connection,
        "publish",
        f"plan {plan.id}",
        {"replaced": None if ends is None else ends.id, "renumbered": len(numbered.renumbered)},
    )
    buildings = None if effect is None else effect.buildings
    return PlanPublication(
        plan=plan_info(plans.find_plan(connection, plan.name)),
        replaced=None if ends is None else ends.name,
        content_sha256=digest,
        defects=judged.report.counts,
        certified=judged.report.certified,
        proof=judged.report.proof,
        accepted_because=_reason(judged),
        events=events,
        buildings=buildings,
        effect=PublicationEffect(
            replaced=None if ends is None else ends.name,
            never_began=ends is not None and ends.valid_from == terms.valid_from,
            lineage_of=None if former is None else former.name,
            renumbered=numbered.renumbered,
            codes_given=numbered.given,
            codes_retired=_retired(connection, plan, told, terms.valid_from),
            codes_carried=numbered.carried,
            took_effect=effect is not None,
            rerouted=None if effect is None else effect.rerouted,
            events=events,
            buildings=buildings,
        ),
    )


def _follow_anew(connection: sa.Connection, plan: StoredPlan, corrected: StoredPlan) -> None:
    """Write where the plan after a corrected one comes from once more: it now follows the correction."""
    after = succession.plan_from(connection, plan.layer_id, plan.scope_code, plan.valid_to)
    if after is not None and lineage.forget_lineage(connection, after.id, corrected.id):
        rows = lineage_rows(overlaps_of(connection, plan, after))
        lineage.put_lineage(connection, after.id, plan.id, rows)


def _retired(
    connection: sa.Connection, plan: StoredPlan, told: Comparison | None, day: date
) -> tuple[str, ...]:
    if told is None:
        return ()
    still = publications.codes_in_force(connection, plan.layer_id, day)
    return tuple(sorted(set(told.overlaps.former_codes.tolist()) - still))


def _set_published(connection: sa.Connection, judged: Judged) -> str:
    terms = judged.terms
    return succession.set_published(
        connection,
        judged.plan.id,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        decision=terms.decision,
        author=terms.author,
        accepted_defects=_accepted(judged),
        certificate=_certificate(judged),
        decided_on=terms.decided_on,
        corrects=None if judged.corrects is None else judged.corrects.id,
        reason=None if terms.reason is None else terms.reason.strip(),
    )


def _reason(judged: Judged) -> str | None:
    """Return why it is published although it has defects; None if it has none."""
    terms = judged.terms
    refused = any(problem.refused for problem in judged.problems)
    if judged.report.clean and not judged.shared and not refused:
        return None
    accepted = terms.reason if terms.restores else terms.accept_defects
    return None if accepted is None else accepted.strip()


def _accepted(judged: Judged) -> Json | None:
    reason = _reason(judged)
    if reason is None:
        return None
    problems = {one.kind: one.count for one in judged.problems if one.refused}
    return {
        "reason": reason,
        "scope": judged.report.scope,
        "counts": judged.report.counts,
        "ground_m2": judged.report.ground_m2,
        "shared_ground_m2": {other.plan: round(other.area_m2, 3) for other in judged.shared},
        **({"problems": problems} if problems else {}),
    }


def _certificate(judged: Judged) -> Json:
    report = judged.report
    return {
        "certified": report.certified,
        "figure": report.certificate,
        "proof": report.proof,
        "scope": report.scope,
        "tolerances": report.tolerances,
        "notices": {kind: count for kind, count in report.counts.items() if kind in NOTICES},
        "below": report.below,
    }

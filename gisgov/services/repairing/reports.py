"""What a repair did, told defect by defect and area by area."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from gisgov.services.repairing.applying import NOT_ACCEPTED, Applied


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """What became of one decision.

    Attributes
    ----------
    number : int
        Number of the defect.
    key : str
        Its name.
    kind : str
        What was wrong.
    decision : str
        What was decided.
    to : str or None
        Code of the area that gets the ground.
    by : str
        ``rule`` where it was carried out as proposed, ``person`` where a person decided otherwise.
    area_m2 : float
        Ground at fault.
    areas : tuple of str
        Codes of the areas involved.
    done : bool
        Whether it was carried out.
    why_not : str or None
        Why it was not.
    """

    number: int
    key: str
    kind: str
    decision: str
    to: str | None
    by: str
    area_m2: float
    areas: tuple[str, ...]
    done: bool
    why_not: str | None


@dataclass(frozen=True, slots=True)
class AreaChange:
    """What a repair did to one area.

    Attributes
    ----------
    code : str
        Its code.
    before_m2, after_m2 : float
        How large it was and is, in square metres; 0 for one that is gone.
    gained_m2, lost_m2 : float
        Ground that it got and gave, in square metres.
    dropped : bool
        Whether it is gone.
    """

    code: str
    before_m2: float
    after_m2: float
    gained_m2: float
    lost_m2: float
    dropped: bool


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What a repair did.

    Attributes
    ----------
    subject : str
        Name of the file or the plan that was repaired; it is as it was.
    result : str
        The file or the plan that was made.
    layer : str or None
        Its layer.
    areas : int
        How many areas there were.
    scope : str
        What they are to cover, in words.
    parents : str or None
        What they are to lie in, in words.
    tolerances : dict
        Those that the defects were found with.
    certificate_before, certificate_after : str or None
        Figure of the proof that the areas cover the scope exactly once; None without a scope.
    certified_before, certified_after : bool
        Whether it is proved.
    proof : str
        What is proved afterwards, or why nothing is, in words.
    scope_is_noded : bool
        Whether the proof is against the scope with more vertices: those where areas meet on its border. Its
        ground is the same. A repaired file holds it as layer ``repair_scope``, a draft as its outline where
        the plan had one.
    done : int
        How many decisions were carried out.
    left : int
        How many accepted decisions are to leave things as they are.
    not_accepted : int
        How many decisions nobody accepted.
    failed : int
        How many were accepted and could not be carried out.
    decisions : tuple of DecisionOutcome
        One for each defect.
    remaining : dict
        What a check finds afterwards: number of defects of every kind that was looked for.
    clean : bool
        Whether it finds no fault.
    changes : tuple of AreaChange
        The areas whose geometry changed, those that moved most first; all others are as they were, to the
        bit.
    dropped : tuple of str
        Codes of the areas that are gone.
    gained_m2, lost_m2 : float
        Ground that areas got and gave, in all.
    written : tuple of str
        The files that were written.
    seconds : float
        How long it took.
    """

    subject: str
    result: str
    layer: str | None
    areas: int
    scope: str
    parents: str | None
    tolerances: dict[str, float]
    certificate_before: str | None
    certificate_after: str | None
    certified_before: bool
    certified_after: bool
    proof: str
    scope_is_noded: bool
    done: int
    left: int
    not_accepted: int
    failed: int
    decisions: tuple[DecisionOutcome, ...]
    remaining: dict[str, int]
    clean: bool
    changes: tuple[AreaChange, ...]
    dropped: tuple[str, ...]
    gained_m2: float
    lost_m2: float
    written: tuple[str, ...]
    seconds: float


def outcomes(applied: Applied) -> tuple[DecisionOutcome, ...]:
    """Return what became of every decision."""
    codes = applied.case.codes
    return tuple(
        DecisionOutcome(
            number=defect.number,
            key=key,
            kind=defect.kind,
            decision=chosen.decision.value,
            to=None if chosen.to < 0 else codes[chosen.to],
            by=chosen.by,
            area_m2=defect.area_m2,
            areas=defect.areas,
            done=not why_not,
            why_not=why_not or None,
        )
        for defect, key, chosen, why_not in zip(
            applied.findings.told, applied.findings.keys, applied.chosen, applied.why_not, strict=True
        )
    )


def changes(applied: Applied) -> tuple[AreaChange, ...]:
    """Return what was done to each area that changed, the most moved first."""
    repair, codes, question = applied.repair, applied.case.codes, applied.case.question
    before, after = (
        np.nan_to_num(question.measure(some)).round(3).tolist()
        for some in (repair.before, repair.areas[repair.changed])
    )
    found = [
        AreaChange(
            codes[i],
            before[row],
            after[row],
            round(float(repair.gained_m2[i]), 3),
            round(float(repair.lost_m2[i]), 3),
            repair.areas[i] is None,
        )
        for row, i in enumerate(repair.changed.tolist())
    ]
    return tuple(sorted(found, key=lambda one: (-(one.gained_m2 + one.lost_m2), one.code)))


def report(applied: Applied, *, result: str, written: tuple[str, ...], seconds: float) -> RepairReport:
    """Tell what a repair did.

    Parameters
    ----------
    applied : Applied
        What was done.
    result : str
        The file or the plan that was made.
    written : tuple of str
        The files that were written.
    seconds : float
        How long it took.
    """
    case, after = applied.case, applied.after
    before = applied.findings.defects.certificate
    decided, moved = outcomes(applied), changes(applied)
    kinds = Counter(_fate(one) for one in decided)
    return RepairReport(
        subject=case.subject,
        result=result,
        layer=case.asked.layer,
        areas=len(case.codes),
        scope=case.asked.scope,
        parents=case.asked.parents,
        tolerances=after.tolerances,
        certificate_before=None if before is None else before.figure,
        certificate_after=after.certificate,
        certified_before=before is not None and before.holds,
        certified_after=after.certified,
        proof=after.proof,
        scope_is_noded=applied.scope_is_noded,
        done=kinds["done"],
        left=kinds["left"],
        not_accepted=kinds["not_accepted"],
        failed=kinds["failed"],
        decisions=decided,
        remaining=after.counts,
        clean=after.clean,
        changes=moved,
        dropped=tuple(sorted(one.code for one in moved if one.dropped)),
        gained_m2=round(float(np.nansum(applied.repair.gained_m2)), 3),
        lost_m2=round(float(np.nansum(applied.repair.lost_m2)), 3),
        written=written,
        seconds=round(seconds, 3),
    )


def _fate(one: DecisionOutcome) -> str:
    if one.done:
        return "left" if one.decision == "leave" else "done"
    return "not_accepted" if one.why_not == NOT_ACCEPTED else "failed"

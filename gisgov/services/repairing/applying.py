"""Decisions carried out on a coverage in memory, and the check of what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.geometry.repair import Decision, Proposals, Repair, apply
from gisgov.services.defect_reports import CheckReport
from gisgov.services.repairing.cases import RepairCase
from gisgov.services.repairing.findings import Findings, find
from gisgov.services.repairing.judging import Chosen, judge
from gisgov.services.repairing.proposal_files import EditedTable
from gisgov.types import Progress, silent

NOT_ACCEPTED: Final = "not accepted"


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """What was done to a coverage.

    Attributes
    ----------
    case : RepairCase
        The coverage as it was.
    findings : Findings
        Its defects.
    chosen : tuple of Chosen
        What was decided about each.
    why_not : tuple of str
        For each: empty where it was carried out, else why it was not.
    repair : Repair
        The areas afterwards.
    after : CheckReport
        What a check finds in them.
    """

    case: RepairCase
    findings: Findings
    chosen: tuple[Chosen, ...]
    why_not: tuple[str, ...]
    repair: Repair
    after: CheckReport

    @property
    def scope_is_noded(self) -> bool:
        """Whether the scope got vertices where areas meet on its border; its ground is the same."""
        return self.repair.scope is not self.case.question.scope


def apply_table(
    case: RepairCase,
    table: EditedTable,
    *,
    accept_all: bool = False,
    grid: float | None = None,
    progress: Progress = silent,
) -> Applied:
    """Carry out the accepted decisions of a table.

    Parameters
    ----------
    case : RepairCase
        The coverage; it stays as it is.
    table : EditedTable
        The decisions. Those that are not accepted are left.
    accept_all : bool
        Take rows that say nothing as accepted.
    grid : float, optional
        Step of the grid that new coordinates are put on; none by default.
    progress : Progress
        Told of the checks and the decisions.

    Raises
    ------
    RowsRefused
        The table has errors; nothing is done.
    InputError
        The scope is no valid polygon.
    """
    findings = find(case, progress)
    chosen = judge(table, case, findings, accept_all=accept_all)
    asked = case.question
    count = len(findings.defects)
    repair = apply(
        asked.areas,
        findings.scope,
        findings.defects,
        _proposals(chosen[:count]),
        tolerances=asked.tolerances,
        system=asked.system,
        measure=asked.measure,
        grid=grid,
        parents=asked.parents,
        parent_of=asked.parent_of,
        progress=progress,
    )
    after = case.after(repair).report(progress)
    said = [*repair.done, *[""] * (len(chosen) - count)]
    why_not = tuple(words if one.accepted else NOT_ACCEPTED for one, words in zip(chosen, said, strict=True))
    return Applied(case, findings, chosen, why_not, repair, after)


def _proposals(chosen: tuple[Chosen, ...]) -> Proposals:
    """Return the decisions for the geometry: what nobody accepted is left."""
    decision, reason = np.empty(len(chosen), dtype=object), np.empty(len(chosen), dtype=object)
    decision[:] = [one.decision if one.accepted else Decision.LEAVE for one in chosen]
    reason[:] = [one.by for one in chosen]
    to = np.array([one.to if one.accepted else -1 for one in chosen], dtype=np.int64)
    return Proposals(decision, to, reason, ((),) * len(chosen))

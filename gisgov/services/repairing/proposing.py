"""A decision proposed for every defect of a coverage."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gisgov.geometry.repair import Decision, People, Rule, propose
from gisgov.services.defect_reports import DefectInfo
from gisgov.services.repairing.cases import RepairCase
from gisgov.services.repairing.findings import Findings, find
from gisgov.services.repairing.proposal_files import write_proposals
from gisgov.services.repairing.proposals import NO_GROUND, ProposalInfo, ProposalTable
from gisgov.services.tolerances import told
from gisgov.types import Progress, silent

RULES: Final = tuple(rule.value for rule in Rule)
"""Names of the rules, the usual one first."""


@dataclass(frozen=True, slots=True)
class ProposalReport:
    """What is proposed to repair a coverage.

    Attributes
    ----------
    subject : str
        Name of the file or the plan.
    layer : str or None
        Its layer.
    areas : int
        How many areas it has.
    scope : str
        What they are to cover, in words.
    parents : str or None
        What they are to lie in, in words.
    crs : str
        System of the coordinates.
    rule : str
        Who gets ground that several areas could have.
    people : int or None
        How many people the rule asked about; None for a rule without people.
    certified : bool
        Whether it is proved already that the areas cover the scope exactly once.
    certificate : str or None
        Figure of the proof; None without a scope.
    tolerances : dict
        Those that the defects were found with.
    decisions : dict
        How many defects each decision is proposed for.
    proposals : tuple of ProposalInfo
        One for each defect.
    written : tuple of str
        The files that were written.
    seconds : float
        How long it took.
    """

    subject: str
    layer: str | None
    areas: int
    scope: str
    parents: str | None
    crs: str
    rule: str
    people: int | None
    certified: bool
    certificate: str | None
    tolerances: dict[str, float]
    decisions: dict[str, int]
    proposals: tuple[ProposalInfo, ...]
    written: tuple[str, ...]
    seconds: float


def propose_repair(
    case: RepairCase,
    out: Path,
    *,
    rule: str,
    people: People | None,
    began: float,
    progress: Progress = silent,
) -> ProposalReport:
    """Propose a decision for every defect of a coverage, write them as a table, and tell what they are.

    Parameters
    ----------
    case : RepairCase
        The coverage.
    out : pathlib.Path
        The table to write.
    rule : str
        One of `RULES`.
    people : People or None
        For the rule of the nearest people.
    began : float
        What `time.monotonic` said at the start.
    progress : Progress
        Told how the search for defects advances.

    Raises
    ------
    InputError
        The scope is no valid polygon, or the rule needs people and has none.
    FileError
        The table cannot be written.
    """
    findings = find(case, progress)
    rows = _rows(case, findings, Rule(rule), people)
    write_proposals(ProposalTable(rows, case.made_for()), out)
    certificate = findings.defects.certificate
    counts = Counter(row.decision for row in rows)
    return ProposalReport(
        subject=case.subject,
        layer=case.asked.layer,
        areas=len(case.codes),
        scope=case.asked.scope,
        parents=case.asked.parents,
        crs=case.question.system.name,
        rule=rule,
        people=None if people is None else int(people.count.sum()),
        certified=certificate is not None and certificate.holds,
        certificate=None if certificate is None else certificate.figure,
        tolerances=told(case.question.tolerances),
        decisions={one.value: counts[one.value] for one in Decision},
        proposals=rows,
        written=(str(out),),
        seconds=round(time.monotonic() - began, 3),
    )


def _rows(
    case: RepairCase, findings: Findings, rule: Rule, people: People | None
) -> tuple[ProposalInfo, ...]:
    asked = case.question
    made = propose(
        asked.areas,
        findings.scope,
        findings.defects,
        rule=rule,
        people=people,
        parents=asked.parents,
        parent_of=asked.parent_of,
        system=asked.system,
    )
    rows = []
    for i, (defect, key) in enumerate(zip(findings.told, findings.keys, strict=True)):
        if i >= len(made):
            rows.append(_row(defect, key, Decision.LEAVE, None, (), NO_GROUND))
            continue
        to = None if made.to[i] < 0 else case.codes[int(made.to[i])]
        options = tuple(case.codes[area] for area in made.options[i])
        rows.append(_row(defect, key, Decision(made.decision[i]), to, options, str(made.reason[i])))
    return tuple(rows)


def _row(
    defect: DefectInfo, key: str, decision: Decision, to: str | None, options: tuple[str, ...], reason: str
) -> ProposalInfo:
    return ProposalInfo(
        number=defect.number,
        key=key,
        kind=defect.kind,
        decision=decision.value,
        to=to,
        options=options,
        reason=reason,
        area_m2=defect.area_m2,
        width_m=defect.width_m,
        cover=defect.cover,
        areas=defect.areas,
        lon=defect.lon,
        lat=defect.lat,
        geometry=defect.geometry,
    )

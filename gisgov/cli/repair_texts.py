"""What ``gisgov repair`` says to people."""

from __future__ import annotations

from gisgov.cli.output import count_of_areas, table
from gisgov.services.defect_reports import counted, noticed
from gisgov.services.repairing.proposals import ProposalInfo, decision_words
from gisgov.services.repairing.proposing import ProposalReport
from gisgov.services.repairing.reports import AreaChange, DecisionOutcome, RepairReport
from gisgov.services.repairing.undoing import UndoReport

_SHOWN = 20


def tell_proposals(report: ProposalReport) -> str:
    """Return proposals as text."""
    areas = f"{count_of_areas(report.areas)} in {report.crs}"
    rule = report.rule + ("" if report.people is None else f" ({report.people:,} people)")
    lines = [
        f"{report.subject}: {areas}; {len(report.proposals):,} defects",
        f"scope: {report.scope}" + (f"; parents: {report.parents}" if report.parents else ""),
        f"rule: {rule}",
    ]
    if report.proposals:
        told = ", ".join(f"{count:,} {decision}" for decision, count in report.decisions.items() if count)
        headings = ("no.", "defect", "m²", "decision", "why")
        rows = [_proposal(one) for one in report.proposals[:_SHOWN]]
        lines += [f"proposed: {told}", "", table(headings, rows)]
        lines += _cut(len(report.proposals), "the table has them all")
    lines += ["", f"Written to {', '.join(report.written)} in {report.seconds:.1f} s."]
    if report.proposals:
        lines.append("Write yes or no under `accepted`, then `gisgov repair apply`.")
    return "\n".join(lines)


def tell_repair(report: RepairReport) -> str:
    """Return what a repair did as text."""
    lines = [
        f"{report.subject} → {report.result}: {report.areas:,} areas, {len(report.changes):,} changed",
        f"scope: {report.scope}" + (f"; parents: {report.parents}" if report.parents else ""),
    ]
    lines.append(
        f"decisions: {report.done:,} carried out, {report.failed:,} not possible, {report.left:,} to leave, "
        f"{report.not_accepted:,} not accepted"
    )
    lines += _proof(report)
    failed = [one for one in report.decisions if one.why_not is not None and one.why_not != "not accepted"]
    if failed:
        headings = ("no.", "defect", "decision", "why not")
        lines += ["", "Not possible:", table(headings, [_failure(one) for one in failed[:_SHOWN]])]
        lines += _cut(len(failed), "--json has them all")
    if report.changes:
        rows = [_change(one) for one in report.changes[:_SHOWN]]
        lines += ["", table(("area", "gained m²", "lost m²", ""), rows)]
        lines += _cut(len(report.changes), "--json has them all")
        lines.append(f"in all {report.gained_m2:,.2f} m² gained, {report.lost_m2:,.2f} m² lost")
    if report.dropped:
        lines.append(f"Dropped: {', '.join(report.dropped)}.")
    notices = noticed(report.remaining)
    left = "No faults are left" if report.clean else f"Left: {counted(report.remaining)}"
    lines += ["", f"{left}{f'; {notices}' if notices else ''}. {report.seconds:.1f} s."]
    return "\n".join(lines)


def tell_undo(report: UndoReport) -> str:
    """Return what undoing a repair did as text."""
    back = f" and {report.returned:,} returned" if report.returned else ""
    return (
        f"{report.result}: {report.areas:,} areas of {report.original} as they were before, "
        f"{report.restored:,} restored{back}."
    )


def _proof(report: RepairReport) -> list[str]:
    if report.certificate_after is None:
        return [report.proof]
    was = "proved" if report.certified_before else "not proved"
    noded = ", against the scope with vertices where areas meet on it" if report.scope_is_noded else ""
    return [
        f"before: {was} ({report.certificate_before})",
        f"after: {report.proof}{noded} ({report.certificate_after})",
    ]


def _proposal(one: ProposalInfo) -> tuple[int, str, str, str, str]:
    return (one.number, one.kind, f"{one.area_m2:,.2f}", one.words, one.reason)


def _failure(one: DecisionOutcome) -> tuple[int, str, str, str]:
    return (one.number, one.kind, decision_words(one.decision, one.to), one.why_not or "")


def _change(one: AreaChange) -> tuple[str, str, str, str]:
    return (one.code, f"{one.gained_m2:,.2f}", f"{one.lost_m2:,.2f}", "dropped" if one.dropped else "")


def _cut(count: int, where: str) -> list[str]:
    return [f"… and {count - _SHOWN:,} more: {where}."] if count > _SHOWN else []

"""Hazards as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from gisgov.cli.output import table
from gisgov.governance.hazards import HazardAction, HazardKind, HazardState
from gisgov.services.hazards import (
    HazardInfo,
    HazardPage,
    HazardsTaken,
    HazardStatistics,
    HazardStepInfo,
)

_PLACES = {"outside": "in no area", "no-place": "without a place", "all": "all"}
_COUNTED = ("code", "name", "found", "open", "overdue", "rectified", "checked", "%", "in time %", "days")


def described(one: HazardInfo, steps: Sequence[HazardStepInfo] = ()) -> str:
    """Return a hazard as a text, with what was done with it."""
    state = HazardState(one.state).title_en.lower()
    due = "" if one.due_on is None else f", due {one.due_on}"
    overdue = ", overdue" if one.is_overdue else ""
    building = f"building {one.building.source} {one.building.external_id}"
    lines = [
        (
            f"Hazard {one.id} ({one.source} {one.external_id}) of {building}: "
            f"{HazardKind(one.kind).title_en.lower()}, {state}{due}{overdue}."
        ),
        *([one.description] if one.description else []),
        *(
            f"  {step.number}. {step.day} {HazardAction(step.action).title_en} by {step.by_name}"
            + (f", due {step.due_on}" if step.due_on else "")
            + (f": {step.reason}" if step.reason else "")
            for step in steps
        ),
    ]
    if one.legal:
        lines.append(f"Next: {' or '.join(one.legal)}.")
    return "\n".join(lines)


def listed(page: HazardPage) -> str:
    """Return a page of hazards as a table."""
    if not page.hazards:
        return "No such hazard."
    rows = [
        (
            one.id,
            one.building.external_id,
            one.kind,
            "overdue" if one.is_overdue else one.state,
            one.found_on,
            one.due_on,
            one.rectified_on,
            one.checked_on,
        )
        for one in page.hazards
    ]
    shown = table(("id", "building", "kind", "", "found", "due", "rectified", "checked"), rows)
    return shown if page.after is None else f"{shown}\n\nMore: --after {page.after}"


def taken(done: HazardsTaken) -> str:
    """Return what became of a batch as a text."""
    lines = [
        (
            f"{done.created:,} new, {done.changed:,} carried on, {done.known:,} known, "
            f"{done.refused:,} refused; {done.rated:,} buildings rated otherwise."
        )
    ]
    lines += [f"  {one.external_id}: {one.reason or f'hazard {one.id}, {one.status}'}" for one in done.items]
    return "\n".join(lines)


def counted(found: HazardStatistics) -> str:
    """Return statistics as a table."""
    rows = [
        (
            row.code or "",
            row.name if row.place == "area" else _PLACES[row.place],
            row.figures.found,
            row.figures.open,
            row.figures.overdue,
            row.figures.rectified,
            row.figures.checked,
            _per_cent(row.figures.rectification_rate),
            _per_cent(row.figures.on_time_rate),
            row.figures.median_days,
        )
        for row in found.rows
    ]
    days = f"{found.since or 'from the first'} to {found.until or 'the last'}"
    head = (
        f"Hazards found {days}, as they stand on {found.today}, on the areas of {found.layer} of {found.at}."
    )
    return f"{head}\n\n{table(_COUNTED, rows)}"


def _per_cent(value: float | None) -> float | None:
    return None if value is None else round(value * 100, 1)

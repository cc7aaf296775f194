"""Events in words, for people."""

from __future__ import annotations

from gisgov.services.loop import EventDesk, EventInfo


def desk_text(desk: EventDesk | None) -> str | None:
    """Say whose desk it is; None where it is nobody's."""
    if desk is None:
        return None
    area = " ".join(part for part in (desk.layer, desk.code, desk.name) if part)
    department = desk.department_title or desk.department
    if desk.kind == "triage":
        return "triage"
    return " for ".join(part for part in (area, department) if part)


def described(event: EventInfo) -> str:
    """Say where an event stands, and what may be done with it now."""
    desk = desk_text(event.desk)
    lines = [
        f"Event {event.id} ({event.source} {event.external_id}) is {event.state}, step {event.step_number}"
        + (f", on the desk of {desk}." if desk else ".")
    ]
    lines += [
        f"  {one.stage}: {one.state}, due {one.due_at.isoformat(sep=' ', timespec='seconds')}"
        for one in event.limits
        if one.state not in ("kept", "void")
    ]
    if event.next_steps:
        lines.append(f"Now you may {', '.join(one.action for one in event.next_steps)}.")
    return "\n".join(lines)

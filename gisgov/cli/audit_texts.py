"""What ``gisgov audit`` prints for people."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from gisgov.cli.output import table
from gisgov.services.audit import AuditEntry, AuditPage, AuditVerification

_LISTED = 3


def listed(page: AuditPage, zone: ZoneInfo) -> str:
    """Return entries as a table, in local time."""
    if not page.entries:
        return "Nothing was changed in that time."
    rows = [
        (
            str(one.position),
            f"{one.committed_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            f"{one.account} ({one.kind})",
            one.origin or None,
            one.operation or None,
            _what(one),
        )
        for one in page.entries
    ]
    text = table(("position", "committed", "account", "from", "operation", "what"), rows)
    return text if page.after is None else f"{text}\nMore: --after {page.after}"


def _what(one: AuditEntry) -> str:
    if one.table is None:
        return f"{one.verb} {one.subject}"
    keys = [",".join(str(value) for value in change.get("key", {}).values()) for change in one.changes]
    if one.together:
        first, last = (one.together.get(end, {}) for end in ("first", "last"))
        keys = [f"{_key(first)} … {_key(last)}"]
    elif len(keys) > _LISTED:
        keys = [*keys[:_LISTED], "…"]
    number = "" if one.rows is None else f" {one.rows:,}"
    return f"{one.verb}{number} {one.table} {' '.join(keys)}".rstrip()


def _key(key: dict[str, object]) -> str:
    return ",".join(str(value) for value in key.values())


def verified(found: AuditVerification, zone: ZoneInfo) -> str:
    """Return what the verification found, in local time."""
    until = f" until {found.head_at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if found.head_at else ""
    if found.intact:
        lines = [f"The audit is whole: {found.entries:,} entries{until}."]
    else:
        lines = [f"The audit is NOT whole ({found.entries:,} entries{until}):"]
        for one in found.findings:
            when = f" ({one.at})" if isinstance(one.at, str) else ""
            when = f" ({one.at.astimezone(zone):%Y-%m-%d %H:%M:%S})" if one.at and not when else when  # type: ignore[union-attr]
            more = f" {one.count:,} are wrong alike." if one.count > 1 else ""
            lines.append(f"  {one.fault}: {one.what}{when}{more}")
    if found.head is not None:
        lines.append(f"Keep this elsewhere, for --expect: {found.head}")
    return "\n".join(lines)

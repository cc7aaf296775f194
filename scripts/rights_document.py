"""The table of rights written out for people: what ``docs/rights.md`` shows."""

from __future__ import annotations

from gisgov.governance.access import Extent, Right, Role, rights_table

_MARKS = {Extent.ANY: "yes", Extent.TERRITORY: "territory", Extent.WHOLE: "whole"}


def rights() -> str:
    """Return every right with what each role has of it."""
    lines = [
        "| right | 权限 | allows | " + " | ".join(f"{role.title_zh} {role}" for role in Role) + " |",
        "|---" * (3 + len(Role)) + "|",
    ]
    for right in rights_table().rights.values():
        if right.needs_role:
            held = " | ".join(_mark(right, role) for role in Role)
            lines.append(f"| `{right.name}` | {right.title_zh} | {right.title_en} | {held} |")
    return "\n".join(lines)


def operations() -> str:
    """Return every route and command with the right that it needs and who has that."""
    table = rights_table()
    lines = ["| operation | right | who |", "|---|---|---|"]
    for operation, name in sorted(table.operations.items(), key=_place):
        lines.append(f"| `{operation}` | `{name}` | {_who(table.rights[name])} |")
    return "\n".join(lines)


def _mark(right: Right, role: Role) -> str:
    return _MARKS[right.extent] if role in right.roles else ""


def _who(right: Right) -> str:
    return {
        Extent.OPEN: "everybody",
        Extent.SELF: "every account, for what is its own",
        Extent.OPERATOR: "the operator of the machine",
    }.get(right.extent, ", ".join(role for role in Role if role in right.roles))


def _place(row: tuple[str, str]) -> tuple[bool, str, str]:
    method, _, path = row[0].partition(" ")
    return (method == "gisgov", path, method)

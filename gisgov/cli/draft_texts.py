"""What ``gisgov draft`` prints for people."""

from __future__ import annotations

from collections.abc import Iterable

from gisgov.cli.output import count_of_areas, table
from gisgov.errors import DraftChanged, RebaseConflict
from gisgov.services.editing.branching import Branch
from gisgov.services.editing.reports import AreaFigures, DraftProblem, EditReport, LoggedOperation
from gisgov.services.editing.showing import DraftReport

_MOST_LINES = 20
_MOST_CODES = 6
_LOGGED = ("revision", "at", "account", "operation", "blocks", "areas")


def tell_branch(made: Branch) -> str:
    """Return a new draft as text."""
    based = f", based on {made.based_on}" if made.based_on else ""
    return (
        f"Draft {made.plan.name} has {count_of_areas(made.plan.areas)}{based}. {made.sentence_en}\n"
        f"`gisgov draft show {made.plan.name}` shows them."
    )


def tell_edit(done: EditReport) -> str:
    """Return what an operation did as text."""
    lines = [f"{done.operation}: {done.plan} is at revision {done.revision}."]
    if done.areas:
        lines += ["", *_areas(done.areas, most=_MOST_LINES), ""]
    if done.ended:
        lines.append(f"no more: {_codes(done.ended)}")
    if done.moved_blocks:
        lines.append(f"{_blocks(done.moved_blocks)} with {done.moved_population:,} people changed hands.")
    if done.cut_blocks:
        lines.append(f"{_blocks(done.cut_blocks)} cut by the line.")
    if done.conflicts:
        were = "conflict was" if len(done.conflicts) == 1 else "conflicts were"
        lines.append(f"{len(done.conflicts):,} {were} decided: --json lists them.")
    return "\n".join([*lines, *_problems(done.problems)])


def tell_draft(found: DraftReport) -> str:
    """Return a draft as text."""
    info = found.plan
    based = f", based on {found.based_on}" if found.based_on else ""
    lines = [
        f"{info.name}: {count_of_areas(len(found.areas))} of {info.layer}, revision {found.revision}{based}"
    ]
    if found.replaced_by:
        lines.append(
            f"{found.replaced_by} took the place of {found.based_on}: `gisgov draft rebase {info.name}` goes "
            "on from there."
        )
    if found.areas:
        lines += ["", *_areas(found.areas, most=None), ""]
    if found.snapshots:
        named = (f"{one.name} (revision {one.revision})" for one in found.snapshots)
        lines.append(f"snapshots: {', '.join(named)}")
    lines += [
        f"{what}: {kind}" for what, kind in (("undo", found.undoable), ("redo", found.redoable)) if kind
    ]
    return "\n".join([*lines, *(_problems(found.problems) or ["Nothing is to be mended."])])


def tell_log(found: tuple[LoggedOperation, ...]) -> str:
    """Return the log of a draft as text."""
    if not found:
        return "Nothing was done yet."
    rows = [
        (
            one.revision,
            f"{one.at.astimezone():%Y-%m-%d %H:%M}",
            one.account or None,
            one.kind if one.undoes is None else f"{one.kind} of {one.undoes}",
            one.blocks,
            _codes(one.areas) or None,
        )
        for one in found
    ]
    return table(_LOGGED, rows)


def tell_since(refusal: DraftChanged) -> str:
    """Return what was done since a revision as text."""
    if not refusal.since:
        return "Nothing was done since: it never had the revision that was seen."
    rows = [
        (
            one["revision"],
            one["at"][:16].replace("T", " "),
            one["account"] or None,
            one["kind"],
            one["blocks"],
            _codes(one["areas"]) or None,
        )
        for one in refusal.since
    ]
    return table(_LOGGED, rows)


def tell_conflicts(refusal: RebaseConflict) -> str:
    """Return what two sides of a rebase changed as text."""
    shown = refusal.conflicts[:_MOST_LINES]
    rows = [(one["kind"], one["code"], one["base"], one["ours"], one["theirs"]) for one in shown]
    text = table(("what", "code", "was", "here", "there"), rows)
    more = len(refusal.conflicts) - len(shown)
    return f"{text}\nand {more:,} more" if more else text


def _areas(areas: Iterable[AreaFigures], *, most: int | None) -> list[str]:
    rows = [
        (
            one.code,
            one.name + (" (locked)" if one.locked else ""),
            one.blocks,
            one.population,
            f"{one.area_km2:.3f}",
            _plain(one.load),
            _share(one.deviation, sign="+"),
            _plain(one.polsby_popper),
            one.parts,
            _share(one.along_streets),
        )
        for one in areas
    ]
    heading = ("area", "name", "blocks", "people", "km²", "load", "off", "compact", "parts", "on streets")
    shown = rows if most is None else rows[:most]
    more = [f"and {len(rows) - len(shown):,} more: --json has them all"] if len(rows) > len(shown) else []
    return [table(heading, shown), *more]


def _problems(problems: tuple[DraftProblem, ...]) -> list[str]:
    """Say what is to be mended, what publishing refuses first."""
    found = sorted(problems, key=lambda one: not one.refused)
    return [f"{'to mend' if one.refused else 'look at'}: {one.sentence_en}" for one in found]


def _codes(codes: Iterable[str]) -> str:
    listed = list(codes)
    more = f" and {len(listed) - _MOST_CODES:,} more" if len(listed) > _MOST_CODES else ""
    return ", ".join(listed[:_MOST_CODES]) + more


def _blocks(count: int) -> str:
    return f"{count:,} {'block' if count == 1 else 'blocks'}"


def _plain(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _share(value: float | None, *, sign: str = "") -> str | None:
    return None if value is None else f"{value:{sign}.0%}"

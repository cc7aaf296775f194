"""What publishing, its preview and its effect tell people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gisgov.cli.output import table
from gisgov.services.defect_reports import counted
from gisgov.services.joining import LayerJoin
from gisgov.services.publishing import PlanEffect, PlanPreview, PlanPublication, PublicationEffect, Rerouting
from gisgov.services.publishing.workload import Work

_LISTED = 20


def published(done: PlanPublication) -> str:
    """Return what publishing did."""
    info = done.plan
    days = f"from {info.valid_from} to {info.valid_to or 'open end'}"
    lines = [f"Plan {info.name} ({info.areas:,} areas) is in force {days}."]
    if info.corrects:
        lines.append(f"It corrects {info.corrects}: {info.reason}")
    if done.accepted_because:
        lines.append(f"Accepted with {counted(done.defects)}: {done.accepted_because}")
    lines += _changes(done.effect)
    lines.append(f"Coverage: {done.proof}.")
    lines += _joined("events", done.events)
    lines += _joined("buildings", done.buildings)
    lines += _rerouted(done.effect.rerouted)
    if not done.effect.took_effect:
        lines.append(f"Open events go to its areas on {info.valid_from}.")
    return "\n".join(lines)


def previewed(told: PlanPreview) -> str:
    """Return what publishing will do."""
    lines = [f"Plan {told.plan} of layer {told.layer} from {told.effective} on:"]
    lines += [f"REFUSED: {one.sentence} {one.hint or ''}".rstrip() for one in told.refusals]
    lines += [f"Warning: {one.sentence_en}" for one in told.problems if not one.refused]
    if told.effect is not None:
        lines += _changes(told.effect)
    lines.append(f"Coverage: {told.proof}.")
    lines += _joined("buildings", told.buildings)
    lines += _rerouted(told.rerouted)
    lines += _table(
        "Posts without an area:",
        ("area", "role", "holder"),
        [(one.area_code, one.role, one.holder) for one in told.posts],
    )
    lines += _table(
        "Areas of layers below that no longer fit:",
        ("layer", "code", "name", "parents that end", "ground in"),
        [
            (one.layer, one.code, one.name, " ".join(one.ended_parents), " ".join(one.crossed))
            for one in told.below
        ],
    )
    lines += _table(
        "Work in a year, before and after:",
        ("area", "name", "events", "events then", "visits", "visits then"),
        [
            (
                one.code,
                one.name,
                *(value for pair in zip(_work(one.before), _work(one.after), strict=True) for value in pair),
            )
            for one in told.workload
        ],
    )
    return "\n".join(lines)


def in_effect(done: Sequence[PlanEffect]) -> str:
    """Return which plans took effect."""
    if not done:
        return "The day of no plan has come."
    lines = []
    for one in done:
        what = "took effect" if one.buildings or not one.rerouted else "got events that came late"
        lines.append(f"Plan {one.plan} of layer {one.layer} {what}.")
        lines += [*_rerouted(one.rerouted), *_joined("buildings", one.buildings)]
    return "\n".join(lines)


def _work(work: Work | None) -> tuple[int | None, int | None]:
    return (None, None) if work is None else (work.events_per_year, work.visits_per_year)


def _changes(effect: PublicationEffect) -> Iterator[str]:
    if effect.replaced:
        never = ", and so never begins" if effect.never_began else ""
        yield f"Plan {effect.replaced} ends on that day{never}."
    for what, codes in (
        ("Codes given", effect.codes_given),
        ("Codes that end", effect.codes_retired),
        ("Codes that were in force for other ground", effect.codes_carried),
        ("Numbered anew", [f"{old} → {new}" for old, new in effect.renumbered.items()]),
    ):
        if codes:
            more = f" and {len(codes) - _LISTED:,} more" if len(codes) > _LISTED else ""
            yield f"{what}: {', '.join(codes[:_LISTED])}{more}."


def _rerouted(found: Rerouting | None) -> Iterator[str]:
    if found is not None and found.events:
        yield f"{found.events:,} open events go to its areas, {found.handed_over:,} of them to another code."
        hands = [way for way in found.ways if way.from_code != way.to_code]
        yield from _table(
            None, ("from", "to", "events"), [(way.from_code, way.to_code, way.events) for way in hands]
        )


def _joined(what: str, join: LayerJoin | None) -> Iterator[str]:
    if join is not None and join.joined + join.orphans:
        yield (
            f"{join.joined:,} {what} found their area ({join.on_border:,} on a border), "
            f"{join.orphans:,} lie in none."
        )


def _table(title: str | None, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    if rows:
        if title:
            yield title
        yield table(headings, rows[:_LISTED])
    if len(rows) > _LISTED:
        yield f"and {len(rows) - _LISTED:,} more: --json has them all"

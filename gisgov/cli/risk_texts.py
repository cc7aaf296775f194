"""What ``gisgov risk`` prints for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import yaml

from gisgov.cli.output import table
from gisgov.governance.risk import FactAnswer, RuleDifference
from gisgov.services.rating import (
    AreaRisk,
    BuildingRisk,
    RatingHistory,
    RatingPreview,
    RatingReport,
    RiskSummary,
    RulesCompared,
    RulesDetail,
    RulesInfo,
    RulesInForce,
    RulesProposed,
)
from gisgov.services.rating.explanations import RatingEntry
from gisgov.services.rating.preview_reports import BuildingPreview, ClassGiven
from gisgov.services.rating.reports import ClassChange, FactTrouble

_CLASSES = ("warning", "general", "safe", "unclassified")
_EXAMPLE = " (an example that nobody has decided on)"
_AREAS = 15


def describe_rating(report: RatingReport) -> str:
    """Say what a rating did."""
    example, written = _EXAMPLE if report.is_example else "", f"{report.written:,}"
    lines = [
        f"{report.buildings:,} buildings rated by rules {report.version}{example}, {written} written",
        "",
        _classes(report.counts, report.buildings),
        *_changes(report.changes),
        *_problems(report.problems),
    ]
    return "\n".join(lines)


def describe_summary(found: RiskSummary, most: int | None) -> str:
    """Say how many buildings of each class the areas have."""
    total = found.total
    rows = [_area_row(area) for area in found.areas[:most]]
    lines = [
        f"{total.buildings:,} buildings, by layer {found.layer} on {found.at}",
        "",
        _classes(total.counts, total.buildings),
        "",
        table(["code", "name", "buildings", "warning", "share"], rows),
    ]
    if most is not None and len(found.areas) > most:
        lines.append(f"… and {len(found.areas) - most:,} more: --all")
    if found.never_rated:
        lines += ["", f"{found.never_rated:,} buildings were never rated until then: gisgov risk rate"]
    return "\n".join(lines)


def describe_rules(rules: Sequence[RulesInfo], zone: ZoneInfo) -> str:
    """List rules on record."""
    if not rules:
        return "No risk rules are on record."
    rows = [
        (
            one.version,
            one.state,
            _moment(one.adopted_at or one.proposed_at, zone),
            one.adopted_by or one.proposed_by or "",
            one.buildings,
            "example" if one.is_example else "",
            one.title_zh,
            one.reason or "",
        )
        for one in rules
    ]
    return table(["version", "state", "since", "by", "buildings", "", "title", "reason"], rows)


def describe_proposed(done: RulesProposed) -> str:
    """Say what proposing rules did."""
    version = done.rules.version
    if not done.is_new:
        return f"rules {version} are on record already: {done.rules.state}"
    return (
        f"rules {version} are proposed\n"
        f"what they would change: gisgov risk preview {version}\n"
        f"to put them in force: gisgov risk put-in-force {version} --reason …"
    )


def describe_detail(detail: RulesDetail, zone: ZoneInfo) -> str:
    """Show rules as a file has them, under what is on record of them."""
    text = yaml.safe_dump(detail.definition, allow_unicode=True, sort_keys=False, width=100)
    return f"{describe_rules([detail.rules], zone)}\n\n{text.rstrip()}"


def describe_adopted(done: RulesInForce) -> str:
    """Say what putting rules in force did."""
    former = "" if done.former is None else f", in the place of {done.former}"
    return f"rules {done.rules.version} are in force{former}\n{describe_rating(done.rating)}"


def describe_differences(found: RulesCompared) -> str:
    """Say what differs between two versions."""
    if not found.differences:
        return f"rules {found.before} and {found.after} say the same"
    return _differences(found.differences)


def describe_preview(found: RatingPreview) -> str:
    """Say what rules would change."""
    example = _EXAMPLE if found.is_example else ""
    against = "no rules in force" if found.in_force is None else f"rules {found.in_force} in force"
    rows = [
        (name, found.before[name], found.after[name], f"{found.after[name] - found.before[name]:+,}")
        for name in _CLASSES
    ]
    lines = [
        f"rules {found.version}{example} against {against}; nothing was written",
        f"the class of {found.changed:,} of {found.buildings:,} buildings would change",
        "",
        table(["class", "now", "then", "difference"], rows),
        *_changes(found.changes),
    ]
    if found.areas:
        shown = [
            (
                one.code or "(no area)",
                one.name,
                one.changed,
                one.warnings_before,
                one.warnings_after,
                f"+{one.more} −{one.fewer}",
            )
            for one in found.areas[:_AREAS]
        ]
        header = ["code", "name", "changed", "warnings now", "then", "more, fewer"]
        lines += ["", f"by layer {found.layer}:", table(header, shown)]
        if len(found.areas) > _AREAS:
            lines.append(f"… and {len(found.areas) - _AREAS:,} more: --json")
    for one in found.first:
        lines += ["", *_moved(one)]
    if found.differences:
        lines += ["", "what they say otherwise:", _differences(found.differences)]
    return "\n".join([*lines, *_problems(found.problems)])


def describe_building(found: BuildingRisk, zone: ZoneInfo) -> str:
    """Say why a building has its class."""
    name = f" {found.name}" if found.name else ""
    head = f"{found.source} {found.external_id}{name}"
    given = found.rating
    if given is None:
        return f"{head}: not rated yet on {found.at}"
    example = _EXAMPLE if given.rules_are_example else ""
    lines = [
        f"{head} on {found.at}: {given.class_zh} ({given.risk_class}), {given.points} points",
        f"rated {_moment(given.rated_at, zone)} by rules {given.rules_version} {given.rules_zh}{example}",
    ]
    if given.reasons:
        lines += ["", *(f"  {one.zh}" for one in given.reasons)]
    rows = [_fact_row(fact) for fact in given.facts]
    lines += ["", table(["fact", "value", "points", ""], rows)]
    return "\n".join(lines)


def describe_history(found: RatingHistory, zone: ZoneInfo) -> str:
    """List the ratings of a building."""
    name = f" {found.name}" if found.name else ""
    lines = [f"{found.source} {found.external_id}{name}: {len(found.ratings)} ratings, the latest first"]
    for one in found.ratings:
        lines += ["", *_entry(one, zone)]
    return "\n".join(lines)


def _entry(one: RatingEntry, zone: ZoneInfo) -> list[str]:
    until = "now" if one.until is None else _moment(one.until, zone)
    head = f"{_moment(one.rated_at, zone)} – {until}: {one.risk_class}, {one.points} points"
    changed = [
        f"  {fact.title_zh}: {fact.before or 'unknown'} → {fact.after or 'unknown'}" for fact in one.changed
    ]
    return [f"{head}, rules {one.rules_version}", *(f"  {reason.zh}" for reason in one.reasons), *changed]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _fact_row(fact: FactAnswer) -> tuple[str, str, int | str, str]:
    value = fact.said_zh if fact.said_zh is not None else "unknown"
    told = [fact.problem or "", *(f"trigger {name}" for name in fact.triggers), fact.counted_zh or ""]
    return fact.title_zh, value, fact.points or "", "; ".join(one for one in told if one)


def _moved(one: BuildingPreview) -> list[str]:
    area = f" in {one.area}" if one.area else ""
    return [
        f"{one.source} {one.external_id}{area}",
        f"  now   {_given(one.before)}",
        f"  then  {_given(one.after)}",
    ]


def _given(one: ClassGiven) -> str:
    if one.risk_class is None:
        return "never rated"
    reasons = "; ".join(reason.zh for reason in one.reasons)
    return f"{one.risk_class}, {one.points} points" + (f": {reasons}" if reasons else "")


def _classes(counts: dict[str, int], buildings: int) -> str:
    return table(["class", "buildings", "share"], [_share_row(name, counts, buildings) for name in _CLASSES])


def _changes(changes: Sequence[ClassChange]) -> list[str]:
    rows = [(one.before or "never rated", one.after, one.buildings) for one in changes]
    return ["", table(["from", "to", "buildings"], rows)] if rows else []


def _problems(problems: Sequence[FactTrouble]) -> list[str]:
    return [
        f"\n{one.fact}: {one.message} ({one.buildings:,} buildings; the first is {one.first})"
        for one in problems
    ]


def _differences(differences: Sequence[RuleDifference]) -> str:
    rows = [
        (one.part.title_zh, one.name, one.key or "", one.before or "–", one.after or "–")
        for one in differences
    ]
    return table(["part", "name", "key", "before", "after"], rows)


def _share_row(name: str, counts: dict[str, int], total: int) -> tuple[str, int, str]:
    return name, counts[name], f"{counts[name] / total:.1%}" if total else "-"


def _area_row(area: AreaRisk) -> tuple[str, str | None, int, int, str]:
    share = "-" if area.warning_share is None else f"{area.warning_share:.1%}"
    return area.code or "(no area)", area.name, area.buildings, area.counts["warning"], share

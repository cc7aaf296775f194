"""What ``gisgov redivide`` prints for people."""

from __future__ import annotations

from gisgov.cli.output import count_of_areas, table
from gisgov.services.redividing.reports import AlternativeReport, RedivisionReport

_MOST_LINES = 20
_COUNTED = {
    "rule": "by the load",
    "total": "as many in all as asked for",
    "population": "by the population target and the area cap",
    "current": "as many as there are",
    "one-more": "one more",
    "one-fewer": "one fewer",
}


def tell_redivision(report: RedivisionReport) -> str:
    """Return a re-division as text."""
    made = f"{count_of_areas(report.areas)} ({_COUNTED[report.counted_by]})"
    ground = f"{report.blocks:,} blocks, {report.population:,} people and {report.area_km2:,.2f} km²"
    lines = [
        f"{report.layer_title_zh} {report.layer}: {ground} make {made}",
        f"load: {_rule(report)} = {report.load:,.2f}",
    ]
    if report.areas_untouched:
        lines.append(f"in other parents: {count_of_areas(report.areas_untouched)}, which stay as they are")
    lines += ["", _parents(report), "", _alternatives(report)]
    if len(report.alternatives) < report.alternatives_asked:
        lines.append(
            f"{len(report.alternatives)} of {report.alternatives_asked} alternatives asked for: further "
            "seeds give the same areas again."
        )
    lines += _bounds(report)
    for told in report.alternatives:
        lines += _obstacles(told, numbered=len(report.alternatives) > 1)
    return "\n".join(lines)


def _rule(report: RedivisionReport) -> str:
    return " + ".join(f"{term.weight:.3g}·{term.attribute}/{term.target:,g}" for term in report.rule)


def _parents(report: RedivisionReport) -> str:
    shown = report.parents[:_MOST_LINES]
    rows = [
        (
            one.code,
            one.name,
            one.blocks,
            f"{one.load:.2f}",
            one.areas,
            one.by_rule,
            one.areas_before,
            one.parts,
        )
        for one in shown
    ]
    text = table(("parent", "", "blocks", "load", "areas", "by load", "before", "parts"), rows)
    more = len(report.parents) - len(shown)
    return f"{text}\n… and {more:,} more (--json lists all)" if more else text


def _alternatives(report: RedivisionReport) -> str:
    heads = (
        "",
        "plan",
        f"±{report.band:.0%}",
        f"±{report.limit:.0%}",
        "most off",
        "compact",
        "cut km",
        "streets",
    )
    rows = [
        (
            one.number,
            one.plan or "not stored",
            f"{one.figures.within_band:.1%}",
            f"{one.figures.within_limit:.1%}",
            f"{one.figures.largest_deviation:.1%}",
            f"{one.figures.mean_polsby_popper:.3f}",
            f"{one.figures.cut_km:,.1f}",
            "-" if one.figures.along_streets is None else f"{one.figures.along_streets:.0%}",
            "-" if one.figures.moved_population is None else f"{one.figures.moved_population:,}",
            len(one.obstacles),
        )
        for one in report.alternatives
    ]
    return table((*heads, "people moved", "obstacles"), rows)


def _bounds(report: RedivisionReport) -> list[str]:
    lines = []
    if report.least_moved_population is not None:
        lines.append(
            f"At least {report.least_moved_population:,} people move in any division within the limit."
        )
    if report.two_balances is not None:
        lines.append(report.two_balances.sentence_en)
    return ["", *lines] if lines else []


def _obstacles(told: AlternativeReport, *, numbered: bool) -> list[str]:
    if not told.obstacles:
        return []
    lines = ["", f"Obstacles of {told.number}:" if numbered else "Obstacles:"]
    lines += [f"  {one.sentence_en}" for one in told.obstacles[:_MOST_LINES]]
    if len(told.obstacles) > _MOST_LINES:
        lines.append(f"  … and {len(told.obstacles) - _MOST_LINES:,} more (--json lists all)")
    return lines

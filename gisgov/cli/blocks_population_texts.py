"""What ``gisgov blocks population`` says to people."""

from __future__ import annotations

from gisgov.cli.import_texts import problem_lines
from gisgov.cli.output import table
from gisgov.services.block_building.line_files import counted
from gisgov.services.block_population.reports import (
    Balance,
    BlockPopulation,
    BuildingsCounted,
    CountsRead,
    SourceArea,
)

_MOST = 20


def population_text(report: BlockPopulation) -> str:
    """Return the report of putting people onto blocks as text."""
    lines = [f"{report.blocks:,} blocks of scope {report.scope_code}, from {report.source}."]
    if report.counts is not None:
        lines.append(_counts_line(report.counts))
    if report.buildings is not None:
        lines += _building_lines(report.buildings)
    if report.unlisted_land_use:
        lines.append(f"Land uses not in table {report.policy}: {counted(report.unlisted_land_use)}")
    lines += ["", _balance_table(report), *_source_lines(report.sources)]
    if report.without_count:
        lines.append(f"{report.without_count:,} blocks are not named in the file and stay as they are.")
    lines += [
        "",
        (
            f"{report.empty:,} blocks are empty, the fullest has {report.largest_population:,} people "
            f"({report.largest_code})."
        ),
        *problem_lines("Refused", report.refused, None),
        "",
        "Nothing was stored (--dry-run)."
        if report.dry_run
        else f"Stored: {report.changed:,} blocks changed, {report.unchanged:,} unchanged.",
    ]
    return "\n".join(lines)


def _counts_line(read: CountsRead) -> str:
    told = [f"{read.used:,} used"]
    if read.away:
        told.append(f"{read.away:,} with {read.away_population:,} people lie on no block")
    if read.rounded:
        told.append(f"{read.rounded:,} numbers of people rounded with their sum kept")
    refused = read.rows - read.used - read.away
    if refused:
        told.append(
            f"{refused:,} refused, with {read.refused_population:,} people as far as they can be read"
        )
    where = f" in {read.crs}" if read.crs else ""
    return f"{read.file}{where}: {read.rows:,} rows, {', '.join(told)}."


def _building_lines(buildings: BuildingsCounted) -> list[str]:
    where = f" in {buildings.crs}" if buildings.crs else ""
    facts = [
        (
            buildings.known,
            f"{buildings.known:,} with known residents: {buildings.known_population:,} people",
        ),
        (
            buildings.expected,
            (
                f"{buildings.expected:,} with residents expected, {buildings.by_height:,} of them by their "
                f"height and {buildings.by_default:,} without a known number of floors"
            ),
        ),
        (buildings.without_people, f"{buildings.without_people:,} without people"),
        (buildings.unreadable_heights, f"{buildings.unreadable_heights:,} heights that are no number"),
        (buildings.in_no_block, f"{buildings.in_no_block:,} with people stand in no block"),
        (buildings.in_no_source, f"{buildings.in_no_source:,} with people in no census area: not counted"),
        (buildings.unlisted, f"uses that are not in the table: {counted(buildings.unlisted)}"),
    ]
    return [
        f"Buildings ({buildings.source}){where}: {buildings.rows:,}.",
        *(f"  {line}" for count, line in facts if count),
    ]


def _balance_table(report: BlockPopulation) -> str:
    rows = [("people", *_figures(report.population))]
    if report.households is not None:
        rows.append(("households", *_figures(report.households)))
    text = table(("", "counted", "on blocks", "in no block", "nothing to spread by"), rows)
    return text if report.households is not None else f"{text}\nHouseholds of blocks stay as they are."


def _figures(balance: Balance) -> tuple[int, int, int, int]:
    return balance.total, balance.placed, balance.outside, balance.unweighted


def _source_lines(sources: tuple[SourceArea, ...]) -> list[str]:
    left = [one for one in sources if one.population.placed < one.population.total]
    over = [one.code for one in sources if one.exceeded]
    lines = []
    if left:
        rows = [(one.code, *_figures(one.population)) for one in left[:_MOST]]
        lines += ["", f"{len(left):,} of {len(sources):,} census areas have people left over:"]
        lines.append(table(("area", "people", "on blocks", "in no block", "nothing to spread by"), rows))
        if len(left) > _MOST:
            lines.append(f"… and {len(left) - _MOST:,} more (--json lists all)")
    if over:
        more = f" and {len(over) - _MOST:,} more" if len(over) > _MOST else ""
        lines.append(
            f"In {len(over):,} areas more residents are known than counted: {', '.join(over[:_MOST])}{more}. "
            "Their count was spread in proportion to those."
        )
    return lines

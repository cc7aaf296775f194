"""What ``gisgov blocks`` says to people."""

from __future__ import annotations

from gisgov.cli.import_texts import problem_lines
from gisgov.cli.output import table
from gisgov.services.block_building.line_files import LinesRead, counted
from gisgov.services.block_building.reports import BlocksBuilt, BorderLength
from gisgov.services.block_building.showing import BlocksShown


def built_text(report: BlocksBuilt) -> str:
    """Return the report of building blocks as text."""
    lines: list[str] = []
    for read in report.files:
        lines += _file_lines(read)
    lines += [
        (
            f"{report.blocks:,} blocks in {report.parents:,} areas of plan {report.plan} "
            f"(layer {report.layer}), "
            f"{report.area_m2 / 1e6:,.3f} km² in {report.working_crs}: half of them below "
            f"{report.median_area_m2 / 1e4:,.2f} ha, the largest {report.largest_area_m2 / 1e4:,.1f} ha "
            f"({report.largest_code})."
        ),
        *(f"  {line}" for line in _done_lines(report)),
        "",
        _border_table(report.borders),
        "",
    ]
    if report.dry_run:
        lines.append("Nothing was stored (--dry-run).")
    else:
        scope = f" for scope {report.scope_code}" if report.scope_code else ""
        lines.append(
            f"Stored{scope}: {report.inserted:,} new, {report.updated:,} changed, "
            f"{report.unchanged:,} unchanged, {report.deleted:,} gone."
        )
    if report.out is not None:
        lines.append(f"Written to {report.out}.")
    return "\n".join(lines)


def shown_text(shown: BlocksShown) -> str:
    """Return what is known of blocks as text."""
    of = f" of scope {shown.scope_code}" if shown.scope_code else ""
    ground = (
        f"{shown.blocks:,} blocks{of}, {shown.area_m2 / 1e6:,.3f} km²: half of them below "
        f"{shown.median_area_m2 / 1e4:,.2f} ha, the largest {shown.largest_area_m2 / 1e4:,.1f} ha."
    )
    people = (
        f"{shown.population:,} people in {shown.households:,} households; {shown.empty:,} blocks are empty, "
        f"the fullest has {shown.largest_population:,} people."
    )
    lines = [ground, people]
    if any(border.lines for border in shown.borders):
        return "\n".join([*lines, "", _border_table(shown.borders)])
    return "\n".join([*lines, "What their borders run along is not known: they were not built from streets."])


def _file_lines(read: LinesRead) -> list[str]:
    by = f", by {read.field}" if read.field else ""
    counts = [f"{read.used:,} used"]
    if read.away:
        counts.append(f"{read.away:,} away from the ground")
    if read.passed_over:
        counts.append(f"{sum(read.passed_over.values()):,} that cut no ground")
    if read.refused:
        counts.append(f"{len(read.refused):,} refused")
    where = f"{read.file}:{read.file_layer} in {read.crs}{by}"
    lines = [f"{read.what}: {where}: {read.rows:,} rows, {', '.join(counts)}."]
    if read.passed_over:
        lines.append(f"  cut no ground: {counted(read.passed_over)}")
    if read.unlisted:
        lines.append(f"  not in the table of street classes: {counted(read.unlisted)}")
    if read.refused:
        lines += [*problem_lines("Refused", read.refused, None)[1:], ""]
    return lines


def _done_lines(report: BlocksBuilt) -> list[str]:
    done = report.done
    facts = [
        (done.snapped_ends, f"{done.snapped_ends:,} ends drawn on to the line that they missed"),
        (done.dangles, f"{done.dangles:,} dead ends trimmed, {done.dangle_m / 1000:,.1f} km"),
        (done.overpasses, f"{done.overpasses:,} overpasses: lines that cross at different heights"),
        (done.tunnels, f"{done.tunnels:,} lines under the ground left out"),
        (
            done.elevated_left_out_m,
            f"{done.elevated_left_out_m / 1000:,.1f} km of lines above others left out",
        ),
        (done.carriageways, f"{done.carriageways:,} strips between carriageways put to a block beside them"),
        (done.slivers, f"{done.slivers:,} slivers put to the block with the longest border"),
        (done.small_left, f"{done.small_left:,} blocks stay small: they have no neighbour in their area"),
        (done.compound_m, f"{done.compound_m / 1000:,.1f} km of local streets inside compounds left out"),
        (done.water, f"{done.water:,} blocks are water"),
        (done.reaches, f"{done.reaches:,} of them are reaches: pieces of rivers cut across"),
        (done.contested_m2 >= 1, f"{done.contested_m2:,.0f} m² lie in several areas; the first has them"),
    ]
    return [line for count, line in facts if count]


def _border_table(borders: tuple[BorderLength, ...]) -> str:
    rows = [
        (border.edge_class, border.title_zh, border.lines, f"{border.length_m / 1000:,.1f}")
        for border in borders
        if border.lines
    ]
    return table(("borders along", "边界类型", "lines", "km"), rows)

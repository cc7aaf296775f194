"""What ``gisgov check`` says to people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gisgov.cli.output import count_of_areas, table
from gisgov.services.defect_reports import CheckReport, DefectInfo, counted, noticed
from gisgov.services.point_reports import PointFault, PointsReport
from gisgov.services.tree_reports import TreeReport

_SHOWN = 20
_NAMED = 4
_BELOW = {
    "min_gap_m2": ("gap smaller", "gaps smaller"),
    "vertex_tolerance_m": ("piece narrower", "pieces narrower"),
}


def tell_check(report: CheckReport) -> str:
    """Return a report of one plan or file as text."""
    lines = [*_about(report), "", *_counts(report), *_listed(report.defects)]
    lines += [line for points in report.points for line in ("", *_points(points))]
    lines += ["", _verdict(report), *_points_verdict(report.points)]
    return "\n".join(lines)


def tell_tree(report: TreeReport) -> str:
    """Return a report of a whole tree as text."""
    lines = [f"What is in force on {report.at}, from the top down:", "", _levels(report.layers)]
    if report.not_in_force:
        lines.append(f"Nothing is in force of {', '.join(report.not_in_force)}.")
    for layer in report.layers:
        lines += ["", *_about(layer, layer.layer), *_counts(layer, only_found=True), *_listed(layer.defects)]
        lines.append(_verdict(layer))
    for points in report.points:
        lines += ["", *_points(points)]
    lines += ["", *_points_verdict(report.points)]
    faulty = [layer.layer or layer.subject for layer in report.layers if not layer.clean]
    lines.append(f"Layers with faults: {', '.join(faulty)}." if faulty else "No layer has a fault.")
    return "\n".join(lines)


def _about(report: CheckReport, layer: str | None = None) -> list[str]:
    subject = report.subject if layer is None else f"{layer} ({report.subject})"
    tolerances = ", ".join(f"{name} {value:g}" for name, value in report.tolerances.items())
    return [
        f"{subject}: {count_of_areas(report.areas)} in {report.crs}, measured in {report.measured_in}",
        f"scope: {report.scope}" + (f"; parents: {report.parents}" if report.parents else ""),
        f"tolerances: {tolerances}",
        f"{report.proof}" + (f" ({report.certificate})" if report.certificate else ""),
    ]


def _counts(report: CheckReport, *, only_found: bool = False) -> list[str]:
    rows = [
        (kind, count, round(report.ground_m2[kind]))
        for kind, count in report.counts.items()
        if count or not only_found
    ]
    lines = [table(("defect", "number", "m²"), rows)] if rows else []
    below = [
        f"{count:,} {_BELOW[name][count > 1]} than {name}" for name, count in report.below.items() if count
    ]
    return [*lines, f"Only counted: {' and '.join(below)}."] if below else lines


def _listed(defects: Sequence[DefectInfo]) -> list[str]:
    if not defects:
        return []
    headings = ("no.", "defect", "m²", "width m", "place", "areas")
    lines = ["", table(headings, [_row(one) for one in defects[:_SHOWN]])]
    return lines + _cut(len(defects))


def _cut(count: int) -> list[str]:
    if count <= _SHOWN:
        return []
    return [f"… and {count - _SHOWN:,} more: --out FILE.gpkg or --json has them all."]


def _row(defect: DefectInfo) -> tuple[int, str, str, str | None, str, str]:
    reason = f" ({defect.reason})" if defect.reason else ""
    width = None if defect.width_m is None else f"{defect.width_m:,.3f}"
    return (
        defect.number,
        f"{defect.kind}{reason}",
        f"{defect.area_m2:,.1f}",
        width,
        _place(defect.lon, defect.lat),
        _named(defect.areas),
    )


def _place(lon: float | None, lat: float | None) -> str:
    return "-" if lon is None or lat is None else f"{lon:.7f}, {lat:.7f}"


def _named(areas: Sequence[str]) -> str:
    more = f" and {len(areas) - _NAMED} more" if len(areas) > _NAMED else ""
    return ", ".join(areas[:_NAMED]) + more


def _verdict(report: CheckReport) -> str:
    told = f"Found: {counted(report.counts)}" if not report.clean else "No faults"
    notices = noticed(report.counts)
    return f"{told}; {notices}: `gisgov repair` can match the vertices." if notices else f"{told}."


def _levels(layers: Iterable[CheckReport]) -> str:
    rows = [
        (
            one.layer,
            one.areas,
            sum(defect.is_fault for defect in one.defects),
            "yes" if one.certified else "no",
        )
        for one in layers
    ]
    return table(("layer", "areas", "faults", "proved"), rows)


def _points(points: PointsReport) -> list[str]:
    told = (
        f"{points.subject}: {points.points:,} in the {points.areas:,} areas of {points.layer}: "
        f"{points.inside:,} inside, {points.on_border:,} on a border, {points.in_several:,} in several, "
        f"{points.orphans:,} {'orphan' if points.orphans == 1 else 'orphans'}"
    )
    lines = [told]
    if points.faults:
        lines.append(table(("no.", "id", "place", "what"), [_fault(one) for one in points.faults[:_SHOWN]]))
    return lines + _cut(len(points.faults))


def _fault(fault: PointFault) -> tuple[int, str, str, str]:
    name = fault.id if fault.source is None else f"{fault.source} {fault.id}"
    return (fault.number, name, _place(fault.lon, fault.lat), fault.message)


def _points_verdict(points: Sequence[PointsReport]) -> list[str]:
    if not points:
        return []
    lost = sum(len(one.faults) for one in points)
    if not lost:
        return ["Each point lies in exactly one area."]
    does = "point does" if lost == 1 else "points do"
    return [f"{lost:,} {does} not lie in exactly one area."]

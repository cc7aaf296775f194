"""Ratings of all buildings, rules previewed and put in force, and an export, done as jobs."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from gisgov.governance.risk import parse_rules
from gisgov.paths import add_rooms
from gisgov.services.days import local_day
from gisgov.services.exchange.annexes import annex_of
from gisgov.services.exporting import ExportRequest, refuse_export, write_export
from gisgov.services.rating import (
    RatingPreview,
    RatingReport,
    RulesInForce,
    preview_rules,
    put_in_force,
    rate_buildings,
)
from gisgov.work.attempt import Work
from gisgov.work.bringing_in import REPORT, admit_again

KIND: Final = "rate_buildings"
"""Kind of the jobs that rate buildings."""

PREVIEW: Final = "preview_risk_rules"
"""Kind of the jobs that say what rules would change."""

ADOPTION: Final = "adopt_risk_rules"
"""Kind of the jobs that put rules in force and rate all buildings by them."""


def do_rating(work: Work) -> None:
    """Rate all buildings; the ratings are written with the end of the job."""
    admit_again(work, "POST /v1/risk/ratings")
    zone = work.order.zone
    report = rate_buildings(work.final, today=local_day(None, zone), timezone=zone, progress=work.progress)
    (work.results / REPORT).write_bytes(TypeAdapter(RatingReport).dump_json(report, indent=2))
    work.log(f"{report.buildings:,} buildings rated by rules {report.version}, {report.written:,} written.")


def do_preview(work: Work) -> None:
    """Say what rules would change; nothing is written but the report."""
    admit_again(work, "POST /v1/risk/previews")
    asked, zone = work.job.parameters["request"], work.order.zone
    told = preview_rules(
        work.database,
        asked["version"] if "version" in asked else parse_rules(asked["rules"]),
        today=local_day(None, zone),
        timezone=zone,
        layer=asked.get("layer"),
        shown=asked["shown"],
        progress=work.progress,
    )
    (work.results / REPORT).write_bytes(TypeAdapter(RatingPreview).dump_json(told, indent=2))
    work.log(
        f"Rules {told.version} would change the class of {told.changed:,} of {told.buildings:,} buildings."
    )


def do_adoption(work: Work) -> None:
    """Put rules in force, and rate all buildings by them; both happen with the end of the job."""
    admit_again(work, "POST /v1/risk/rules/{version}/adoption")
    asked, zone = work.job.parameters["request"], work.order.zone
    done = put_in_force(
        work.final,
        asked["version"],
        reason=asked["reason"],
        today=local_day(None, zone),
        timezone=zone,
        progress=work.progress,
    )
    (work.results / REPORT).write_bytes(TypeAdapter(RulesInForce).dump_json(done, indent=2))
    rated = done.rating
    work.log(f"Rules {rated.version} are in force: {rated.buildings:,} buildings rated.")


def do_export(work: Work) -> None:
    """Write an export, with the rights that whoever asked has now."""
    request = ExportRequest.read(work.job.parameters["request"])
    if request.what == "annex":
        _print_annex(work, request)
        return
    rows = write_export(
        work.database,
        request,
        work.results,
        today=local_day(None, work.order.zone),
        timezone=work.order.zone,
        progress=work.progress,
    )
    work.log(f"{rows:,} rows written to {request.file_name}.")


def _print_annex(work: Work, request: ExportRequest) -> None:
    refuse_export(work.database, request)
    add_rooms()
    from maps.annex import draw_annex

    annex = annex_of(work.database, str(request.plan), today=local_day(None, work.order.zone))
    drawn = draw_annex(annex, language=request.language, progress=work.progress)
    (work.results / request.file_name).write_bytes(drawn.content)
    work.log(f"{len(annex.areas):,} areas on {drawn.pages} pages written to {request.file_name}.")

"""A rating of all buildings, and an export, done as jobs."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from gisgov.paths import add_rooms
from gisgov.services.days import local_day
from gisgov.services.exchange.annexes import annex_of
from gisgov.services.exporting import ExportRequest, refuse_export, write_export
from gisgov.services.risk import RatingReport, rate_buildings
from gisgov.work.attempt import Work
from gisgov.work.bringing_in import REPORT, admit_again

KIND: Final = "rate_buildings"
"""Kind of the jobs that rate buildings."""


def do_rating(work: Work) -> None:
    """Rate all buildings; the ratings are written with the end of the job."""
    admit_again(work, "POST /v1/risk/ratings")
    report = rate_buildings(work.final, work.job.parameters["request"].get("version"), progress=work.progress)
    (work.results / REPORT).write_bytes(TypeAdapter(RatingReport).dump_json(report, indent=2))
    work.log(f"{report.buildings:,} buildings rated by rules {report.version}, {report.written:,} written.")


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

"""A check, done as a job."""

from __future__ import annotations

from pathlib import Path

from api.jobs.orders import WorkOrder
from api.jobs.report_pages import write_pages
from gisgov.services.check_jobs import CheckQuestion, drawn_areas, run_check, write_results
from gisgov.services.days import local_day
from gisgov.services.jobs import Claim
from gisgov.store.database import Database


def do_check(claim: Claim, order: WorkOrder) -> None:
    """Check what a job asks to check, and leave its report.

    Raises
    ------
    GisgovError
        It cannot be checked.
    """
    question, inputs = CheckQuestion.read(claim.job.parameters["question"]), claim.job.inputs
    database = Database(order.database_url)
    try:
        (report,) = claim.progress(
            (
                run_check(
                    question,
                    claim.inputs,
                    inputs,
                    database=database,
                    today=local_day(None, order.zone),
                    configured_crs=order.working_crs,
                    progress=claim.progress,
                )
                for _ in range(1)
            ),
            label="checking the areas",
        )
        write_results(report, claim.results, progress=claim.progress)
        areas = drawn_areas(report, question, claim.inputs, inputs, database=database)
        write_pages(report, areas, claim.results, assets=Path(order.assets), progress=claim.progress)
    finally:
        database.dispose()

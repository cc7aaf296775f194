"""A check, done as a job."""

from __future__ import annotations

from pathlib import Path

from gisgov.services.check_jobs import CheckQuestion, drawn_areas, run_check, write_results
from gisgov.services.days import local_day
from gisgov.work.attempt import Work
from gisgov.work.report_pages import write_pages


def do_check(work: Work) -> None:
    """Check what a job asks to check, and leave its report.

    Raises
    ------
    GisgovError
        It cannot be checked.
    """
    question, inputs = CheckQuestion.read(work.job.parameters["question"]), work.job.inputs
    (report,) = work.progress(
        (
            run_check(
                question,
                work.inputs,
                inputs,
                database=work.database,
                today=local_day(None, work.order.zone),
                configured_crs=work.order.working_crs,
                progress=work.progress,
            )
            for _ in range(1)
        ),
        label="checking the areas",
    )
    write_results(report, work.results, progress=work.progress)
    areas = drawn_areas(report, question, work.inputs, inputs, database=work.database)
    write_pages(report, areas, work.results, assets=Path(work.order.assets), progress=work.progress)

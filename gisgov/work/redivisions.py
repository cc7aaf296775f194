"""A re-division of a draft, done as a job."""

from __future__ import annotations

from pathlib import Path

from fixtures.shipped import redivision_policy
from gisgov.services.days import local_day
from gisgov.services.redividing import RedivisionRequest, propose_redivision, store_proposal
from gisgov.services.redividing.files import write_results
from gisgov.work.attempt import Work
from gisgov.work.redivision_pages import write_redivision_pages


def do_redivision(work: Work) -> None:
    """Divide a draft anew: its files first, then the draft itself in the transaction that ends the job.

    Whatever ends this process before, the draft is as it was.

    Raises
    ------
    GisgovError
        It cannot be divided so.
    """
    proposal = propose_redivision(
        work.database,
        RedivisionRequest.read(work.job.parameters["request"]),
        policy=redivision_policy(),
        today=local_day(None, work.order.zone),
        timezone=work.order.zone,
        configured_crs=work.order.working_crs,
        # what somebody else has changed meanwhile is not written over
        unchanged_since=work.job.parameters["content_sha256"],
        progress=work.progress,
    )
    write_results(proposal, work.results)
    write_redivision_pages(proposal, work.results, assets=Path(work.order.assets), progress=work.progress)
    store_proposal(work.final, proposal, progress=work.progress)

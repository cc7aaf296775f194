"""A re-division of a draft, done as a job."""

from __future__ import annotations

from pathlib import Path

from api.jobs.orders import WorkOrder
from api.jobs.redivision_pages import write_redivision_pages
from fixtures.shipped import redivision_policy
from gisgov.services.days import local_day
from gisgov.services.jobs import Claim
from gisgov.services.redividing import RedivisionRequest, propose_redivision, store_proposal
from gisgov.services.redividing.files import write_results
from gisgov.store.database import Database


def do_redivision(claim: Claim, order: WorkOrder) -> None:
    """Divide a draft anew: its files first, then the draft itself in one transaction.

    Whatever ends this process before, the draft is as it was.

    Raises
    ------
    GisgovError
        It cannot be divided so.
    """
    database = Database(order.database_url)
    try:
        proposal = propose_redivision(
            database,
            RedivisionRequest.read(claim.job.parameters["request"]),
            policy=redivision_policy(),
            today=local_day(None, order.zone),
            timezone=order.zone,
            configured_crs=order.working_crs,
            # nor is a job that dies between storing and telling done twice
            unchanged_since=claim.job.parameters["content_sha256"],
            progress=claim.progress,
        )
        write_results(proposal, claim.results)
        write_redivision_pages(proposal, claim.results, assets=Path(order.assets), progress=claim.progress)
        store_proposal(database, proposal, progress=claim.progress)
    finally:
        database.dispose()

"""The process that does one job and ends: ``python -m api.jobs.worker``, started by `api.jobs.runner`.

With everything loaded it reads its order from stdin and waits for a second line: then it takes out the job
that has waited longest. Its memory goes with it, it can be killed at any moment, and the kernel ends it when
its time is up; whoever looks at its job then finds its lock free.
"""

from __future__ import annotations

import contextlib
import os
import select
import sys
import tempfile
from pathlib import Path

import structlog

from api.access_log import configure_logging
from api.jobs.checks import do_check
from api.jobs.orders import WorkOrder
from api.jobs.redivisions import do_redivision
from gisgov.errors import GisgovError
from gisgov.services import check_jobs, redividing
from gisgov.services.jobs import Claim, JobProblem

NOTHING_TO_DO = 3
"""Exit status where no job waited, or as many processes as may were at work."""

_IDLE_S = 600.0
_NICER = 5
_FIRST_TO_GO = "500"

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.jobs")

_KINDS = {check_jobs.KIND: do_check, redividing.KIND: do_redivision}


def main() -> int:
    """Do one job.

    Returns
    -------
    int
        0 when one was done or failed for a reason that it tells, `NOTHING_TO_DO` when there was none.
    """
    order = _ordered()
    if order is None:
        return NOTHING_TO_DO
    _step_back()
    store = order.store
    with store.slot(order.processes) as is_free:
        if not is_free:
            return NOTHING_TO_DO
        with store.claim(limit_s=order.limit_s) as claim:
            if claim is None:
                return NOTHING_TO_DO
            do(claim, order)
    return 0


def _ordered() -> WorkOrder | None:
    """Return the order once it is to be carried out; None where nobody asks any more."""
    with open(0, "rb", buffering=0, closefd=False) as told:  # unbuffered: what is not read yet is to be seen
        line = told.readline()
        if not line:
            return None
        order = WorkOrder.read(line)
        configure_logging(order.log_level, order.log_format)
        is_ready, _, _ = select.select([told], [], [], _IDLE_S)
        return order if is_ready and told.readline() else None


def do(claim: Claim, order: WorkOrder) -> None:
    """Do a job and write down how it ended."""
    job = claim.job
    usual = tempfile.tempdir
    with structlog.contextvars.bound_contextvars(job=job.id, kind=job.kind, request_id=job.request_id):
        try:
            tempfile.tempdir = str(claim.scratch)  # so that nothing is left when this process is killed
            _KINDS[job.kind](claim, order)
        except GisgovError as error:
            claim.fail(JobProblem.of(error))
            _log.info("job failed", reason=str(error))
        except Exception:
            claim.fail(
                JobProblem("unexpected", "The job failed; the log of the service tells why under its id.")
            )
            _log.exception("job failed unexpectedly")
        else:
            claim.finish()
            _log.info("job done")
        finally:
            tempfile.tempdir = usual


def _step_back() -> None:
    """Let the service and the database go first, for the processor and when memory runs out."""
    os.nice(_NICER)
    with contextlib.suppress(OSError):  # not on this system, or not allowed
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())

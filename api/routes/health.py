"""Whether the service lives and can work."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import anyio
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.context import InContext
from api.parameters import NoParameters
from api.problems import error_responses
from gisgov import __version__
from gisgov.errors import DatabaseUnavailable
from gisgov.services.readiness import check_ready

READY_WITHIN_S: Final = 3.0
"""A database that takes questions and answers none is as good as away: a balancer has others to send to."""

router = APIRouter(tags=["service"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"
    version: str = Field(description="Version of gisgov.", examples=[__version__])


class Ready(BaseModel):
    """The database answers and has the right tables."""

    status: Literal["ready"] = "ready"
    tables: str = Field(description="Version of the tables.", examples=["0002"])
    indexes: Literal["current", "behind"] = Field(
        description="Whether who is responsible for a place is answered out of memory, as current as the "
        "database, or by the database itself, since this process has yet to read what changed."
    )


@router.get("/healthz", summary="Does the process answer?", responses=error_responses(422))
def healthz(_: Annotated[NoParameters, Query()]) -> Alive:
    """Ask nothing but the process itself: whoever restarts dead processes asks this."""
    return Alive(version=__version__)


@router.get("/readyz", summary="Can the service work?", responses=error_responses(422, 503))
async def readyz(context: InContext, _: Annotated[NoParameters, Query()]) -> Ready:
    """Ask the database: it must answer soon and have the tables of this version. Load balancers ask this."""
    try:
        with anyio.fail_after(READY_WITHIN_S):
            ready = await anyio.to_thread.run_sync(check_ready, context.database, abandon_on_cancel=True)
    except TimeoutError as error:
        raise DatabaseUnavailable(f"The database did not answer within {READY_WITHIN_S:g} s.") from error
    return Ready(tables=ready.tables, indexes="behind" if context.indexes.today() is None else "current")

"""Whether whoever asks may: every request passes here before its route, by the table of rights."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.identity import client_of, identified, operation_of
from api.request_id import request_id_of
from gisgov.governance.access import Actor, Errand
from gisgov.services.access import admit


async def admitted(request: Request, actor: Annotated[Actor, Depends(identified)]) -> None:
    """Let a request through, or refuse it; routes then find their context in the hands of the actor.

    Raises
    ------
    NotSignedIn
        The address is for accounts.
    NotAllowed
        The account has no right to it.
    """
    operation = operation_of(request)
    admit(actor, operation)
    request.state.actor = actor
    limit_s = float(request.app.state.context.settings.statement_seconds)
    request.state.errand = Errand(operation, client_of(request), request_id_of(request.scope), limit_s)

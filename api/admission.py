"""Whether whoever asks may: every request passes here before its route, by the table of rights."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.identity import identified
from api.request_id import request_id_of
from gisgov.governance.access import Actor, Errand
from gisgov.services.access import admit


def operation_of(request: Request) -> str:
    """Return the operation that a request asks for, as the table of rights names it."""
    return f"{request.method} {request.scope['route'].path_format}"


def admitted(request: Request, actor: Annotated[Actor, Depends(identified)]) -> None:
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
    client = request.client.host if request.client else ""
    request.state.actor = actor
    limit_s = float(request.app.state.context.settings.statement_seconds)
    request.state.errand = Errand(operation, client, request_id_of(request.scope), limit_s)

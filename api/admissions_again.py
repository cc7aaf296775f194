"""Whether somebody who was let in still may stay: of streams, which go on after that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi import Request

from api.identity import has_key
from api.session_cookie import token_of
from gisgov.errors import SignInRefused
from gisgov.governance.access import Actor
from gisgov.services.accounts import find_session, holder_of_key


def still_admitted(request: Request, actor: Actor) -> Callable[[], bool]:
    """Return what asks whether an actor still has the rights that it came in with.

    Nothing of the request but its key, or the token of its session, is kept. To be looked after does not
    count as using a session.

    Parameters
    ----------
    request : fastapi.Request
        As it was let in.
    actor : Actor
        Who that was.
    """
    database = request.app.state.context.database
    idle = timedelta(minutes=request.app.state.context.settings.session_idle_minutes)
    key = request.headers["Authorization"].partition(" ")[2].strip() if has_key(request) else None
    token = token_of(request)

    def ask() -> bool:
        if key is not None:
            try:
                return holder_of_key(database, key).actor == actor
            except SignInRefused:
                return False
        session = None if token is None else find_session(database, token, idle=idle, notes=False)
        return session is not None and session.actor == actor

    return ask

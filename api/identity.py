"""Who asks: by a key, by the session of a browser, or nobody in particular."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import timedelta

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.context import Context
from api.known_keys import KnownKeys
from api.problems import CSRF, Refusal
from api.rates import Rates
from api.session_cookie import token_of
from gisgov.config import Settings
from gisgov.errors import SignInRefused
from gisgov.governance.access import ANONYMOUS, Actor, Extent
from gisgov.services.access import right_of
from gisgov.services.accounts import KeyHolder, Session, find_session, holder_of_key

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_PUBLIC = frozenset({"areas.read"})
_OUT_OF_MEMORY = frozenset({"POST /v1/resolve"})


def operation_of(request: Request) -> str:
    """Return the operation that a request asks for, as the table of rights names it."""
    return f"{request.method} {request.scope['route'].path_format}"


async def identified(request: Request) -> Actor:
    """Return who asks.

    Raises
    ------
    SignInRefused
        The key is not right.
    Refusal
        A browser asks for a change without the token of its session.
    TooManyRequests
        Whoever it is asked too often.
    """
    if right_of(operation_of(request)).extent is Extent.OPEN:
        return ANONYMOUS  # whoever it is: what is open needs no database
    rates: Rates = request.app.state.rates
    address = f"address {client_of(request)}"
    try:
        actor = _remembered(request)
        if actor is None:
            actor = await run_in_threadpool(asking, request)
    except SignInRefused:
        rates.count_request(address)
        raise
    rates.count_request(address if actor.account_id is None else f"account {actor.account_id}")
    return actor


def asking(request: Request) -> Actor:
    """Return who asks, also for what is open to everybody; see `identified`."""
    context = _context(request)
    if has_key(request):
        return _holder(request, context).actor
    session = session_of(request)
    if session is not None:
        if request.method not in _READING:
            _check_token(request, session)
        return session.actor
    return nobody(context.settings)


def nobody(settings: Settings) -> Actor:
    """Return nobody in particular, with what is open here to everybody."""
    return replace(ANONYMOUS, open_rights=_PUBLIC) if settings.public_areas else ANONYMOUS


def has_key(request: Request) -> bool:
    """Whether a program shows a key."""
    return request.headers.get("Authorization", "").partition(" ")[0].lower() == "bearer"


def session_of(request: Request) -> Session | None:
    """Return the session that a browser shows, if it is in force."""
    token = token_of(request)
    if token is None:
        return None
    context = _context(request)
    idle = timedelta(minutes=context.settings.session_idle_minutes)
    return find_session(context.database, token, idle=idle)


def client_of(request: Request) -> str:
    """Return the address that asks."""
    return request.client.host if request.client else ""


def _remembered(request: Request) -> Actor | None:
    """Return who comes with a key without asking the database, where only what is held is read."""
    if operation_of(request) not in _OUT_OF_MEMORY or not has_key(request):
        return None
    keys: KnownKeys = request.app.state.keys
    return keys.find_actor(request.headers["Authorization"].encode("latin-1"))


def _holder(request: Request, context: Context) -> KeyHolder:
    keys: KnownKeys = request.app.state.keys
    shown = request.headers["Authorization"]
    seen = keys.accounts_seen()
    holder = holder_of_key(context.database, shown.partition(" ")[2].strip())
    keys.remember(shown.encode("latin-1"), holder, seen)
    return holder


def _context(request: Request) -> Context:
    context = request.app.state.context
    assert isinstance(context, Context)  # noqa: S101 - set by the lifespan
    return context


def _check_token(request: Request, session: Session) -> None:
    said = request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(said.encode(), session.csrf_token.encode()):
        raise Refusal(
            CSRF,
            "The change lacks the token of the session.",
            hint="Send X-CSRF-Token with the csrf_token that GET /v1/session answers.",
        )

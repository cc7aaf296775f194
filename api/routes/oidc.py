"""Signing in by a city's own sign-on, in a browser."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse, Response

from api.context import Context, InContext
from api.identity import client_of
from api.parameters import NoParameters
from api.session_cookie import set_cookie
from gisgov.config import sign_on_secret
from gisgov.errors import (
    GisgovError,
    InputError,
    NotFoundError,
    SignOnRefused,
    SignOnUnavailable,
    TooManyRequests,
)
from gisgov.services.accounts.sign_on_provider import Provider
from gisgov.services.accounts.single_sign_on import Beginning, SignOn, begin_sign_on, finish_sign_on

router = APIRouter(prefix="/v1/session", tags=["session"])

COOKIE = "__Host-gisgov-sign-on"
_LASTS_S = 600
_BACK = "/v1/session/oidc/callback"
# a place of this service: browsers take `//host` and `/\\host` for another one's, and drop tabs and line ends
_PLACE = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


class SignOnParameters(NoParameters):
    """Where the browser wants to go."""

    next: str = Field(
        default="/",
        max_length=2000,
        description="Address of this service to go to in the end.",
        examples=["/"],
    )


class AnswerParameters(BaseModel):
    """What a sign-on sends a browser back with; some add more, which means nothing here."""

    model_config = ConfigDict(extra="ignore")

    code: str | None = Field(default=None, max_length=4000, description="What the token is fetched with.")
    state: str | None = Field(default=None, max_length=4000, description="What was sent along.")
    iss: str | None = Field(default=None, max_length=2000, description="Who answers.")
    error: str | None = Field(default=None, max_length=4000, description="Why nobody was signed in.")


@router.get(
    "/oidc",
    summary="Sign in by the city's own sign-on",
    status_code=303,
    response_class=RedirectResponse,
    include_in_schema=False,  # a door for browsers: programs come with keys
)
def begin(context: InContext, request: Request, query: Annotated[SignOnParameters, Query()]) -> Response:
    """Send the browser to the sign-on; it comes back with a session, and goes on to `next`.

    Where the sign-on does not answer, browsers are sent to the sign-in page, which says so.
    """
    if not _PLACE.fullmatch(query.next):
        raise InputError(
            f"{query.next!r} is no address of this service.", hint="It begins with one slash.", field="next"
        )
    sign_on = _sign_on(context, request)
    try:
        request.app.state.rates.count_sign_in(client_of(request))
        address, beginning = begin_sign_on(sign_on, comes_back_to=_back(request), goes_to=query.next)
    except (SignOnUnavailable, TooManyRequests) as error:
        return _told(request, error, query.next)
    response = _away(address)
    response.set_cookie(
        COOKIE,
        quote(beginning.written(), safe=""),
        max_age=_LASTS_S,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",  # the sign-on is another site, and sends the browser back here
    )
    return response


@router.get(
    "/oidc/callback",
    summary="Where the sign-on sends the browser back to",
    status_code=303,
    response_class=RedirectResponse,
    include_in_schema=False,
)
def finish(context: InContext, request: Request, query: Annotated[AnswerParameters, Query()]) -> Response:
    """Begin the session of whoever the sign-on says it is, if an account of that name is here."""
    sign_on = _sign_on(context, request)
    beginning = Beginning.read(unquote(request.cookies.get(COOKIE, "")))
    goes_to = "/" if beginning is None or not _PLACE.fullmatch(beginning.goes_to) else beginning.goes_to
    try:
        client = client_of(request)
        request.app.state.rates.count_sign_in(client)
        if beginning is None:
            raise SignOnRefused(
                "Signing in by the single sign-on failed: this browser did not begin it, or too long ago.",
                hint="Begin anew.",
            )
        session = finish_sign_on(
            context.database,
            sign_on,
            beginning,
            query.model_dump(),
            comes_back_to=_back(request),
            client=client,
            lasts=timedelta(hours=context.settings.session_hours),
        )
    except (SignOnRefused, SignOnUnavailable, TooManyRequests) as error:
        response = _told(request, error, goes_to)
    else:
        response = _away(goes_to)
        set_cookie(response, session)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _sign_on(context: Context, request: Request) -> SignOn:
    settings = context.settings
    if settings.oidc_issuer is None:
        raise NotFoundError("No single sign-on is configured.", hint="GISGOV_OIDC_ISSUER names one.")
    state = request.app.state
    if not hasattr(state, "sign_on"):
        provider = Provider(settings.oidc_issuer)
        state.sign_on = SignOn(
            provider, settings.oidc_client_id or "", sign_on_secret(settings), settings.oidc_claim
        )
    sign_on: SignOn = state.sign_on
    return sign_on


def _back(request: Request) -> str:
    """Return the address to come back to, under the name that the browser knows the service by."""
    return f"{request.url.scheme}://{request.url.netloc}{_BACK}"


def _told(request: Request, error: GisgovError, goes_to: str) -> Response:
    """Send a browser to the sign-in page, which tells of the error; let a program have it as it is."""
    if "text/html" not in request.headers.get("Accept", ""):
        raise error
    return _away(f"/sign-in?problem={error.slug}&next={quote(goes_to, safe='/')}")


def _away(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})

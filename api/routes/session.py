"""The session of a browser: signing in and out, and who is signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from api.context import InContext
from api.identity import asking, client_of, has_key, nobody, session_of
from api.json_bodies import described, sent
from api.parameters import TEXT, NoParameters
from api.problems import error_responses
from api.session_cookie import forget_cookie, set_cookie, token_of
from gisgov.config import Settings
from gisgov.errors import NotFoundError, SignInRefused
from gisgov.governance.access import Actor, ActorKind, Extent, rights_table
from gisgov.services.accounts import (
    RoleInfo,
    Session,
    change_password,
    end_session,
    find_session,
    open_session,
    role_infos,
    sign_in,
)

router = APIRouter(prefix="/v1/session", tags=["session"])

_PASSWORD = 4000
"""Longer texts are not looked at."""


class SignOn(BaseModel):
    """Another way to sign in."""

    title: str = Field(description="What its button is called.")
    href: str = Field(description="Where it begins.")


class SessionInfo(BaseModel):
    """Who asks, with what they may do."""

    account: str | None = Field(description="Name of the account; null for nobody in particular.")
    kind: ActorKind = Field(description="What sort of account it is.")
    roles: list[RoleInfo] = Field(description="The roles it holds.")
    rights: list[str] = Field(description="The rights it has, somewhere or everywhere.")
    csrf_token: str | None = Field(
        description="What a browser sends as `X-CSRF-Token` with every change; null without a session."
    )
    expires: datetime | None = Field(description="When the session ends at the latest.")
    sign_on: list[SignOn] = Field(description="Other ways to sign in.")


class SignInBody(NoParameters):
    """Account and password."""

    account: str = Field(max_length=TEXT, description="Name of the account.", examples=["wang"])
    password: str = Field(max_length=_PASSWORD, description="Its password.")
    new_password: str | None = Field(
        None,
        max_length=_PASSWORD,
        description="What the password becomes; a one-time password must be changed so.",
    )


class PasswordBody(NoParameters):
    """A new password."""

    password: str = Field(max_length=_PASSWORD, description="The old password.")
    new_password: str = Field(max_length=_PASSWORD, description="The new one.")


@router.get("", summary="Who is signed in", responses=error_responses(401, 422, 503))
def session(
    context: InContext, request: Request, response: Response, _: Annotated[NoParameters, Query()]
) -> SessionInfo:
    """Tell whose session, or key, the request came with, and what they may do; nobody's is an answer too."""
    response.headers["Cache-Control"] = "no-store"
    if has_key(request):
        return _info(context.settings, asking(request), None)
    found = session_of(request)
    if found is None and token_of(request) is not None:
        forget_cookie(response)
    return _info(context.settings, nobody(context.settings) if found is None else found.actor, found)


@router.post(
    "",
    summary="Sign in",
    responses=error_responses(401, 403, 413, 415, 422, 429, 503),
    openapi_extra=described(SignInBody),
)
def begin_session(
    context: InContext,
    request: Request,
    response: Response,
    body: Annotated[SignInBody, Depends(sent(SignInBody, "a sign-in"))],
    _: Annotated[NoParameters, Query()],
) -> SessionInfo:
    """Begin a session of a person, kept in a cookie.

    A one-time password must be changed at once: without `new_password` the answer is 403
    `password-expired`. After too many wrong passwords the name is locked for a while (429).
    """
    client = client_of(request)
    request.app.state.rates.count_sign_in(client)
    lasts = timedelta(hours=context.settings.session_hours)
    begun = sign_in(
        context.database,
        body.account,
        body.password,
        client=client,
        new_password=body.new_password,
        lasts=lasts,
    )
    former = token_of(request)
    if former is not None:
        end_session(context.database, former)
    set_cookie(response, begun)
    response.headers["Cache-Control"] = "no-store"
    found = find_session(context.database, begun.token)
    if found is None:
        raise SignInRefused("The account was disabled at this moment.")
    return _info(context.settings, found.actor, found)


@router.delete("", summary="Sign out", status_code=204, responses=error_responses(401, 403, 422, 503))
def leave(
    context: InContext, request: Request, response: Response, _: Annotated[NoParameters, Query()]
) -> None:
    """End the session of the browser."""
    token = token_of(request)
    if token is None:
        raise NotFoundError("The request came without a session.", hint="A key ends when it is revoked.")
    end_session(context.database, token)
    forget_cookie(response)


@router.put(
    "/password",
    summary="Change one's password",
    status_code=204,
    responses=error_responses(401, 403, 413, 415, 422, 429, 503),
    openapi_extra=described(PasswordBody),
)
def renew_password(
    context: InContext,
    request: Request,
    response: Response,
    body: Annotated[PasswordBody, Depends(sent(PasswordBody, "a change of password"))],
    _: Annotated[NoParameters, Query()],
) -> None:
    """Change the password of the account that asks; its sessions end, and this browser gets a new one."""
    client = client_of(request)
    request.app.state.rates.count_sign_in(client)
    name = request.state.actor.name
    change_password(context.database, name, body.password, body.new_password, client=client)
    if token_of(request) is not None:
        lasts = timedelta(hours=context.settings.session_hours)
        set_cookie(response, open_session(context.database, name, client=client, lasts=lasts))


def _info(settings: Settings, actor: Actor, session: Session | None) -> SessionInfo:
    rights = rights_table().rights.values()
    ways = [SignOn(title=settings.oidc_title, href="/v1/session/oidc")] if settings.oidc_issuer else []
    return SessionInfo(
        account=None if actor.account_id is None else actor.name,
        kind=actor.kind,
        roles=list(role_infos(actor.grants)),
        rights=[one.name for one in rights if one.extent is not Extent.OPEN and actor.may(one)],
        csrf_token=None if session is None else session.csrf_token,
        expires=None if session is None else session.expires,
        sign_on=ways,
    )

"""The cookie of a session: sent by browsers of this service's own pages alone, and read by no script."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import Request, Response

from gisgov.services.accounts import NewSession

# Browsers keep what begins so only if it is Secure, of this host alone and for all of it. They take loopback
# for secure without https.
NAME = "__Host-gisgov"


def set_cookie(response: Response, session: NewSession) -> None:
    """Give the browser the token of a session that has just begun."""
    left_s = int((session.expires - datetime.now(UTC)).total_seconds())
    response.set_cookie(
        NAME, session.token, max_age=left_s, path="/", secure=True, httponly=True, samesite="lax"
    )


def forget_cookie(response: Response) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(NAME, path="/", secure=True, httponly=True, samesite="lax")


def token_of(request: Request) -> str | None:
    """Return the token that a browser shows; None where it shows none."""
    return request.cookies.get(NAME) or None

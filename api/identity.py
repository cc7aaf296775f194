"""Who asks: the actor of a request."""

from __future__ import annotations

from fastapi import Request

from gisgov.governance.access import Actor, operator


def identified(request: Request) -> Actor:  # noqa: ARG001
    """Return who asks."""
    return operator("service")

"""Which answers leave compressed: for all routes, and for what answers before them."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a header takes gzip.

    Examples
    --------
    >>> takes_gzip("br, gzip"), takes_gzip("*"), takes_gzip("gzip;q=0, *"), takes_gzip("identity")
    (True, True, False, False)
    """
    weights = {}
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return weights.get("gzip", weights.get("*", False))


class Compressing(GZipMiddleware):
    """Starlette's middleware, which would compress for whoever names gzip, even with a weight of 0."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] == "http":
            named = takes_gzip(", ".join(Headers(scope=scope).getlist("Accept-Encoding")))
            others = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
            scope = {**scope, "headers": [*others, (b"accept-encoding", b"gzip" if named else b"identity")]}
        await super().__call__(scope, receive, send)

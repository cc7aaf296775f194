"""What a proxy before the service says of a request: who asks, by which scheme, under which name."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gisgov.config import Settings

_HOST = b"x-forwarded-host"


class Proxies:
    """ASGI middleware that believes ``X-Forwarded-For``, ``-Proto`` and ``-Host``, from the proxy alone.

    From everybody else they are what anybody may write. Without `GISGOV_BEHIND_PROXY` nobody is believed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._believing: ProxyHeadersMiddleware | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        settings: Settings = scope["app"].state.context.settings
        if not settings.behind_proxy:
            await self.app(scope, receive, send)
            return
        if self._believing is None:
            self._believing = ProxyHeadersMiddleware(
                self.app,  # type: ignore[arg-type]
                trusted_hosts=list(settings.proxy_addresses),
            )
        client = scope.get("client")
        if client and client[0] in self._believing.trusted_hosts:
            scope = {**scope, "headers": _under_the_outer_name(scope["headers"])}
        await self._believing(scope, receive, send)  # type: ignore[arg-type]


def _under_the_outer_name(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers whose Host is the one that the proxy was asked under, where it says so."""
    outer = [value for name, value in headers if name == _HOST]
    if not outer:
        return headers
    # of several proxies each adds its own at the end; the one next to us is the one that is believed
    host = outer[-1].rpartition(b",")[2].strip()
    return [*((name, value) for name, value in headers if name != b"host"), (b"host", host)]

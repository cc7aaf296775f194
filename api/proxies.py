"""What a proxy before the service says of a request: who asks, by which scheme, under which name."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gisgov.config import Settings

_HOST = b"x-forwarded-host"


class Proxies:
    """ASGI middleware that believes ``X-Forwarded-For``, ``-Proto`` and ``-Host``, from the proxy alone.

    From everybody else they are what anybody may write. Without `GISGOV_BEHIND_PROXY` nobody is believed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._believing: Believing | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] == "http":
            if self._believing is None:
                self._believing = Believing(scope["app"].state.context.settings)
            scope = await self._believing(scope)
        await self.app(scope, receive, send)


class Believing:
    """What a request is, as far as the proxy before the service is believed.

    Parameters
    ----------
    settings : Settings
        Whether there is a proxy, and at which addresses.
    """

    def __init__(self, settings: Settings) -> None:
        self._is_wanted = settings.behind_proxy
        self._middleware = ProxyHeadersMiddleware(_nothing, trusted_hosts=list(settings.proxy_addresses))

    async def __call__(self, scope: Scope) -> Scope:
        """Return the scope of the request that the proxy was asked; the one given where there is none."""
        if not self._is_wanted:
            return scope
        believed = {**scope}
        client = scope.get("client")
        if client and client[0] in self._middleware.trusted_hosts:
            believed["headers"] = _under_the_outer_name(scope["headers"])
        await self._middleware(believed, _never, _nowhere)  # type: ignore[arg-type]
        return believed


async def _nothing(_scope: object, _receive: object, _send: object) -> None:
    """Stand for the application: what was believed is in the scope then."""


async def _never() -> Message:  # pragma: no cover
    raise AssertionError("nothing is received")


async def _nowhere(_message: Message) -> None:  # pragma: no cover
    raise AssertionError("nothing is sent")


def _under_the_outer_name(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers whose Host is the one that the proxy was asked under, where it says so."""
    outer = [value for name, value in headers if name == _HOST]
    if not outer:
        return headers
    # of several proxies each adds its own at the end; the one next to us is the one that is believed
    host = outer[-1].rpartition(b",")[2].strip()
    return [*((name, value) for name, value in headers if name != b"host"), (b"host", host)]

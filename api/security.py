"""Headers and checks that keep other sites out: content-security policies, and the names the service has."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import CROSS_ORIGIN, WRONG_HOST, problem_response
from api.request_id import request_id_of
from gisgov.config import Settings
from gisgov.hosts import LOOPBACK_NAMES

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# What is no page loads nothing.
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
# Of the pages: all they need comes from here, a basemap too.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A map file carries its own script and styles in one file. Sandboxed, it runs them in an origin of its
# own: whatever such a file holds, it cannot ask this service anything. Printing counts as a modal window.
MAP_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "sandbox allow-scripts allow-modals allow-downloads"
)
# The browser's own viewer shows images and PDF, in a page that it makes.
_PRINT_POLICY = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)

_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

# A year, as browsers' own lists ask for.
_HTTPS_FROM_NOW_ON = "max-age=31536000"


def data_headers(*, promises_https: bool) -> list[tuple[bytes, bytes]]:
    """Return what `SecurityHeaders` adds to an answer that is no page, as ASGI has it.

    Parameters
    ----------
    promises_https : bool
        Whether https was spoken, under a name that is not of this machine alone.
    """
    named = {**_HEADERS, "Content-Security-Policy": _DATA_POLICY}
    if promises_https:
        named["Strict-Transport-Security"] = _HTTPS_FROM_NOW_ON
    return [(name.lower().encode(), value.encode()) for name, value in named.items()]


class SecurityHeaders:
    """ASGI middleware that sends the security headers with every answer.

    A route that sends a policy of its own (a map among the reports of a check) is left it.
    """

    def __init__(self, app: ASGIApp, *, is_page: Callable[[str], bool]) -> None:
        self.app = app
        self._is_page = is_page

    def _policy(self, scope: Scope) -> str:
        path: str = scope["path"]
        if self._is_page(path):
            return PAGE_POLICY
        if path.startswith("/maps/"):
            return MAP_POLICY if path.endswith(".html") else _PRINT_POLICY
        return _DATA_POLICY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("Content-Security-Policy", self._policy(scope))
                if scope["scheme"] == "https" and host_of(scope) not in LOOPBACK_NAMES:
                    # a promise for localhost would bind all that ever runs on the machine
                    headers["Strict-Transport-Security"] = _HTTPS_FROM_NOW_ON
            await send(message)

        await self.app(scope, receive, send_with_headers)


class KnownHosts:
    """ASGI middleware that answers only under the names of loopback, and those of `GISGOV_HOSTS`.

    A service on loopback can be reached by any page open in the browser that points a name of its own at
    127.0.0.1; such a page's requests carry its own name in ``Host``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] == "http":
            host = host_of(scope)
            if not is_known(host, scope["app"].state.context.settings):
                response = problem_response(
                    WRONG_HOST,
                    f"The service has no name {host or ''!r}.",
                    hint="Ask for it by a name of GISGOV_HOSTS, or on its own machine as localhost.",
                    request_id=request_id_of(scope),
                )
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)


class OwnPages:
    """ASGI middleware that refuses changes which a page of another site asks for.

    A browser sends such a page's form anywhere, this machine's loopback too, without asking first; it says
    whose page that was in ``Origin``. Programs send no such header.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] == "http" and scope["method"] in _CHANGING:
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            if origin is not None and origin != f"{scope['scheme']}://{headers.get('host', '')}":
                response = problem_response(
                    CROSS_ORIGIN,
                    f"A page of {origin!r} asked for a change.",
                    hint="Ask from a page of this service, or from a program.",
                    request_id=request_id_of(scope),
                )
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)


def is_known(host: str | None, settings: Settings) -> bool:
    """Whether the service has that name."""
    return host in LOOPBACK_NAMES or host in settings.hosts


def host_of(scope: Scope) -> str | None:
    """Return the name that is asked for, without its port; ``None`` where it cannot be read.

    Its port may be any: a proxy or a tunnel has one of its own.
    """
    try:
        return urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname
    except ValueError:
        return None

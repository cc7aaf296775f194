"""A provider of OpenID Connect as its clients see it: what it says of itself, its keys, and its answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

import httpx
from authlib.oidc.discovery import OpenIDProviderMetadata  # type: ignore[import-untyped]
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gisgov.errors import SignOnUnavailable
from gisgov.hosts import is_private_enough
from gisgov.types import Json

_KEPT_S: Final = 3600.0
_KEYS_ANEW_S: Final = 10.0
"""Keys are not fetched more often than this, whoever sends tokens signed with unknown ones."""
_TIMEOUT_S: Final = 10.0
_MOST_BYTES: Final = 1_000_000
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")


Value = TypeVar("Value")


@dataclass(slots=True)
class _Kept(Generic[Value]):
    value: Value
    since: float


@dataclass(slots=True)
class Provider:
    """A provider, with what it said of itself kept for an hour.

    Attributes
    ----------
    issuer : str
        Its name, which is also its address.
    clock : callable
        Seconds that only grow.
    """

    issuer: str
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _metadata: _Kept[Json] | None = None
    _keys: _Kept[KeySet] | None = None

    def metadata(self) -> Json:
        """Return what it says of itself (OpenID Connect Discovery 1.0).

        Raises
        ------
        SignOnUnavailable
            It does not answer, or what it says does not hold together.
        """
        with self._lock:
            kept = self._metadata
        if kept is None or self.clock() - kept.since > _KEPT_S:
            found = self.ask("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            self._refuse_unsound(found)
            kept = _Kept(found, self.clock())
            with self._lock:
                self._metadata = kept
        return kept.value

    def _refuse_unsound(self, found: Json) -> None:
        try:
            OpenIDProviderMetadata(found).validate()
        except ValueError as error:
            raise self.unavailable("what it says of itself does not hold together") from error
        if found["issuer"] != self.issuer:
            raise self.unavailable(f"it calls itself {str(found['issuer'])[:200]!r}")
        if not all(is_private_enough(str(found[name])) for name in _ENDPOINTS if name in found):
            raise self.unavailable("it names an address that is not https")

    def keys(self, *, other_than: KeySet | None = None) -> KeySet:
        """Return the keys that it signs with.

        Parameters
        ----------
        other_than : KeySet, optional
            Keys that did not fit: it may have changed them since, and is asked again.

        Raises
        ------
        SignOnUnavailable
            It does not answer, or with no keys.
        """
        with self._lock:
            kept = self._keys
        age = float("inf") if kept is None else self.clock() - kept.since
        if kept is None or age > _KEPT_S or (kept.value is other_than and age > _KEYS_ANEW_S):
            try:
                keys = KeySet.import_key_set(self.ask("GET", self.metadata()["jwks_uri"]))  # type: ignore[arg-type]
            except (JoseError, KeyError, TypeError, ValueError) as error:
                raise self.unavailable("its keys cannot be read") from error
            kept = _Kept(keys, self.clock())
            with self._lock:
                self._keys = kept
        return kept.value

    def ask(self, method: str, url: str, *, headers: Mapping[str, str] = {}, body: str | None = None) -> Json:
        """Return the JSON object at an address of it.

        Raises
        ------
        SignOnUnavailable
            It does not answer, or not with one.
        """
        answer = self._send(method, url, headers, body)
        if answer.is_success:
            found = _object(answer)
            if found is not None:
                return found
        raise self.unavailable(f"it answered {answer.status_code} where JSON was asked for")

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> httpx.Response:
        sent = {"Accept": "application/json", **headers}
        try:
            with (
                httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False, max_redirects=0) as client,
                client.stream(method, url, headers=sent, content=body) as answer,
            ):
                content = b""
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > _MOST_BYTES:
                        raise self.unavailable("its answer is too large")
                return httpx.Response(answer.status_code, content=content, request=answer.request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self.unavailable("it cannot be reached") from error

    # what `authlib.oauth2.client.OAuth2Client` wants of a session

    def post(self, url: str, *, data: Json, headers: Mapping[str, str], auth: Any) -> httpx.Response:
        """Send a form to its token endpoint, with the credentials that Authlib adds."""
        url, prepared, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        answer = self._send("POST", url, prepared, body)
        if answer.is_server_error or _object(answer) is None:
            raise self.unavailable(f"it answered {answer.status_code} where a token was asked for")
        return answer

    def unavailable(self, reason: str) -> SignOnUnavailable:
        """Return the error that tells why it cannot be used."""
        return SignOnUnavailable(
            f"The single sign-on {self.issuer} cannot be used: {reason}.",
            hint="Try again later, or sign in by account and password.",
        )


def _object(answer: httpx.Response) -> Json | None:
    try:
        found = answer.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

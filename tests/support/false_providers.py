"""A provider of OpenID Connect that says whatever a test wants it to say."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

OWN, OTHER = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("own", "other"))
CLIENT = "gisgov"


@dataclass
class Said:
    """One answer: its status and its body, which is JSON unless it is bytes."""

    body: Any
    status: int = 200


@dataclass
class FalseProvider:
    """What it answers at each of its places, and what it was asked."""

    issuer: str
    answers: dict[str, Said] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def metadata(self, **changed: Any) -> dict[str, Any]:
        """Return what a sound one says of itself, with changes; None leaves out."""
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/me",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **changed,
        }
        return {name: value for name, value in said.items() if value is not None}

    def describe(self, **changed: Any) -> None:
        """Say of itself what a sound one says, with changes."""
        self.answers["/.well-known/openid-configuration"] = Said(self.metadata(**changed))

    def publish(self, *keys: RSAKey) -> None:
        """Publish keys."""
        self.answers["/jwks"] = Said(KeySet(list(keys)).as_dict(private=False))

    def give(self, nonce: str, *, key: Any = OWN, alg: str = "RS256", **changed: Any) -> None:
        """Give a token for whatever code, with changes; None leaves out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "17",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "preferred_username": "lin",
            **changed,
        }
        left = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": alg} if isinstance(key, OctKey) else {"alg": alg, "kid": key.kid}
        token = jwt.encode(header, left, key, algorithms=[alg])
        given = {"access_token": "MARKtoken", "token_type": "Bearer", "id_token": token}
        self.answers["/token"] = Said(given)


@contextmanager
def false_provider() -> Iterator[FalseProvider]:
    """Run one that describes itself and publishes its key; what else it says is the test's."""

    class Answering(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            provider.asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = provider.answers.get(self.path, Said({}, 404))
            body = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            self.send_response(said.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        provider = FalseProvider(f"http://127.0.0.1:{server.server_address[1]}")
        provider.describe()
        provider.publish(OWN)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()

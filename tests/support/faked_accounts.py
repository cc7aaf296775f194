"""Answers about accounts and jobs, made up for the pages that ask for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any]

NOBODY: dict[str, Any] = {
    "account": None,
    "kind": "anonymous",
    "roles": [],
    "rights": [],
    "csrf_token": None,
    "expires": None,
    "sign_on": [],
}
SOMEBODY: dict[str, Any] = {
    **NOBODY,
    "account": "wang",
    "kind": "person",
    "roles": [
        {
            "role": "dispatcher",
            "title_zh": "调度员",
            "title_en": "Dispatcher",
            "layer": "street",
            "area_code": "A",
        }
    ],
    "rights": ["areas.read", "files.check"],
    "csrf_token": "token-of-wang",
    "expires": "2026-11-29T18:00:00Z",
}


def refusal(kind: str, status: int, detail: str = "It was refused.") -> Answer:
    """Return a problem as the service answers it."""
    problem = {"type": f"/problems/{kind}", "title": kind, "status": status, "detail": detail}
    return status, {**problem, "errors": [], "request_id": "made-up"}


class Faked:
    """Answers for a page: ``faked.give("GET", "/v1/jobs", lambda asked: (200, []))``.

    Attributes
    ----------
    session : dict
        What ``GET /v1/session`` answers.
    changes : list of tuple
        The changes that were asked for: method, path, body, token.
    """

    def __init__(self, page: Any, session: dict[str, Any]) -> None:
        self.session = session
        self.changes: list[tuple[str, str, Any, str | None]] = []
        self._answers: dict[tuple[str, str], Callable[[Any], Answer]] = {}
        self.give("GET", "/v1/session", lambda _: (200, self.session))
        self.give("GET", "/v1/areas", lambda _: (200, {"type": "FeatureCollection", "features": []}))
        for path in ("/v1/accounts", "/v1/departments", "/v1/jobs", "/v1/layers"):
            self.give("GET", path, lambda _: (200, []))
        page.route(lambda url: urlsplit(url).path.startswith("/v1/"), self._answer)

    def give(self, method: str, path: str, answer: Callable[[Any], Answer]) -> None:
        """Answer an address: from the body of a change, or the parameters of a question."""
        self._answers[method, path] = answer

    def _answer(self, route: Any) -> None:
        request = route.request
        parts = urlsplit(request.url)
        answer = self._answers.get((request.method, parts.path))
        if answer is None:
            route.fallback()
            return
        asked: Any = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if request.method != "GET":
            asked = json.loads(request.post_data) if request.post_data else None
            token = request.headers.get("x-csrf-token")
            self.changes.append((request.method, parts.path, asked, token))
        status, body = answer(asked)
        is_stream = isinstance(body, str)
        headers = {"Content-Type": "text/event-stream" if is_stream else "application/json"}
        if status == 429:
            headers["Retry-After"] = "900"
        text = body if is_stream else "" if body is None else json.dumps(body)
        route.fulfill(status=status, headers=headers, body=text)

"""Requests that nobody thought of, by everybody: schemathesis makes them from the description of the service.

Whatever comes, the service answers and never fails. FUZZ in the environment says how many requests each route
gets from each of those who ask; the suite makes few, the same each time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from direct_requests import ask_in_turn
from hypothesis import HealthCheck, Phase, given, settings
from principals import NOBODY, PRINCIPALS, key_of
from schemathesis import openapi

from gisgov.store.database import Database

EACH = int(os.environ.get("FUZZ", "2"))
WHO = [one for one in PRINCIPALS if one is NOBODY or one.name.endswith("-everywhere")]
ENDLESS = {"/v1/events/stream"}  # goes on until the client leaves, unless it is asked to end
TOLD = {503}  # what the service stands on is not there, or the queue is full: it says so


PARTS = 3


@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_makes_the_service_fail(
    client: Any, database: Database, district: None, part: int
) -> None:
    client.headers.pop("Authorization")
    # the same requests by everybody: to make them takes longer than to answer them
    headers = {str(who): {} if who is NOBODY else key_of(database, who) for who in WHO}
    failed: list[str] = []

    def send(case: Any) -> None:
        asked = case.as_transport_kwargs(base_url="http://localhost")
        body = asked.pop("data", None)
        asked["content" if isinstance(body, bytes | str) else "data"] = body
        asked.pop("cookies", None)
        if case.path in ENDLESS:
            asked["params"] = {**(asked.get("params") or {}), "catch_up": "true"}
        given = dict(asked.pop("headers"))
        answers = ask_in_turn(client, ({**asked, "headers": {**given, **own}} for own in headers.values()))
        for who, response in zip(headers, answers, strict=True):
            if response.status_code >= 500 and response.status_code not in TOLD:
                failed.append(
                    f"{who}: {case.method} {case.formatted_path}: "
                    f"{response.status_code} {response.text[:200]}"
                )

    for found in [*openapi.from_dict(client.app.openapi()).get_all_operations()][part::PARTS]:
        _ask(found.ok(), send)
    assert failed == []


def _ask(operation: Any, send: Callable[[Any], None]) -> None:
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def asked(case: Any) -> None:
        send(case)

    asked()

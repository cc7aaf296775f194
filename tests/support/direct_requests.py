"""Many requests to a service in this process, in its own loop: to change threads for each takes longer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import httpx


def ask_in_turn(client: Any, requests: Iterable[Mapping[str, Any]]) -> list[httpx.Response]:
    """Send requests one after the other, as ``client.request(**each)`` would; redirects are not followed.

    The headers of the client go with each of them. A service that fails answers 500.
    """
    answers: list[httpx.Response] = client.portal.call(_ask, client, list(requests))
    return answers


async def _ask(client: Any, requests: list[Mapping[str, Any]]) -> list[httpx.Response]:
    way = httpx.ASGITransport(client.app, raise_app_exceptions=False, client=("testclient", 50000))
    async with httpx.AsyncClient(
        transport=way,
        base_url=client.base_url,
        headers=client.headers,
        cookies=client.cookies,
        trust_env=False,
    ) as direct:
        return [await direct.request(**each) for each in requests]

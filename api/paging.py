"""The address of the next page, for the header ``Link`` (RFC 8288) and for members of answers."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request


def next_address(request: Request, after: str) -> str:
    """Return the address, path and query, of the page behind ``after``."""
    address = request.url.include_query_params(after=after)
    return f"{quote(address.path)}?{address.query}"


def next_link(address: str) -> dict[str, str]:
    """Return the header that leads to the next page."""
    return {"Link": f'<{address}>; rel="next"'}

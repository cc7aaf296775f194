"""Files as answers."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse

from api.caching import matches


def send_file(
    request: Request,
    file: Path,
    media_type: str,
    *,
    name: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Send a file, or say that the caller has it already.

    Parameters
    ----------
    request : Request
        What was asked.
    file : pathlib.Path
        The file; it is there.
    media_type : str
        What it holds.
    name : str, optional
        The name to save it under; without one it is shown.
    headers : dict, optional
        Further headers.
    """
    response = FileResponse(file, media_type=media_type, stat_result=file.stat(), filename=name)
    response.headers["Cache-Control"] = "no-cache"  # keep it, but ask each time
    response.headers.update(headers or {})
    if matches(request.headers.get("If-None-Match", ""), response.headers["ETag"]):
        return NotModifiedResponse(response.headers)
    return response

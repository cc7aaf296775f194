"""The pages, their scripts and styles, and the maps that were drawn: files, for browsers."""

from __future__ import annotations

import mimetypes
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from api.compressing import takes_gzip
from api.context import Context, InContext
from api.map_files import KINDS, find_map
from api.parameters import TEXT, CheckId, NoParameters
from api.sending import send_file
from gisgov.errors import AssetsMissing

router = APIRouter(include_in_schema=False)

_FILES = {
    "/": "index.html",
    "/docs": "docs.html",
    "/check": "check.html",
    "/sign-in": "sign-in.html",
    "/account": "account.html",
    "/accounts": "accounts.html",
    "/jobs": "jobs.html",
    "/planner": "planner.html",
    "/planner/publication": "publication.html",
    "/events": "events.html",
    "/analysis": "analysis.html",
    "/admin": "admin.html",
    "/about": "about.html",
}
ADDRESSES = tuple(_FILES)
"""Where pages are; below some of them stands one for each of many names."""

_FOLDERS = ("/checks/", "/jobs/", "/analysis/", "/admin/")  # one page for each of their names

_NOT_BUILT = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>gisgov</title>
<h1>页面尚未构建 <small lang="en">The pages are not built yet</small></h1>
<p>请在项目目录运行 <code>make web</code>，再刷新本页。接口不受影响：
见 <a href="/openapi.json">/openapi.json</a>。
<p lang="en">Run <code>make web</code> in the project folder and reload this page. The API works without it:
see <a href="/openapi.json">/openapi.json</a>.
</html>
"""


def is_page(path: str) -> bool:
    """Tell whether a page is shown at a path."""
    return path in _FILES or path.startswith(_FOLDERS)


@router.get("/")
@router.get("/docs")
@router.get("/check")
@router.get("/account")
@router.get("/accounts")
@router.get("/jobs")
@router.get("/planner")
@router.get("/planner/publication")
@router.get("/events")
@router.get("/analysis")
@router.get("/admin")
@router.get("/about")
def page(context: InContext, request: Request, _: Annotated[NoParameters, Query()]) -> Response:
    """Show a page, or say how to build it."""
    return _shown(context, request, _FILES[request.url.path])


class SignInParameters(NoParameters):
    """What leads to the sign-in page: where to go on to, why a sign-on failed. The page's script reads it."""

    next: str | None = Field(default=None, max_length=2000)
    problem: str | None = Field(default=None, max_length=TEXT)
    left: str | None = Field(default=None, max_length=TEXT)


@router.get("/sign-in")
def page_of_sign_in(
    context: InContext, request: Request, _: Annotated[SignInParameters, Query()]
) -> Response:
    """Show the page where people sign in, and come back to from another sign-on."""
    return _shown(context, request, _FILES["/sign-in"])


@router.get("/checks/{id}")
def page_of_check(
    context: InContext,
    request: Request,
    check: CheckId,  # noqa: ARG001 - the page asks for it itself
    _: Annotated[NoParameters, Query()],
) -> Response:
    """Show the page of a check: its progress, then what it found."""
    return _shown(context, request, _FILES["/check"])


@router.get("/jobs/{id}")
def page_of_job(
    context: InContext,
    request: Request,
    job: CheckId,  # noqa: ARG001 - the page asks for it itself
    _: Annotated[NoParameters, Query()],
) -> Response:
    """Show the page of jobs with one of them opened."""
    return _shown(context, request, _FILES["/jobs"])


PageName = Annotated[str, PathParameter(max_length=80, pattern="^[a-z-]+$")]


@router.get("/analysis/{question}")
def page_of_question(
    context: InContext,
    request: Request,
    question: PageName,  # noqa: ARG001 - the page knows its questions
    _: Annotated[NoParameters, Query()],
) -> Response:
    """Show the page of a manager's question."""
    return _shown(context, request, _FILES["/analysis"])


@router.get("/admin/{subject}")
def page_of_subject(
    context: InContext,
    request: Request,
    subject: PageName,  # noqa: ARG001 - the page knows its subjects
    _: Annotated[NoParameters, Query()],
) -> Response:
    """Show the page of something that administrators keep."""
    return _shown(context, request, _FILES["/admin"])


def _shown(context: Context, request: Request, name: str) -> Response:
    file = context.assets / "pages" / name
    if not file.is_file():
        return HTMLResponse(_NOT_BUILT, status_code=503)
    return send_file(request, file, "text/html; charset=utf-8")


@router.get("/favicon.ico")
def favicon(context: InContext, request: Request) -> Response:
    """Give the icon that browsers ask for unasked."""
    return asset(context, request, "icon.svg")


@router.get("/static/{path:path}")
def asset(context: InContext, request: Request, path: str) -> Response:
    """Give a script, a style or an image of the pages."""
    if not context.assets.is_dir():
        raise AssetsMissing("The web assets were not built.", hint="Run `make web` in the project folder.")
    folder = context.assets.resolve()
    file = (folder / path.replace("\0", "?")).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        raise HTTPException(404)
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if not path.startswith("assets/"):
        return send_file(request, file, media_type)
    # what stands under its hash never changes: browsers need not ask for it again
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    packed = file.with_name(f"{file.name}.gz")
    if takes_gzip(request.headers.get("Accept-Encoding", "")) and packed.is_file():
        return send_file(request, packed, media_type, headers={**headers, "Content-Encoding": "gzip"})
    return send_file(request, file, media_type, headers=headers)


@router.get("/maps/{name}")
def map_file(context: InContext, request: Request, name: str) -> Response:
    """Give a map that was drawn."""
    file = find_map(context.maps, name)
    if file is None:
        raise HTTPException(404)
    return send_file(request, file, KINDS[file.suffix])

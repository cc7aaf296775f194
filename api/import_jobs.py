"""Requests that become jobs: a file taken in, or something to be done without one."""

from __future__ import annotations

from collections.abc import Collection

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from api.context import Context
from api.import_requests import FILE, ImportForm, read_import
from api.job_infos import ADDRESS, JobInfo, info_of
from api.job_requests import drafted, put_in
from gisgov.files.formats import Format
from gisgov.services.days import parse_day
from gisgov.services.jobs import Job
from gisgov.services.layers import show_layer
from gisgov.types import Json


async def taken_in(
    context: Context,
    request: Request,
    response: Response,
    model: type[ImportForm],
    kind: str,
    *,
    formats: Collection[Format] = tuple(Format),
    files: tuple[str, ...] = (FILE,),
) -> JobInfo:
    """Take a form with files in as a job, and answer it.

    Parameters
    ----------
    context, request, response
        Of the route.
    model : type of ImportForm
        The fields of the form.
    kind : str
        Kind of the job.
    formats : collection of Format
        What the first file may be.
    files : tuple of str
        Names of the fields that are files.
    """
    async with drafted(context) as draft:
        asked, inputs = await read_import(context, request, draft, model, formats=formats, files=files)
        layer = getattr(asked, "layer", None)
        if layer is not None:
            today = parse_day(None, context.timezone)
            await run_in_threadpool(show_layer, context.database, layer, at=today)  # it must be there
        parameters: Json = {"request": asked.model_dump(mode="json", exclude_none=True), "place": "body"}
        job = await put_in(
            context, draft, kind=kind, title=inputs[FILE].given, parameters=parameters, inputs=inputs
        )
    return _told(context, response, job)


async def begun(context: Context, response: Response, kind: str, title: str, asked: Json) -> JobInfo:
    """Put a job in that takes no file, and answer it."""
    async with drafted(context) as draft:
        parameters: Json = {"request": asked, "place": "body"}
        job = await put_in(context, draft, kind=kind, title=title, parameters=parameters)
    return _told(context, response, job)


def _told(context: Context, response: Response, job: Job) -> JobInfo:
    response.headers.update({"Location": f"{ADDRESS}{job.id}", "Retry-After": "1"})
    return info_of(job, context.jobs)

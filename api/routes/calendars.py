"""Working calendars: those that there are, one with its days, and bringing one in."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.context import Context, InContext
from api.documents import media_type_of
from api.import_requests import TABLES, form_body, stored_name
from api.json_bodies import refuse, valid
from api.parameters import TEXT, NoParameters
from api.problems import UNSUPPORTED_MEDIA, Refusal, error_responses
from api.uploads import read_form
from gisgov.errors import FileError, GisgovError
from gisgov.services.check_jobs import in_given_names, refuse_wrong_files
from gisgov.services.jobs import Input
from gisgov.services.limits import (
    CalendarDetail,
    CalendarInfo,
    import_calendar,
    list_calendars,
    show_calendar,
)

router = APIRouter(prefix="/v1/calendars", tags=["policies"])

HOURS, DAYS = "hours", "days"
_DOCUMENTS = (".yaml", ".yml", ".toml")
_MOST_BYTES = 2_000_000
_READ = error_responses(401, 403, 404, 422, 429, 503)
_CHANGE = error_responses(401, 403, 409, 413, 415, 422, 429, 503)

Name = Annotated[str, Path(max_length=TEXT, description="Name of the calendar.", examples=["office-hours"])]


class CalendarForm(NoParameters):
    """A calendar, in the words of the options of ``gisgov import calendar``."""

    dry_run: bool = Field(False, description="Say what the calendar would be, and change nothing.")


@router.get("", summary="Working calendars", responses=_READ)
def calendars(context: InContext, _: Annotated[NoParameters, Query()]) -> list[CalendarInfo]:
    """List the calendars that working hours and working days are counted in."""
    return list(list_calendars(context.database))


@router.get("/{calendar:name}", summary="One calendar", responses=_READ)
def one_calendar(context: InContext, calendar: Name, _: Annotated[NoParameters, Query()]) -> CalendarDetail:
    """Show a calendar with the days that differ from their weekday."""
    return show_calendar(context.database, calendar)


@router.post(
    "",
    summary="Bring a calendar in",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=form_body(CalendarForm, HOURS, DAYS),
)
async def bring_in(
    context: InContext, request: Request, _: Annotated[NoParameters, Query()]
) -> CalendarDetail:
    """Bring a calendar in, or another text of one, as `gisgov import calendar` does.

    `hours` is YAML or TOML, `days` a table with the columns day, is_working and perhaps title; a wrong row
    refuses it whole. Limits that run keep their moments.
    """
    media_type = media_type_of(request)
    if media_type != "multipart/form-data":
        raise Refusal(
            UNSUPPORTED_MEDIA,
            f"A calendar is not brought in by {media_type or 'a body without Content-Type'}.",
            hint="Send multipart/form-data with the files `hours` and `days`.",
        )
    with tempfile.TemporaryDirectory(prefix="gisgov-calendar-") as folder:
        return await _brought_in(context, request, FilePath(folder))


async def _brought_in(context: Context, request: Request, folder: FilePath) -> CalendarDetail:
    form = await read_form(request, folder, files=(HOURS, DAYS), store_as=_stored, most_bytes=_MOST_BYTES)
    asked = valid(CalendarForm, {name: text for name, text in form.texts if text.strip()}, what="a calendar")
    inputs = {name: Input(one.stored, one.given) for name, one in form.files}
    if HOURS not in inputs:
        refuse([("body", HOURS, "give the file with the hours of the week")])
    tables = {name: one for name, one in inputs.items() if name == DAYS}
    await run_in_threadpool(refuse_wrong_files, folder, tables)
    days = folder / tables[DAYS].stored if tables else None
    hours = folder / inputs[HOURS].stored
    try:
        return await run_in_threadpool(import_calendar, context.database, hours, days, dry_run=asked.dry_run)
    except GisgovError as error:
        error.message = in_given_names(error.message, inputs, folder)
        raise


def _stored(name: str, given: str) -> str:
    if name == DAYS:
        return stored_name(name, given, TABLES)
    suffix = FilePath(given).suffix.lower()
    if suffix not in _DOCUMENTS:
        raise FileError(
            f"{given} has the suffix {suffix or '(none)'}, which no hours of the week come in.",
            hint=f"Known suffixes: {' '.join(_DOCUMENTS)}.",
            field=name,
        )
    return f"upload-{name}{suffix}"

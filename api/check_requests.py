"""What a request for a check asks: a form with files, or a plan in the address or in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.context import Context
from api.json_bodies import read_json, refuse, valid
from api.parameters import TEXT, PlanCheckParameters, ToleranceParameters
from api.problems import UNSUPPORTED_MEDIA, Refusal
from api.uploads import Form, Upload, read_form, read_whole
from gisgov.services.check_jobs import FILE, PARENTS, SCOPE, CheckQuestion, refuse_wrong_files, stored_name
from gisgov.services.checking import ToleranceChoice
from gisgov.services.days import parse_day
from gisgov.services.jobs import Draft, Input
from gisgov.services.plans import show_plan
from gisgov.types import Json

_MOST_JSON_BYTES = 65_536
_FILES = (FILE, SCOPE, PARENTS)
_OF_FILES = (
    "crs",
    "file_layer",
    "code_field",
    "parent_field",
    "parents_layer",
    "parents_crs",
    "parents_code_field",
    "overlay",
)
_TOLERANCES = tuple(ToleranceParameters.model_fields)


class CheckForm(PlanCheckParameters):
    """The fields of a form besides its files; their names are those of the options of ``gisgov check``."""

    crs: str | None = Field(
        None,
        max_length=TEXT,
        description="System of `file`, where it does not state it: wgs84, cgcs2000, gcj02, bd09 or an EPSG "
        "code.",
    )
    file_layer: str | None = Field(None, max_length=TEXT, description="Layer of `file`, if it has several.")
    code_field: str | None = Field(None, max_length=TEXT, description="Field of `file` with the codes.")
    parent_field: str | None = Field(
        None, max_length=TEXT, description="Field of `file` that names the parent of each area."
    )
    scope_layer: str | None = Field(None, max_length=TEXT, description="Layer of the scope file.")
    scope_crs: str | None = Field(None, max_length=TEXT, description="System of the scope file.")
    parents_layer: str | None = Field(None, max_length=TEXT, description="Layer of the parents' file.")
    parents_crs: str | None = Field(None, max_length=TEXT, description="System of the parents' file.")
    parents_code_field: str | None = Field(
        None, max_length=TEXT, description="Field of the parents' file with their codes."
    )
    overlay: bool = Field(False, description="The areas need not cover anything: gaps are no defects.")


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """A request that was understood.

    Attributes
    ----------
    question : CheckQuestion
        What is asked.
    inputs : dict
        The files, by the name of their field.
    title : str
        What it is about.
    place : str
        Part of the request that the question stood in: ``query`` or ``body``.
    size_bytes : int
        Size of the files.
    """

    question: CheckQuestion
    inputs: dict[str, Input]
    title: str
    place: str
    size_bytes: int = 0


def request_body() -> Json:
    """Return the description of the body for OpenAPI."""
    form = CheckForm.model_json_schema()
    files = {
        FILE: "The areas: GeoPackage, GeoJSON, zipped Shapefile, GeoParquet, FlatGeobuf or KML.",
        SCOPE: "What they are to cover: a file with an outline or areas; for a plan also an area's code.",
        PARENTS: "A file with the areas that each is to lie in.",
    }
    properties = {name: {"type": "string", "format": "binary", "description": files[name]} for name in _FILES}
    form["properties"] = {**form["properties"], **properties}
    plan = PlanCheckParameters.model_json_schema()
    return {
        "requestBody": {
            "content": {
                "multipart/form-data": {"schema": {**form, "title": "CheckForm"}},
                "application/json": {"schema": {**plan, "title": "PlanCheck"}},
            }
        }
    }


async def read_check(
    context: Context, request: Request, query: PlanCheckParameters, draft: Draft
) -> CheckRequest:
    """Read a request for a check; its files go to the draft.

    Raises
    ------
    Refusal
        The body is of another kind, too large or cut off.
    RequestValidationError
        A field is missing, unknown or cannot be read, or fields contradict each other.
    FileError
        A file is empty, truncated or of a kind that is not read.
    NotFoundError
        There is no such plan.
    """
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        asked = await _read_form(context, request, query, draft)
    elif media_type == "application/json":
        document = await read_json(request, most_bytes=_MOST_JSON_BYTES)
        refuse(("query", name, "the body asks already") for name in query.model_fields_set)
        asked = _of_plan(context, valid(PlanCheckParameters, document, what="a check"), "body")
    elif await read_whole(request, most_bytes=_MOST_JSON_BYTES):
        raise Refusal(
            UNSUPPORTED_MEDIA,
            f"A check is not asked for in {media_type or 'a body without Content-Type'}.",
            hint="Send multipart/form-data with a file, application/json with a plan, or ?plan=NAME.",
        )
    else:
        asked = _of_plan(context, query, "query")
    if asked.question.plan is not None:
        await run_in_threadpool(show_plan, context.database, asked.question.plan)  # it must be there
    return asked


async def _read_form(
    context: Context, request: Request, query: PlanCheckParameters, draft: Draft
) -> CheckRequest:
    refuse(("query", name, "put it into the form") for name in query.model_fields_set)
    form = await read_form(
        request,
        draft.inputs,
        files=_FILES,
        store_as=stored_name,
        most_bytes=context.settings.upload_max_mb * 1_000_000,
    )
    fields = _texts_of(form)
    uploads = dict(form.files)
    asked = valid(CheckForm, fields, what="a check")
    _refuse_contradictions(asked, uploads)
    inputs = {name: Input(one.stored, one.given) for name, one in uploads.items()}
    await run_in_threadpool(refuse_wrong_files, draft.inputs, inputs)
    values = {
        name: getattr(asked, name) for name in CheckForm.model_fields if name not in (*_TOLERANCES, "at")
    }
    question = CheckQuestion(
        **values,
        at=None if asked.at is None else parse_day(asked.at, context.timezone),
        tolerances=_tolerances(asked),
    )
    title = uploads[FILE].given if FILE in uploads else question.plan or ""
    return CheckRequest(question, inputs, title, "body", sum(one.size_bytes for one in uploads.values()))


def _of_plan(context: Context, asked: PlanCheckParameters, place: str) -> CheckRequest:
    if asked.plan is None:
        refuse([(place, "plan", "give the name of a plan, or send a form with a file")])
    question = CheckQuestion(
        plan=asked.plan,
        at=None if asked.at is None else parse_day(asked.at, context.timezone),
        scope=asked.scope,
        tolerances=_tolerances(asked),
    )
    return CheckRequest(question, {}, asked.plan or "", place)


def _tolerances(asked: ToleranceParameters) -> ToleranceChoice:
    return ToleranceChoice(**{name: getattr(asked, name) for name in _TOLERANCES})


def _texts_of(form: Form) -> dict[str, str]:
    """Return the texts of a form; a field that was left empty was not filled in."""
    given = [(name, text.strip()) for name, text in form.texts if text.strip()]
    names = [name for name, _ in given] + [name for name, _ in form.files]
    refuse(("body", name, "give it once") for name in dict.fromkeys(names) if names.count(name) > 1)
    refuse(("body", name, "it holds a NUL character") for name, text in given if "\0" in text)
    refuse(("body", name, "it is to be a file") for name, _ in given if name in (FILE, PARENTS))
    return dict(given)


def _refuse_contradictions(asked: CheckForm, uploads: Mapping[str, Upload]) -> None:
    if asked.plan is None and FILE not in uploads:
        refuse([("body", FILE, "give a file with areas, or the name of a plan")])
    if asked.plan is not None:
        of_files = [name for name in _OF_FILES if name in asked.model_fields_set]
        wrong = [*of_files, *(name for name in (FILE, PARENTS) if name in uploads)]
        refuse(("body", name, "it is not for a plan") for name in wrong)
    else:
        refuse(
            ("body", name, reason)
            for name, reason in (("at", "it is for plans"), ("scope", "the scope of a file is a file"))
            if getattr(asked, name) is not None
        )

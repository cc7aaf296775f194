"""Forms that bring a file in: the words of the commands' options, and the file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, Field
from starlette.concurrency import run_in_threadpool

from api.context import Context
from api.json_bodies import in_one_piece, refuse, valid
from api.parameters import TEXT, NoParameters
from api.problems import UNSUPPORTED_MEDIA, Refusal
from api.uploads import Form, read_form
from gisgov.errors import FileError
from gisgov.files.formats import SUFFIXES, VECTOR_FORMATS, Format
from gisgov.services.check_jobs import refuse_wrong_files
from gisgov.services.importing.area_parents import ParentBy
from gisgov.services.jobs import Draft, Input
from gisgov.services.registers.category_report import Absent
from gisgov.types import Json

FILE, SCOPE = "file", "scope"
TABLES = (Format.EXCEL, Format.TEXT_TABLE, Format.PARQUET)

_Text = Annotated[str | None, Field(max_length=TEXT)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class ImportForm(NoParameters):
    """What all imports take."""

    strict: bool = Field(False, description="Import nothing if any row has a problem.")
    dry_run: bool = Field(False, description="Say what would be done, and change nothing.")


class AreasForm(ImportForm):
    """An import of areas, in the words of the options of ``gisgov import areas``."""

    layer: str = Field(max_length=TEXT, description="Layer that the areas are of.")
    crs: _Text = Field(None, description="System of the file, where it does not state it.")
    file_layer: _Text = Field(None, description="Layer of the file, if it has several.")
    code_field: Annotated[list[str], BeforeValidator(_listed)] = Field(
        [], max_length=10, description="Field of the code; given several times, they are joined by `-`."
    )
    name_field: _Text = Field(None, description="Field of the name.")
    parent_field: _Text = Field(None, description="Field of the code of the area above.")
    parent_by: ParentBy = Field(ParentBy.AUTO, description="How the area above is found.")
    parent_plan: _Text = Field(None, description="Plan of the areas above.")
    population_field: _Text = Field(None, description="Field of the number of people.")
    households_field: _Text = Field(None, description="Field of the number of households.")
    scope: _Text = Field(None, description="Ground that the plan covers: code of an area, or a file.")
    scope_code: _Text = Field(None, description="Code of the area that the outline in a file is of.")
    plan: _Text = Field(None, description="Name of the plan.")
    author: _Text = Field(None, description="Who made the plan.")
    merge_parts: bool = Field(False, description="Join rows of one code and name to one area.")
    add: bool = Field(False, description="Add areas to a draft that exists.")
    publish: bool = Field(False, description="Put the plan into force; needs `valid_from`.")
    valid_from: date | None = Field(None, description="First day in force.")
    accept_defects: _Text = Field(None, description="Why it is published although it has defects.")


class PointsForm(ImportForm):
    """What imports of events and of buildings take."""

    crs: _Text = Field(None, description="System of the file, where it does not state it.")
    file_layer: _Text = Field(None, description="Layer or sheet of the file, if it has several.")
    lon_field: _Text = Field(None, description="Column of the longitude or easting.")
    lat_field: _Text = Field(None, description="Column of the latitude or northing.")
    id_field: _Text = Field(None, description="Column of the id by which a second import updates.")
    source: _Text = Field(None, description="Where they come from; ids are unique within a source.")
    source_field: _Text = Field(None, description="Column of the source.")


class EventsForm(PointsForm):
    """An import of events, in the words of the options of ``gisgov import events``."""

    time_field: _Text = Field(None, description="Column of the time at which it happened.")
    time_format: _Text = Field(None, description="How times are written, as strptime has it.")
    category_field: _Text = Field(None, description="Column of the category.")
    level_field: _Text = Field(None, description="Column of the level.")
    state_field: _Text = Field(None, description="Column of the state.")
    description_field: _Text = Field(None, description="Column of the description.")


class BuildingsForm(PointsForm):
    """An import of buildings, in the words of the options of ``gisgov import buildings``."""

    name_field: _Text = Field(None, description="Column of the name.")
    floors_field: _Text = Field(None, description="Column of the number of floors.")
    households_field: _Text = Field(None, description="Column of the number of households.")
    population_field: _Text = Field(None, description="Column of the number of people.")
    use_field: _Text = Field(None, description="Column of the use.")
    built_year_field: _Text = Field(None, description="Column of the year in which it was built.")


class StaffForm(ImportForm):
    """An import of staff posts, in the words of the options of ``gisgov import staff``."""

    layer: str = Field(max_length=TEXT, description="Layer whose areas are served.")
    sheet: _Text = Field(None, description="Sheet of a workbook, if it has several.")
    area_field: _Text = Field(None, description="Column of the area's code.")
    role_field: _Text = Field(None, description="Column of the role.")
    holder_field: _Text = Field(None, description="Column of the holder's name.")
    from_field: _Text = Field(None, description="Column of the first day in the post.")
    to_field: _Text = Field(None, description="Column of the first day no longer in it.")
    phone_field: _Text = Field(None, description="Column of the phone.")
    deputy_field: _Text = Field(None, description="Column of the holder that a deputy stands in for.")


class DepartmentsForm(ImportForm):
    """An import of departments, in the words of the options of ``gisgov import departments``."""

    sheet: _Text = Field(None, description="Sheet of a workbook, if it has several.")
    source: _Text = Field(None, description="Where they come from. Default: the name of the file.")
    code_field: _Text = Field(None, description="Column of the code.")
    title_field: _Text = Field(None, description="Column of the title.")
    title_en_field: _Text = Field(None, description="Column of the title in English.")


class CategoriesForm(DepartmentsForm):
    """An import of the register, in the words of the options of ``gisgov import categories``."""

    function_field: _Text = Field(None, description="Column of the function.")
    group_field: _Text = Field(None, description="Column of the group within the function.")
    kind_field: _Text = Field(None, description="Column of the kind: event or component.")
    level_field: _Text = Field(None, description="Column of the level.")
    department_field: _Text = Field(None, description="Column of the department, by code or title.")
    limits_field: _Text = Field(None, description="Column of the limits of time.")
    layers_field: _Text = Field(None, description="Column of the layers by level.")
    example_field: _Text = Field(None, description="Column of the mark of examples.")
    absent: Absent = Field(
        Absent.STAY, description="What becomes of items in force that the file does not name."
    )
    reason: _Text = Field(None, description="Why it is proposed.")


class AssignmentsForm(ImportForm):
    """An import of assignments, in the words of the options of ``gisgov import assignments``."""

    plan: str = Field(max_length=TEXT, description="The draft.")
    sheet: _Text = Field(None, description="Sheet of a workbook, if it has several.")
    block_field: _Text = Field(None, description="Column of the block's code.")
    area_field: _Text = Field(None, description="Column of the area's code.")
    others: Literal["stay", "unassigned"] = Field(
        "stay", description="What becomes of blocks that the file does not name."
    )
    seen: int | None = Field(None, ge=0, description="Revision of the draft that was seen.")


def form_body(model: type[BaseModel], *files: str) -> Json:
    """Return the description of a form with files for OpenAPI; the first file is needed."""
    schema = in_one_piece(model)
    binary = {"type": "string", "format": "binary"}
    schema["properties"] = {
        **schema["properties"],
        **{name: {**binary, "description": f"The file ({name})."} for name in files},
    }
    schema["required"] = [*schema.get("required", ()), files[0]]
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


async def read_import(
    context: Context,
    request: Request,
    draft: Draft,
    model: type[ImportForm],
    *,
    formats: Collection[Format],
    files: tuple[str, ...] = (FILE,),
) -> tuple[ImportForm, dict[str, Input]]:
    """Read a form that brings a file in; its files go to the draft.

    Raises
    ------
    Refusal
        The body is no form, too large or cut off.
    RequestValidationError
        A field is missing, unknown or cannot be read.
    FileError
        A file is empty, truncated or of a kind that is not read.
    """
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "multipart/form-data":
        raise Refusal(
            UNSUPPORTED_MEDIA,
            f"A file is not brought in by {media_type or 'a body without Content-Type'}.",
            hint="Send multipart/form-data with the file in the field `file`.",
        )
    form = await read_form(
        request,
        draft.inputs,
        files=files,
        store_as=lambda name, given: stored_name(name, given, formats if name == FILE else VECTOR_FORMATS),
        most_bytes=context.settings.upload_max_mb * 1_000_000,
    )
    asked = valid(model, _texts_of(form), what="this import")
    inputs = {name: Input(one.stored, one.given) for name, one in form.files}
    if FILE not in inputs:
        refuse([("body", FILE, "give the file to bring in")])
    _refuse_contradictions(asked, inputs)
    await run_in_threadpool(refuse_wrong_files, draft.inputs, inputs)
    return asked, inputs


def stored_name(name: str, given: str, formats: Collection[Format]) -> str:
    """Return the name under which the file of a field is stored; of the given one a known suffix is kept.

    Raises
    ------
    FileError
        The suffix is of no file that can be brought in.

    Examples
    --------
    >>> stored_name("file", "../事件 2026.CSV", [Format.TEXT_TABLE])
    'upload-file.csv'
    """
    suffix = Path(given).suffix.lower()
    if not set(SUFFIXES.get(suffix, ())) & set(formats):
        known = " ".join(sorted(one for one in SUFFIXES if set(SUFFIXES[one]) & set(formats)))
        raise FileError(
            f"{given} has the suffix {suffix or '(none)'}, which is not read here.",
            hint=f"Known suffixes: {known}.",
            field=name,
        )
    return f"upload-{name}{suffix}"


def _texts_of(form: Form) -> dict[str, Any]:
    """Return the texts of a form; an empty field was not filled in, and ``code_field`` may come often."""
    given = [(name, text.strip()) for name, text in form.texts if text.strip()]
    names = [name for name, _ in given] + [name for name, _ in form.files]
    often = [name for name in dict.fromkeys(names) if names.count(name) > 1 and name != "code_field"]
    refuse(("body", name, "give it once") for name in often)
    refuse(("body", name, "it holds a NUL character") for name, text in given if "\0" in text)
    refuse(("body", name, "it is to be a file") for name, _ in given if name == FILE)
    texts: dict[str, Any] = dict(given)
    codes = [text for name, text in given if name == "code_field"]
    return {**texts, "code_field": codes} if len(codes) > 1 else texts


def _refuse_contradictions(asked: ImportForm, inputs: dict[str, Input]) -> None:
    if not isinstance(asked, AreasForm):
        return
    if asked.publish != (asked.valid_from is not None):
        refuse([("body", "valid_from", "it goes with `publish`")])
    if asked.accept_defects is not None and not asked.publish:
        refuse([("body", "accept_defects", "it goes with `publish`")])
    if asked.publish and asked.dry_run:
        refuse([("body", "dry_run", "publishing cannot be tried")])
    if asked.scope_code is not None and SCOPE not in inputs:
        refuse([("body", "scope_code", "it goes with the file `scope`")])

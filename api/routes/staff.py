"""Staff posts: who serves areas, what is vacant, who comes and who leaves."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field

from api.context import InContext
from api.json_bodies import described, sent
from api.parameters import TEXT, DayParameters, LayerName, NoParameters
from api.problems import error_responses
from gisgov.services.days import parse_day
from gisgov.services.staffing.appointing import Appointment, appoint, change_post, remove_post
from gisgov.services.staffing.figures import layer_posts, posts_table
from gisgov.services.staffing.posts import StaffPostInfo, list_posts
from gisgov.services.staffing.vacancies import Vacancies, list_vacancies
from gisgov.services.statistics.figure_tables import FORMS

router = APIRouter(prefix="/v1", tags=["staff"])

PostId = Annotated[int, Path(ge=1, le=2**31 - 1, description="Id of the post.", examples=[17])]
_READ = error_responses(401, 403, 404, 422, 429, 503)
_CHANGE = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)


class StaffParameters(DayParameters):
    """Parameters of the posts of a layer."""

    area: str | None = Field(default=None, max_length=TEXT, description="Code of one area alone.")


class VacancyParameters(DayParameters):
    """Parameters of the vacancies of a layer."""

    format: Literal["json", "csv", "xlsx"] = Field(
        default="json", description="`csv` and `xlsx` are tables of all areas, with and without vacancies."
    )
    language: Literal["zh", "en"] = Field(default="zh", description="Of the headings of a table.")


class PostChanges(NoParameters):
    """What becomes of a post; what is not given stays."""

    holder: str = Field("", max_length=TEXT, description="Who holds it, written right.")
    valid_from: date | None = Field(None, description="First day in the post; null: open.")
    valid_to: date | None = Field(
        None, description="First day no longer in it, which ends the post; null: open."
    )
    phone: str | None = Field(None, max_length=TEXT, description="How the holder is reached; null: none.")


class PostBody(NoParameters):
    """Somebody who is to serve an area."""

    area_code: str = Field(max_length=TEXT, description="Code of the area.", examples=["440305001001"])
    role: str = Field(max_length=TEXT, description="A role of the layer's formula.", examples=["网格长"])
    holder: str = Field(max_length=TEXT, description="Who.", examples=["邓志辉"])
    valid_from: date | None = Field(None, description="First day in the post; null: open.")
    valid_to: date | None = Field(None, description="First day no longer in it; null: open.")
    phone: str | None = Field(None, max_length=TEXT, description="How the holder is reached.")
    deputy_for: int | None = Field(
        None, ge=1, le=2**31 - 1, description="Id of the post that they stand in for, as a deputy."
    )


@router.get("/layers/{layer:name}/staff", summary="Staff posts of a layer", responses=_READ)
def posts(
    context: InContext, layer: LayerName, query: Annotated[StaffParameters, Query()]
) -> list[StaffPostInfo]:
    """List who serves the areas of a layer on a day, with their deputies.

    Phones are shown of posts in the areas where a role is held.
    """
    day = parse_day(query.at, context.timezone)
    return list(list_posts(context.database, layer, at=day, area=query.area))


@router.get(
    "/layers/{layer:name}/vacancies",
    summary="Vacancies of a layer",
    response_model=Vacancies,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in FORMS.values()}}, **_CHANGE},
)
def vacancies(
    context: InContext, layer: LayerName, query: Annotated[VacancyParameters, Query()]
) -> Vacancies | Response:
    """Hold the posts of all areas of a layer on a day against its staffing formula."""
    day = parse_day(query.at, context.timezone)
    found = list_vacancies(context.database, layer, at=day)
    if query.format == "json":
        return found
    body = posts_table(layer_posts(context.database, layer, at=day), query.language).file(query.format)
    name = f'attachment; filename="vacancies.{query.format}"'
    return Response(body, headers={"Content-Disposition": name}, media_type=FORMS[query.format])


@router.post(
    "/layers/{layer:name}/staff",
    summary="Appoint somebody",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=described(PostBody),
)
def add_post(
    context: InContext,
    layer: LayerName,
    body: Annotated[PostBody, Depends(sent(PostBody, "an appointment"))],
    _: Annotated[NoParameters, Query()],
) -> StaffPostInfo:
    """Fill a post of an area, or name a deputy of its holder."""
    asked = Appointment(layer=layer, **body.model_dump())
    return appoint(context.database, asked, today=context.today)


@router.patch(
    "/staff/{id}",
    summary="Change or end a post",
    responses=_CHANGE,
    openapi_extra=described(PostChanges),
)
def edit_post(
    context: InContext,
    id: PostId,  # noqa: A002 - the name in the address
    body: Annotated[PostChanges, Depends(sent(PostChanges, "a change of a post"))],
    _: Annotated[NoParameters, Query()],
) -> StaffPostInfo:
    """Change who holds a post, its dates or its phone; `valid_to` ends it, and its deputies then act."""
    changes: dict[str, Any] = body.model_dump(include=body.model_fields_set)
    return change_post(context.database, id, changes)


@router.delete("/staff/{id}", summary="Remove a post", status_code=204, responses=_CHANGE)
def delete_post(
    context: InContext,
    id: PostId,  # noqa: A002 - the name in the address
    _: Annotated[NoParameters, Query()],
) -> Response:
    """Remove a post that was made by mistake, with its deputies. Whoever leaves has theirs ended instead."""
    remove_post(context.database, id)
    return Response(status_code=204)

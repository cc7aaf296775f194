"""The registers: categories with their permits, and departments."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.context import Context, InContext
from api.job_infos import ADDRESS
from api.job_requests import drafted, put_in
from api.json_bodies import described, sent
from api.parameters import TEXT, DayParameters, NoParameters
from api.problems import error_responses
from gisgov.governance.register import Permit, PermitAct
from gisgov.services.days import parse_day
from gisgov.services.registers.classifying import is_much_to_classify
from gisgov.services.registers.listing import list_categories, list_departments, show_category
from gisgov.services.registers.permitting import give_permits
from gisgov.services.registers.reports import (
    CategoryHistory,
    CategoryInfo,
    DepartmentInfo,
    PermitDecision,
    PermitsGiven,
)
from gisgov.types import Json
from gisgov.work import classifying

router = APIRouter(prefix="/v1", tags=["registers"])

Code = Annotated[str, Path(max_length=TEXT, description="Code of the item.", examples=["C001"])]
_READ = error_responses(401, 403, 404, 422, 429, 503)
_CHANGE = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)
_MOST_CODES = 10_000
_MOST_CLASSIFIED = 10_000
"""So many events that wait for an item get it within the request; for more there is a job."""


class CategoryParameters(DayParameters):
    """Parameters of the items of the register."""

    function: str | None = Field(None, max_length=TEXT, description="Of this function alone.")
    permit: Permit | None = Field(
        None, description="All versions that stand there, instead of those in force on the day."
    )


class PermitBody(NoParameters):
    """A decision about an item."""

    act: PermitAct = Field(description="What is decided.", examples=["approve"])
    version: int | None = Field(
        None, ge=1, le=2**31 - 1, description="Which version. Default: the latest that it can be about."
    )
    day: date | None = Field(None, description="Of enforce and retire: from which day on. Default: today.")
    reason: str | None = Field(None, max_length=TEXT, description="Why.")


class PermitsBody(NoParameters):
    """A decision about many items at once."""

    act: PermitAct = Field(description="What is decided.", examples=["enforce"])
    codes: list[Annotated[str, Field(max_length=TEXT)]] = Field(
        [], max_length=_MOST_CODES, description="Codes of the items; none with `all`."
    )
    all: bool = Field(False, description="All items that wait for it.")
    source: str | None = Field(
        None, max_length=TEXT, description="With `all`: those that came from there alone."
    )
    day: date | None = Field(None, description="Of enforce and retire: from which day on. Default: today.")
    reason: str | None = Field(None, max_length=TEXT, description="Why.")


@dataclass(frozen=True, slots=True)
class PermitsTold(PermitsGiven):
    """What was decided, and the job that gives many events their items.

    Attributes
    ----------
    act, day, categories, closed, classified
        As they are told of every decision.
    job : str or None
        Address of the job; None where there is nothing left to do.
    """

    job: str | None


async def _decide(context: Context, asked: PermitDecision) -> PermitsTold:
    if asked.act is PermitAct.ENFORCE and await run_in_threadpool(
        is_much_to_classify, context.database, _MOST_CLASSIFIED
    ):
        async with drafted(context) as draft:
            given = await run_in_threadpool(_give, context, asked, classifies=False)
            parameters: Json = {"request": {}, "place": "body"}
            title = asked.codes[0] if len(asked.codes) == 1 else asked.source or ""
            job = await put_in(context, draft, kind=classifying.KIND, title=title, parameters=parameters)
        return _told(given, f"{ADDRESS}{job.id}")
    return _told(await run_in_threadpool(_give, context, asked), None)


def _give(context: Context, asked: PermitDecision, *, classifies: bool = True) -> PermitsGiven:
    return give_permits(
        context.database, asked, today=context.today, timezone=context.timezone, classifies=classifies
    )


def _told(given: PermitsGiven, job: str | None) -> PermitsTold:
    return PermitsTold(**{one.name: getattr(given, one.name) for one in fields(PermitsGiven)}, job=job)


@router.get("/categories", summary="Items of the register", responses=_READ)
def categories(context: InContext, query: Annotated[CategoryParameters, Query()]) -> list[CategoryInfo]:
    """List the items in force on a day, or those that wait for a decision."""
    found = list_categories(
        context.database,
        at=parse_day(query.at, context.timezone),
        permit=query.permit,
        function=query.function,
        is_dated=query.at is not None,
    )
    return list(found)


@router.post(
    "/categories/permits",
    summary="Decide about many items",
    responses=_CHANGE,
    openapi_extra=described(PermitsBody),
)
async def give_many(
    context: InContext,
    body: Annotated[PermitsBody, Depends(sent(PermitsBody, "a decision"))],
    _: Annotated[NoParameters, Query()],
) -> PermitsTold:
    """Approve, refuse, put in force or retire items, all of them or none; whole imports with `all`.

    Where many events wait for items that are put in force, they get them by a `job`.
    """
    return await _decide(context, PermitDecision(**{**body.model_dump(), "codes": tuple(body.codes)}))


@router.get("/categories/{code}", summary="All versions of an item", responses=_READ)
def category_history(context: InContext, code: Code, _: Annotated[NoParameters, Query()]) -> CategoryHistory:
    """Return all versions of an item, with who decided what about them, and why."""
    return show_category(context.database, code)


@router.post(
    "/categories/{code}/permit",
    summary="Decide about an item",
    responses=_CHANGE,
    openapi_extra=described(PermitBody),
)
async def give_one(
    context: InContext,
    code: Code,
    body: Annotated[PermitBody, Depends(sent(PermitBody, "a decision"))],
    _: Annotated[NoParameters, Query()],
) -> PermitsTold:
    """Approve an item, refuse it, put it in force from a day on, or retire it.

    What is put in force ends the version before it on the same day, and gives events that name it the item,
    by a `job` where many wait.
    """
    return await _decide(context, PermitDecision(codes=(code,), **body.model_dump()))


@router.get("/departments", summary="The departments", responses=_READ)
def departments(context: InContext, query: Annotated[DayParameters, Query()]) -> list[DepartmentInfo]:
    """List the departments by code, with how many items in force on a day each answers for."""
    return list(list_departments(context.database, at=parse_day(query.at, context.timezone)))

"""Buildings in lists: by what they are called, where they lie and how they are rated; whose class changed."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.context import InContext
from api.paging import next_address, next_link
from api.parameters import TEXT, DayParameters, NoParameters, parse_bbox
from api.problems import error_responses
from gisgov.errors import InputError
from gisgov.services.building_lists import BuildingFilter, BuildingInfo, BuildingSort, list_buildings
from gisgov.services.class_changes import ClassChanges, class_changes
from gisgov.services.days import parse_day

router = APIRouter(prefix="/v1", tags=["risk"])

MOST_IDS: Final = 1_000
"""Most ids that one request may name."""

_READ = error_responses(401, 403, 404, 422, 429, 503)


class BuildingListParameters(DayParameters):
    """Parameters of the list of buildings."""

    q: str | None = Field(
        default=None,
        max_length=TEXT,
        description="What a code, a name or an address holds. Buildings whose code begins so come first, "
        "then those whose name does, then the others.",
        examples=["449901001"],
    )
    layer: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Layer of the area that is asked about, of whatever level.",
        examples=["grid"],
    )
    area: str | None = Field(default=None, max_length=TEXT, description="Code of that area.")
    risk_class: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Classes, separated by commas: `safe`, `general`, `warning`, `unclassified`, which takes "
        "in what was never rated.",
        examples=["warning"],
    )
    use: str | None = Field(default=None, max_length=TEXT, description="Uses, separated by commas.")
    bbox: str | None = Field(
        default=None,
        max_length=120,
        description="West,south,east,north in degrees (WGS84).",
        examples=["113.7,22.4,114.7,22.9"],
    )
    ids: str | None = Field(
        default=None,
        max_length=20 * MOST_IDS,
        description=f"Ids, separated by commas, {MOST_IDS:,} at most: those that features of tiles have.",
        examples=["17,18"],
    )
    sort: BuildingSort = Field(
        default="code", description="`code`, or `points`: those with most points of risk come first."
    )
    limit: int = Field(default=100, ge=1, le=1000, description="Most buildings on the page.")
    after: str | None = Field(
        default=None,
        max_length=4 * TEXT,
        description="Where the page before ended. The header `Link` has the whole address of the next page.",
    )

    def asked(self) -> BuildingFilter:
        """Return the filter."""
        return BuildingFilter(
            text=self.q,
            layer=self.layer,
            area=self.area,
            classes=words_of(self.risk_class),
            uses=words_of(self.use),
            bbox=parse_bbox(self.bbox),
            ids=None if self.ids is None else _ids(self.ids),
        )


@router.get("/buildings", summary="Buildings", responses=_READ)
def building_list(
    context: InContext,
    request: Request,
    response: Response,
    query: Annotated[BuildingListParameters, Query()],
) -> list[BuildingInfo]:
    """List buildings, page by page; those that you may not see are left out.

    With `at=` the class is that of the end of the day, and an area that of its plans; what a building is
    itself, and which areas own it, is as it is now.
    """
    page = list_buildings(
        context.database,
        query.asked(),
        sort=query.sort,
        at=parse_day(query.at, context.timezone),
        today=context.today,
        timezone=context.timezone,
        after=query.after,
        limit=query.limit,
    )
    if page.after is not None:
        response.headers.update(next_link(next_address(request, page.after)))
    return list(page.buildings)


class ChangesParameters(NoParameters):
    """Parameters of the changes of classes."""

    since: str = Field(
        max_length=40,
        description="The day at whose end the former class is taken: an ISO date.",
        examples=["2026-03-01"],
    )
    until: str | None = Field(
        default=None,
        max_length=40,
        description="The day at whose end the later class is taken. Default: today.",
        examples=["2026-04-01"],
    )
    layer: str | None = Field(
        None, max_length=TEXT, description="Layer to count by. Default: the lowest in force."
    )
    area: str | None = Field(
        default=None, max_length=TEXT, description="Code of an area: its buildings alone."
    )
    area_layer: str | None = Field(
        default=None, max_length=TEXT, description="Layer of that area. Default: the one to count by."
    )
    direction: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Which changes are listed, separated by commas: `worse`, `better`, `new` (without a "
        "class before), `none` (without a class now). Default: all. All are counted.",
        examples=["worse"],
    )
    former_class: str | None = Field(
        default=None, max_length=TEXT, description="The class before of the buildings that are listed."
    )
    risk_class: str | None = Field(
        default=None, max_length=TEXT, description="Their class now.", examples=["warning"]
    )
    limit: int = Field(default=100, ge=1, le=1000, description="Most buildings on the page.")
    after: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Where the page before ended. The header `Link` has the whole address of the next page.",
    )


@router.get("/risk/changes", summary="Buildings whose class changed", responses=_READ)
def risk_changes(
    context: InContext,
    request: Request,
    response: Response,
    query: Annotated[ChangesParameters, Query()],
) -> ClassChanges:
    """Tell which buildings have another class than they had on a day, with both, why, and counts by area."""
    changes = class_changes(
        context.database,
        since=parse_day(query.since, context.timezone, field="since"),
        until=parse_day(query.until, context.timezone, field="until"),
        layer=query.layer,
        area_layer=query.area_layer,
        area=query.area,
        directions=words_of(query.direction),
        former_class=query.former_class,
        risk_class=query.risk_class,
        timezone=context.timezone,
        after=query.after,
        limit=query.limit,
    )
    if changes.after is not None:
        response.headers.update(next_link(next_address(request, changes.after)))
    return changes


def words_of(text: str | None) -> list[str]:
    """Return the words of a list with commas."""
    return [word for one in (text or "").split(",") if (word := one.strip())]


def _ids(text: str) -> list[int]:
    words = words_of(text)
    for word in words:
        if not (word.isascii() and word.isdigit()):
            raise InputError(f"{word!r} is no id of a building.", hint="An id is a number.", field="ids")
    if len(words) > MOST_IDS:
        raise InputError(
            f"{len(words):,} ids are too many.", hint=f"Ask for {MOST_IDS:,} at most.", field="ids"
        )
    return [int(word) for word in words]

"""Parameters, each described once; an unknown one is refused, and so is one that can be read in two ways."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.convertors import Convertor, register_url_convertor

from gisgov.errors import InputError
from gisgov.services.area_records import MOST
from gisgov.types import BBox, Json

TEXT = 200
"""Longest name, code or other short text."""

PLAIN = "plain"
"""Type of the faults of `refuse_unclear`: their messages are whole sentences."""


class _Name(Convertor[str]):
    """A name or code in an address (`{code:name}`): any text, slashes too, since names may hold them."""

    regex = ".+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("name", _Name())


class NoParameters(BaseModel):
    """An address without parameters."""

    model_config = ConfigDict(extra="forbid")


class DayParameters(NoParameters):
    """Parameters of what changes with time."""

    at: str | None = Field(
        default=None,
        max_length=40,
        description="The day asked about: an ISO date, or a timestamp, which is the day it falls on in the "
        "service's time zone. Default: today.",
        examples=["2026-03-01"],
    )


class AreaParameters(DayParameters):
    """Parameters of one area."""

    layer: str | None = Field(
        default=None,
        max_length=TEXT,
        description="The layer of the area; needed where areas of several layers have the code.",
        examples=["grid"],
    )


class PageParameters(NoParameters):
    """Parameters of what comes in pages."""

    limit: int = Field(default=100, ge=1, le=MOST, description="Most areas on the page.")
    after: str | None = Field(
        default=None,
        max_length=400,
        description="Where the page before ended: the id of its last area. The header `Link` has the whole "
        "address of the next page.",
    )


class ChildrenParameters(AreaParameters, PageParameters):
    """Parameters of the children of an area."""


class LayerAreasParameters(DayParameters, PageParameters):
    """Parameters of the areas of a layer."""

    bbox: str | None = Field(
        default=None,
        max_length=120,
        description="West,south,east,north in degrees (WGS84): only areas that meet this box.",
        examples=["113.7,22.4,114.7,22.9"],
    )
    geometry: bool = Field(default=True, description="`false` leaves the geometry out.")


class SearchParameters(DayParameters):
    """Parameters of the search for areas."""

    q: str = Field(
        min_length=1,
        max_length=TEXT,
        description="Beginning of a code, or part of a name.",
        examples=["440306"],
    )
    layer: str | None = Field(default=None, max_length=TEXT, description="Search this layer alone.")
    limit: int = Field(default=20, ge=1, le=100, description="Most areas in the answer.")


class PlaceParameters(NoParameters):
    """Parameters of a place."""

    lon: float = Field(description="Longitude, or x (easting) in a projected system.", examples=[114.0579])
    lat: float = Field(description="Latitude, or y (northing) in a projected system.", examples=[22.5431])
    crs: str = Field(
        default="wgs84",
        max_length=TEXT,
        description="Coordinate system of lon and lat: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or an EPSG code "
        "such as `EPSG:4547`. The answer says which one it took.",
    )


class ResolveParameters(DayParameters, PlaceParameters):
    """Parameters of the question who is responsible."""

    layer: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Ask this layer alone (also an overlay). Default: every partition layer.",
    )


class BatchParameters(DayParameters):
    """Parameters of the same question for many points."""

    layer: str = Field(max_length=TEXT, description="The layer whose areas are asked for.", examples=["grid"])
    crs: str = Field(
        default="wgs84",
        max_length=TEXT,
        description="Coordinate system of all points: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or an EPSG code. "
        "The header `Gisgov-Crs` says which one was taken.",
    )
    detail: bool = Field(
        default=False,
        description="`true` tells more of each point: name of the area, metres to its border, other areas of "
        "one on a border, the nearest area of one outside. It takes many times as long.",
    )


class PlansParameters(NoParameters):
    """Parameters of the list of plans."""

    layer: str | None = Field(default=None, max_length=TEXT, description="Only plans of this layer.")
    at: str | None = Field(
        default=None,
        max_length=40,
        description="Only plans in force on this day. Default: all plans, drafts too.",
        examples=["2026-03-01"],
    )
    limit: int = Field(default=100, ge=1, le=MOST, description="Most plans on the page.")
    after: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Where the page before ended: the name of its last plan. The header `Link` has the "
        "whole address of the next page.",
    )


class ToleranceParameters(NoParameters):
    """What a check calls narrow or small."""

    sliver_width_m: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="Faulty ground narrower than this is called a sliver. Default: what is usual for the "
        "coordinates; the report tells it.",
        examples=[0.5],
    )
    vertex_tolerance_m: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="Ground narrower than this is none: only the vertices of its borders differ.",
        examples=[0.001],
    )
    min_gap_m2: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="Smaller gaps are only counted.",
        examples=[0.0],
    )


class PlanCheckParameters(ToleranceParameters):
    """What is asked of the check of a plan."""

    plan: str | None = Field(
        default=None, max_length=TEXT, description="The plan to check.", examples=["grid-2026"]
    )
    at: str | None = Field(
        default=None,
        max_length=40,
        description="For a plan: the day whose parents count. Default: its first day in force; today for a "
        "draft.",
        examples=["2026-03-01"],
    )
    scope: str | None = Field(
        default=None,
        max_length=TEXT,
        description="For a plan: code of the area of a layer above that it is to cover. Default: its own "
        "scope.",
    )


class CheckParameters(NoParameters):
    """Parameters of a check that was asked for."""

    defects: bool = Field(
        default=True, description="`false` leaves the lists out of the report: its figures alone."
    )


class ReportParameters(NoParameters):
    """Parameters of the report of a check."""

    language: Literal["zh", "en"] = Field(default="zh", description="Language of the report as a page.")


class RedivisionParameters(NoParameters):
    """Parameters of a re-division that was asked for."""

    areas: bool = Field(
        default=True, description="`false` leaves the lists of areas out of the report: its figures alone."
    )


class RedivisionPageParameters(NoParameters):
    """Parameters of the page of a re-division."""

    language: Literal["zh", "en"] = Field(default="zh", description="Language of the page.")


class RedivisionAreasParameters(NoParameters):
    """Parameters of the areas of a re-division."""

    alternative: int = Field(default=1, ge=1, description="Which of the alternatives.")


CheckId = Annotated[
    str,
    Path(
        alias="id",
        max_length=64,
        description="Id of the check, as `Location` names it.",
        examples=["0123456789abcdef0123456789abcdef"],
    ),
]
RedivisionId = Annotated[
    str,
    Path(
        alias="id",
        max_length=64,
        description="Id of the re-division, as `Location` names it.",
        examples=["fedcba9876543210fedcba9876543210"],
    ),
]
Code = Annotated[str, Path(max_length=TEXT, description="Code of the area.", examples=["440306001001001"])]
LayerName = Annotated[str, Path(max_length=TEXT, description="Name of the layer.", examples=["grid"])]
PlanName = Annotated[str, Path(max_length=TEXT, description="Name of the plan.", examples=["grid-2026"])]


async def refuse_unclear(request: Request) -> None:
    """Refuse a query parameter that is given twice, and NUL, which no name, code or date holds.

    Of two values one would be taken silently, and the database cannot be asked for a text with NUL.

    Raises
    ------
    RequestValidationError
        With a fault for each parameter.
    """
    if not request.scope["route"].dependant.query_params:
        return  # a file, which takes any parameters and has none of such a name
    query = request.query_params.multi_items()
    names = [name for name, _ in query]
    faults = [
        _fault("query", name, f"{name} is given {names.count(name)} times; give it once.")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    given = [("path", name, str(value)) for name, value in request.path_params.items()]
    given += [("query", name, value) for name, value in query]
    faults += [
        _fault(place, name, f"{name} holds a NUL character (%00), which no text here may hold.")
        for place, name, value in dict.fromkeys(given)
        if "\0" in value
    ]
    if faults:
        raise RequestValidationError(faults)


def _fault(place: str, name: str, sentence: str) -> Json:
    return {"type": PLAIN, "loc": (place, name), "msg": sentence}


def parse_bbox(text: str | None) -> BBox | None:
    """Return a box from ``west,south,east,north``; ``None`` stays ``None``.

    Raises
    ------
    InputError
        There are not four numbers.

    Examples
    --------
    >>> parse_bbox("113.7,22.4,114.7,22.9")
    (113.7, 22.4, 114.7, 22.9)
    """
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(
            f"{text!r} is no box.", hint="Give west,south,east,north in degrees.", field="bbox"
        ) from error
    return west, south, east, north

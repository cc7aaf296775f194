"""Parameters of OGC API – Features, as its parts 1, 2 and 3 name them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.parameters import TEXT, NoParameters

MOST = 5_000
"""Most features of a page."""

USUAL = 1_000
"""Features of a page where nothing is said."""

_ADDRESS = 200


class FeaturesParameters(NoParameters):
    """Parameters of every address; links carry the day on, so that a client opens all at that day."""

    f: Literal["json", "geojson"] | None = Field(
        default=None, description="Form of the answer. There is JSON alone, so that it need not be said."
    )
    datetime: str | None = Field(
        default=None,
        max_length=100,
        description="What was in force at a time, `2026-03-01`, or on some day of an interval, "
        "`2026-01-01/2026-03-31`, `2026-01-01/..`; `../..` is everything that was ever in force. A time is "
        "the day it falls on in the service's time zone. Default: today. Links of an answer carry it on.",
        examples=["2026-03-01"],
    )


class ItemParameters(FeaturesParameters):
    """Parameters of one feature."""

    crs: str | None = Field(
        default=None,
        max_length=_ADDRESS,
        description="Address of the system that geometry is given in, with the axes of its authority; the "
        "collection lists those there are. Default: CRS84, longitude and latitude.",
        examples=["http://www.opengis.net/def/crs/EPSG/0/4547"],
    )


class ItemsParameters(ItemParameters):
    """Parameters of the features of a collection."""

    bbox: str | None = Field(
        default=None,
        max_length=_ADDRESS,
        description="Features that meet a box: its lower corner, then its upper one, in the axes of "
        "`bbox-crs`.",
        examples=["114.0,22.5,114.1,22.6"],
    )
    bbox_crs: str | None = Field(
        default=None,
        alias="bbox-crs",
        max_length=_ADDRESS,
        description="Address of the system of `bbox`. Default: CRS84, longitude and latitude.",
    )
    filter: str | None = Field(
        default=None,
        description="Features of which this holds, in CQL2 text; the queryables say what it may ask about.",
        examples=["population > 5000 AND name LIKE '%社区%'"],
    )
    filter_lang: Literal["cql2-text"] | None = Field(
        default=None, alias="filter-lang", description="Language of `filter`; there is one."
    )
    filter_crs: str | None = Field(
        default=None,
        alias="filter-crs",
        max_length=_ADDRESS,
        description="Address of the system of the geometry in `filter`. Default: CRS84.",
    )
    code: str | None = Field(default=None, max_length=TEXT, description="The area of this code.")
    name: str | None = Field(default=None, max_length=TEXT, description="Areas of this name.")
    plan: str | None = Field(default=None, max_length=TEXT, description="Areas of the plan of this name.")
    limit: int = Field(
        default=USUAL,
        ge=1,
        description=f"Most features on the page, {MOST} at most. The link `next` leads to the rest.",
    )
    offset: int = Field(default=0, ge=0, le=10**9, description="How many features come before the page.")

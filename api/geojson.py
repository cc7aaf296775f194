"""Areas as GeoJSON (RFC 7946): shapes, media type and pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from fastapi import Request, Response
from pydantic import BaseModel, Field, TypeAdapter
from starlette.responses import JSONResponse

from api.paging import next_address, next_link
from gisgov.services.area_records import AreaPage, AreaRecord
from gisgov.services.areas import Neighbour
from gisgov.types import Json

MEDIA_TYPE = "application/geo+json"

_RECORD = TypeAdapter(AreaRecord)
_NOT_PROPERTIES = {"id", "bbox", "geometry"}


class GeoJson(JSONResponse):
    """A response in GeoJSON."""

    media_type = MEDIA_TYPE


class Feature(BaseModel):
    """An area as a GeoJSON feature; its properties are those of an area record."""

    type: Literal["Feature"] = "Feature"
    id: str = Field(description="Plan and code of the area.", examples=["grid-2026/440306001001001"])
    bbox: list[float] = Field(description="West, south, east, north.", min_length=4, max_length=4)
    geometry: dict[str, Any] | None = Field(description="MultiPolygon in WGS84, at most 7 decimals.")
    properties: dict[str, Any]


class FeatureCollection(BaseModel):
    """Areas as a GeoJSON feature collection."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature]
    next: str | None = Field(default=None, description="Address of the next page, as in the header `Link`.")


def feature(area: AreaRecord, **more: Any) -> Json:
    """Return an area as a feature, with ``more`` among its properties."""
    properties = _RECORD.dump_python(area, mode="json", exclude=_NOT_PROPERTIES)
    return {
        "type": "Feature",
        "id": area.id,
        "bbox": area.bbox,
        "geometry": area.geometry,
        "properties": {**properties, **more},
    }


def feature_response(area: AreaRecord) -> Response:
    """Return the answer with one area."""
    return GeoJson(feature(area))


def collection_response(areas: Iterable[AreaRecord]) -> Response:
    """Return the answer with all of some areas."""
    return GeoJson({"type": "FeatureCollection", "features": [feature(area) for area in areas]})


def neighbours_response(neighbours: Iterable[Neighbour]) -> Response:
    """Return the answer with neighbours; each tells the metres of border it shares."""
    features = [feature(one.area, border_m=one.border_m) for one in neighbours]
    return GeoJson({"type": "FeatureCollection", "features": features})


def page_response(page: AreaPage, request: Request) -> Response:
    """Return the answer with one page of areas and the address of the next."""
    body: Json = {"type": "FeatureCollection", "features": [feature(area) for area in page.areas]}
    headers = {}
    if page.after is not None:
        body["next"] = next_address(request, page.after)
        headers = next_link(body["next"])
    return GeoJson(body, headers=headers)

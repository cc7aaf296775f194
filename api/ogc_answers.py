"""Answers of OGC API – Features, and the addresses in them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import orjson
from fastapi import Request, Response
from pydantic import BaseModel, Field
from tipg.model import Collection, Conformance, Extent, Landing, Link, Spatial, Temporal
from tipg.resources.enums import MediaType

from gisgov.services.features import (
    CRS84,
    PROPERTIES,
    QUERYABLES,
    FeatureLayer,
    FeaturePage,
    systems_of,
)
from gisgov.types import Json

__all__ = ["Conformance", "FeatureCollections", "FeatureItem", "FeatureItems", "Landing", "LayerAsCollection"]

OPENAPI = MediaType.openapi30_json.value
_SCHEMA = MediaType.schemajson.value
_GEOJSON = MediaType.geojson.value
_JSON = MediaType.json.value
_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

CONFORMS_TO = [
    *(
        f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
        for name in ("core", "geojson", "oas30")
    ),
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    *(
        f"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"http://www.opengis.net/spec/cql2/1.0/conf/{name}"
        for name in (
            "cql2-text",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "basic-spatial-functions",
            "arithmetic",
            "array-functions",
        )
    ),
]
_JSON_TYPES: dict[str, Json] = {
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "float8": {"type": "number"},
    "integer": {"type": "integer"},
    "text[]": {"type": "array", "items": {"type": "string"}},
}


class LayerAsCollection(Collection):
    """A layer as a collection of its areas, with the systems that they are offered in."""

    storageCrs: str = CRS84  # noqa: N815 - OGC's word


class FeatureCollections(BaseModel):
    """The collections there are."""

    links: list[Link]
    collections: list[LayerAsCollection]


class FeatureItem(BaseModel):
    """An area as a GeoJSON feature, in the system that the header `Content-Crs` names."""

    type: str = "Feature"
    id: int = Field(description="The id of the area; no other area ever has it.")
    geometry: dict[str, Any] = Field(description="A MultiPolygon.")
    properties: dict[str, Any]


class FeatureItems(BaseModel):
    """A page of features."""

    type: str = "FeatureCollection"
    timeStamp: str = Field(description="When it was made.")  # noqa: N815
    numberMatched: int = Field(description="How many there are in all.")  # noqa: N815
    numberReturned: int = Field(description="How many are on the page.")  # noqa: N815
    features: list[FeatureItem]
    links: list[Link]


class Addresses:
    """The addresses below ``/ogc``, as whoever asks names this service; they carry the day asked about."""

    def __init__(self, request: Request, day: str | None) -> None:
        self._base = f"{str(request.base_url).rstrip('/')}/ogc"
        self._carried = {} if day is None else {"datetime": day}

    def to(self, *parts: str, **query: str) -> str:
        """Return the address of something."""
        path = "".join(f"/{quote(part, safe='')}" for part in parts)
        said = urlencode({**self._carried, **query})
        return f"{self._base}{path}" + (f"?{said}" if said else "")


def link(rel: str, href: str, media_type: str = _JSON, title: str | None = None) -> Link:
    """Return a link."""
    return Link(rel=rel, href=href, type=MediaType(media_type), title=title)


def landing(at: Addresses) -> Response:
    """Return the landing page."""
    page = Landing(
        title="gisgov",
        description="已发布方案的区域，每个网层一个要素集；未给 datetime 时为今日有效者 · The areas of "
        "published plans, one collection a layer; those in force today unless `datetime` says otherwise.",
        links=[
            link("self", at.to(), title="This page"),
            link("service-desc", at.to("api"), OPENAPI, "What can be asked"),
            link("conformance", at.to("conformance"), title="What it conforms to"),
            link("data", at.to("collections"), title="网层 · The collections"),
        ],
    )
    return _answer(page.model_dump(exclude_none=True))


def conformance() -> Response:
    """Return what the service conforms to."""
    return _answer(Conformance(conformsTo=CONFORMS_TO).model_dump())


def collections(layers: tuple[FeatureLayer, ...], at: Addresses, timezone: ZoneInfo) -> Response:
    """Return the collections."""
    links = [link("self", at.to("collections")).model_dump(exclude_none=True)]
    return _answer({"links": links, "collections": [_collection(layer, at, timezone) for layer in layers]})


def collection(layer: FeatureLayer, at: Addresses, timezone: ZoneInfo) -> Response:
    """Return one collection."""
    return _answer(_collection(layer, at, timezone))


def queryables(layer: FeatureLayer, at: Addresses) -> Response:
    """Return what filters may ask about, as a JSON schema."""
    properties: Json = {
        name: {"title": PROPERTIES[name][1], **_JSON_TYPES[PROPERTIES[name][0]]}
        for name in QUERYABLES
        if name in PROPERTIES
    }
    properties["geom"] = {"title": "范围 · Its ground", "format": "geometry-multipolygon"}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": at.to("collections", layer.name, "queryables"),
        "type": "object",
        "title": _title(layer),
        "properties": properties,
        "additionalProperties": False,
    }
    return _answer(schema, _SCHEMA)


def items(page: FeaturePage, at: Addresses, asked: dict[str, str], offset: int) -> Response:
    """Return a page of features; ``asked`` is what was said in the address."""
    name, rows = page.layer.name, page.rows
    links = [
        link("self", at.to("collections", name, "items", **asked), _GEOJSON),
        link("collection", at.to("collections", name)),
    ]
    if rows.next is not None:
        further = {**asked, "offset": str(rows.next)}
        links.append(link("next", at.to("collections", name, "items", **further), _GEOJSON))
    if offset:
        before = {**asked, "offset": str(max(0, offset - int(asked["limit"])))}
        links.append(link("prev", at.to("collections", name, "items", **before), _GEOJSON))
    body = {
        "type": "FeatureCollection",
        "timeStamp": datetime.now(ZoneInfo("UTC")).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "numberMatched": rows.matched,
        "numberReturned": len(rows.items),
        "features": [_feature(row) for row in rows.items],
        "links": [one.model_dump(exclude_none=True) for one in links],
    }
    return _answer(body, _GEOJSON, crs=page.crs)


def item(page: FeaturePage, at: Addresses) -> Response:
    """Return one feature."""
    (row,) = page.rows.items
    name = page.layer.name
    links = [
        link("self", at.to("collections", name, "items", str(row["id"])), _GEOJSON),
        link("collection", at.to("collections", name)),
    ]
    body = {**_feature(row), "links": [one.model_dump(exclude_none=True) for one in links]}
    return _answer(body, _GEOJSON, crs=page.crs)


def _collection(layer: FeatureLayer, at: Addresses, timezone: ZoneInfo) -> Json:
    extent = Extent(
        spatial=None if layer.extent is None else Spatial(bbox=[list(layer.extent)]),
        temporal=None
        if layer.begins is None
        else Temporal(interval=[[_midnight(layer.begins, timezone), _midnight(layer.ends, timezone)]]),
    )
    described = LayerAsCollection(
        id=layer.name,
        title=_title(layer),
        extent=extent,
        crs=[*systems_of(layer)],
        links=[
            link("self", at.to("collections", layer.name)),
            link("items", at.to("collections", layer.name, "items"), _GEOJSON, "区域 · Its areas"),
            link(_QUERYABLES, at.to("collections", layer.name, "queryables"), _SCHEMA),
            link("queryables", at.to("collections", layer.name, "queryables"), _SCHEMA),
        ],
    ).model_dump(exclude_none=True)
    if layer.begins is not None:  # an open end is said, by null
        described["extent"]["temporal"]["interval"] = extent.temporal.interval if extent.temporal else []
    return described


def _title(layer: FeatureLayer) -> str:
    if layer.title_zh == layer.title_en:
        return layer.title_zh
    return f"{layer.title_zh} · {layer.title_en}"


def _midnight(day: date | None, timezone: ZoneInfo) -> str | None:
    """Return when a day begins."""
    return None if day is None else datetime.combine(day, time(), timezone).isoformat()


def _feature(row: Json) -> Json:
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": orjson.Fragment(row["geometry"]),  # as PostGIS wrote it
        "properties": row["properties"],
    }


def _answer(body: Json, media_type: str = _JSON, crs: str | None = None) -> Response:
    headers = {"Cache-Control": "no-cache"}
    if crs is not None:
        headers["Content-Crs"] = f"<{crs}>"
    return Response(orjson.dumps(body), media_type=media_type, headers=headers)

"""OGC API – Features: the published plans for QGIS, ArcGIS and whatever else speaks it."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api import ogc_answers as answers
from api.context import Context, InContext
from api.ogc_description import description
from api.ogc_parameters import MOST, FeaturesParameters, ItemParameters, ItemsParameters
from api.parameters import TEXT
from api.problems import error_responses
from gisgov.services.days import local_day
from gisgov.services.features import (
    FeatureQuery,
    Reader,
    get_collection,
    get_feature,
    list_collections,
    list_features,
)

_PROBLEMS = error_responses(400, 404, 503)
# named, or else FastAPI describes 422, which is 400 here
_PROBLEMS["4XX"] = {**_PROBLEMS[400], "description": "No account, no right to it, or asked too often."}

router = APIRouter(prefix="/ogc", tags=["features"], responses=_PROBLEMS)

CollectionName = Annotated[
    str, Path(max_length=TEXT, description="The collection: the name of a layer.", examples=["grid"])
]
ItemId = Annotated[str, Path(max_length=40, description="Id of the feature.", examples=["4711"])]
Said = Annotated[FeaturesParameters, Query()]


class _OpenApi(JSONResponse):
    media_type = answers.OPENAPI


class _Schema(JSONResponse):
    media_type = "application/schema+json"


class _GeoJson(JSONResponse):
    media_type = "application/geo+json"


@router.get("", summary="Start of OGC API – Features", response_model=answers.Landing)
def features_landing(request: Request, query: Said) -> Response:
    """Give the address of everything below: what QGIS and ArcGIS are told to connect to."""
    return answers.landing(answers.Addresses(request, query.datetime))


router.add_api_route("/", features_landing, name="features_landing_too", include_in_schema=False)


@router.get("/conformance", summary="What the features conform to", response_model=answers.Conformance)
def features_conformance(query: Said) -> Response:
    """List the classes of OGC API – Features and CQL2 that are kept."""
    del query
    return answers.conformance()


@router.get("/api", summary="Features described for their clients", response_class=_OpenApi)
def features_api(request: Request, query: Said) -> Response:
    """Describe this part of the service in OpenAPI 3.0, which clients of OGC API – Features read."""
    del query
    base = answers.Addresses(request, None).to()
    return Response(orjson.dumps(description(base)), media_type=answers.OPENAPI)


@router.get("/collections", summary="All collections", response_model=answers.FeatureCollections)
def collections(context: InContext, request: Request, query: Said) -> Response:
    """List the layers: each is a collection of its areas."""
    at = answers.Addresses(request, query.datetime)
    return answers.collections(list_collections(_reader(context)), at, context.timezone)


@router.get(
    "/collections/{collection:name}/queryables", summary="What filters may ask about", response_class=_Schema
)
def queryables(context: InContext, request: Request, collection: CollectionName, query: Said) -> Response:
    """Describe the properties that `filter` may name, as a JSON schema."""
    at = answers.Addresses(request, query.datetime)
    return answers.queryables(get_collection(_reader(context), collection), at)


@router.get(
    "/collections/{collection:name}/items",
    summary="Features of a collection",
    response_model=answers.FeatureItems,
    response_class=_GeoJson,
)
def items(
    context: InContext,
    request: Request,
    collection: CollectionName,
    query: Annotated[ItemsParameters, Query()],
) -> Response:
    """Give the areas of a layer that are in force today, or at the time said, page by page."""
    day = query.datetime or local_day(None, context.timezone).isoformat()
    limit = min(query.limit, MOST)
    equals = {"code": query.code, "name": query.name, "plan": query.plan}
    asked = FeatureQuery(
        bbox=query.bbox,
        bbox_crs=query.bbox_crs,
        datetime=day,
        crs=query.crs,
        filter=query.filter,
        filter_crs=query.filter_crs,
        equals={name: text for name, text in equals.items() if text is not None},
        limit=limit,
        offset=query.offset,
    )
    page = list_features(_reader(context), collection, asked)
    # all pages are of one day, also where midnight comes between them
    at = answers.Addresses(request, day)
    return answers.items(page, at, {**request.query_params, "limit": str(limit)}, query.offset)


@router.get(
    "/collections/{collection:name}/items/{item}",
    summary="One feature",
    response_model=answers.FeatureItem,
    response_class=_GeoJson,
)
def one_item(
    context: InContext,
    request: Request,
    collection: CollectionName,
    item: ItemId,
    query: Annotated[ItemParameters, Query()],
) -> Response:
    """Give one area by its id, whenever it was in force."""
    page = get_feature(_reader(context), collection, item, query.crs)
    return answers.item(page, answers.Addresses(request, query.datetime))


@router.get(
    "/collections/{collection:name}", summary="One collection", response_model=answers.LayerAsCollection
)
def one_collection(context: InContext, request: Request, collection: CollectionName, query: Said) -> Response:
    """Describe a collection: its extent, its time, and the systems that it is offered in."""
    at = answers.Addresses(request, query.datetime)
    return answers.collection(get_collection(_reader(context), collection), at, context.timezone)


def _reader(context: Context) -> Reader:
    return Reader(context.database, context.timezone, float(context.settings.statement_seconds))

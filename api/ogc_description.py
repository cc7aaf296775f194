"""OGC API – Features described in OpenAPI 3.0, which its clients read; `/openapi.json` is 3.1.

Clients take from here how many features they may ask for at once (``components.parameters.limit``).
"""

from __future__ import annotations

from typing import Any

from api.ogc_parameters import MOST, USUAL, FeaturesParameters, ItemParameters, ItemsParameters
from api.parameters import NoParameters
from gisgov import __version__
from gisgov.types import Json

_COLLECTION = {
    "name": "collectionId",
    "in": "path",
    "required": True,
    "description": "A layer.",
    "schema": {"type": "string"},
}
_FEATURE = {
    "name": "featureId",
    "in": "path",
    "required": True,
    "description": "Id of an area.",
    "schema": {"type": "integer"},
}
_ONE = "/collections/{collectionId}"
# path, what it is, its parameters in the path and in the query, media type
_PATHS: tuple[tuple[str, str, tuple[str, ...], type[NoParameters], str], ...] = (
    ("/", "Landing page", (), FeaturesParameters, "application/json"),
    ("/conformance", "What it conforms to", (), FeaturesParameters, "application/json"),
    ("/collections", "The collections", (), FeaturesParameters, "application/json"),
    (_ONE, "One collection", ("collectionId",), FeaturesParameters, "application/json"),
    (
        f"{_ONE}/queryables",
        "What filters may ask about",
        ("collectionId",),
        FeaturesParameters,
        "application/schema+json",
    ),
    (f"{_ONE}/items", "Features", ("collectionId",), ItemsParameters, "application/geo+json"),
    (
        f"{_ONE}/items/{{featureId}}",
        "One feature",
        ("collectionId", "featureId"),
        ItemParameters,
        "application/geo+json",
    ),
)


def description(base: str) -> Json:
    """Return the description, for a service at an address."""
    parameters: dict[str, Any] = {"collectionId": _COLLECTION, "featureId": _FEATURE}
    for name, field in ItemsParameters.model_fields.items():
        said = field.alias or name
        schema: Json = {"type": "integer" if field.annotation is int else "string"}
        if said == "limit":
            schema |= {"minimum": 1, "maximum": MOST, "default": USUAL}
        parameters[said] = {
            "name": said,
            "in": "query",
            "required": False,
            "description": field.description,
            "style": "form",
            "explode": False,
            "schema": schema,
        }
    return {
        "openapi": "3.0.3",
        "info": {"title": "gisgov · OGC API – Features", "version": __version__},
        "servers": [{"url": base}],
        "paths": {
            path: {"get": _operation(summary, in_path, query, media_type)}
            for path, summary, in_path, query, media_type in _PATHS
        },
        "components": {
            "parameters": parameters,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"key": []}, {}],
    }


def _operation(summary: str, in_path: tuple[str, ...], query: type[NoParameters], media_type: str) -> Json:
    named = [*in_path, *(field.alias or name for name, field in query.model_fields.items())]
    return {
        "summary": summary,
        "operationId": summary.lower().replace(" ", "-"),
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in named],
        "responses": {
            "200": {"description": summary, "content": {media_type: {"schema": {"type": "object"}}}},
            "default": {
                "description": "A problem (RFC 9457).",
                "content": {"application/problem+json": {"schema": {"type": "object"}}},
            },
        },
    }

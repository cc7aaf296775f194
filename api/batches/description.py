"""What OpenAPI says of batches: the five formats of points and of answers."""

from __future__ import annotations

from typing import Any, Final

from api.batches.media import Media

_ID: Final = {"oneOf": [{"type": "string"}, {"type": "integer"}], "description": "Comes back as it is."}
_NUMBER: Final = {"type": "number"}
_OBJECT: Final = {
    "type": "object",
    "required": ["lon", "lat"],
    "properties": {"lon": _NUMBER, "lat": _NUMBER, "id": _ID},
}
_PAIR: Final = {
    "type": "array",
    "items": _NUMBER,
    "minItems": 2,
    "maxItems": 2,
    "description": "Longitude and latitude.",
}
_POINTS: Final = {"type": "array", "items": {"oneOf": [_OBJECT, _PAIR]}}
_TEXT: Final = {"type": "string"}
_BYTES: Final = {"type": "string", "format": "binary"}
_MAYBE_TEXT: Final = {"type": ["string", "null"]}
_MAYBE_NUMBER: Final = {"type": ["number", "null"]}
_STATUSES: Final = ("owned", "border", "outside", "no-coordinate", "bad-coordinate", "unreadable")

_ROW: Final = {
    "type": "object",
    "required": ["row", "code", "status"],
    "properties": {
        "row": {"type": "integer", "description": "Number of the point in the request, from 0."},
        "id": _ID,
        "code": {**_MAYBE_TEXT, "description": "The area that owns the point; null where none does."},
        "status": {"type": "string", "enum": list(_STATUSES)},
        "reason": {"type": "string", "description": "Of a point without a place: why it has none."},
        "name": {**_MAYBE_TEXT, "description": "With `detail`: name of the area."},
        "on_border": {"type": ["boolean", "null"], "description": "With `detail`."},
        "border_m": {**_MAYBE_NUMBER, "description": "With `detail`: metres to the border of the area."},
        "candidates": {
            "type": "array",
            "items": _TEXT,
            "description": "With `detail`: the other areas that the point belongs to as much.",
        },
        "nearest": {**_MAYBE_TEXT, "description": "With `detail`: of a point outside, the nearest area."},
        "nearest_name": {**_MAYBE_TEXT, "description": "With `detail`: its name."},
        "distance_m": {**_MAYBE_NUMBER, "description": "With `detail`: metres to it."},
    },
}
_DOCUMENT: Final = {
    "type": "object",
    "required": ["layer", "crs", "at", "points", "counts", "complete"],
    "properties": {
        "layer": _TEXT,
        "crs": {"type": "string", "description": "The coordinate system that points were taken in."},
        "at": {"type": "string", "format": "date"},
        "points": {"type": "array", "items": _ROW},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "complete": {
            "type": "boolean",
            "description": "Whether all points are answered; if not, `problem` says why.",
        },
        "problem": {"type": "object", "description": "What ended the answer before its points."},
    },
}

BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            Media.JSON.value: {
                "schema": _POINTS,
                "example": [{"lon": 114.0579, "lat": 22.5431, "id": "a"}, [114.06, 22.55]],
            },
            Media.NDJSON.value: {"schema": _TEXT, "example": '{"lon":114.0579,"lat":22.5431}\n'},
            Media.CSV.value: {"schema": _TEXT, "example": "lon,lat,id\n114.0579,22.5431,a\n"},
            Media.ARROW.value: {"schema": _BYTES},
            Media.RAW.value: {"schema": _BYTES},
        },
    }
}
"""The points."""

ANSWERS: Final[dict[str, Any]] = {
    "description": "The answer.",
    "content": {
        Media.JSON.value: {"schema": _DOCUMENT},
        Media.NDJSON.value: {"schema": _TEXT},
        Media.CSV.value: {"schema": _TEXT},
        Media.ARROW.value: {"schema": _BYTES},
        Media.RAW.value: {"schema": _BYTES},
    },
}
"""The answers."""

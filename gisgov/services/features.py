"""Use cases of OGC API – Features: the collections there are, a page of features, one feature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.geometry.crs_references import (
    CRS84,
    CrsReference,
    find_reference,
    lonlat_of,
    offered_references,
    outlines_of_box,
)
from gisgov.services.days import local_day, parse_day
from gisgov.store.changes import current_version
from gisgov.store.database import Database
from gisgov.store.features.collections import GEOMETRY, PROPERTIES, QUERYABLES, layer_collection
from gisgov.store.features.cql_shapes import polygons_of
from gisgov.store.features.cql_text import read_cql
from gisgov.store.features.reading import (
    FeatureLayer,
    ItemRows,
    layer_of_features,
    layers_of_features,
    only_read,
    plans_in_force,
    rows_of_items,
)
from gisgov.types import BBox, Floats, Json

__all__ = [
    "CRS84",
    "PROPERTIES",
    "QUERYABLES",
    "FeatureLayer",
    "FeaturePage",
    "FeatureQuery",
    "Reader",
    "get_collection",
    "get_feature",
    "list_collections",
    "list_features",
    "systems_of",
]


@dataclass(frozen=True, slots=True)
class Reader:
    """Where features are read from, and how.

    Attributes
    ----------
    database : Database
        The database.
    timezone : zoneinfo.ZoneInfo
        Time zone of the place.
    limit_s : float
        Longest time of a statement, in seconds.
    """

    database: Database
    timezone: ZoneInfo
    limit_s: float

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees what is published and nothing else."""
        with self.database.own.begin() as connection:
            only_read(connection, limit_s=self.limit_s, timezone=self.timezone.key)
            yield connection

    def epoch(self) -> str:
        """Return the epoch of the database, which is another one after it was restored."""
        with self.database.own.begin() as connection:
            return current_version(connection).epoch


@dataclass(frozen=True, slots=True)
class FeatureQuery:
    """What is asked of a collection, as it is written in an address; None is not said.

    Attributes
    ----------
    bbox, bbox_crs : str or None
        Four or six numbers between commas, and the system that they are in.
    datetime : str or None
        A day or time, or two of them with ``/`` between; ``..`` is no bound. Not said: today.
    crs : str or None
        The system that geometry is wanted in.
    filter, filter_crs : str or None
        CQL2 text, and the system of its geometry.
    equals : mapping of str
        ``code``, ``name`` or ``plan``, and what it is to be.
    limit, offset : int
        How many features, after how many.
    """

    bbox: str | None = None
    bbox_crs: str | None = None
    datetime: str | None = None
    crs: str | None = None
    filter: str | None = None
    filter_crs: str | None = None
    equals: Mapping[str, str] = field(default_factory=dict)
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """Features of a collection, with the system that their geometry is in."""

    layer: FeatureLayer
    crs: str
    rows: ItemRows


def list_collections(reader: Reader) -> tuple[FeatureLayer, ...]:
    """Return the layers, each of which is a collection of its areas."""
    epoch = reader.epoch()
    with reader.begin() as connection:
        return layers_of_features(connection, epoch=epoch)


def get_collection(reader: Reader, name: str) -> FeatureLayer:
    """Return one of them.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    epoch = reader.epoch()
    with reader.begin() as connection:
        return layer_of_features(connection, name, epoch=epoch)


def systems_of(layer: FeatureLayer) -> tuple[str, ...]:
    """Return the addresses of the systems that a collection is offered in."""
    return offered_references(layer.working)


def list_features(reader: Reader, name: str, query: FeatureQuery) -> FeaturePage:
    """Return a page of the areas of a layer that were in force at some time, today where none is said.

    Parameters
    ----------
    reader : Reader
        Where from.
    name : str
        The layer.
    query : FeatureQuery
        What is asked.

    Raises
    ------
    NotFoundError
        There is no such layer.
    InputError
        The question cannot be read.
    """
    first, last = _days(query.datetime, reader.timezone)
    with reader.begin() as connection:
        layer = layer_of_features(connection, name)
        offered = systems_of(layer)
        reference = find_reference(query.crs or CRS84, offered, field="crs")
        outlines = _outlines(query, offered)
        collection = layer_collection(
            name, plans_in_force(connection, layer, first, last), reference, _around(outlines)
        )
        rows = rows_of_items(
            connection,
            collection,
            condition=_condition(query, offered, outlines),
            equals=[*query.equals.items()],
            limit=query.limit,
            offset=query.offset,
        )
    return FeaturePage(layer, reference.uri, rows)


def get_feature(reader: Reader, name: str, item: str, crs: str | None = None) -> FeaturePage:
    """Return one area of a layer by its id, whenever it was in force.

    Raises
    ------
    NotFoundError
        There is none.
    InputError
        The system is not offered.
    """
    with reader.begin() as connection:
        layer = layer_of_features(connection, name)
        reference = find_reference(crs or CRS84, systems_of(layer), field="crs")
        rows = None
        if item.isascii() and item.isdigit() and len(item) < 19:
            collection = layer_collection(name, plans_in_force(connection, layer, None, None), reference)
            rows = rows_of_items(connection, collection, ids=[item], limit=1)
        if rows is None or not rows.items:
            raise NotFoundError(f"The collection {name} has no feature {item[:40]!r}.", field="item")
    return FeaturePage(layer, reference.uri, rows)


def _days(text: str | None, timezone: ZoneInfo) -> tuple[date | None, date | None]:
    """Return the first and the last day that are asked about; None is no bound."""
    if text is None:
        today = local_day(None, timezone)
        return today, today
    parts = [part.strip() for part in text.split("/")]
    if len(parts) == 1:
        day = parse_day(parts[0], timezone, field="datetime")
        return day, day
    if len(parts) != 2:
        raise InputError(f"{text!r} is no time or interval.", hint=_TIMES, field="datetime")
    first, last = (
        None if part in ("", "..") else parse_day(part, timezone, field="datetime") for part in parts
    )
    if first is not None and last is not None and last < first:
        raise InputError(f"The interval {text!r} ends before it begins.", hint=_TIMES, field="datetime")
    return first, last


_TIMES: Final = "Write 2026-03-01, 2026-01-01/2026-03-31, or ../.. for everything that was ever in force."


def _outlines(query: FeatureQuery, offered: tuple[str, ...]) -> list[Floats] | None:
    if query.bbox is None:
        return None
    reference = find_reference(query.bbox_crs or CRS84, offered, field="bbox-crs")
    try:
        numbers = [float(part) for part in query.bbox.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:  # heights, which areas have none of
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise InputError(
            f"{query.bbox[:100]!r} is no box.",
            hint="Give four numbers: the lower corner, then the upper one, in the axes of bbox-crs.",
            field="bbox",
        )
    return outlines_of_box((numbers[0], numbers[1], numbers[2], numbers[3]), reference)


def _around(outlines: list[Floats] | None) -> BBox | None:
    """Return a box around outlines; around two, the one across the antimeridian, it is the whole world's."""
    if outlines is None:
        return None
    points = np.concatenate(outlines)
    (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return west, south, east, north


@dataclass(frozen=True, slots=True)
class _In:
    """Reads the geometry of a filter in a system."""

    reference: CrsReference

    def points(self, first: Floats, second: Floats) -> tuple[Floats, Floats]:
        return lonlat_of(first, second, self.reference)

    def boxes(self, corners: tuple[float, float, float, float]) -> list[Floats]:
        return outlines_of_box(corners, self.reference)


def _condition(query: FeatureQuery, offered: tuple[str, ...], outlines: list[Floats] | None) -> Any:
    """Return what a filter and a box ask, as CQL2 in its JSON form; None asks for everything."""
    parts: list[Json | bool] = []
    if outlines is not None:
        parts.append({"op": "s_intersects", "args": [{"property": GEOMETRY}, polygons_of(outlines)]})
    if query.filter is not None:
        reference = find_reference(query.filter_crs or CRS84, offered, field="filter-crs")
        parts.append(read_cql(query.filter, QUERYABLES, _In(reference)))
    if len(parts) == 2:
        return {"op": "and", "args": parts}
    return parts[0] if parts else None

"""Use case: buildings page by page, by what they are called, where they lie, and how they are rated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.risk import RiskClass
from gisgov.services.area_records import check_bbox, check_limit
from gisgov.services.rating.explaining import end_of
from gisgov.store import building_lists as store
from gisgov.store.building_lists import MATCHES, AskedArea, BuildingRow, BuildingsWanted
from gisgov.store.database import Database
from gisgov.store.layers import find_layer
from gisgov.types import BBox

BuildingSort: TypeAlias = Literal["code", "points"]

_MOST_ID: Final = 2**63 - 1
_MOST_POINTS: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class OwningArea:
    """An area that owns a building now."""

    layer: str
    code: str


@dataclass(frozen=True, slots=True)
class BuildingInfo:
    """A building in a list.

    Attributes
    ----------
    id : int
        Its id, which tiles have too.
    source : str
        Who brought it in.
    code : str
        What it is called there: ``external_id`` of its import.
    name, address : str or None
        As people call it, and where it stands in words, if the import said so.
    lon, lat : float or None
        A point of its ground, degrees (WGS 84); None where its place is not known.
    floors, built_year, use, households, population
        As they were brought in; None where it was not said.
    risk_class : str or None
        ``safe``, ``general``, ``warning``, ``unclassified``; None: it was not rated by then.
    risk_points : int or None
        Sum of the factors of that rating.
    rated_at : datetime.datetime or None
        Since when the rating holds.
    areas : tuple of OwningArea
        The areas that own it now, from above to below.
    """

    id: int
    source: str
    code: str
    name: str | None
    address: str | None
    lon: float | None
    lat: float | None
    floors: int | None
    built_year: int | None
    use: str | None
    households: int | None
    population: int | None
    risk_class: str | None
    risk_points: int | None
    rated_at: datetime | None
    areas: tuple[OwningArea, ...]


@dataclass(frozen=True, slots=True)
class BuildingFilter:
    """Which buildings somebody wants; nothing leaves a condition out.

    Attributes
    ----------
    text : str or None
        Part of a code, name or address.
    layer, area : str or None
        An area of any layer.
    classes : collection of str
        Classes, of which ``unclassified`` takes in what was never rated.
    uses : collection of str
        Uses as they are stored.
    bbox : tuple of float or None
        West, south, east, north in degrees (WGS 84).
    ids : collection of int or None
        Only these.
    """

    text: str | None = None
    layer: str | None = None
    area: str | None = None
    classes: Sequence[str] = ()
    uses: Sequence[str] = ()
    bbox: BBox | None = None
    ids: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class BuildingPage:
    """Buildings in their order; ``after`` asks for the next page and is None on the last."""

    buildings: tuple[BuildingInfo, ...]
    after: str | None


def list_buildings(
    database: Database,
    asked: BuildingFilter,
    *,
    sort: BuildingSort = "code",
    at: date,
    today: date,
    timezone: ZoneInfo,
    after: str | None = None,
    limit: int = 100,
) -> BuildingPage:
    """Return a page of the buildings that a filter asks for.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks; what they may not see is left out.
    asked : BuildingFilter
        Which buildings.
    sort : {"code", "points"}
        By code, and of a text first the buildings whose code begins so, then those whose name does, then
        the others; or by the points of the rating, most first.
    at : datetime.date
        Day of the area, and of the class: of a day before today the last rating until its end.
    today : datetime.date
        The day that it is.
    timezone : zoneinfo.ZoneInfo
        Whose days.
    after : str, optional
        Where the page before ended.
    limit : int
        Most buildings on the page, 1 to 1000.

    Raises
    ------
    InputError
        A class, box, id or limit is none, an area comes without its layer, or ``after`` cannot be used.
    NotFoundError
        There is no such layer, or no such area of it on the day.
    """
    check_limit(limit)
    text = (asked.text or "").strip() or None
    with database.begin() as connection:
        wanted = BuildingsWanted(
            area=area_asked(connection, asked.layer, asked.area, at),
            classes=frozenset(class_asked(one) for one in asked.classes),
            uses=asked.uses,
            bbox=_box(asked.bbox),
            ids=_ids(asked.ids),
            text=text,
            rated_before=end_of(at, timezone) if at < today else None,
        )
        if sort == "points":
            return _by_points(connection, wanted, after, limit)
        return _by_code(connection, wanted, after, limit)


def area_asked(connection: sa.Connection, layer: str | None, code: str | None, day: date) -> AskedArea | None:
    """Return the area that buildings are asked of; None where none is named.

    Raises
    ------
    InputError
        The code comes without the layer, or the layer without the code.
    NotFoundError
        There is no such layer, or no such area of it on the day.
    """
    if layer is None and code is None:
        return None
    if layer is None or code is None:
        raise InputError(
            "An area is named by its layer and its code.", hint="Give both layer and area.", field="area"
        )
    found = store.asked_area(connection, find_layer(connection, layer).id, code, day)
    if found is None:
        raise NotFoundError(f"No area {code!r} of layer {layer!r} is in force on {day}.", field="area")
    return found


def _by_code(
    connection: sa.Connection, wanted: BuildingsWanted, after: str | None, limit: int
) -> BuildingPage:
    matches = [None] if wanted.text is None else list(MATCHES)
    number, mark = 0, None
    if after is not None:
        number, mark = _read_code(after, len(matches))
    rows: list[tuple[int, BuildingRow]] = []
    for place in range(number, len(matches)):
        missing = limit + 1 - len(rows)
        if not missing:
            break
        begin = mark if place == number else None
        found = store.buildings_by_code(connection, wanted, matches[place], after=begin, limit=missing)
        rows += [(place, row) for row in found]
    following = None
    if len(rows) > limit:
        place, last = rows[limit - 1]
        following = f"{place}~{last.id}~{last.external_id}"
    return BuildingPage(tuple(info_of(row) for _, row in rows[:limit]), following)


def _by_points(
    connection: sa.Connection, wanted: BuildingsWanted, after: str | None, limit: int
) -> BuildingPage:
    begin = None if after is None else _read_points(after)
    rows = store.buildings_by_points(connection, wanted, after=begin, limit=limit + 1)
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = f"{'' if last.risk_points is None else last.risk_points}~{last.id}"
    return BuildingPage(tuple(info_of(row) for row in rows[:limit]), following)


def info_of(
    row: BuildingRow, rating: tuple[str | None, int | None, datetime | None] | None = None
) -> BuildingInfo:
    """Return a row of the store as it is told, or with another rating: class, points and moment."""
    risk_class, risk_points, rated_at = rating or (row.risk_class, row.risk_points, row.rated_at)
    return BuildingInfo(
        id=row.id,
        source=row.source,
        code=row.external_id,
        name=row.name,
        address=row.address,
        lon=row.lon,
        lat=row.lat,
        floors=row.floors,
        built_year=row.built_year,
        use=row.use,
        households=row.households,
        population=row.population,
        risk_class=risk_class,
        risk_points=risk_points,
        rated_at=rated_at,
        areas=tuple(OwningArea(layer, code) for layer, code in row.areas),
    )


def class_asked(word: str) -> str:
    """Return the class that somebody named, as it is stored."""
    one = RiskClass.read(word)
    if one is None:
        known = ", ".join(each.value for each in RiskClass)
        raise InputError(
            f"{word!r} is no class of buildings.", hint=f"These are: {known}.", field="risk_class"
        )
    return one.value


def _box(bbox: BBox | None) -> BBox | None:
    if bbox is not None:
        check_bbox(bbox)
    return bbox


def _ids(ids: Sequence[int] | None) -> Sequence[int] | None:
    for one in ids or ():
        if not 0 < one <= _MOST_ID:
            raise InputError(f"{one} is no id of a building.", field="ids")
    return ids


def _read_code(text: str, matches: int) -> tuple[int, tuple[str, int]]:
    number, _, rest = text.partition("~")
    id_, parted, code = rest.partition("~")
    if parted and _is_number(number) and int(number) < matches and _is_number(id_):
        return int(number), (code, int(id_))
    raise unusable_mark(text)


def _read_points(text: str) -> tuple[int | None, int]:
    points, _, id_ = text.partition("~")
    if _is_number(id_) and (not points or _is_number(points.removeprefix("-"))):
        most = int(points) if points else None
        if most is None or abs(most) <= _MOST_POINTS:
            return most, int(id_)
    raise unusable_mark(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _MOST_ID


def unusable_mark(text: str) -> InputError:
    """Return what is told of a mark with which no page of buildings ended."""
    return InputError(
        f"{text!r} is not where a page of buildings ended.",
        hint="Take it from the header Link.",
        field="after",
    )

"""Use case: which buildings have another class than they had on a day, counted by area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.risk import RiskClass
from gisgov.governance.thematic import RatingChange
from gisgov.services.access import codes_reached
from gisgov.services.area_records import check_limit
from gisgov.services.building_lists import BuildingInfo, class_asked, info_of
from gisgov.services.drawn_layers import layer_to_draw
from gisgov.services.rating.explaining import end_of, rules_of, said_reasons
from gisgov.services.rating.explanations import SaidReason
from gisgov.services.rating.reports import ClassChange
from gisgov.store import building_lists, risk
from gisgov.store import class_changes as store
from gisgov.store.class_changes import ClassChanged
from gisgov.store.database import Database
from gisgov.store.layers import find_layer

DIRECTIONS: Final = (RatingChange.WORSE, RatingChange.BETTER, RatingChange.NEW, RatingChange.NONE)
"""What a change may be: worse, better, rated for the first time, or no class any more."""

_SEVERITY: Final = {RiskClass.SAFE: 0, RiskClass.GENERAL: 1, RiskClass.WARNING: 2}


@dataclass(frozen=True, slots=True)
class BuildingChange:
    """A building whose class changed.

    Attributes
    ----------
    building : BuildingInfo
        The building as it is now, with the class, points and moment of the later day.
    change : str
        ``worse``, ``better``, ``new`` (it had no class before) or ``none`` (it has none any more).
    former_class : str
        Class at the end of the earlier day; ``unclassified`` where there was none.
    former_points : int or None
        Its points then; None: it was not rated.
    reasons : tuple of SaidReason
        Why it has the later class.
    """

    building: BuildingInfo
    change: str
    former_class: str
    former_points: int | None
    reasons: tuple[SaidReason, ...]


@dataclass(frozen=True, slots=True)
class AreaChanges:
    """How many buildings of an area changed, by direction; ``code`` None: those that no area owns."""

    code: str | None
    name: str | None
    counts: dict[str, int]
    balance: int
    """Those that became worse less those that became better."""


@dataclass(frozen=True, slots=True)
class ClassChanges:
    """Buildings whose class changed from the end of one day to the end of another.

    Attributes
    ----------
    layer : str
        Layer that they are counted by.
    since, until : datetime.date
        The days.
    counts : dict
        Buildings by direction: ``worse``, ``better``, ``new``, ``none``.
    moves : tuple of ClassChange
        From which class to which.
    areas : tuple of AreaChanges
        The areas of the layer, also those in which nothing changed, those with the greatest balance first; of
        whoever holds the right in some areas alone those that it reaches wholly, and nothing else is counted.
    buildings : tuple of BuildingChange
        A page of those in the directions that are asked for: the worst class first, then by how many points
        were added.
    after : str or None
        What the next page begins behind; None on the last.
    """

    layer: str
    since: date
    until: date
    counts: dict[str, int]
    moves: tuple[ClassChange, ...]
    areas: tuple[AreaChanges, ...]
    buildings: tuple[BuildingChange, ...]
    after: str | None


def class_changes(
    database: Database,
    *,
    since: date,
    until: date,
    layer: str | None = None,
    area_layer: str | None = None,
    area: str | None = None,
    directions: Collection[str] = (),
    former_class: str | None = None,
    risk_class: str | None = None,
    timezone: ZoneInfo,
    after: str | None = None,
    limit: int = 100,
) -> ClassChanges:
    """Tell which buildings have another class at the end of a day than at the end of an earlier one.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks; buildings that they may not see are left out and not counted.
    since, until : datetime.date
        The days, the earlier first.
    layer : str, optional
        Layer to count by; by default the lowest partition with a plan in force on the later day.
    area_layer, area : str, optional
        Only buildings of this area of this layer, by default of the one to count by.
    directions : collection of str
        Directions whose buildings are listed; all by default. All are counted.
    former_class, risk_class : str, optional
        The class before, and the one now, of the buildings that are listed.
    timezone : zoneinfo.ZoneInfo
        Whose days.
    after : str, optional
        Where the page before ended.
    limit : int
        Most buildings on the page, 1 to 1000.

    Raises
    ------
    InputError
        The days are not in order, a direction, class or the limit is none, or ``after`` cannot be used.
    NotFoundError
        There is no such layer or area on the later day.
    """
    check_limit(limit)
    wanted = _directions(directions)
    before, now = (None if one is None else class_asked(one) for one in (former_class, risk_class))
    if not since < until:
        raise InputError(
            f"The change from {since} to {until} has no days in between.",
            hint="Give an earlier day first.",
            field="since",
        )
    with database.begin() as connection:
        asked = layer_to_draw(connection, layer, until)
        rows = store.class_changes(connection, end_of(since, timezone), end_of(until, timezone))
        if area is not None:
            within = asked.id if area_layer is None else find_layer(connection, area_layer).id
            rows = _of_area(connection, rows, within, area, until)
        owners = risk.owners_of(connection, asked.id, until, [row.id for row in rows])
        names = store.names_of_areas(connection, asked.id, until)
        reached = codes_reached(connection, "buildings.read", asked.id)
        if reached is not None:
            names = {code: name for code, name in names.items() if code in reached}
            rows = tuple(row for row in rows if owners.get(row.id) in reached)
        kinds = {row.id: _change(row) for row in rows}
        listed = sorted(
            (
                row
                for row in rows
                if kinds[row.id] in wanted
                and before in (None, row.former_class)
                and now in (None, row.risk_class)
            ),
            key=_order,
        )
        page, following = _page(listed, after, limit)
        told = _told(connection, page, kinds)
    by_area: dict[str | None, Counter[str]] = {code: Counter() for code in names}
    for row in rows:
        by_area.setdefault(owners.get(row.id), Counter())[kinds[row.id].value] += 1
    moves = Counter((row.former_class, row.risk_class) for row in rows)
    counted = [
        AreaChanges(code, None if code is None else names.get(code), _counts(counts), _balance(counts))
        for code, counts in by_area.items()
    ]
    return ClassChanges(
        layer=asked.name,
        since=since,
        until=until,
        counts=_counts(sum(by_area.values(), Counter[str]())),
        moves=tuple(ClassChange(before, after_, count) for (before, after_), count in sorted(moves.items())),
        areas=tuple(sorted(counted, key=lambda one: (one.code is None, -one.balance, one.code or ""))),
        buildings=told,
        after=following,
    )


def _of_area(
    connection: sa.Connection, rows: Sequence[ClassChanged], layer_id: int, code: str, day: date
) -> tuple[ClassChanged, ...]:
    """Return the buildings that an area in force on a day owns."""
    if code not in store.names_of_areas(connection, layer_id, day):
        raise NotFoundError(f"No area {code!r} of that layer is in force on {day}.", field="area")
    owners = risk.owners_of(connection, layer_id, day, [row.id for row in rows])
    return tuple(row for row in rows if owners.get(row.id) == code)


def _told(
    connection: sa.Connection, page: Sequence[ClassChanged], kinds: dict[int, RatingChange]
) -> tuple[BuildingChange, ...]:
    buildings = building_lists.buildings_of(connection, [row.id for row in page])
    rules = rules_of(connection, {row.rules_version for row in page})
    return tuple(
        BuildingChange(
            building=info_of(buildings[row.id], (row.risk_class, row.risk_points, row.rated_at)),
            change=kinds[row.id].value,
            former_class=row.former_class,
            former_points=row.former_points,
            reasons=said_reasons(rules[row.rules_version], row.risk_reasons),
        )
        for row in page
        if row.id in buildings  # removed meanwhile
    )


def _change(row: ClassChanged) -> RatingChange:
    former, latter = (_SEVERITY.get(RiskClass(one)) for one in (row.former_class, row.risk_class))
    if latter is None:
        return RatingChange.NONE
    if former is None:
        return RatingChange.NEW
    return RatingChange.WORSE if latter > former else RatingChange.BETTER


def _order(row: ClassChanged) -> tuple[int, int, int]:
    return (
        -_SEVERITY.get(RiskClass(row.risk_class), -1),
        (row.former_points or 0) - row.risk_points,
        row.id,
    )


def _page(
    rows: Sequence[ClassChanged], after: str | None, limit: int
) -> tuple[Sequence[ClassChanged], str | None]:
    start = 0
    if after is not None:
        places = {str(row.id): place for place, row in enumerate(rows)}
        if after not in places:
            raise InputError(
                f"{after!r} is not where a page of changes ended.",
                hint="Take it from the header Link, or from `after`.",
                field="after",
            )
        start = places[after] + 1
    page = rows[start : start + limit]
    return page, str(page[-1].id) if start + limit < len(rows) else None


def _directions(words: Collection[str]) -> frozenset[RatingChange]:
    known = {one.value: one for one in DIRECTIONS}
    for word in words:
        if word not in known:
            raise InputError(
                f"{word!r} is no direction of a change.",
                hint=f"These are: {', '.join(known)}.",
                field="direction",
            )
    return frozenset(known[word] for word in words) or frozenset(DIRECTIONS)


def _counts(counts: Counter[str]) -> dict[str, int]:
    return {one.value: counts[one.value] for one in DIRECTIONS}


def _balance(counts: Counter[str]) -> int:
    return counts[RatingChange.WORSE.value] - counts[RatingChange.BETTER.value]

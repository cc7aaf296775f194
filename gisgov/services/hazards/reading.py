"""Use cases: hazards in pages, and one with all that was done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.hazards import HazardKind, HazardState
from gisgov.services.access import holds
from gisgov.services.area_records import check_limit
from gisgov.services.hazards.reports import HazardHistory, HazardPage, HazardStepInfo, info_of
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.hazards import WantedHazards, hazard_page, hazards_told, steps_of_hazards
from gisgov.store.layers import find_layer

_MOST_ID: Final = 2**63 - 1
Word = TypeVar("Word", HazardKind, HazardState)


@dataclass(frozen=True, slots=True)
class HazardFilter:
    """Which hazards somebody wants; nothing leaves a condition out.

    Attributes
    ----------
    layer, area : str or None
        An area that owns their buildings.
    building_id : int or None
        Their building.
    kinds : tuple of HazardKind
        Of which they are one.
    states : tuple of HazardState
        Likewise.
    is_overdue : bool or None
        Whether their term is over while they are not rectified.
    """

    layer: str | None = None
    area: str | None = None
    building_id: int | None = None
    kinds: tuple[HazardKind, ...] = ()
    states: tuple[HazardState, ...] = ()
    is_overdue: bool | None = None


def parse_hazards(
    *,
    layer: str | None = None,
    area: str | None = None,
    building_id: int | None = None,
    kind: str | None = None,
    state: str | None = None,
    is_overdue: bool | None = None,
) -> HazardFilter:
    """Return the filter that somebody wrote; several kinds and states are separated by commas.

    Raises
    ------
    InputError
        A kind or a state is none, or a layer comes without its area, or the other way round.

    Examples
    --------
    >>> [one.value for one in parse_hazards(kind="消防, electrical").kinds]
    ['fire', 'electrical']
    """
    if (layer is None) != (area is None):
        raise InputError(
            "An area is named by its layer and its code.", hint="Give both layer and area.", field="area"
        )
    kinds = tuple(_read(HazardKind, one, "kind") for one in _words(kind))
    states = tuple(_read(HazardState, one, "state") for one in _words(state))
    return HazardFilter(layer, area, building_id, kinds, states, is_overdue)


def list_hazards(
    database: Database, asked: HazardFilter, *, today: date, after: str | None = None, limit: int = 100
) -> HazardPage:
    """Return a page of the hazards of buildings that whoever asks may see, those recorded last first.

    Parameters
    ----------
    database : Database
        Where they are.
    asked : HazardFilter
        Which.
    today : datetime.date
        The day whose areas own buildings, and on which terms are over.
    after : str, optional
        Where the page before ended.
    limit : int
        Most hazards on the page, 1 to 1000.

    Raises
    ------
    InputError
        ``after`` or ``limit`` cannot be used.
    NotFoundError
        There is no such layer.
    """
    check_limit(limit)
    with database.begin() as connection:
        wanted = WantedHazards(
            before=None if after is None else _number(after),
            building_id=asked.building_id,
            kinds=[one.value for one in asked.kinds] or None,
            states=[one.value for one in asked.states] or None,
            is_overdue=asked.is_overdue,
            layer_id=None if asked.layer is None else find_layer(connection, asked.layer).id,
            code=asked.area,
        )
        is_limited = not holds(connection, "buildings.read", "")
        with as_owner(connection):
            ids = hazard_page(connection, wanted, today=today, most=limit + 1, is_limited=is_limited)
        rows = hazards_told(connection, ids[:limit])
    told = tuple(info_of(row, today) for row in rows)
    return HazardPage(told, str(ids[limit - 1]) if len(ids) > limit else None)


def find_hazard(database: Database, hazard_id: int, *, today: date) -> HazardHistory:
    """Return a hazard with all that was done with it.

    Raises
    ------
    NotFoundError
        There is no such hazard where whoever asks may see buildings.
    """
    with database.begin() as connection:
        row = seen_hazard(connection, hazard_id)
        steps = steps_of_hazards(connection, [hazard_id])[hazard_id]
    return HazardHistory(info_of(row, today), _told(steps))


def seen_hazard(connection: sa.Connection, hazard_id: int) -> sa.RowMapping:
    """Return a hazard as it stands.

    Raises
    ------
    NotFoundError
        There is no such hazard where whoever acts may see buildings.
    """
    rows = hazards_told(connection, [hazard_id])
    if not rows:
        raise NotFoundError(f"There is no hazard {hazard_id} where you may see buildings.", field="id")
    return rows[0]


def _told(steps: Sequence[sa.RowMapping]) -> tuple[HazardStepInfo, ...]:
    return tuple(
        HazardStepInfo(**{name: value for name, value in row.items() if name != "hazard_id"}) for row in steps
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST_ID):
        raise InputError(
            f"{text!r} is not where a page of hazards ended.",
            hint="Take it from the header Link, or from `after`.",
            field="after",
        )
    return int(text)


def _words(text: str | None) -> Sequence[str]:
    return [word for one in (text or "").split(",") if (word := one.strip())]


def _read(words: type[Word], text: str, field: str) -> Word:
    found = words.read(text)
    if found is None:
        known = ", ".join(one.value for one in words)
        raise InputError(f"{text!r} is no {field} of hazards.", hint=f"These are: {known}.", field=field)
    return found

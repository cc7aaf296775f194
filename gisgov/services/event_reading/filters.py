"""What somebody asks of events: one filter for lists and for the live stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from gisgov.errors import InputError
from gisgov.governance.events import EventLevel, EventState
from gisgov.services.area_records import check_bbox
from gisgov.services.audit import Period
from gisgov.services.loop import EventInfo
from gisgov.store.event_reading import Wanted
from gisgov.types import BBox

OfArea: TypeAlias = Literal["in", "desk", "either"]
"""Which events are those of an area: that lie in it, on its desk, or either."""

LimitStanding: TypeAlias = Literal["due-soon", "overdue", "late"]
"""``late``: missed by now or overdue, as the statistics of events count those that are overdue."""

PlaceStanding: TypeAlias = Literal["outside", "no-place"]
"""Where an event lies that is in no area: outside all of a layer, or nobody said where."""

EventSort: TypeAlias = Literal["newest", "due"]

OPEN: Final = "open"
"""Stands for all states in which somebody still has to do something."""

_ALWAYS: Final = Period()
_MOST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events somebody wants; nothing leaves a condition out.

    Attributes
    ----------
    layer, area : str or None
        An area.
    of : {"in", "desk", "either"}
        Whether events count that lie in it, or on its desk.
    places : frozenset of {"outside", "no-place"}
        Instead of an area: events outside all areas of the layer, or without a place; of lists alone.
    states, levels, sources : frozenset of str
        Words of which an event has to have one.
    categories, departments : frozenset of str
        Codes, likewise; of lists alone.
    limits : frozenset of {"due-soon", "overdue", "late"}
        How a limit has to stand; of lists alone.
    period : Period
        When it happened; of lists alone.
    bbox : tuple of float or None
        Where; of lists alone.
    external_id : str or None
        Its id at its source; of lists alone.
    named : str or None
        Its id, here or at its source; of lists alone.
    building_id : int or None
        The building that it concerns; of lists alone.
    """

    layer: str | None = None
    area: str | None = None
    of: OfArea = "either"
    places: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()
    period: Period = _ALWAYS
    bbox: BBox | None = None
    external_id: str | None = None
    named: str | None = None
    building_id: int | None = None

    def wanted(self) -> Wanted:
        """Return the filter as the store asks it."""
        given = self.named
        number = int(given) if given and given.isascii() and given.isdigit() and len(given) < 20 else None
        return Wanted(
            layer=self.layer,
            code=self.area,
            lies_in=self.of != "desk",
            on_desk=self.of != "in",
            outside="outside" in self.places,
            without_place="no-place" in self.places,
            states=self.states,
            levels=self.levels,
            sources=self.sources,
            categories=self.categories,
            departments=self.departments,
            limit_states=self.limits,
            since=self.period.since,
            until=self.period.until,
            bbox=self.bbox,
            external_id=self.external_id,
            named=given,
            building_id=self.building_id,
            event_id=number if number is not None and number <= _MOST_ID else None,
        )

    def fits(self, event: EventInfo) -> bool:
        """Whether an event has the area, level, state and source that are wanted."""
        return (not self.states or event.state in self.states) and self.fits_but_for_state(event)

    def fits_but_for_state(self, event: EventInfo) -> bool:
        """Whether an event has the area, level and source that are wanted, whatever its state."""
        return (
            (not self.levels or event.level in self.levels)
            and (not self.sources or event.source in self.sources)
            and (self.area is None or self._is_of_area(event))
        )

    def _is_of_area(self, event: EventInfo) -> bool:
        area = (self.layer, self.area)
        lies = self.of != "desk" and any((one.layer, one.code) == area for one in event.areas)
        desk = event.desk
        return lies or (self.of != "in" and desk is not None and (desk.layer, desk.code) == area)


def parse_filter(
    *,
    layer: str | None = None,
    area: str | None = None,
    of: OfArea = "either",
    place: str | None = None,
    state: str | None = None,
    level: str | None = None,
    source: str | None = None,
    category: str | None = None,
    department: str | None = None,
    limit_state: str | None = None,
    period: Period | None = None,
    bbox: BBox | None = None,
    external_id: str | None = None,
    named: str | None = None,
    building_id: int | None = None,
) -> EventFilter:
    """Return the filter that somebody wrote; several words of one kind are separated by commas.

    Raises
    ------
    InputError
        A state, level, standing of a limit or place is none; a layer comes without its area or place, or the
        other way round; a box is none.

    Examples
    --------
    >>> sorted(parse_filter(state="closed,revisited", level="一级").states)
    ['closed', 'revisited']
    """
    places = frozenset(_place(one) for one in _words(place))
    if places:
        _refuse_areas(layer, area, places)
    elif (layer is None) != (area is None):
        raise InputError(
            "An area is named by its layer and its code.", hint="Give both layer and area.", field="area"
        )
    if bbox is not None:
        check_bbox(bbox)
    return EventFilter(
        layer=layer,
        area=area,
        of=of,
        places=places,
        states=_states(state),
        levels=frozenset(_level(one) for one in _words(level)),
        sources=frozenset(_words(source)),
        categories=frozenset(_words(category)),
        departments=frozenset(_words(department)),
        limits=frozenset(_standing(one) for one in _words(limit_state)),
        period=period or _ALWAYS,
        bbox=bbox,
        external_id=external_id,
        named=named,
        building_id=building_id,
    )


def _place(word: str) -> str:
    known = get_args(PlaceStanding)
    if word not in known:
        hint = f"Ask for {' or '.join(known)}."
        raise InputError(f"{word!r} is not where an event is.", hint=hint, field="place")
    return word


def _refuse_areas(layer: str | None, area: str | None, places: frozenset[str]) -> None:
    if area is not None:
        told = "What lies in an area lies in one."
        raise InputError(told, hint="Ask for an area or for a place.", field="place")
    if layer is None and "outside" in places:
        told = "Events lie outside the areas of a layer."
        raise InputError(told, hint="Name the layer too.", field="layer")


def _words(text: str | None) -> Sequence[str]:
    return [word for one in (text or "").split(",") if (word := one.strip())]


def _states(text: str | None) -> frozenset[str]:
    found: set[str] = set()
    for word in _words(text):
        if word == OPEN:
            found.update(one.value for one in EventState if one.is_open)
            continue
        state = EventState.read(word)
        if state is None:
            known = ", ".join([OPEN, *(one.value for one in EventState)])
            raise InputError(f"{word!r} is no state of events.", hint=f"These are: {known}.", field="state")
        found.add(state.value)
    return frozenset(found)


def _level(word: str) -> str:
    level = EventLevel.read(word)
    if level is None:
        raise InputError(f"{word!r} is no level of events.", hint="These are: 1, 2, 3.", field="level")
    return level.value


def _standing(word: str) -> str:
    known = get_args(LimitStanding)
    if word not in known:
        hint = f"Ask for {', '.join(known[:-1])} or {known[-1]}."
        raise InputError(f"{word!r} is not how a limit stands.", hint=hint, field="limit_state")
    return word

"""The policy of routing: which layer gets an event of a level, and whether place or owner goes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gisgov.governance.events import EventLevel
from gisgov.governance.fields import Fields
from gisgov.governance.titles import Titled
from gisgov.types import Json

_FURTHEST_M: Final = 1000.0
_MOST: Final = 100


class ItemKind(Titled):
    """What an item of the register is about."""

    EVENT = "event", "事件", "Event"
    COMPONENT = "component", "部件", "Component"


class Way(Titled):
    """What may give an event its desk."""

    PLACE = "place", "属地", "The area of the place"
    OWNER = "owner", "权属", "The department that answers for it"


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """What may be reported twice.

    Attributes
    ----------
    within_m : float
        How near events have to be.
    within_hours : float
        How close in time.
    most : int
        How many are proposed at most.
    """

    within_m: float
    within_hours: float
    most: int


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """One version of the policy.

    Attributes
    ----------
    version, title_zh, title_en, source : str
        What it is called and where it comes from.
    is_example : bool
        Whether it is an example that nobody has decided on.
    border_m : float
        How near to the border of another area its people are told too.
    unclassified : EventLevel
        Of an event that names neither a level nor an item of the register.
    layers : mapping of EventLevel to tuple of str
        The layers whose area may get an event of the level, in their order.
    ways : mapping of ItemKind to tuple of Way
        What is asked first.
    duplicates : DuplicateRule
        What may be reported twice.
    """

    version: str
    title_zh: str
    title_en: str
    source: str
    is_example: bool
    border_m: float
    unclassified: EventLevel
    layers: Mapping[EventLevel, tuple[str, ...]]
    ways: Mapping[ItemKind, tuple[Way, ...]]
    duplicates: DuplicateRule


def parse_routing(mapping: object, where: str = "routing") -> RoutingPolicy:
    """Read the policy.

    Parameters
    ----------
    mapping : object
        The document as it was read; the shipped ``fixtures/routing.yaml`` shows every key.
    where : str
        Name of the document for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used; the message names the path and what is allowed.
    """
    fields = Fields(mapping, where)
    version, title_zh, title_en = fields.text("version"), fields.text("title_zh"), fields.text("title_en")
    source, is_example = fields.text("source"), fields.flag("example", default=False)
    border_m = _at_most(fields, "border_m", _FURTHEST_M)
    unclassified = fields.choice("unclassified", EventLevel)
    levels, desk = fields.inner("levels"), fields.inner("desk")
    layers = {level: _some(levels, level.value) for level in EventLevel}
    ways = {kind: _ways(desk, kind.value) for kind in ItemKind}
    duplicates = fields.inner("duplicates")
    rule = DuplicateRule(
        _at_most(duplicates, "within_m", _FURTHEST_M),
        duplicates.number("within_hours", least=0.0),
        duplicates.integer("most", least=1, most=_MOST),
    )
    for inner in (levels, desk, duplicates, fields):
        inner.done()
    return RoutingPolicy(
        version, title_zh, title_en, source, is_example, border_m, unclassified, layers, ways, rule
    )  # fmt: skip


def format_routing(policy: RoutingPolicy) -> Json:
    """Write the policy as a mapping that `parse_routing` reads back to an equal one."""
    rule = policy.duplicates
    return {
        "version": policy.version,
        "title_zh": policy.title_zh,
        "title_en": policy.title_en,
        "source": policy.source,
        "example": policy.is_example,
        "border_m": policy.border_m,
        "unclassified": policy.unclassified.value,
        "levels": {level.value: [*names] for level, names in policy.layers.items()},
        "desk": {kind.value: [way.value for way in ways] for kind, ways in policy.ways.items()},
        "duplicates": {
            "within_m": rule.within_m,
            "within_hours": rule.within_hours,
            "most": rule.most,
        },
    }


def _at_most(fields: Fields, key: str, most: float) -> float:
    number = fields.number(key, least=0.0)
    if number > most:
        fields.refuse(key, f"must be {most:g} or less, not {number:g}")
    return number


def _some(fields: Fields, key: str) -> tuple[str, ...]:
    found = fields.texts(key)
    if not found:
        fields.refuse(key, "must name at least one")
    return found


def _ways(fields: Fields, key: str) -> tuple[Way, ...]:
    known = [way.value for way in Way]
    found = _some(fields, key)
    for word in found:
        if word not in known:
            fields.refuse(key, f"has {word!r}; known are {', '.join(known)}")
    return tuple(Way(word) for word in found)

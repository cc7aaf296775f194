"""On whose desk one event lands, by the policy alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from gisgov.governance.events import EventLevel
from gisgov.governance.loop import DeskKind
from gisgov.governance.routing.policy import ItemKind, RoutingPolicy, Way


class Item(Protocol):
    """What routing has to know of an item of the register."""

    @property
    def code(self) -> str:
        """What it is called."""

    @property
    def kind(self) -> str:
        """A word of `ItemKind`."""

    @property
    def level(self) -> str:
        """The level that its events have if they name none."""

    @property
    def department_code(self) -> str | None:
        """Who answers for it."""

    @property
    def layers(self) -> Mapping[str, str]:
        """Level: the layer that it is routed to, where that differs from the policy's."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose desk it is.

    Attributes
    ----------
    kind : DeskKind
        What sort of desk.
    layer : str or None
        The layer whose area at the place has it, of an area's desk alone.
    """

    kind: DeskKind
    layer: str | None = None


def choose_desk(
    policy: RoutingPolicy,
    level: EventLevel,
    item: Item | None,
    covering: Collection[str],
    *,
    is_outside: bool,
) -> Choice:
    """Choose the desk of one event.

    Parameters
    ----------
    policy : RoutingPolicy
        The policy in force.
    level : EventLevel
        Of the event.
    item : Item, optional
        The item of the register that it is of; None: unclassified, and treated as an event.
    covering : collection of str
        The layers in force that have an area at the place; empty where it has no place.
    is_outside : bool
        Whether it has a place that no area covers: that is never passed to anybody unseen.

    Returns
    -------
    Choice
        Triage where nothing gives an answer.

    Examples
    --------
    >>> from fixtures.shipped import routing_policy
    >>> choose_desk(routing_policy(), EventLevel.THIRD, None, {"grid", "street"}, is_outside=False).layer
    'street'
    """
    if is_outside:
        return Choice(DeskKind.TRIAGE)
    for way in policy.ways[ItemKind.EVENT if item is None else ItemKind(item.kind)]:
        if way is Way.OWNER:
            if item is not None and item.department_code is not None:
                return Choice(DeskKind.DEPARTMENT)
            continue
        own = None if item is None else item.layers.get(level.value)
        for layer in (() if own is None else (own,)) + policy.layers[level]:
            if layer in covering:
                return Choice(DeskKind.AREA, layer)
    return Choice(DeskKind.TRIAGE)


def level_of(policy: RoutingPolicy, level: EventLevel | None, item: Item | None) -> EventLevel:
    """Return the level of an event: what it says, or what its item says, or what the policy says."""
    if level is not None:
        return level
    return policy.unclassified if item is None else EventLevel(item.level)

"""Why a division cannot be better: what stands in the way, as a number, and what would take it away."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ObstacleKind(StrEnum):
    """What stands in the way of an even division."""

    GIANT_BLOCK = "giant-block"
    SEVERAL_PIECES = "several-pieces"
    NESTING_ROUNDING = "nesting-rounding"
    LOCKED_OFF_TARGET = "locked-off-target"
    TOGETHER_IN_PIECES = "together-in-pieces"
    APART_TOGETHER = "apart-together"
    TOO_MANY_SEATS = "too-many-seats"
    MOVED_SHARE = "moved-share"
    TWO_BALANCES = "two-balances"
    OUTSIDE_LIMIT = "outside-limit"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way.

    Attributes
    ----------
    kind : ObstacleKind
        giant-block: a block alone has ``value`` times the mean load of an area of its parent; with ``needed``
        areas or fewer it would keep to the limit (0: with none), or it is split.
        several-pieces: a connected piece of the parent has areas whose mean load is off the parent's by
        ``value``, as a share; ``needed`` areas in the parent would bring all pieces within the limit (0: no
        number up to twice as many does).
        nesting-rounding: the areas of a parent carry ``value`` more or less than all areas on average, as a
        share, because their number is whole; ``needed`` areas come nearest (0: no other number comes nearer).
        locked-off-target: a locked area is off by ``value``, as a share; the limit is ``needed``.
        together-in-pieces: ``value`` blocks between the pieces of group ``block`` were put to it.
        apart-together: blocks that shall be apart are in one area, ``value`` pairs; 0 is ``needed``.
        too-many-seats: a parent has ``value`` service points for ``needed`` areas, or an area has as many.
        moved-share: the share of people who change hands is ``value``; ``needed`` is the least that any
        division within the limit moves.
        two-balances: to keep to both targets at once areas would be off by ``value`` at best; the limit is
        ``needed``.
        outside-limit: an area is off by ``value``, as a share, for none of these reasons; the limit is
        ``needed``.
    parent, area, block : int
        Where, -1 where that is not said.
    value, needed : float
        As the kind says.
    """

    kind: ObstacleKind
    value: float
    needed: float
    parent: int = -1
    area: int = -1
    block: int = -1

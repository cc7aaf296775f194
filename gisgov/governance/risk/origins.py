"""Where a fact of the rules comes from: written down with the building, or counted as it is rated."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.governance.titles import Titled


class HazardKind(Titled):
    """What a hazard on record is of."""

    FIRE = "fire", "消防", "Fire"
    ELECTRICAL = "electrical", "用电", "Electricity"
    STRUCTURE = "structure", "房屋结构", "Structure"
    DANGEROUS_GOODS = "dangerous-goods", "危险品", "Dangerous goods"
    WORK_SAFETY = "work-safety", "安全生产", "Work safety"
    OTHER = "other", "其他", "Other"


@dataclass(frozen=True, slots=True)
class HazardCount:
    """A fact that counts the hazards of a building that are found and not yet rectified.

    Parameters
    ----------
    kinds : tuple of HazardKind
        Which; empty: all.
    is_overdue : bool
        Only those whose day of rectification is over.
    """

    kinds: tuple[HazardKind, ...] = ()
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class EventCount:
    """A fact that counts events in a building or near it, over a window of days before the rating.

    Events that were rejected or merged into others are none.

    Parameters
    ----------
    categories : tuple of str
        Codes, groups or functions of the category register, or texts of categories of events that came from
        files; an event counts that has one of them.
    days : int
        How many days the window has: the last one is the day of the rating.
    within_m : float
        How far from the building's footprint an event may lie, metres; 0: only events of the building itself
        (`event_building`).
    """

    categories: tuple[str, ...]
    days: int
    within_m: float = 0.0

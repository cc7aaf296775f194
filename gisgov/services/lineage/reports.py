"""What `gisgov.services.lineage` answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Replacement:
    """An area in force on the ground of one that is in force no more.

    Attributes
    ----------
    code, name, plan : str
        The area and its plan.
    origin : str
        What it is, a word of `gisgov.governance.lineage.AreaOrigin`.
    ground_share, people_share : float or None
        How much of the former area it has (0..1); people None where nobody lived in that.
    """

    code: str
    name: str
    plan: str
    origin: str
    ground_share: float
    people_share: float | None


@dataclass(frozen=True, slots=True)
class LineageLink:
    """Ground that one area took over from another when plans changed.

    Attributes
    ----------
    generation : int
        How many changes away: 1 is the next one.
    day : datetime.date
        When the later plan came into force.
    former_code, former_name, former_plan : str or None
        The area that had the ground; None where none had.
    code, name, plan : str or None
        The area that has it then; None where none has.
    origin : str
        What the later area is, a word of `gisgov.governance.lineage.AreaOrigin`; ``gone`` without one.
    ground_share, people_share : float or None
        How much of the later area came from the former one (0..1).
    former_ground_share, former_people_share : float or None
        How much of the former area went to the later one.
    """

    generation: int
    day: date
    former_code: str | None
    former_name: str | None
    former_plan: str | None
    code: str | None
    name: str | None
    plan: str | None
    origin: str
    ground_share: float
    people_share: float | None
    former_ground_share: float
    former_people_share: float | None


@dataclass(frozen=True, slots=True)
class HeldBy:
    """A plan that has an area, and when it is in force.

    Attributes
    ----------
    plan : str
        The plan.
    valid_from : datetime.date
        First day in force.
    valid_to : datetime.date or None
        First day no longer in force; None where that is open.
    """

    plan: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class AreaLineage:
    """Where an area comes from and what became of it.

    Attributes
    ----------
    layer, code, name : str
        The area.
    at : datetime.date
        The day asked about.
    is_in_force : bool
        Whether it is in force on that day.
    held_by : tuple of HeldBy
        The plans that have it, in time.
    before : tuple of LineageLink
        Whose ground it took over, and so on back: the nearest change first.
    after : tuple of LineageLink
        Who took its ground over, and so on.
    replaced_by : tuple of Replacement
        What is in force on its ground on the day asked about, the largest share first; empty unless it has
        ended before.
    """

    layer: str
    code: str
    name: str
    at: date
    is_in_force: bool
    held_by: tuple[HeldBy, ...]
    before: tuple[LineageLink, ...]
    after: tuple[LineageLink, ...]
    replaced_by: tuple[Replacement, ...]

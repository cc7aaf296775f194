"""What `gisgov.services.statistics.counting` answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of an area, of the ground that is in none, or of all together.

    Attributes
    ----------
    area_km2 : float or None
        Ground; None for the ground that is in no area.
    population, households : float or None
        Counts; None where no area says.
    buildings : dict or None
        Number by risk class, a word of `gisgov.governance.risk.RiskClass`; None where whoever asks may see no
        buildings.
    events : dict or None
        Number of events of the period by state, a word of `gisgov.governance.events.EventState`; None where
        whoever asks may not see events.
    events_by_category : dict or None
        The same by category: those with most events of all, and ``other``.
    """

    area_km2: float | None
    population: float | None
    households: float | None
    buildings: dict[str, float] | None
    events: dict[str, float] | None
    events_by_category: dict[str, float] | None


@dataclass(frozen=True, slots=True)
class AreaStatistics:
    """An area and its figures.

    Attributes
    ----------
    code, name, plan : str
        The area and its plan.
    figures : Figures
        What was counted in it.
    """

    code: str
    name: str
    plan: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class LayerStatistics:
    """Figures of the areas of a layer, whose parts add up to the whole.

    Attributes
    ----------
    layer : str
        The layer.
    at : datetime.date
        The day whose areas were counted.
    on : datetime.date or None
        The day whose areas the figures were put onto; None where they are those of ``at``.
    first, last : datetime.date or None
        First and last day of the events; None where that is open.
    plans : tuple of str
        The plans in force whose areas stand here.
    areas : tuple of AreaStatistics
        By code.
    in_no_area : Figures
        What lies in none of them, or has no place.
    total : Figures
        All there is: the sums of the areas and of what is in none.
    remainder : dict
        What each figure lost when it was put onto other areas, by its name: zero. Empty where none was.
    """

    layer: str
    at: date
    on: date | None
    first: date | None
    last: date | None
    plans: tuple[str, ...]
    areas: tuple[AreaStatistics, ...]
    in_no_area: Figures
    total: Figures
    remainder: dict[str, float]

"""What is told of rules before they are in force: who would change, where, and from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gisgov.governance.risk import RuleDifference
from gisgov.services.rating.explanations import SaidReason
from gisgov.services.rating.reports import ClassChange, FactTrouble


@dataclass(frozen=True, slots=True)
class ClassGiven:
    """A class that a building has or would have.

    Attributes
    ----------
    risk_class : str or None
        None where it was never rated.
    points : int or None
        Points behind it.
    reasons : tuple of SaidReason
        Why.
    """

    risk_class: str | None
    points: int | None
    reasons: tuple[SaidReason, ...]


@dataclass(frozen=True, slots=True)
class BuildingPreview:
    """A building whose class would change.

    Attributes
    ----------
    id : int
        The building.
    source, external_id : str
        What it is called at its source.
    area : str or None
        Code of the area of the layer that owns it.
    before, after : ClassGiven
        What it is, and what it would be.
    """

    id: int
    source: str
    external_id: str
    area: str | None
    before: ClassGiven
    after: ClassGiven


@dataclass(frozen=True, slots=True)
class AreaPreview:
    """What would change in an area.

    Attributes
    ----------
    code, name : str or None
        The area; None for buildings that no area in force owns.
    changed : int
        Buildings whose class would change.
    warnings_before, warnings_after : int
        Warning buildings that it has, and would have.
    more, fewer : int
        Buildings that would become warning ones, and that would not be any more.
    """

    code: str | None
    name: str | None
    changed: int
    warnings_before: int
    warnings_after: int
    more: int
    fewer: int


@dataclass(frozen=True, slots=True)
class RatingPreview:
    """What rules would change.

    Attributes
    ----------
    version : str
        Version of the rules.
    is_example : bool
        Whether they are an example that nobody has decided on.
    in_force : str or None
        Version in force now.
    today : datetime.date
        Day as of which facts were counted.
    layer : str or None
        Layer of the areas; None where no plan of any partition is in force.
    buildings : int
        All there are.
    before, after : dict
        Buildings of each class as they are rated now, and as they would be; those never rated are
        unclassified before.
    changed : int
        Buildings whose class would change.
    changes : tuple of ClassChange
        From which class to which, the most numerous first.
    areas : tuple of AreaPreview
        Areas in which a class would change: those whose warnings change most first.
    first : tuple of BuildingPreview
        Some of these buildings: those that rise most first, then by id.
    unknown : dict
        For each fact the buildings of which it is not known.
    problems : tuple of FactTrouble
        Values that could not be used.
    differences : tuple of RuleDifference
        What these rules say otherwise than those in force; empty where none are.
    """

    version: str
    is_example: bool
    in_force: str | None
    today: date
    layer: str | None
    buildings: int
    before: dict[str, int]
    after: dict[str, int]
    changed: int
    changes: tuple[ClassChange, ...]
    areas: tuple[AreaPreview, ...]
    first: tuple[BuildingPreview, ...]
    unknown: dict[str, int]
    problems: tuple[FactTrouble, ...]
    differences: tuple[RuleDifference, ...]

"""What patrols, visits and service points come to, by area; the parts add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AreaPatrolled:
    """How much of an area patrols came near to.

    Attributes
    ----------
    code, name : str
        The area; empty for the ground in no area, and for all together.
    check_ins : int
        Check-ins that lie in it.
    ground_km2, covered_km2 : float or None
        Its ground, and what of it lies near a check-in; None for the ground in no area, which has no end.
    ground_share : float or None
        The share, 0..1; None without ground.
    buildings, covered_buildings : int
        Its buildings, and those near a check-in; buildings without a place are in no area, and not covered.
    building_share : float or None
        The share, 0..1; None without buildings.
    """

    code: str
    name: str
    check_ins: int
    ground_km2: float | None
    covered_km2: float | None
    ground_share: float | None
    buildings: int
    covered_buildings: int
    building_share: float | None


@dataclass(frozen=True, slots=True)
class PatrolCoverage:
    """How much of the areas of a layer patrols came near to in a period.

    Attributes
    ----------
    layer : str
        The layer.
    first, last : datetime.date
        First and last day; the areas are those of the last.
    distance_m : float
        How near counts, by the policy.
    measured_in : str
        The projected plane that distances and ground were measured in.
    policy_version : str
        Version of the policy.
    is_example : bool
        Whether that is an example that nobody has decided on.
    areas : tuple of AreaPatrolled
        By code; those where whoever asks may see patrols.
    in_no_area : AreaPatrolled or None
        The rest; None for whoever does not see all of it.
    total : AreaPatrolled
        All of these together.
    """

    layer: str
    first: date
    last: date
    distance_m: float
    measured_in: str
    policy_version: str
    is_example: bool
    areas: tuple[AreaPatrolled, ...]
    in_no_area: AreaPatrolled | None
    total: AreaPatrolled


@dataclass(frozen=True, slots=True)
class AreaVisits:
    """Visits to people, and patrols of buildings, that are due in an area.

    Attributes
    ----------
    code, name : str
        The area; empty for buildings in no area, and for all together.
    people : int
        People of all care categories there.
    due : int
        Visits due on the day.
    due_in_week : int
        Visits due in its week.
    by_category : dict of str to int
        Visits due on the day, by care category.
    buildings : int
        Buildings there.
    patrols_due : int
        Patrols of buildings due on the day.
    patrols_due_in_week : int
        Patrols due in its week.
    patrols_by_class : dict of str to int
        Patrols due on the day, by the risk class of the buildings.
    """

    code: str
    name: str
    people: int
    due: int
    due_in_week: int
    by_category: dict[str, int]
    buildings: int
    patrols_due: int
    patrols_due_in_week: int
    patrols_by_class: dict[str, int]


@dataclass(frozen=True, slots=True)
class VisitLoad:
    """Visits and patrols that are due in the areas of a layer on a day, and in its week.

    Attributes
    ----------
    layer : str
        The layer; its areas are those of the day.
    day, week_from, week_to : datetime.date
        The day, and the first and last day of its week.
    is_working_day : bool
        Whether it is worked; on other days nothing is due.
    calendar : str
        Name of the working calendar.
    policy_version : str
        Version of the policy.
    is_example : bool
        Whether that is an example that nobody has decided on.
    categories_not_in_policy : tuple of str
        Care categories that counts are known of and the policy does not name: no visits are due there.
    areas : tuple of AreaVisits
        By code; those where whoever asks may see patrols.
    in_no_area : AreaVisits or None
        The rest; None for whoever does not see all of it.
    total : AreaVisits
        All of these together.
    """

    layer: str
    day: date
    week_from: date
    week_to: date
    is_working_day: bool
    calendar: str
    policy_version: str
    is_example: bool
    categories_not_in_policy: tuple[str, ...]
    areas: tuple[AreaVisits, ...]
    in_no_area: AreaVisits | None
    total: AreaVisits


@dataclass(frozen=True, slots=True)
class AreaServed:
    """People of an area, and those that are far from every service point.

    Attributes
    ----------
    code, name : str
        The area; empty for the ground in no area, and for all together.
    people : float
        Who lives there, as far as they have a place.
    outside : float
        Who lives outside every circle.
    outside_share : float or None
        The share, 0..1; None without people.
    without_place : float
        People of buildings without a place, which are in no area and neither inside nor outside.
    by_ground : bool
        Whether they were counted by the ground of blocks (or of the area), because no building there says
        how many live in it.
    """

    code: str
    name: str
    people: float
    outside: float
    outside_share: float | None
    without_place: float
    by_ground: bool


@dataclass(frozen=True, slots=True)
class ServiceCoverage:
    """People outside the circles around service points, by area of a layer.

    Attributes
    ----------
    layer : str
        The layer.
    at : datetime.date
        The day of areas and points.
    radius_m : float
        Radius of the circles, by the policy.
    measured_in : str
        The projected plane that distances were measured in.
    policy_version : str
        Version of the policy.
    is_example : bool
        Whether that is an example that nobody has decided on.
    points : dict of str to int
        Service points by tier.
    areas : tuple of AreaServed
        By code; those where whoever asks may see patrols.
    in_no_area : AreaServed or None
        The rest; None for whoever does not see all of it.
    total : AreaServed
        All of these together.
    """

    layer: str
    at: date
    radius_m: float
    measured_in: str
    policy_version: str
    is_example: bool
    points: dict[str, int]
    areas: tuple[AreaServed, ...]
    in_no_area: AreaServed | None
    total: AreaServed

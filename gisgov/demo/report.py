"""What the demo tells when it is done; every figure is computed from what was stored."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.demo.event_report import EventsSummary, HazardsSummary, RegisterSummary
from gisgov.services.joining import LayerJoin
from gisgov.services.resolution import Resolution


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """One layer with its plan in force.

    Attributes
    ----------
    layer, title_zh, title_en : str
        The layer.
    plan : str
        Its plan.
    areas : int
        How many areas it has.
    area_km2 : float
        Their ground.
    population, households : int
        Their sums.
    defects : int
        Gaps, overlaps and other defects that the check found.
    """

    layer: str
    title_zh: str
    title_en: str
    plan: str
    areas: int
    area_km2: float
    population: int
    households: int
    defects: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A quantity over the sub-grids.

    Attributes
    ----------
    mean, least, most : float
        Its mean and its ends.
    """

    mean: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class SubgridFigures:
    """How the sub-grids came out.

    Attributes
    ----------
    areas : int
        How many the rule gives: the load of each community in targets, rounded by Webster's method.
    load_of_people, load_of_ground : float
        What the load is made of, in sub-grids' worth: half of people over their target, half of ground.
    in_practice : int
        How many the practice has that the district is drawn after.
    population, area_km2, load : Spread
        Size per sub-grid; load 1 is a target's worth.
    within_10_percent, within_20_percent : float
        Share of sub-grids whose load is off the mean of their community by at most that much.
    polsby_popper : float
        Mean compactness, 1 for a disc.
    along_streets : float
        Share of their borders with each other that runs along arterials, collectors or water.
    several_parts : int
        Sub-grids that are not in one piece.
    """

    areas: int
    load_of_people: float
    load_of_ground: float
    in_practice: int
    population: Spread
    area_km2: Spread
    load: Spread
    within_10_percent: float
    within_20_percent: float
    polsby_popper: float
    along_streets: float
    several_parts: int


@dataclass(frozen=True, slots=True)
class PointSummary:
    """How buildings were taken in and whom they belong to.

    Attributes
    ----------
    kind : str
        ``buildings``.
    file : str
        What was imported.
    rows, inserted, updated, unchanged, rejected, without_place : int
        What became of its rows.
    joined : tuple of LayerJoin
        Per layer: joined, on a border, orphans.
    seconds : float
        How long it took.
    """

    kind: str
    file: str
    rows: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    without_place: int
    joined: tuple[LayerJoin, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class StaffSummary:
    """Who serves the areas of a layer.

    Attributes
    ----------
    layer : str
        The layer.
    formula : str
        What it asks for in every area.
    posts : int
        Posts that are filled.
    areas, vacant_areas : int
        Its areas, and those whose posts do not fit the formula.
    """

    layer: str
    formula: str
    posts: int
    areas: int
    vacant_areas: int


@dataclass(frozen=True, slots=True)
class RiskCount:
    """How many buildings the rules put into a class.

    Attributes
    ----------
    risk_class, title_zh, title_en : str
        The class.
    buildings : int
        How many.
    share : float
        Of all buildings, 0 to 1.
    """

    risk_class: str
    title_zh: str
    title_en: str
    buildings: int
    share: float


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """A draft beside the plan that it began as.

    Attributes
    ----------
    plan, based_on : str
        The draft and the plan.
    fates : dict
        What became of the areas of the plan: how many are kept, reshaped, split, merged, gone.
    people : int
        Residents that change hands.
    ground_km2 : float
        Ground that changes hands.
    open_events : int
        Open events that would.
    """

    plan: str
    based_on: str
    fates: dict[str, int]
    people: int
    ground_km2: float
    open_events: int


@dataclass(frozen=True, slots=True)
class StepTime:
    """A step of the demo.

    Attributes
    ----------
    step : str
        What was done.
    seconds : float
        How long it took.
    """

    step: str
    seconds: float


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo.

    Attributes
    ----------
    account : str
        Its name.
    role : str
        What it is, and where.
    one_time_password, key : str or None
        What it signs in with, told by the run that made it; None afterwards.
    """

    account: str
    role: str
    one_time_password: str | None
    key: str | None


@dataclass(frozen=True, slots=True)
class DemoReport:
    """All that the demo computed.

    Attributes
    ----------
    district_code, district_name : str
        The generated district.
    seed, scale : int, float
        What it was generated from.
    layers : tuple of LayerSummary
        From the top down.
    subgrids : SubgridFigures
        The division.
    staff : tuple of StaffSummary
        Posts of communities and sub-grids.
    points : tuple of PointSummary
        Buildings.
    events : EventsSummary
        The year of events.
    register : RegisterSummary
        What events may be about.
    hazards : HazardsSummary
        The hazards of buildings.
    risk : tuple of RiskCount
        Classes as the rules gave them; they add up to all buildings.
    rules_version : str
        The rules.
    sample : Resolution
        Who answers for a point in the middle of the busiest sub-grid.
    draft : DraftSummary
        The next plan of the sub-grids, begun.
    files, maps : tuple of str
        What was written: the district's files, and the maps.
    steps : tuple of StepTime
        How long each step took.
    seconds : float
        All steps together.
    accounts : tuple of DemoAccount
        Who may sign in.
    """

    district_code: str
    district_name: str
    seed: int
    scale: float
    layers: tuple[LayerSummary, ...]
    subgrids: SubgridFigures
    staff: tuple[StaffSummary, ...]
    points: tuple[PointSummary, ...]
    events: EventsSummary
    register: RegisterSummary
    hazards: HazardsSummary
    risk: tuple[RiskCount, ...]
    rules_version: str
    sample: Resolution
    draft: DraftSummary
    files: tuple[str, ...]
    maps: tuple[str, ...]
    steps: tuple[StepTime, ...]
    seconds: float
    accounts: tuple[DemoAccount, ...] = ()

"""What a re-division tells: the rule, figures of every alternative, bounds, and obstacles in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gisgov.governance.layers import LoadTerm
from gisgov.governance.lineage import AreaOrigin
from gisgov.governance.obstacles import ObstacleTitle


@dataclass(frozen=True, slots=True)
class ParentReport:
    """One parent: how many areas it gets, and what no division of it could better.

    Attributes
    ----------
    code, name : str
        The parent; where areas may span parents, the scope.
    blocks, population : int
        Blocks in it, and their people.
    area_km2 : float
        Its ground.
    load : float
        Its work in units of one average area: about the number of areas that it needs.
    areas : int
        Areas made of it.
    by_rule : int
        Areas that the rule gives: its load rounded by Webster's method, at least 1.
    areas_before : int or None
        Areas that it had; None where no plan was started from.
    rounding_deviation : float
        Share by which its mean load is off that of all areas, because its number of areas is whole.
    giant_block_deviation : float
        Share by which the area with its heaviest block is at least above its mean; 0 where no block is that
        heavy.
    two_balances_deviation : float or None
        Share by which its areas would be off at best if people and ground were both to meet their targets;
        None where the load is not made of both.
    parts : int
        Connected pieces of its ground.
    """

    code: str
    name: str
    blocks: int
    population: int
    area_km2: float
    load: float
    areas: int
    by_rule: int
    areas_before: int | None
    rounding_deviation: float
    giant_block_deviation: float
    two_balances_deviation: float | None
    parts: int


@dataclass(frozen=True, slots=True)
class AreaSource:
    """A former area that an area took ground of.

    Attributes
    ----------
    code : str
        The former area.
    share : float
        Part of the area that was its ground and people (half of each), 0..1.
    """

    code: str
    share: float


@dataclass(frozen=True, slots=True)
class AreaReport:
    """One area.

    Attributes
    ----------
    code, name : str
        The area.
    parent_codes : tuple of str
        Areas above that it lies in.
    origin : AreaOrigin
        What it is, seen from the areas before.
    sources : tuple of AreaSource
        Former areas that it took ground of, the largest share first.
    blocks, population, households : int
        What it has.
    area_km2 : float
        Its ground.
    load : float
        Its work in units of one average area.
    deviation : float or None
        Share by which that is off the mean of its parent; None where its parent has no work.
    polsby_popper : float
        Its compactness, 1 for a disc.
    along_streets : float or None
        Share of its border with other areas that runs along arterials, collectors and water; None where
        nothing is known of borders.
    parts : int
        Connected parts.
    """

    code: str
    name: str
    parent_codes: tuple[str, ...]
    origin: AreaOrigin
    sources: tuple[AreaSource, ...]
    blocks: int
    population: int
    households: int
    area_km2: float
    load: float
    deviation: float | None
    polsby_popper: float
    along_streets: float | None
    parts: int


@dataclass(frozen=True, slots=True)
class ObstacleReport:
    """Why something could not be had, and what would make it feasible.

    Attributes
    ----------
    kind : ObstacleTitle
        What stands in the way.
    parent, area, block : str or None
        Codes of where; of a group of blocks that of its first.
    value, needed : float
        Its numbers, which the sentences say.
    sentence_zh, sentence_en : str
        Reason, number and remedy.
    """

    kind: ObstacleTitle
    parent: str | None
    area: str | None
    block: str | None
    value: float
    needed: float
    sentence_zh: str
    sentence_en: str


@dataclass(frozen=True, slots=True)
class DivisionFigures:
    """How good a division is in all.

    Attributes
    ----------
    areas, several_parts : int
        Areas made, and those not in one piece.
    within_band, within_limit : float
        Share of the areas whose load is off their parent's mean by no more.
    mean_deviation, largest_deviation : float
        Of loads from the mean of their parent, as shares without sign.
    mean_polsby_popper, least_polsby_popper : float
        Compactness.
    cut_km, inner_cut_km : float
        Borders between areas, and those inside a parent.
    along_streets : float or None
        Share of all borders along arterials, collectors and water; None where nothing is known of borders.
    kept_areas : int
        Areas whose blocks are those of a former one.
    moved_population, moved_blocks : int or None
        People and blocks whose area has another code than before; None where no plan was started from.
    moved_share : float or None
        That share of all people.
    """

    areas: int
    several_parts: int
    within_band: float
    within_limit: float
    mean_deviation: float
    largest_deviation: float
    mean_polsby_popper: float
    least_polsby_popper: float
    cut_km: float
    inner_cut_km: float
    along_streets: float | None
    kept_areas: int
    moved_population: int | None
    moved_blocks: int | None
    moved_share: float | None


@dataclass(frozen=True, slots=True)
class AlternativeReport:
    """One of the divisions computed.

    Attributes
    ----------
    number : int
        Which, from 1.
    plan : str or None
        The draft that it was stored as; None where it was only computed.
    figures : DivisionFigures
        How good it is in all.
    areas : tuple of AreaReport
        Area by area, by code: those that were made.
    obstacles : tuple of ObstacleReport
        Why it is no better.
    """

    number: int
    plan: str | None
    figures: DivisionFigures
    areas: tuple[AreaReport, ...]
    obstacles: tuple[ObstacleReport, ...]


@dataclass(frozen=True, slots=True)
class RedivisionReport:
    """A re-division.

    Attributes
    ----------
    layer, layer_title_zh, layer_title_en : str
        Layer of the areas.
    scope_code : str
        Code of the ground.
    source : str or None
        Plan that was started from.
    at : datetime.date
        Day whose areas above count.
    rule : tuple of LoadTerm
        What the load is made of.
    counted_by : str
        How the numbers of areas were found: ``rule``, ``total``, ``population``, ``current``, ``one-more`` or
        ``one-fewer``.
    band, limit : float
        What was sought of loads.
    effort : str
        ``standard`` or ``quality``.
    seed : int
        The same one gives the same areas.
    blocks, population, households : int
        What was divided.
    area_km2 : float
        Its ground.
    load : float
        Its work in units of one average area.
    areas : int
        Areas made of it.
    areas_untouched : int
        Areas of the plan in other parents, which stay as they are.
    parents : tuple of ParentReport
        Parent by parent, by code.
    least_moved_population : int or None
        Fewest people that any division within the limit moves; None where no plan was started from.
    two_balances : ObstacleReport or None
        Where people and ground can least be kept to their targets at once, and by how much areas would miss
        them at best; None where that is within the limit, or the load is not made of both.
    alternatives_asked : int
        How many different divisions were asked for; there are fewer where other seeds give the same again.
    alternatives : tuple of AlternativeReport
        The divisions.
    measured_in : str
        Plane that was measured in.
    seconds : float
        How long it took.
    """

    layer: str
    layer_title_zh: str
    layer_title_en: str
    scope_code: str
    source: str | None
    at: date
    rule: tuple[LoadTerm, ...]
    counted_by: str
    band: float
    limit: float
    effort: str
    seed: int
    blocks: int
    population: int
    households: int
    area_km2: float
    load: float
    areas: int
    areas_untouched: int
    parents: tuple[ParentReport, ...]
    least_moved_population: int | None
    two_balances: ObstacleReport | None
    alternatives_asked: int
    alternatives: tuple[AlternativeReport, ...]
    measured_in: str
    seconds: float

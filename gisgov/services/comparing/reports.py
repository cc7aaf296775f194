"""What `gisgov.services.comparing.comparing` answers."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.governance.lineage import AreaFate, AreaOrigin


@dataclass(frozen=True, slots=True)
class AreaShare:
    """Ground that an area has in common with one of another plan.

    Attributes
    ----------
    code, name : str or None
        The other area; None for ground that the other plan does not have.
    ground_m2 : float
        The common ground.
    people : int
        Who lives on it.
    ground_share, people_share : float or None
        What that is of this area (0..1); people None where nobody lives in it.
    """

    code: str | None
    name: str | None
    ground_m2: float
    people: int
    ground_share: float
    people_share: float | None


@dataclass(frozen=True, slots=True)
class FormerArea:
    """An area of the first plan, and what became of it.

    Attributes
    ----------
    code, name : str
        The area.
    fate : AreaFate
        What became of it.
    goes_on_in : str or None
        Code of the area of the second plan that it goes on in.
    ground_m2 : float
        Its ground.
    people : int
        Who lives in it.
    into : tuple of AreaShare
        The areas that have its ground now, the largest share of ground first.
    """

    code: str
    name: str
    fate: AreaFate
    goes_on_in: str | None
    ground_m2: float
    people: int
    into: tuple[AreaShare, ...]


@dataclass(frozen=True, slots=True)
class LaterArea:
    """An area of the second plan, and where it comes from.

    Attributes
    ----------
    code, name : str
        The area.
    origin : AreaOrigin
        What it is.
    goes_on_from : str or None
        Code of the area of the first plan that it goes on from.
    ground_m2 : float
        Its ground.
    people : int
        Who lives in it.
    out_of : tuple of AreaShare
        The areas that had its ground before, the largest share of ground first.
    """

    code: str
    name: str
    origin: AreaOrigin
    goes_on_from: str | None
    ground_m2: float
    people: int
    out_of: tuple[AreaShare, ...]


@dataclass(frozen=True, slots=True)
class Hands:
    """What changes hands.

    Attributes
    ----------
    ground_m2 : float
        Ground.
    people : int
        Who lives on it.
    blocks : int
        Blocks and pieces of blocks; 0 where the plans are not made of the same.
    buildings : int or None
        Buildings that stand on it; None for whoever may not see those of both scopes.
    open_events : int or None
        Events there that somebody still has to do something about; None likewise.
    staff_posts : int
        Posts whose area the second plan has no more.
    """

    ground_m2: float
    people: int
    blocks: int
    buildings: int | None
    open_events: int | None
    staff_posts: int


@dataclass(frozen=True, slots=True)
class ChangedHands:
    """Ground that goes from one area to another.

    Attributes
    ----------
    from_code, from_name : str or None
        The area that has it in the first plan; None where none has.
    to_code, to_name : str or None
        The area that has it in the second plan; None where none has.
    is_recoded : bool
        Whether the one goes on in the other under another code.
    hands : Hands
        What goes with it. The posts of an area that ends stand in the row of the most of its ground.
    """

    from_code: str | None
    from_name: str | None
    to_code: str | None
    to_name: str | None
    is_recoded: bool
    hands: Hands


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """Two plans of a layer held against each other.

    Attributes
    ----------
    layer : str
        Their layer.
    former, plan : str
        Names of the first and the second plan.
    fates : dict
        Number of areas of the first plan by what became of them.
    origins : dict
        Number of areas of the second plan by what they are.
    former_areas, areas : tuple
        The areas of both, by code.
    changes : tuple of ChangedHands
        What changes hands, by the codes from and to.
    total : Hands
        The sums of ``changes``.
    all_ground_m2 : float
        Ground of both plans together, common ground once.
    all_people : int
        Who lives on it.
    """

    layer: str
    former: str
    plan: str
    fates: dict[str, int]
    origins: dict[str, int]
    former_areas: tuple[FormerArea, ...]
    areas: tuple[LaterArea, ...]
    changes: tuple[ChangedHands, ...]
    total: Hands
    all_ground_m2: float
    all_people: int

"""What is asked of a re-division, so that a command, a request over HTTP and a job say the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, TypeAlias

from pydantic import TypeAdapter

from gisgov.services.ground_files import GroundFile
from gisgov.types import Json

KIND: Final = "redivision"
"""What jobs call it."""

BlockGroups: TypeAlias = tuple[tuple[str, ...], ...]
"""Groups of blocks by their codes."""


@dataclass(frozen=True, slots=True)
class SeatsFile:
    """A file with service points, each of which is to lie in an area of its own.

    Attributes
    ----------
    path : str
        Points or polygons, or a table with coordinates.
    crs : str or None
        What its coordinates are in; None takes what the file states.
    layer : str or None
        Its layer or sheet, where it has several.
    """

    path: str
    crs: str | None = None
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class HowMany:
    """How many areas are wanted; without a word as many as now, or as the rule gives where there is no plan.

    Attributes
    ----------
    by : str or None
        ``rule`` (load over target) or ``current``; None as said above.
    weights : tuple of str
        What joins the load: ``households=0.2:1800``.
    counts : dict of str to int
        Areas of a parent, by its code; all other parents as ``by`` says.
    total : int or None
        Areas in all, shared among the parents by their loads.
    population_target : float or None
        People of an area on average; with ``area_cap_km2``.
    area_cap_km2 : float or None
        Ground that an area must not have more of on average.
    one_more, one_fewer : str or None
        Code of the parent that gets one area more or fewer with the least movement; nothing else changes.
    """

    by: Literal["rule", "current"] | None = None
    weights: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    total: int | None = None
    population_target: float | None = None
    area_cap_km2: float | None = None
    one_more: str | None = None
    one_fewer: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept whatever is sought.

    Attributes
    ----------
    parents : tuple of str
        Codes of the parents to divide anew, all when empty; the areas of all others stay as they are.
    locked : tuple of str
        Codes of areas that stay as they are.
    together : str, GroundFile, tuple of tuple of str, or None
        Blocks that must lie in one area: the name of the attribute that says their group, a file with a
        polygon for each group (a compound), or their codes.
    apart : str, tuple of tuple of str, or None
        Blocks that must lie in different areas: the name of the attribute whose value they have in common, or
        their codes.
    seats : SeatsFile, tuple of (lon, lat), or None
        Service points, WGS 84 where they are numbers: each area holds one at most, and exactly one where
        there are as many as areas.
    """

    parents: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    together: str | GroundFile | BlockGroups | None = None
    apart: str | BlockGroups | None = None
    seats: SeatsFile | tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What is sought; None leaves it to the engine.

    Attributes
    ----------
    band : float
        Share by which the load of an area should at most be off the mean of its parent.
    limit : float
        Share beyond which it is said to be off.
    compactness, streets, movement : float or None
        Weights of compact areas, of borders along streets and water, and of few people moved.
    max_moved_share : float or None
        Share of the people that may change their area.
    effort : str
        ``standard``, or ``quality`` which takes longer.
    """

    band: float = 0.05
    limit: float = 0.10
    compactness: float | None = None
    streets: float | None = None
    movement: float | None = None
    max_moved_share: float | None = None
    effort: Literal["standard", "quality"] = "standard"


@dataclass(frozen=True, slots=True)
class RedivisionRequest:
    """A question for `gisgov.services.redividing.propose_redivision`.

    Attributes
    ----------
    plan : str
        Name of the draft: a new one, or that of ``source``, which is then divided anew in place.
    layer : str or None
        Layer of a new draft without ``source``.
    source : str or None
        The plan whose areas are the present ones, published or not.
    scope : str
        Code of the ground that a new draft covers; without it all blocks.
    blocks_of : str or None
        Scope that the blocks are stored under; by default ``scope``, or the blocks ``source`` is made of.
    at : datetime.date or None
        Day whose areas of the layer above count, and before which events of a year count; by default today.
    how_many : HowMany
        How many areas.
    kept : Kept
        What is kept.
    sought : Sought
        What is sought.
    seed : int
        Same seed and input, same areas.
    alternatives : int
        How many different plans to compute.
    keep : int or str or None
        Number of the alternative to store, ``all`` (as ``PLAN-1`` … ``PLAN-N``) or ``none``. By default the
        only one, all of several as new drafts, or the first into a draft that is divided in place.
    threads : int or None
        Threads to compute with; of no influence on the result.
    code_digits : dict of str to str
        Digits of segments of new codes that neither the parent nor the series gives, such as the object class
        of the 20-digit scheme; by default those of the areas that there are.
    author : str or None
        Who divides.

    Examples
    --------
    >>> request = RedivisionRequest("grid-2027", source="grid-2026", at=date(2026, 3, 1))
    >>> RedivisionRequest.read(request.written()) == request
    True
    """

    plan: str
    layer: str | None = None
    source: str | None = None
    scope: str = ""
    blocks_of: str | None = None
    at: date | None = None
    how_many: HowMany = field(default_factory=HowMany)
    kept: Kept = field(default_factory=Kept)
    sought: Sought = field(default_factory=Sought)
    seed: int = 0
    alternatives: int = 1
    keep: int | Literal["all", "none"] | None = None
    threads: int | None = None
    code_digits: dict[str, str] = field(default_factory=dict)
    author: str | None = None

    @property
    def in_place(self) -> bool:
        """Whether the draft asked about is itself the plan with the present areas."""
        return self.source == self.plan

    def written(self) -> Json:
        """Return the request in JSON."""
        document: Json = _ADAPTER.dump_python(self, mode="json")
        return document

    @classmethod
    def read(cls, document: Json) -> RedivisionRequest:
        """Return the request that `written` wrote."""
        return _ADAPTER.validate_python(document)


_ADAPTER: Final = TypeAdapter(RedivisionRequest)

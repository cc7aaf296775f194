"""What an operation changes in a draft: where blocks go, and what people say of areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from gisgov.services.editing.reports import Conflict
from gisgov.types import Json

Stated: TypeAlias = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """What people decide of an area, besides its ground.

    Attributes
    ----------
    name : str
        Its name.
    attributes : dict
        Whatever else is known of it.
    locked : bool
        Whether operations leave it as it is.
    stated : tuple of int or None, optional
        People and households that it states, each None where nobody knows. Without it they are the sums of
        its blocks.
    """

    name: str
    attributes: Json = field(default_factory=dict)
    locked: bool = False
    stated: Stated | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What an operation does to a draft; what is not named stays.

    Grounds, sums, parents and figures of areas follow from their blocks.

    Attributes
    ----------
    moved : mapping of int to str or None
        Ids of blocks of the draft, and the code of the area that each goes to; None takes it out of all.
    entering : mapping of int to str or None
        Ids of stored blocks that come into the draft (pieces of one that was cut), likewise.
    leaving : frozenset of int
        Ids of blocks that the draft is made of no more.
    areas : mapping of str to AreaFacts or None
        Codes of areas that are new or of which people say something else, and those that end (None). An area
        that is left without blocks ends too, without being named here.
    based_on : int or None
        Id of the plan that the draft is based on from now on; None for the one that it is.
    undoes : int or None
        Id of the logged operation that this takes back, or does again.
    keeps_locks : bool
        Whether locked areas refuse it. What puts back a state that there was, or puts a draft on to the plan
        that was published, goes past locks.
    conflicts : tuple of Conflict
        What two plans disagreed about, and was decided for one of them.
    """

    moved: Mapping[int, str | None] = field(default_factory=dict)
    entering: Mapping[int, str | None] = field(default_factory=dict)
    leaving: frozenset[int] = frozenset()
    areas: Mapping[str, AreaFacts | None] = field(default_factory=dict)
    based_on: int | None = None
    undoes: int | None = None
    keeps_locks: bool = True
    conflicts: tuple[Conflict, ...] = ()

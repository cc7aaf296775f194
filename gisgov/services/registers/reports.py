"""What is told of the registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gisgov.governance.register import Permit, PermitAct
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    """One version of an item of the register.

    Attributes
    ----------
    code, version : str, int
        The item, and which of its versions.
    title, title_en : str, str or None
        What it is called.
    function, group : str
        The function and the group of it that it belongs to.
    kind : str
        ``event`` or ``component``.
    level : str
        Level of its events if they name none.
    department_code, department : str or None
        Who answers for it.
    limits : mapping
        Stage: amount and unit; other stages have the policy's limits.
    layers : mapping
        Level: the layer that it is routed to, where that differs from the policy's.
    permit : Permit
        How far it has come. One whose end was decided is ``retired``, and counts until ``valid_to``.
    valid_from, valid_to : datetime.date or None
        First day in force, and first day no longer.
    retirement_proposed : bool
        Whether somebody proposes to retire it.
    acts : tuple of PermitAct
        What may be decided about it now.
    source : str
        Where it comes from.
    is_example : bool
        Whether it is an example that nobody has decided on.
    """

    code: str
    version: int
    title: str
    title_en: str | None
    function: str
    group: str
    kind: str
    level: str
    department_code: str | None
    department: str | None
    limits: Mapping[str, Json]
    layers: Mapping[str, str]
    permit: Permit
    valid_from: date | None
    valid_to: date | None
    retirement_proposed: bool
    acts: tuple[PermitAct, ...]
    source: str
    is_example: bool


@dataclass(frozen=True, slots=True)
class PermitEntry:
    """What was decided about a version.

    Attributes
    ----------
    permit : str
        A `Permit`, or ``retirement-proposed``.
    at : datetime.datetime
        When.
    by : str
        Who decided it.
    reason : str or None
        Why.
    """

    permit: str
    at: datetime
    by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class CategoryVersion:
    """A version of an item with its decisions.

    Attributes
    ----------
    category : CategoryInfo
        The version as it stands.
    permits : tuple of PermitEntry
        All that was decided about it, the first decision first.
    """

    category: CategoryInfo
    permits: tuple[PermitEntry, ...]


@dataclass(frozen=True, slots=True)
class CategoryHistory:
    """All versions of an item.

    Attributes
    ----------
    code : str
        The item.
    versions : tuple of CategoryVersion
        The first one first.
    """

    code: str
    versions: tuple[CategoryVersion, ...]


@dataclass(frozen=True, slots=True)
class DepartmentInfo:
    """A department.

    Attributes
    ----------
    code : str
        What tells it from the others.
    title, title_en : str, str or None
        What it is called.
    categories : int
        How many items in force on the day it answers for.
    """

    code: str
    title: str
    title_en: str | None
    categories: int


@dataclass(frozen=True, slots=True)
class PermitDecision:
    """What is decided about versions of items.

    Attributes
    ----------
    act : PermitAct
        What.
    codes : tuple of str
        Of which items; empty with ``all``.
    version : int or None
        Which version, of a single item; by default the latest that the act is about.
    all : bool
        Of all that wait for it: what is proposed is approved or refused, what is approved is put in force,
        what is proposed to retire is kept or retired.
    source : str or None
        Of those that came from there alone.
    day : datetime.date or None
        From which day on; today by default.
    reason : str or None
        Why.
    """

    act: PermitAct
    codes: tuple[str, ...] = ()
    version: int | None = None
    all: bool = False
    source: str | None = None
    day: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PermitsGiven:
    """What was decided.

    Attributes
    ----------
    act : PermitAct
        What.
    day : datetime.date or None
        From which day on, if it holds from a day.
    categories : tuple of CategoryInfo
        The versions as they stand now.
    closed : tuple of CategoryInfo
        Versions that end as these begin.
    classified : int or None
        Events that had no item, and have one of the register now; None: they are many, and get theirs later.
    """

    act: PermitAct
    day: date | None
    categories: tuple[CategoryInfo, ...]
    closed: tuple[CategoryInfo, ...]
    classified: int | None

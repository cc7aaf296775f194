"""Use case: hold the posts of all areas of a layer on a day against its formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gisgov.errors import ConflictError
from gisgov.governance.staff_posts import RoleStanding, Span, Tenure, filled_share, gaps, standings
from gisgov.governance.staffing import StaffingFormula
from gisgov.store import staff
from gisgov.store.database import Database
from gisgov.store.layers import StoredLayer, find_layer
from gisgov.store.staff import ServedArea, StoredPost


@dataclass(frozen=True, slots=True)
class PostGap:
    """A time in which posts of a role are, or will be, vacant.

    Attributes
    ----------
    role : str
        The role.
    valid_from, valid_to : datetime.date or None
        First day, and first day on which all are filled again; None where that is open.
    """

    role: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class AreaVacancies:
    """An area whose posts differ from the formula on the day, or will.

    Attributes
    ----------
    code, name : str
        The area.
    plan : str
        Its plan.
    missing : int
        Posts that are vacant on the day.
    surplus : int
        Posts beyond the formula, and those of roles that it does not name.
    roles : tuple of RoleStanding
        The roles at fault.
    gaps : tuple of PostGap
        Since when, and until when as far as known, posts of a role are vacant; and later times in which
        they will be.
    """

    code: str
    name: str
    plan: str
    missing: int
    surplus: int
    roles: tuple[RoleStanding, ...]
    gaps: tuple[PostGap, ...]


@dataclass(frozen=True, slots=True)
class RoleTotal:
    """One role over all areas.

    Attributes
    ----------
    role : str
        The role.
    least : int
        Posts that the formula asks for.
    filled, missing, surplus : int
        Posts that are filled, vacant, or beyond the formula.
    """

    role: str
    least: int
    filled: int
    missing: int
    surplus: int


@dataclass(frozen=True, slots=True)
class Vacancies:
    """The posts of a layer on a day, held against its formula.

    Attributes
    ----------
    layer, title_zh, title_en : str
        The layer and its titles.
    at : datetime.date
        The day.
    formula : str
        The posts that each area should have.
    areas : int
        Areas in force on the day.
    areas_short : int
        Those with a vacancy.
    needed : int
        Posts that the formula asks for.
    missing, surplus : int
        Posts that are vacant; posts beyond the formula.
    filled_share : float or None
        Share of the posts needed that are filled, 0..1; None where none is needed.
    elsewhere : int
        Posts of the day whose area is not in force.
    roles : tuple of RoleTotal
        Sums by role.
    found : tuple of AreaVacancies
        The areas that differ from the formula, or will, by code.
    """

    layer: str
    title_zh: str
    title_en: str
    at: date
    formula: str
    areas: int
    areas_short: int
    needed: int
    missing: int
    surplus: int
    filled_share: float | None
    elsewhere: int
    roles: tuple[RoleTotal, ...]
    found: tuple[AreaVacancies, ...]


def list_vacancies(database: Database, layer: str, *, at: date) -> Vacancies:
    """Return what the areas of a layer lack on a day, and what they have beyond its formula.

    Parameters
    ----------
    database : Database
        Where the posts are.
    layer : str
        Name of the layer.
    at : datetime.date
        The day: areas in force on it are asked.

    Raises
    ------
    NotFoundError
        There is no such layer.
    ConflictError
        It has no staffing formula.
    """
    with database.begin() as connection:
        found = find_layer(connection, layer)
        formula = _formula(found)
        areas = staff.areas_served(connection, found.id, day=at)
        tenures = tenures_of(staff.posts_of_layer(connection, found.id))
    standing = {area.code: standings(formula, tenures.get(area.code, ()), at) for area in areas}
    judged = [_judged(area, standing[area.code], formula, tenures.get(area.code, ()), at) for area in areas]
    needed = sum(one.least for own in standing.values() for one in own)
    missing = sum(one.missing for one in judged)
    return Vacancies(
        layer=found.name,
        title_zh=found.title_zh,
        title_en=found.title_en,
        at=at,
        formula=str(formula),
        areas=len(areas),
        areas_short=sum(one.missing > 0 for one in judged),
        needed=needed,
        missing=missing,
        surplus=sum(one.surplus for one in judged),
        filled_share=filled_share(needed, missing),
        elsewhere=sum(one.holds(at) for code, own in tenures.items() if code not in standing for one in own),
        roles=_totals(standing.values()),
        found=tuple(one for one in judged if one.roles or one.gaps),
    )


def _formula(layer: StoredLayer) -> StaffingFormula:
    if layer.staffing is None:
        raise ConflictError(
            f"Layer {layer.name} has no staffing formula.",
            hint="Give it one in its profile, such as staffing: 1 网格长 + N 兼职网格员.",
            field="layer",
        )
    return StaffingFormula.parse(layer.staffing)


def tenures_of(posts: Sequence[StoredPost]) -> Mapping[str, list[Tenure]]:
    """Return who held posts of each area, and when; areas by their codes."""
    spans = {post.id: Span(post.valid_from, post.valid_to) for post in posts}
    found: dict[str, list[Tenure]] = {}
    for post in posts:
        deputises = None if post.deputy_for is None else spans[post.deputy_for]
        found.setdefault(post.area_code, []).append(Tenure(post.role, spans[post.id], deputises))
    return found


def _judged(
    area: ServedArea,
    standing: Sequence[RoleStanding],
    formula: StaffingFormula,
    tenures: Sequence[Tenure],
    day: date,
) -> AreaVacancies:
    later = [
        PostGap(term.role, gap.valid_from, gap.valid_to)
        for term in formula.terms
        for gap in gaps(term, tenures)
        if gap.valid_to is None or gap.valid_to > day
    ]
    return AreaVacancies(
        code=area.code,
        name=area.name,
        plan=area.plan,
        missing=sum(one.missing for one in standing),
        surplus=sum(one.surplus for one in standing),
        roles=tuple(one for one in standing if not one.fits),
        gaps=tuple(later),
    )


def _totals(standing: Iterable[Sequence[RoleStanding]]) -> tuple[RoleTotal, ...]:
    by_role: dict[str, list[RoleStanding]] = {}
    for one in (role for roles in standing for role in roles):
        by_role.setdefault(one.role, []).append(one)
    return tuple(
        RoleTotal(
            role,
            sum(one.least for one in own),
            sum(one.filled for one in own),
            sum(one.missing for one in own),
            sum(one.surplus for one in own),
        )
        for role, own in by_role.items()
    )

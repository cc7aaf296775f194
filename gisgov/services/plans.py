"""Use cases: list plans, show one, delete a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gisgov.errors import InputError, PlanPublished
from gisgov.services.access import require_scope
from gisgov.services.area_records import check_limit
from gisgov.store import layers, plans
from gisgov.store.database import Database
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class PlanInfo:
    """A plan.

    Attributes
    ----------
    name : str
        Its name.
    layer : str
        Name of its layer.
    scope_code : str
        Code of the area that it covers; empty for the whole ground of the layer.
    status : str
        ``draft``, ``published`` or ``retired``.
    valid_from, valid_to : datetime.date or None
        First day in force, first day no longer in force; one day for a plan that was taken back before it.
    areas : int
        How many areas it has.
    decision : str or None
        The decision that it rests on.
    author : str or None
        Who made it.
    decided_on : datetime.date or None
        Day of the decision.
    corrects : str or None
        The plan that it takes back or corrects.
    reason : str or None
        Why it does.
    based_on : str or None
        The plan that it began as, or whose areas it brings back.
    revision : int
        How many operations made it what it is.
    took_effect_at : datetime.datetime or None
        When open events and buildings were given to its areas; None before its first day.
    """

    name: str
    layer: str
    scope_code: str
    status: str
    valid_from: date | None
    valid_to: date | None
    areas: int
    decision: str | None
    author: str | None
    decided_on: date | None = None
    corrects: str | None = None
    reason: str | None = None
    based_on: str | None = None
    revision: int = 0
    took_effect_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanDetail:
    """A plan with all that is known of it as a whole.

    Attributes
    ----------
    plan : PlanInfo
        What a list shows.
    layer_title_zh, layer_title_en : str
        Titles of its layer.
    area_m2 : float
        Ground of all areas, in square metres.
    population, households : int or None
        Sums over the areas; None where no area says.
    blocks : int
        Blocks that are assigned to its areas; 0 for a plan of plain polygons.
    has_scope : bool
        Whether it has an outline of its own.
    source : dict
        Where its areas come from: file, digest, coordinate system, options.
    working_crs : str
        Plane that its areas are measured in.
    accepted_defects : dict or None
        Defects it was published with, and the reason given.
    certificate : dict or None
        What the check proved of its coverage when it was published: ``certified``, ``figure``, ``proof`` (in
        words), ``scope``, ``tolerances``, ``notices`` and ``below`` (counts). None for a draft.
    content_sha256 : str or None
        Digest of its areas when it was published.
    created_at, published_at : datetime.datetime or None
        When.
    """

    plan: PlanInfo
    layer_title_zh: str
    layer_title_en: str
    area_m2: float
    population: int | None
    households: int | None
    blocks: int
    has_scope: bool
    source: Json
    working_crs: str
    accepted_defects: Json | None
    certificate: Json | None
    content_sha256: str | None
    created_at: datetime
    published_at: datetime | None


def list_plans(database: Database, layer: str | None = None, at: date | None = None) -> tuple[PlanInfo, ...]:
    """Return plans by layer, scope and time.

    Parameters
    ----------
    database : Database
        Where from.
    layer : str, optional
        Only those of this layer.
    at : datetime.date, optional
        Only those in force on this day.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    with database.begin() as connection:
        if layer is not None:
            layers.find_layer(connection, layer)
        return tuple(plan_info(plan) for plan in plans.all_plans(connection, layer_name=layer, at=at))


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Some plans in their order; ``after`` asks for the next page and is ``None`` on the last."""

    plans: tuple[PlanInfo, ...]
    after: str | None


def page_of_plans(
    database: Database,
    layer: str | None = None,
    at: date | None = None,
    *,
    limit: int,
    after: str | None = None,
) -> PlanPage:
    """Return one page of what `list_plans` returns.

    Parameters
    ----------
    database : Database
        Where from.
    layer : str, optional
        Only those of this layer.
    at : datetime.date, optional
        Only those in force on this day.
    limit : int
        Most plans on the page, 1 to 1000.
    after : str, optional
        ``after`` of the page before: the name of its last plan.

    Raises
    ------
    NotFoundError
        There is no such layer.
    InputError
        ``limit`` is out of range, or no page ends at ``after``.
    """
    check_limit(limit)
    with database.begin() as connection:
        if layer is not None:
            layers.find_layer(connection, layer)
        place = None if after is None else plans.place_of_plan(connection, after)
        if after is not None and place is None:
            raise InputError(
                f"No page ends at {after!r}.",
                hint="Take the address of the next page from the answer.",
                field="after",
            )
        found = plans.all_plans(connection, layer_name=layer, at=at, limit=limit + 1, after=place)
        shown = tuple(plan_info(plan) for plan in found[:limit])
        return PlanPage(shown, shown[-1].name if len(found) > limit else None)


def show_plan(database: Database, name: str) -> PlanDetail:
    """Return a plan with all that is known of it as a whole.

    Raises
    ------
    NotFoundError
        There is no such plan.
    """
    with database.begin() as connection:
        plan = plans.find_plan(connection, name)
        layer = layers.find_layer(connection, plan.layer)
        sums = plans.sums_of_plan(connection, plan.id)
        return PlanDetail(
            plan=plan_info(plan),
            layer_title_zh=layer.title_zh,
            layer_title_en=layer.title_en,
            area_m2=sums.area_m2,
            population=sums.population,
            households=sums.households,
            blocks=sums.blocks,
            has_scope=plan.scope is not None,
            source=plan.source,
            working_crs=plan.working_crs,
            accepted_defects=plan.accepted_defects,
            certificate=plan.certificate,
            content_sha256=plan.content_sha256,
            created_at=plan.created_at,
            published_at=plan.published_at,
        )


def delete_draft(database: Database, name: str) -> PlanInfo:
    """Delete a draft with its areas and assignments, and return what it was.

    Raises
    ------
    NotFoundError
        There is no such plan.
    PlanPublished
        It is published or retired: such plans stay.
    """
    with database.begin() as connection:
        plan = plans.find_plan(connection, name)
        require_scope(connection, "plans.draft", plan.scope_code)
        plan = plans.find_plan(connection, name, for_change=True)
        if plan.status != "draft":
            raise PlanPublished(
                f"Plan {name!r} is {plan.status} and cannot be deleted.",
                hint="What was in force stays on record; end it with `gisgov plan retire`.",
            )
        plans.delete_draft(connection, plan.id)
        return plan_info(plan)


def plan_info(plan: plans.StoredPlan) -> PlanInfo:
    """Return what a list of plans shows of a stored one."""
    return PlanInfo(
        name=plan.name,
        layer=plan.layer,
        scope_code=plan.scope_code,
        status=plan.status,
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
        areas=plan.areas,
        decision=plan.decision,
        author=plan.author,
        decided_on=plan.decided_on,
        corrects=plan.corrects,
        reason=plan.reason,
        based_on=plan.based_on,
        revision=plan.revision,
        took_effect_at=plan.took_effect_at,
    )

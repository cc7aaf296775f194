"""Plans: found, drafted and deleted; `gisgov.store.succession` puts them into force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import shapely
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.names import name_problem
from gisgov.store.geometry_columns import as_column, from_column
from gisgov.store.reading import in_force_on
from gisgov.store.statements import statement
from gisgov.store.tables import area, assignment, layer, plan
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it is stored, with the name and kind of its layer and how many areas it has.

    ``scope`` is its own outline (EPSG:4326), None where it has none. ``based_on`` and ``corrects`` name
    plans; ``took_effect_at`` says when its open events were given to its areas.
    """

    id: int
    name: str
    layer_id: int
    layer: str
    layer_kind: str
    scope_code: str
    scope: shapely.MultiPolygon | None
    status: str
    valid_from: date | None
    valid_to: date | None
    decision: str | None
    author: str | None
    source: Json
    working_crs: str
    accepted_defects: Json | None
    content_sha256: str | None
    created_at: datetime
    published_at: datetime | None
    certificate: Json | None
    areas: int
    revision: int
    based_on: str | None
    decided_on: date | None
    took_effect_at: datetime | None
    corrects: str | None
    reason: str | None


def select_plans() -> sa.Select[Any]:
    """Return the query of all plans, with their layers and numbers of areas; `stored_plan` reads its rows."""
    count = sa.select(func.count()).where(area.c.plan_id == plan.c.id).correlate(plan).scalar_subquery()
    return sa.select(
        plan.c.id,
        plan.c.name,
        plan.c.layer_id,
        layer.c.name.label("layer"),
        layer.c.kind.label("layer_kind"),
        plan.c.scope_code,
        func.ST_AsBinary(plan.c.scope_geom).label("scope"),
        plan.c.status,
        plan.c.valid_from,
        plan.c.valid_to,
        plan.c.decision,
        plan.c.author,
        plan.c.source,
        plan.c.working_crs,
        plan.c.accepted_defects,
        plan.c.content_sha256,
        plan.c.created_at,
        plan.c.published_at,
        plan.c.certificate,
        count.label("areas"),
        plan.c.revision,
        _name_of(plan.c.based_on).label("based_on"),
        plan.c.decided_on,
        plan.c.took_effect_at,
        _name_of(plan.c.corrects).label("corrects"),
        plan.c.reason,
    ).join_from(plan, layer)


def _name_of(plan_id: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    other = plan.alias()
    return sa.select(other.c.name).where(other.c.id == plan_id).correlate(plan).scalar_subquery()


def stored_plan(row: sa.RowMapping) -> StoredPlan:
    """Read a row of `select_plans`."""
    values = dict(row)
    wkb = values.pop("scope")
    return StoredPlan(scope=None if wkb is None else from_column(wkb), **values)


_ORDER = (
    layer.c.position,
    layer.c.name,
    plan.c.scope_code,
    plan.c.valid_from.is_(None),
    func.coalesce(plan.c.valid_from, date.min),
    plan.c.name,
)


def all_plans(
    connection: sa.Connection,
    *,
    layer_name: str | None = None,
    at: date | None = None,
    limit: int | None = None,
    after: Sequence[object] | None = None,
) -> tuple[StoredPlan, ...]:
    """Return plans by layer, scope and time, drafts after those that were published.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    layer_name : str, optional
        Only those of this layer.
    at : datetime.date, optional
        Only those in force on this day.
    limit : int, optional
        The first so many of them.
    after : sequence, optional
        Only those behind this place in the order, which `place_of_plan` returned.
    """
    query = select_plans().order_by(*_ORDER).limit(limit)
    if layer_name is not None:
        query = query.where(layer.c.name == layer_name)
    if at is not None:
        query = query.where(in_force_on(at))
    if after is not None:
        query = query.where(sa.tuple_(*_ORDER) > sa.tuple_(*after))
    return tuple(stored_plan(row) for row in connection.execute(query).mappings())


def place_of_plan(connection: sa.Connection, name: str) -> Sequence[object] | None:
    """Return where a plan stands in the order of `all_plans`; None where there is no plan of that name."""
    query = sa.select(*_ORDER).join_from(plan, layer).where(plan.c.name == name)
    return connection.execute(query).one_or_none()


def find_plan(connection: sa.Connection, name: str, *, for_change: bool = False) -> StoredPlan:
    """Return the plan of that name.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    name : str
        Its name.
    for_change : bool
        Keep others from changing it, its areas and assignments until the transaction ends.

    Raises
    ------
    NotFoundError
        There is none.
    """
    if for_change:
        # by itself: a locking read that waited sees the plan as it became, but its subqueries do not;
        # rows that only name the plan, as of who is at work in it, go in meanwhile
        locking = sa.select(plan.c.id).where(plan.c.name == name).with_for_update(key_share=True)
        connection.execute(locking)
    row = connection.execute(select_plans().where(plan.c.name == name)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(
            f"No plan is called {name!r}.", hint="`gisgov plan list` shows them all.", field="plan"
        )
    return stored_plan(row)


def plan_of_id(connection: sa.Connection, plan_id: int) -> StoredPlan:
    """Return the plan of an id."""
    return stored_plan(connection.execute(select_plans().where(plan.c.id == plan_id)).mappings().one())


def decided_on(connection: sa.Connection, plan_id: int) -> date | None:
    """Return the day on which a plan was decided, where it was said."""
    day: date | None = connection.scalar(sa.select(plan.c.decided_on).where(plan.c.id == plan_id))
    return day


def has_plan(connection: sa.Connection, name: str) -> bool:
    """Whether there is a plan of that name."""
    return connection.scalar(sa.select(plan.c.id).where(plan.c.name == name)) is not None


def create_draft(
    connection: sa.Connection,
    *,
    name: str,
    layer_id: int,
    working_crs: str,
    scope_code: str = "",
    scope: shapely.Geometry | None = None,
    source: Json | None = None,
    author: str | None = None,
    decision: str | None = None,
) -> int:
    """Make a plan without areas.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    name : str
        Its name, unlike that of any other plan.
    layer_id : int
        Its layer.
    working_crs : str
        Name of the projected system, in metres, that its areas are measured in.
    scope_code : str
        Code of the area that it covers; ``""`` is the whole ground of the layer.
    scope : shapely.Polygon or shapely.MultiPolygon, optional
        Outline that it covers, EPSG:4326.
    source : dict, optional
        Where its areas come from.
    author, decision : str, optional
        Who made it, and the decision that it rests on.

    Returns
    -------
    int
        Its id.

    Raises
    ------
    NameTaken
        A plan of that name exists.
    InputError
        The name is blank, has blanks around it, or characters that cannot be seen.
    """
    problem = name_problem(name)
    if problem is not None:
        raise InputError(f"The name of a plan {problem}.", field="name")
    values = {
        "name": name,
        "layer_id": layer_id,
        "scope_code": scope_code,
        "scope_geom": None if scope is None else as_column(scope),
        "source": source or {},
        "working_crs": working_crs,
        "author": author,
        "decision": decision,
    }
    return int(connection.execute(sa.insert(plan).values(values).returning(plan.c.id)).scalar_one())


def update_draft(connection: sa.Connection, plan_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a draft (``source``, ``author``, ``decision``, ``working_crs``)."""
    connection.execute(sa.update(plan).where(plan.c.id == plan_id).values(values))


def content_sha256(connection: sa.Connection, plan_id: int) -> str:
    """Return the digest of the plan's areas: their codes, names, parents and grounds."""
    return cast("str", connection.scalar(statement("content_sha256"), {"plan_id": plan_id}))


def delete_draft(connection: sa.Connection, plan_id: int) -> None:
    """Delete a draft with its areas and assignments."""
    connection.execute(sa.delete(plan).where(plan.c.id == plan_id))


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the areas of a plan; None where no area says. ``blocks`` are those assigned to them."""

    area_m2: float
    population: int | None
    households: int | None
    blocks: int


def sums_of_plan(connection: sa.Connection, plan_id: int) -> Sums:
    """Return sums over the areas of a plan."""
    assigned = (assignment.c.plan_id == plan_id, assignment.c.area_code.is_not(None))
    blocks = sa.select(func.count()).select_from(assignment).where(*assigned).scalar_subquery()
    row = connection.execute(
        sa.select(
            func.coalesce(func.sum(area.c.area_m2), 0.0).label("area_m2"),
            func.sum(area.c.population).label("population"),
            func.sum(area.c.households).label("households"),
            blocks.label("blocks"),
        ).where(area.c.plan_id == plan_id)
    )
    return Sums(**row.mappings().one())

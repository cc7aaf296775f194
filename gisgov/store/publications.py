"""What publishing changes besides validities: codes, copies of what was in force, and who is told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.drafts import any_of
from gisgov.store.drafts_copying import base_on, copy_content
from gisgov.store.drafts_in_place import written_in_place
from gisgov.store.plans import StoredPlan, create_draft
from gisgov.store.reading import in_force_on
from gisgov.store.statements import statement
from gisgov.store.tables import area, plan, staff_post
from gisgov.types import Json, Texts

CHANNEL: Final = "gisgov_plans"
"""Whoever listens to it is told of every plan that is published, retired or takes effect."""


def recode_areas(connection: sa.Connection, plan_id: int, codes: Mapping[str, str]) -> None:
    """Give areas of a draft other codes, which none of its areas has; their blocks follow.

    It is logged, so that earlier revisions can still be branched.
    """
    given = {"plan_id": plan_id, "codes": [*codes], "new_codes": [*codes.values()]}
    asked: Json = {"codes": dict(codes)}
    with written_in_place(connection, plan_id, "renumber", asked, keeps_figures=True):
        connection.execute(statement("recode_areas"), given)


def draft_again(connection: sa.Connection, content: StoredPlan, name: str) -> int:
    """Make a draft with the areas and assignments of a plan, and return its id.

    Raises
    ------
    NameTaken
        A plan of that name exists.
    """
    copy = create_draft(
        connection,
        name=name,
        layer_id=content.layer_id,
        working_crs=content.working_crs,
        scope_code=content.scope_code,
        scope=content.scope,
        source=content.source,
        author=content.author,
    )
    base_on(connection, copy, content.id)
    copy_content(connection, content.id, copy, keeps_locks=False)
    return copy


def codes_in_force(connection: sa.Connection, layer_id: int, day: date) -> frozenset[str]:
    """Return the codes of the areas of a layer that are in force on a day."""
    query = sa.select(area.c.code).join_from(area, plan).where(plan.c.layer_id == layer_id, in_force_on(day))
    return frozenset(connection.scalars(query))


def codes_of_plan(connection: sa.Connection, plan_id: int) -> Texts:
    """Return the codes of the areas of a plan, in their order."""
    codes = sorted(connection.scalars(sa.select(area.c.code).where(area.c.plan_id == plan_id)))
    return np.array(codes, dtype=object)


@dataclass(frozen=True, slots=True)
class LeftPost:
    """A staff post whose area is no more.

    Attributes
    ----------
    id : int
        The post.
    area_code, role, holder : str
        What it says.
    valid_from, valid_to : datetime.date or None
        When it is held.
    """

    id: int
    area_code: str
    role: str
    holder: str
    valid_from: date | None
    valid_to: date | None


def posts_left(
    connection: sa.Connection, layer_id: int, codes: Iterable[str], day: date
) -> tuple[LeftPost, ...]:
    """Return the posts of areas of these codes that are held on a day or later, by area, role and holder."""
    names = LeftPost.__dataclass_fields__
    query = sa.select(*(staff_post.c[name] for name in names)).where(
        staff_post.c.layer_id == layer_id,
        staff_post.c.area_code == any_of(codes, sa.Text),
        sa.or_(staff_post.c.valid_to.is_(None), staff_post.c.valid_to > day),
    )
    ordered = query.order_by(staff_post.c.area_code, staff_post.c.role, staff_post.c.holder, staff_post.c.id)
    return tuple(LeftPost(**row) for row in connection.execute(ordered).mappings())


def announce(connection: sa.Connection, told: Json) -> None:
    """Tell whoever listens, once the transaction is committed."""
    connection.execute(sa.select(func.pg_notify(CHANNEL, json.dumps(told, ensure_ascii=False))))

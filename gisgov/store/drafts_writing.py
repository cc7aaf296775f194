"""What an operation writes in a draft: areas, their figures, where blocks are, the revision."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from gisgov.store.areas import AreaTable
from gisgov.store.array_literals import array_literal
from gisgov.store.drafts import any_of
from gisgov.store.geometry_columns import as_wkb
from gisgov.store.statements import statement
from gisgov.store.tables import area, area_figure, assignment, plan
from gisgov.types import Bools, Floats, Ints, Json, Texts

_BATCH = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class FigureTable:
    """Figures of areas as parallel columns; NaN where one is not known.

    Attributes
    ----------
    codes : numpy.ndarray of str
        The areas.
    load, polsby_popper, along_streets : numpy.ndarray of float
        Work in targets, compactness, share of border along streets and water.
    parts, blocks : numpy.ndarray of int
        Pieces that each lies in, and blocks that it is made of.
    population, households : numpy.ndarray of int
        Sums of its blocks.
    """

    codes: Texts
    load: Floats
    polsby_popper: Floats
    parts: Ints
    along_streets: Floats
    blocks: Ints
    population: Ints
    households: Ints


def put_drawn_areas(connection: sa.Connection, plan_id: int, areas: AreaTable, locked: Bools) -> None:
    """Write areas of a draft whole, those that are new and those that it has."""
    for begin in range(0, len(areas), _BATCH):
        part = slice(begin, begin + _BATCH)
        connection.execute(
            statement("put_drawn_areas"),
            {
                "plan_id": plan_id,
                "codes": areas.codes[part].tolist(),
                "names": areas.names[part].tolist(),
                "parent_codes": [json.dumps(codes) for codes in areas.parent_codes[part]],
                "geometries": as_wkb(areas.geometries[part]),
                "area_m2": areas.area_m2[part].tolist(),
                "population": areas.population[part].tolist(),
                "households": areas.households[part].tolist(),
                "attributes": [json.dumps(one, ensure_ascii=False) for one in areas.attributes[part]],
                "locked": locked[part].tolist(),
            },
        )


def say_of_area(
    connection: sa.Connection, plan_id: int, code: str, *, name: str, attributes: Json, locked: bool
) -> None:
    """Write what people say of an area of a draft whose ground stays."""
    connection.execute(
        sa.update(area)
        .where(area.c.plan_id == plan_id, area.c.code == code)
        .values(name=name, attributes=attributes, locked=locked)
    )


def put_figures(connection: sa.Connection, plan_id: int, figures: FigureTable) -> None:
    """Keep figures of areas of a draft, in place of those that were kept."""
    connection.execute(
        statement("put_area_figures"),
        {
            "plan_id": plan_id,
            "codes": figures.codes.tolist(),
            "load": _known(figures.load),
            "polsby_popper": _known(figures.polsby_popper),
            "parts": figures.parts.tolist(),
            "along_streets": _known(figures.along_streets),
            "blocks": figures.blocks.tolist(),
            "population": figures.population.tolist(),
            "households": figures.households.tolist(),
        },
    )


def forget_figures(connection: sa.Connection, plan_id: int) -> None:
    """Forget the figures of a draft whose areas were written otherwise than by an operation."""
    connection.execute(sa.delete(area_figure).where(area_figure.c.plan_id == plan_id))


def move_blocks(
    connection: sa.Connection, plan_id: int, block_ids: Sequence[int], area_codes: Sequence[str | None]
) -> None:
    """Give blocks of a draft to other areas; None takes them out of all."""
    if block_ids:
        arrays = {"block_ids": array_literal(block_ids), "area_codes": array_literal(area_codes)}
        connection.execute(statement("move_blocks"), {"plan_id": plan_id, **arrays})


def enter_blocks(
    connection: sa.Connection,
    plan_id: int,
    block_ids: Sequence[int],
    area_codes: Sequence[str | None],
    parent_codes: Sequence[str | None],
) -> None:
    """Bring blocks into a draft, each in an area or none, and in an area above or one that nobody said."""
    if block_ids:
        given = {
            "plan_id": plan_id,
            "block_ids": array_literal(block_ids),
            "area_codes": array_literal(area_codes),
            "parent_codes": array_literal(parent_codes),
        }
        connection.execute(statement("enter_blocks"), given)


def count_assignments(connection: sa.Connection) -> None:
    """Let the database count which plans have how many blocks, as the owner of the tables.

    It takes a plan that it never counted for one of no blocks, and looks its blocks up by the wrong index.
    """
    connection.execute(sa.text("ANALYZE assignment (plan_id, block_id, area_code)"))


def leave_blocks(connection: sa.Connection, plan_id: int, block_ids: Sequence[int]) -> None:
    """Take blocks out of a draft."""
    if block_ids:
        gone = sa.delete(assignment).where(assignment.c.plan_id == plan_id)
        connection.execute(gone.where(assignment.c.block_id == any_of(block_ids, sa.BigInteger)))


def end_areas(connection: sa.Connection, plan_id: int, codes: Sequence[str]) -> list[str]:
    """Delete areas of a draft that have no blocks any more; return the codes of those that have some."""
    if not codes:
        return []
    own = (assignment.c.plan_id == area.c.plan_id, assignment.c.area_code == area.c.code)
    chosen = (area.c.plan_id == plan_id, area.c.code == any_of(codes, sa.Text))
    gone = sa.delete(area).where(*chosen, ~sa.exists().where(*own)).returning(area.c.code)
    return sorted(set(codes) - set(connection.scalars(gone)))


def put_revision(connection: sa.Connection, plan_id: int, revision: int, based_on: int | None) -> None:
    """Write how often a draft was changed, and what it is based on."""
    values = {"revision": revision, "based_on": based_on}
    connection.execute(sa.update(plan).where(plan.c.id == plan_id).values(values))


def _known(values: Floats) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]

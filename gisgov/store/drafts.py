"""Drafts as operations read them: blocks with the areas that they are in, and areas without their grounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import ARRAY

from gisgov.store.array_literals import array_literal
from gisgov.store.blocks import BlockTable
from gisgov.store.drafts_places import PLACE, places_called, places_in, places_of
from gisgov.store.statements import statement
from gisgov.store.tables import area, area_figure, assignment, block, plan
from gisgov.types import Floats, Geometries, Ints, Json, Texts


@dataclass(frozen=True, slots=True)
class DraftRow:
    """How often a draft was changed, and the id of the plan that it began as; None where it began as none."""

    revision: int
    based_on: int | None


def draft_row(connection: sa.Connection, plan_id: int) -> DraftRow:
    """Return the revision of a plan, and what it is based on."""
    row = connection.execute(sa.select(plan.c.revision, plan.c.based_on).where(plan.c.id == plan_id)).one()
    return DraftRow(row.revision, row.based_on)


@dataclass(frozen=True, slots=True, eq=False)
class DraftBlocks:
    """Blocks of a draft by code, and the code of the area that each is in; None where it is in none."""

    blocks: BlockTable
    area: Texts

    def __len__(self) -> int:
        """Return the number of blocks."""
        return len(self.area)

    def chosen(self, numbers: Ints) -> DraftBlocks:
        """Return only the blocks of these numbers."""
        return DraftBlocks(self.blocks.chosen(numbers), self.area[numbers])


def blocks_of_areas(
    connection: sa.Connection, plan_id: int, codes: Iterable[str], *, stating: Sequence[str] | None = None
) -> DraftBlocks:
    """Return the blocks of areas of a draft; a code that no area has brings none.

    Attributes of blocks that state none of ``stating`` are left out: reading those of thousands takes time.
    """
    return _draft_blocks(connection, places_in(plan_id, codes), stating)


def blocks_by_code(connection: sa.Connection, plan_id: int, codes: Iterable[str]) -> DraftBlocks:
    """Return the blocks of a draft that have these codes; a code that none has is left out."""
    return _draft_blocks(connection, places_called(plan_id, codes))


def blocks_by_id(connection: sa.Connection, plan_id: int, ids: Iterable[int]) -> DraftBlocks:
    """Return the blocks of a draft that have these ids; an id that none has is left out."""
    return _draft_blocks(connection, places_of(plan_id, ids))


def unassigned_blocks(connection: sa.Connection, plan_id: int) -> DraftBlocks:
    """Return the blocks of a draft that are in no area."""
    places = PLACE.where(assignment.c.plan_id == plan_id, assignment.c.area_code.is_(None))
    return _draft_blocks(connection, places)


def all_blocks(connection: sa.Connection, plan_id: int) -> DraftBlocks:
    """Return all blocks of a draft."""
    return _draft_blocks(connection, PLACE.where(assignment.c.plan_id == plan_id))


def block_places(connection: sa.Connection, plan_id: int, codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of the blocks of a draft that have these codes, by code."""
    rows = connection.execute(places_called(plan_id, codes)).all()
    return {row.code: row.block_id for row in rows}


def places_of_areas(connection: sa.Connection, plan_id: int, codes: Iterable[str]) -> list[int]:
    """Return the ids of the blocks of areas of a draft, ascending."""
    return sorted(connection.scalars(places_in(plan_id, codes)).all())


def areas_of_blocks(connection: sa.Connection, plan_id: int, ids: Iterable[int]) -> dict[int, str | None]:
    """Return in which area each of these blocks of a draft is; one that the draft has not got is left out."""
    return {row.block_id: row.area_code for row in connection.execute(places_of(plan_id, ids)).all()}


def areas_of_all_blocks(connection: sa.Connection, plan_id: int) -> dict[int, str | None]:
    """Return in which area each block of a plan is."""
    query = sa.select(assignment.c.block_id, assignment.c.area_code).where(assignment.c.plan_id == plan_id)
    return {row[0]: row[1] for row in connection.execute(query).all()}


def codes_of_blocks(connection: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
    """Return the codes of blocks by their ids."""
    query = sa.select(block.c.id, block.c.code).where(block.c.id == any_of(ids, sa.BigInteger))
    return {row[0]: row[1] for row in connection.execute(query).all()}


def roots_of(connection: sa.Connection, ids: Iterable[int], among: set[int]) -> dict[int, int]:
    """Return, of blocks that are pieces of one of some blocks or of its pieces, which that is."""
    ways = {one: one for one in ids if one not in among}
    roots: dict[int, int] = {}
    while ways:
        above = cut_from(connection, set(ways.values()))
        ways = {one: above[at] for one, at in ways.items() if at in above}
        roots.update({one: at for one, at in ways.items() if at in among})
        ways = {one: at for one, at in ways.items() if at not in among}
    return roots


def ids_near(connection: sa.Connection, ids: Iterable[int], boxes: Floats) -> list[int]:
    """Return those of some blocks that lie in boxes (EPSG:4326): west, south, east, north."""
    sides = zip(("west", "south", "east", "north"), boxes.T.tolist(), strict=True)
    given = {"ids": list(ids), **dict(sides)}
    return list(connection.scalars(statement("blocks_near"), given))


def codes_with_blocks(connection: sa.Connection, plan_id: int) -> tuple[str, ...]:
    """Return the codes of the areas of a draft that have blocks."""
    chosen = (assignment.c.plan_id == plan_id, assignment.c.area_code.is_not(None))
    return tuple(connection.scalars(sa.select(assignment.c.area_code).where(*chosen).distinct()))


def cut_from(connection: sa.Connection, ids: Iterable[int]) -> dict[int, int]:
    """Return the block that each of these is a piece of; one that is none is left out."""
    query = sa.select(block.c.id, block.c.cut_from).where(block.c.id == any_of(ids, sa.BigInteger))
    return {row[0]: row[1] for row in connection.execute(query.where(block.c.cut_from.is_not(None))).all()}


def stored_blocks(connection: sa.Connection, ids: Iterable[int]) -> BlockTable:
    """Return blocks by their ids, whatever plan they are of, by code."""
    chosen = block.c.id == any_of(ids, sa.BigInteger)
    return _block_table(connection.execute(sa.select(*_COLUMNS).where(chosen).order_by(block.c.code)).all())


@dataclass(frozen=True, slots=True)
class DraftArea:
    """An area of a draft without its ground; population and households are None where nobody said.

    Those of its blocks are None as long as nobody counted them.
    """

    code: str
    name: str
    parent_codes: tuple[str, ...]
    area_m2: float
    population: int | None
    households: int | None
    attributes: Json
    locked: bool
    block_population: int | None = None
    block_households: int | None = None

    @property
    def stated(self) -> tuple[int | None, int | None] | None:
        """People and households that it states, where these are known not to be those of its blocks."""
        counts, own = (self.population, self.households), (self.block_population, self.block_households)
        return None if own in (counts, (None, None)) else counts


def areas_by_code(
    connection: sa.Connection, plan_id: int, codes: Iterable[str] | None = None
) -> dict[str, DraftArea]:
    """Return areas of a draft by their codes, in the order of these; all areas by default.

    A code that no area has is left out.
    """
    query: sa.Select[Any] = sa.select(
        area.c.code,
        area.c.name,
        area.c.parent_codes,
        area.c.area_m2,
        area.c.population,
        area.c.households,
        area.c.attributes,
        area.c.locked,
        area_figure.c.population,
        area_figure.c.households,
    )
    own = sa.and_(area_figure.c.plan_id == area.c.plan_id, area_figure.c.code == area.c.code)
    query = query.outerjoin_from(area, area_figure, own).where(area.c.plan_id == plan_id)
    if codes is not None:
        query = query.where(area.c.code == any_of(codes, sa.Text))
    return {
        row.code: DraftArea(row.code, row.name, tuple(row.parent_codes), *row[3:])
        for row in connection.execute(query.order_by(area.c.code))
    }


def grounds_by_code(
    connection: sa.Connection, plan_id: int, codes: Iterable[str] | None = None
) -> tuple[Texts, Geometries]:
    """Return codes and grounds (EPSG:4326) of areas of a draft, by code; of all areas by default."""
    query = sa.select(area.c.code, func.ST_AsBinary(area.c.geom)).where(area.c.plan_id == plan_id)
    if codes is not None:
        query = query.where(area.c.code == any_of(codes, sa.Text))
    rows = connection.execute(query.order_by(area.c.code)).all()
    return _texts(row[0] for row in rows), _grounds([row[1] for row in rows])


def any_of(values: Iterable[Any], kind: type[sa.types.TypeEngine[Any]]) -> sa.ColumnElement[Any]:
    """Return "any of these" as one parameter: a list of them could be longer than a statement may have."""
    return sa.any_(sa.cast(sa.literal(array_literal(values), sa.Text), ARRAY(kind)))


_FACTS = (
    block.c.id,
    block.c.code,
    func.ST_AsBinary(block.c.geom).label("wkb"),
    block.c.area_m2,
    block.c.population,
    block.c.households,
    block.c.land_use,
)
_COLUMNS = (*_FACTS, block.c.attributes)


def _draft_blocks(
    connection: sa.Connection, places: sa.Select[Any], stating: Sequence[str] | None = None
) -> DraftBlocks:
    said: sa.ColumnElement[Any] = block.c.attributes
    if stating is not None:
        said = sa.case((block.c.attributes.has_any(sa.cast([*stating], ARRAY(sa.Text))), said))
    place = places.subquery()
    query = sa.select(*_FACTS, said, place.c.area_code).join_from(
        place, block, block.c.id == place.c.block_id
    )
    # sorted here: the database would carry the grounds through its sort
    rows = sorted(connection.execute(query).all(), key=itemgetter(1))
    return DraftBlocks(_block_table(rows), _texts(map(itemgetter(8), rows)))


def _block_table(rows: Sequence[Sequence[Any]]) -> BlockTable:
    columns = [*zip(*rows, strict=True)] or [()] * 8
    ids, codes, wkb, area_m2, population, households, land_use, attributes = columns[:8]
    return BlockTable(
        codes=_texts(codes),
        geometries=_grounds(wkb),
        area_m2=np.array(area_m2, dtype=np.float64),
        population=np.array(population, dtype=np.int64),
        households=np.array(households, dtype=np.int64),
        land_use=_texts(land_use),
        attributes=[one or {} for one in attributes],
        ids=np.array(ids, dtype=np.int64),
    )


def _texts(values: Iterable[Any]) -> Texts:
    listed = list(values)
    found = np.empty(len(listed), dtype=object)
    found[:] = listed
    return found


def _grounds(wkb: Sequence[Any]) -> Geometries:
    return np.asarray(shapely.from_wkb([*map(bytes, wkb)]), dtype=object)

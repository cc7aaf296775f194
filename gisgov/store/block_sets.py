"""All blocks of a scope at once, written in place of those it had."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from gisgov.errors import ConflictError
from gisgov.store.block_uses import forget_pieces, uses_of_blocks
from gisgov.store.blocks import IS_BASE, BlockTable, blocks_of_scope, put_blocks
from gisgov.store.geometry_columns import multipolygons
from gisgov.store.tables import block
from gisgov.types import Ints, Texts

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many blocks were new, lie elsewhere or are known otherwise than before, stayed, and went."""

    inserted: int
    updated: int
    unchanged: int
    deleted: int


def replace_blocks(connection: sa.Connection, scope_code: str, blocks: BlockTable) -> Replaced:
    """Write the blocks of a scope in place of those that are stored.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    scope_code : str
        Code of the ground that the blocks make up.
    blocks : BlockTable
        All blocks of the scope. What is stored of the people, the land use and the other attributes of a
        block that stays where it is is kept.

    Raises
    ------
    ConflictError
        A block of which a plan is made would go or move, a code is that of a block of another scope, or a
        geometry is not sound.
    """
    # nobody else writes blocks between looking at them and replacing them
    connection.execute(sa.text("LOCK TABLE block IN SHARE ROW EXCLUSIVE MODE"))
    stored = blocks_of_scope(connection, scope_code, exactly=True)
    number = {code: i for i, code in enumerate(stored.codes)}
    there = np.array([number.get(code, -1) for code in blocks.codes], dtype=np.int64)
    same = there >= 0
    same[same] = shapely.equals_identical(
        stored.geometries[there[same]], multipolygons(blocks.geometries[same])
    )
    stays = np.zeros(len(stored), dtype=bool)
    stays[there[same]] = True
    _refuse_used(connection, stored.ids[~stays].tolist())
    _refuse_foreign(connection, scope_code, blocks.codes[there < 0])
    goes = np.ones(len(stored), dtype=bool)
    goes[there[there >= 0]] = False
    forget_pieces(connection, stored.ids[goes].tolist())
    connection.execute(sa.delete(block).where(block.c.id == _any(stored.ids[goes].tolist(), sa.BigInteger)))
    done = put_blocks(connection, scope_code, _with_what_is_known(blocks, stored, np.where(same, there, -1)))
    return Replaced(done.inserted, done.updated, done.unchanged, int(goes.sum()))


def _with_what_is_known(blocks: BlockTable, stored: BlockTable, there: Ints) -> BlockTable:
    """Carry over what is known of the blocks that stay: ``there`` is their number, −1 for the others."""
    same = there >= 0
    at = there[same]
    population, households = blocks.population.copy(), blocks.households.copy()
    population[same], households[same] = stored.population[at], stored.households[at]
    land_use = blocks.land_use.copy()
    land_use[same] = [
        known or new for known, new in zip(stored.land_use[at], blocks.land_use[same], strict=True)
    ]
    attributes = [
        own if i < 0 else {**stored.attributes[i], **own}
        for own, i in zip(blocks.attributes, there.tolist(), strict=True)
    ]
    return replace(
        blocks, population=population, households=households, land_use=land_use, attributes=attributes
    )


def _refuse_used(connection: sa.Connection, ids: list[int]) -> None:
    uses = uses_of_blocks(connection, ids)
    if not uses:
        return
    named = ", ".join(f"{use.plan} ({use.status})" for use in uses[:_MOST_NAMED])
    more = f" and {len(uses) - _MOST_NAMED} more" if len(uses) > _MOST_NAMED else ""
    count, example = max(use.blocks for use in uses), uses[0].example
    drafts = all(use.status == "draft" for use in uses)
    way = "Delete the draft first, or give" if drafts else "A plan keeps the ground it was decided on: give"
    raise ConflictError(
        f"{count:,} blocks of which plan {named}{more} is made would go or move, such as {example}.",
        hint=f"{way} the new blocks a scope code of their own (--scope-code).",
        field="scope_code",
    )


def _refuse_foreign(connection: sa.Connection, scope_code: str, codes: Texts) -> None:
    row = connection.execute(
        sa.select(block.c.code, block.c.scope_code)
        .where(
            block.c.code == _any(codes.tolist(), sa.Text),
            sa.or_(block.c.scope_code != scope_code, ~IS_BASE),
        )
        .order_by(block.c.code)
        .limit(1)
    ).one_or_none()
    if row is not None:
        where = f"scope {row.scope_code!r}" if row.scope_code else "a scope without a code"
        where = "drafts" if row.scope_code == scope_code else where
        raise ConflictError(
            f"Block {row.code!r} is there already, in {where}.",
            hint="Give the blocks a scope code of their own (--scope-code): their codes begin with it.",
            field="scope_code",
        )


def _any(values: list[Any], kind: type[sa.types.TypeEngine[Any]]) -> sa.ColumnElement[Any]:
    """Return "any of these" as one parameter: a list of them could be longer than a statement may have."""
    return sa.any_(sa.cast(values, ARRAY(kind)))

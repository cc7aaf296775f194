"""The answer to an operation: areas with their figures, what moved, and the problems of the draft."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import sqlalchemy as sa

from gisgov.services.editing.applying import Applied
from gisgov.services.editing.deltas import families
from gisgov.services.editing.history import kind_of, redoable, undoable
from gisgov.services.editing.problems import draft_problems
from gisgov.services.editing.reports import AreaFigures, EditReport
from gisgov.store.drafts_figures import figures_of
from gisgov.store.drafts_log import Move

_PLACES = 6


def area_figures(
    connection: sa.Connection, plan_id: int, codes: Iterable[str] | None = None
) -> tuple[AreaFigures, ...]:
    """Return areas of a draft with their figures, by code; all by default."""
    return tuple(
        AreaFigures(
            code=row.code,
            name=row.name,
            parent_codes=tuple(row.parent_codes),
            locked=row.locked,
            blocks=row.blocks or 0,
            population=row.population or 0,
            households=row.households or 0,
            area_km2=round(row.area_m2 / 1e6, _PLACES),
            load=_rounded(row.load),
            deviation=None if row.load is None else round(row.load - 1.0, _PLACES),
            polsby_popper=_rounded(row.polsby_popper),
            parts=row.parts or 1,
            along_streets=_rounded(row.along_streets),
        )
        for row in figures_of(connection, plan_id, codes)
    )


def report(connection: sa.Connection, applied: Applied, kind: str) -> EditReport:
    """Answer an operation."""
    draft = applied.draft
    moved_blocks, moved_population = _moved(applied)
    return EditReport(
        plan=draft.plan.name,
        revision=draft.revision,
        operation=kind,
        areas=area_figures(connection, draft.id, applied.changed),
        ended=applied.ended,
        moved_blocks=moved_blocks,
        moved_population=moved_population,
        cut_blocks=sum(_is_cut(family) for family in families(applied.delta).values()),
        problems=draft_problems(connection, draft.id, draft.layer),
        undoable=kind_of(connection, undoable(connection, draft.id)),
        redoable=kind_of(connection, redoable(connection, draft.id)),
        conflicts=applied.conflicts,
    )


def _moved(applied: Applied) -> tuple[int, int]:
    """Return how many blocks are in another area, and their people; pieces count by their block."""
    moved = {one.block_id for one in applied.delta.moves if one.was_in and one.is_in}
    count = len(moved)
    for family in families(applied.delta).values():
        pieces = _pieces(family)
        moved |= pieces
        count += bool(pieces)
    return count, int(applied.blocks.population[np.isin(applied.blocks.ids, list(moved))].sum())


def _pieces(family: list[Move]) -> set[int]:
    """Return the pieces of a block that are in another area than the block: those of the side with more."""
    came, went = ([one for one in family if one.is_in is kind] for kind in (True, False))
    more, whole = (came, went) if len(came) >= len(went) else (went, came)
    codes = {_code(one) for one in whole}
    return {one.block_id for one in more if _code(one) not in codes}


def _is_cut(family: list[Move]) -> bool:
    return sum(one.is_in for one in family) > 1 and any(one.was_in for one in family)


def _code(move: Move) -> str | None:
    return move.to_code if move.is_in else move.from_code


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)

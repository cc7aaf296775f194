"""What a draft has to be mended before it is published, or looked at."""

from __future__ import annotations

import sqlalchemy as sa

from gisgov.governance.draft_problems import DraftProblemTitle, problem_sentence
from gisgov.governance.layers import LayerKind, Nesting
from gisgov.governance.titles import Language
from gisgov.services.editing.reports import DraftProblem
from gisgov.services.redividing.requests import Sought
from gisgov.store import drafts_problems
from gisgov.store.drafts_problems import Found
from gisgov.store.layers import StoredLayer

OVER = Sought().limit
"""Share of its target that an area may be over it, as when ground is divided."""


def draft_problems(connection: sa.Connection, plan_id: int, layer: StoredLayer) -> tuple[DraftProblem, ...]:
    """Return the problems of a draft.

    Publishing refuses blocks in no area (of a layer that covers its ground), areas that an operation left in
    several parts, and areas across those above where the layer is nested. Areas in no more parts than in the
    plan that the draft is based on, areas with more work than they should have (targets are averages), and
    areas that state other people than their blocks have, are told of alone.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    plan_id : int
        The draft. Of one that no operation changed yet only its blocks and parents are known.
    layer : StoredLayer
        Its layer.
    """
    parted, before = drafts_problems.several_parts(connection, plan_id)
    covers = layer.kind == LayerKind.PARTITION
    found = [
        _problem(
            DraftProblemTitle.UNASSIGNED, drafts_problems.unassigned(connection, plan_id), refused=covers
        ),
        _problem(DraftProblemTitle.SEVERAL_PARTS, parted, refused=True),
        _problem(DraftProblemTitle.SEVERAL_PARTS, before, refused=False),
        _problem(
            DraftProblemTitle.OVER_LIMIT,
            drafts_problems.over_load(connection, plan_id, 1.0 + OVER),
            refused=False,
        ),
        _problem(
            DraftProblemTitle.COUNTS_DIFFER, drafts_problems.counts_differ(connection, plan_id), refused=False
        ),
    ]
    if layer.nesting == Nesting.NESTED:
        crossed = drafts_problems.crossed_parents(connection, plan_id)
        found.insert(3, _problem(DraftProblemTitle.CROSSED_PARENTS, crossed, refused=True))
    return tuple(one for one in found if one.count)


def _problem(kind: DraftProblemTitle, found: Found, *, refused: bool) -> DraftProblem:
    def sentence(language: Language) -> str:
        return problem_sentence(kind, language, count=found.count, codes=found.codes, limit=OVER)

    return DraftProblem(
        kind=kind.value,
        refused=refused,
        count=found.count,
        codes=found.codes,
        sentence_zh=sentence("zh"),
        sentence_en=sentence("en"),
    )

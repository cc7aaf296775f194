"""A draft that began as an older plan than the one it follows would silently undo what that one changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

import sqlalchemy as sa

from gisgov.errors import StaleBase
from gisgov.services.publishing.terms import Terms
from gisgov.store import plans, succession
from gisgov.store.plans import StoredPlan

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def refuse_stale_base(
    connection: sa.Connection, plan: StoredPlan, terms: Terms, ends: StoredPlan | None
) -> Iterator[StaleBase]:
    """Yield what speaks against a draft that is based on an older plan than the one it follows.

    A correction names the plan that it takes the place of; a draft that is based on no plan of its layer and
    scope was drawn without one.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside the transaction of the service.
    plan : StoredPlan
        The draft.
    terms : Terms
        On which it is to be published.
    ends : StoredPlan or None
        The plan that ends on its first day.

    Yields
    ------
    StaleBase
        The plan that it follows is newer than its base, and has other areas.
    """
    if terms.over_newer or terms.restores or terms.corrects is not None or plan.based_on is None:
        return
    base = plans.find_plan(connection, plan.based_on)
    if (base.layer_id, base.scope_code) != (plan.layer_id, plan.scope_code):
        return
    follows = ends or succession.plan_before(
        connection, plan.layer_id, plan.scope_code, terms.valid_from, but=plan.id
    )
    if follows is None or not _undone(base, follows):
        return
    yield StaleBase(
        f"Draft {plan.name!r} is based on plan {base.name!r}, but would follow the newer {follows.name!r}, "
        "and undo what that one changed.",
        hint=f"Rebase first: `gisgov draft rebase {plan.name} --onto {follows.name}`; "
        "--over-newer publishes it all the same.",
    )


def _undone(base: StoredPlan, follows: StoredPlan) -> bool:
    """Whether a plan is newer than the base, and not the same areas once more."""
    if follows.id == base.id or (follows.content_sha256 or "") == base.content_sha256:
        return False
    begins_later = (follows.valid_from or date.min) > (base.valid_from or date.min)
    return begins_later or (follows.published_at or _NEVER) > (base.published_at or _NEVER)

"""Events on their way in."""

from __future__ import annotations

from gisgov.store.arrivals import Arrival

EVENTS = Arrival(
    subject="event",
    columns=(
        "crs",
        "problem",
        "category",
        "level",
        "state",
        "occurred_at",
        "description",
        "attributes",
    ),
    # how far an event has come is known better here than in an export that does not say
    kept_if_null=("state",),
    # … and once a step was taken, its history says it alone
    settled="stored.step_number > 0",
    document="attributes",
    defaults={"state": "'reported'"},
    redated="known.occurred_at IS DISTINCT FROM incoming.occurred_at",
    only_new=("category_code", "category_id"),
)

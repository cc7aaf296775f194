"""Buildings on their way in."""

from __future__ import annotations

from gisgov.store.arrivals import Arrival

BUILDINGS = Arrival(
    subject="building",
    columns=(
        "crs",
        "problem",
        "name",
        "floors",
        "households",
        "population",
        "use",
        "built_year",
        "facts",
    ),
    kept_if_null=(),
    document="facts",
    defaults={},
    redated="false",
)

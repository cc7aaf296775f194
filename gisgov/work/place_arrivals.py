"""Imports of devices, routing exceptions, service points, care counts and hazards, done as jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gisgov.services.days import local_day
from gisgov.services.hazards import import_hazards
from gisgov.services.place_imports import PlacesImport, import_places
from gisgov.work.attempt import Work
from gisgov.work.bringing_in import (
    admit_again,
    columns_of,
    done,
    file_of,
    into,
    known,
    named_source,
    write_report,
)

DEVICES, EXCEPTIONS = "import_devices", "import_exceptions"
SERVICE_POINTS, CARE = "import_service_points", "import_care"
HAZARDS = "import_hazards"
KINDS: Final[Mapping[str, str]] = {
    DEVICES: "devices",
    EXCEPTIONS: "exceptions",
    SERVICE_POINTS: "service-points",
    CARE: "care",
}
"""What is brought in by each kind of job, as `gisgov.services.place_imports` calls it."""


def do_import_places(work: Work) -> None:
    """Bring in what the kind of the job says; rows with problems are refused one by one."""
    kind = KINDS[work.job.kind]
    admit_again(work, f"POST /v1/imports/{kind}")
    request = _asked(work)
    write_report(work, done(work, lambda: import_places(into(work), kind, request)))


def do_import_hazards(work: Work) -> None:
    """Bring hazards in; the buildings concerned are rated anew."""
    admit_again(work, "POST /v1/imports/hazards")
    request, zone = _asked(work), work.order.zone
    today = local_day(None, zone)
    write_report(work, done(work, lambda: import_hazards(into(work), request, today=today, timezone=zone)))


def _asked(work: Work) -> PlacesImport:
    asked = work.job.parameters["request"]
    own = known(PlacesImport, asked)
    request = PlacesImport(
        **own,
        path=file_of(work),
        fields={name: column for name, column in columns_of(asked).items() if f"{name}_field" not in own},
        rejects_path=work.results,
        timezone=work.order.zone,
    )
    return named_source(work, request)

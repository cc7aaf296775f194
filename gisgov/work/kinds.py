"""What can be done as a job. A new kind is a function that takes its `Work`, and a row here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gisgov.services import check_jobs, drawing_requests, exporting, redividing
from gisgov.work import arrivals, classifying, place_arrivals, previews, ratings
from gisgov.work.attempt import Kind
from gisgov.work.checks import do_check
from gisgov.work.drawings import do_drawing
from gisgov.work.redivisions import do_redivision

__all__ = ["KINDS", "Kind"]

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(check_jobs.KIND, do_check),
            Kind(redividing.KIND, do_redivision),
            Kind(arrivals.AREAS, arrivals.do_import_areas),
            Kind(arrivals.EVENTS, arrivals.do_import_events),
            Kind(arrivals.BUILDINGS, arrivals.do_import_buildings),
            Kind(arrivals.STAFF, arrivals.do_import_staff),
            Kind(arrivals.CATEGORIES, arrivals.do_import_categories),
            Kind(arrivals.DEPARTMENTS, arrivals.do_import_departments),
            Kind(arrivals.ASSIGNMENTS, arrivals.do_import_assignments),
            *(Kind(name, place_arrivals.do_import_places) for name in place_arrivals.KINDS),
            Kind(place_arrivals.HAZARDS, place_arrivals.do_import_hazards),
            Kind(classifying.KIND, classifying.do_classify),
            Kind(ratings.KIND, ratings.do_rating),
            Kind(ratings.PREVIEW, ratings.do_preview),
            Kind(ratings.ADOPTION, ratings.do_adoption),
            Kind(previews.KIND, previews.do_preview),
            Kind(exporting.KIND, ratings.do_export),
            Kind(drawing_requests.KIND, do_drawing),
        )
    }
)
"""Every kind of job by its name."""

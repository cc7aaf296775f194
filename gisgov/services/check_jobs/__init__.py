"""A check as a job: what is asked of it, the check itself, and the files that it leaves."""

from __future__ import annotations

from gisgov.services.check_jobs.inputs import in_given_names, refuse_wrong_files, stored_name
from gisgov.services.check_jobs.questions import FILE, KIND, PARENTS, SCOPE, CheckQuestion
from gisgov.services.check_jobs.results import (
    GEOJSON,
    GEOPACKAGE,
    REPORT,
    SUMMARY,
    drawn_areas,
    page_name,
    write_results,
)
from gisgov.services.check_jobs.running import run_check

__all__ = [
    "FILE",
    "GEOJSON",
    "GEOPACKAGE",
    "KIND",
    "PARENTS",
    "REPORT",
    "SCOPE",
    "SUMMARY",
    "CheckQuestion",
    "drawn_areas",
    "in_given_names",
    "page_name",
    "refuse_wrong_files",
    "run_check",
    "stored_name",
    "write_results",
]

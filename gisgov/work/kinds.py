"""What can be done as a job. A new kind is a function that takes its `Work`, and a row here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gisgov.services import check_jobs, redividing
from gisgov.work.attempt import Kind
from gisgov.work.checks import do_check
from gisgov.work.redivisions import do_redivision

__all__ = ["KINDS", "Kind"]

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(check_jobs.KIND, do_check),
            Kind(redividing.KIND, do_redivision),
        )
    }
)
"""Every kind of job by its name."""

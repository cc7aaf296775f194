"""What can be done as a job. A new kind is a function that takes its `Work`, and a row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from gisgov.services import check_jobs, redividing
from gisgov.work.attempt import Work
from gisgov.work.checks import do_check
from gisgov.work.redivisions import do_redivision


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job.

    Attributes
    ----------
    name : str
        Its name, as `submit_job` was given it.
    run : callable
        Does it. What it raises as `GisgovError` is told to whoever asked.
    attempts : int
        How often it may be tried where a process or the database fails it; what people must mend is never
        tried again.
    """

    name: str
    run: Callable[[Work], None]
    attempts: int = 5


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

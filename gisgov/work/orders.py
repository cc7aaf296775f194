"""What a process that does jobs is told when it is started."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gisgov.config import Settings
from gisgov.files.geometry_limits import GeometryLimits
from gisgov.services.jobs import JobPlace


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """All that a process needs to know; it goes through a pipe, since the URL may hold a password.

    Attributes
    ----------
    root, name : str
        Where the jobs are; see `gisgov.services.jobs.JobPlace`.
    database_url : str
        The database.
    working_crs : str or None
        Plane to measure in, where one is configured.
    timezone : str
        Time zone of dates.
    assets : str
        Folder of the built pages.
    processes : int
        How many processes may do jobs at a time.
    limit_s : int
        How long a job may take.
    jobs_waiting, jobs_keep_hours : int
        As in the settings.
    log_level, log_format : str
        As in the settings.
    kinds : str
        Module and name of what can be done; another one than gisgov's own in tests.
    most_vertices, most_vertices_of_one, most_parts_of_one : int
        As in the settings: what is larger in an upload is refused.
    event_building_m : float
        As in the settings: how far from a building an event may lie that concerns it.
    """

    root: str
    name: str
    database_url: str
    working_crs: str | None
    timezone: str
    assets: str
    processes: int
    limit_s: int
    jobs_waiting: int
    jobs_keep_hours: int
    log_level: str
    log_format: str
    kinds: str = "gisgov.work.kinds:KINDS"
    most_vertices: int = 30_000_000
    most_vertices_of_one: int = 5_000_000
    most_parts_of_one: int = 100_000
    event_building_m: float = 15.0

    @classmethod
    def of(cls, settings: Settings, *, place: JobPlace, database_url: str, assets: Path) -> WorkOrder:
        """Return the order for the processes of a service or worker."""
        return cls(
            root=str(place.root),
            name=place.name,
            database_url=database_url,
            working_crs=settings.working_crs,
            timezone=settings.timezone,
            assets=str(assets),
            processes=settings.job_processes,
            limit_s=settings.job_minutes * 60,
            jobs_waiting=settings.jobs_waiting,
            jobs_keep_hours=settings.jobs_keep_hours,
            log_level=settings.log_level,
            log_format=settings.log_format,
            most_vertices=settings.most_vertices,
            most_vertices_of_one=settings.most_vertices_of_one,
            most_parts_of_one=settings.most_parts_of_one,
            event_building_m=settings.event_building_m,
        )

    @property
    def place(self) -> JobPlace:
        """Where the jobs are."""
        return JobPlace(Path(self.root), self.name, self.jobs_waiting, timedelta(hours=self.jobs_keep_hours))

    @property
    def geometry_limits(self) -> GeometryLimits:
        """How large geometries may be."""
        return GeometryLimits(self.most_vertices, self.most_vertices_of_one, self.most_parts_of_one)

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of dates."""
        return ZoneInfo(self.timezone)

    def line(self) -> bytes:
        """Return the order as one line; `read` reads it."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> WorkOrder:
        """Return the order in a line."""
        return cls(**json.loads(line))

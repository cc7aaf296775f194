"""What an export is asked for, and what of it cannot be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from gisgov.governance.titles import Language
from gisgov.services.file_requests import Written, refuse_unfit
from gisgov.store.database import Database

What: TypeAlias = Literal["areas", "events", "buildings", "vacancies", "plan", "assignments", "annex"]
Format: TypeAlias = Literal["gpkg", "geojson", "csv", "xlsx", "shp", "kml", "parquet", "pdf"]

RIGHTS: Final[Mapping[What, str]] = {
    "areas": "areas.read",
    "events": "events.read",
    "buildings": "buildings.read",
    "vacancies": "staff.read",
    "plan": "areas.read",
    "assignments": "areas.read",
    "annex": "areas.read",
}
"""The right that each export needs."""

_TABLES: Final[tuple[Format, ...]] = ("csv", "xlsx")
_FORMATS: Final[Mapping[What, tuple[Format, ...]]] = {
    "areas": ("gpkg", "geojson", *_TABLES),
    "events": ("gpkg", "geojson", *_TABLES),
    "buildings": ("gpkg", "geojson", *_TABLES),
    "vacancies": _TABLES,
    "plan": ("gpkg", "geojson", "shp", "kml", "parquet"),
    "assignments": _TABLES,
    "annex": ("pdf",),
}
OF_A_PLAN: Final = ("plan", "assignments", "annex")
"""What is written of one plan."""


@dataclass(frozen=True, slots=True)
class ExportRequest(Written):
    """What is to be written.

    Attributes
    ----------
    what : What
        ``areas``, ``events``, ``buildings`` or ``vacancies``; of one plan ``plan`` (as it can be read back),
        ``assignments`` (which block is in which area) or ``annex`` (printed).
    format : Format
        ``gpkg``, ``geojson``, ``csv`` or ``xlsx``; vacancies and assignments are no map. A plan also ``shp``
        (zipped), ``kml`` or ``parquet``; an annex is ``pdf``.
    layer : str or None
        The layer of the areas or vacancies; for events and buildings the one whose areas own them.
    plan : str or None
        The plan, which may be a draft; for areas in the place of a layer.
    at : datetime.date or None
        For areas and vacancies: the day.
    first, last : datetime.date or None
        For events: the days that the period begins and ends with.
    language : Language
        Language of words and titles.
    encoding : str or None
        For a plan as a Shapefile: the encoding of its text, UTF-8 by default.
    """

    DAYS = ("at", "first", "last")

    what: What
    format: Format
    layer: str | None = None
    plan: str | None = None
    at: date | None = None
    first: date | None = None
    last: date | None = None
    language: Language = "zh"
    encoding: str | None = None

    @property
    def file_name(self) -> str:
        """Name of the file that is written."""
        return f"{self.what}.{'zip' if self.format == 'shp' else self.format}"


def refuse_export(database: Database, request: ExportRequest) -> None:
    """Refuse what cannot be written, or not for whoever asks.

    Raises
    ------
    InputError
        The request contradicts itself.
    NotAllowed
        The right to see it is lacking.
    """
    refuse_unfit(database, RIGHTS[request.what], f"export {request.what}", _contradictions(request))


def _contradictions(request: ExportRequest) -> Iterator[tuple[bool, str, str]]:
    """Yield what would be wrong, at which field, and how that is told."""
    is_areas, is_events = request.what == "areas", request.what == "events"
    is_of_plan = request.what in OF_A_PLAN
    yield request.plan is None and is_of_plan, "plan", "Name the plan."
    yield (
        request.plan is not None and not (is_areas or is_of_plan),
        "plan",
        "A plan is for an export of areas or of the plan.",
    )
    yield (request.layer is None) == (request.plan is None), "layer", "Name a layer, or for areas a plan."
    formats = _FORMATS[request.what]
    yield (
        request.format not in formats,
        "format",
        f"The format of {request.what} is {' or '.join(formats)}.",
    )
    yield (
        request.encoding is not None and request.format != "shp",
        "encoding",
        "Only a Shapefile has an encoding to choose.",
    )
    is_dated = request.what in ("areas", "vacancies") and request.plan is None
    yield request.at is not None and not is_dated, "at", "A day is for areas of a layer and for vacancies."
    yield (request.first or request.last) is not None and not is_events, "from", "A period is for events."
    yield (
        request.first is not None and request.last is not None and request.last < request.first,
        "to",
        "The period ends before it begins.",
    )

"""What a map is asked for that is drawn as a job, and what of it cannot be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from gisgov.governance.thematic import RiskMeasure
from gisgov.governance.titles import Language
from gisgov.services.file_requests import Written, refuse_unfit
from gisgov.store.database import Database

Drawn: TypeAlias = Literal[
    "grids", "loads", "risk", "risk-change", "hotspots", "events", "vacancies", "service", "devices"
]
DrawnFormat: TypeAlias = Literal["png", "pdf", "html", "xlsx", "csv", "gpkg"]
Paper: TypeAlias = Literal["A3", "A4"]

KIND: Final = "drawing"
"""Kind of the jobs that draw maps."""

RIGHTS: Final[Mapping[Drawn, str]] = {
    "grids": "areas.read",
    "loads": "patrols.read",
    "risk": "buildings.read",
    "risk-change": "buildings.read",
    "hotspots": "buildings.read",
    "events": "events.read",
    "vacancies": "staff.read",
    "service": "patrols.read",
    "devices": "devices.read",
}
"""The right that each map needs, and where it reaches is what is drawn."""

PRINTED: Final = ("png", "pdf")
_WHOLE: Final = ("service", "devices")
"""Maps whose points belong to no area, so that they are not drawn of a part."""
_MEASURED: Final = ("risk", "hotspots")


@dataclass(frozen=True, slots=True)
class DrawingRequest(Written):
    """A map that is to be drawn.

    Attributes
    ----------
    what : Drawn
        The question.
    format : DrawnFormat
        ``png`` and ``pdf`` are sheets, ``html`` a page that needs no network, ``xlsx``, ``csv`` and ``gpkg``
        the figures, the last with their ground.
    layer : str or None
        Layer of the areas; by default the lowest partition in force.
    at : datetime.date or None
        Day whose areas are drawn; by default the day on which it is drawn.
    area_layer, area : str or None
        Only what lies in this area of this layer.
    first, last : datetime.date or None
        Of events: the days of the period. Of ``risk-change``: the two days.
    rated : datetime.date or None
        Of ``risk`` and ``hotspots``: classes as at the end of this day.
    measure : str
        Of these: what of the warning buildings.
    language : Language
        Language of the map.
    title : str or None
        Heading; by default what the map is.
    view : str or None
        Of a sheet: this view alone.
    paper : Paper
        The sheet.
    portrait : bool
        Whether it is upright.
    review_number, secrecy : str or None
        What stands in the slots of a sheet (审图号, 密级); a line to write on where nothing is given.
    """

    DAYS = ("at", "first", "last", "rated")

    what: Drawn
    format: DrawnFormat
    layer: str | None = None
    at: date | None = None
    area_layer: str | None = None
    area: str | None = None
    first: date | None = None
    last: date | None = None
    rated: date | None = None
    measure: str = RiskMeasure.SHARE.value
    language: Language = "zh"
    title: str | None = None
    view: str | None = None
    paper: Paper = "A3"
    portrait: bool = False
    review_number: str | None = None
    secrecy: str | None = None

    @property
    def file_name(self) -> str:
        """Name of the file that is drawn."""
        return f"{self.what}.{self.format}"


def refuse_drawing(database: Database, request: DrawingRequest) -> None:
    """Refuse what cannot be drawn, or not for whoever asks.

    Raises
    ------
    InputError
        The request contradicts itself.
    NotAllowed
        The right to see it is lacking.
    """
    refuse_unfit(database, RIGHTS[request.what], f"draw {request.what}", _contradictions(request))


def _contradictions(request: DrawingRequest) -> Iterator[tuple[bool, str, str]]:
    """Yield what would be wrong, at which field, and how that is told."""
    yield (
        (request.area is None) != (request.area_layer is None),
        "area",
        "An area is named by its layer and its code: give both area_layer and area.",
    )
    yield (
        request.area is not None and request.what in _WHOLE,
        "area",
        f"A map of {request.what} is drawn whole.",
    )
    is_change, has_period = request.what == "risk-change", request.what in ("events", "risk-change")
    yield is_change and request.first is None, "from", "Name the earlier day."
    yield (
        not has_period and (request.first or request.last) is not None,
        "from",
        "Days from … to are for events and for changes.",
    )
    yield (
        request.first is not None and request.last is not None and request.last < request.first,
        "to",
        "The period ends before it begins.",
    )
    yield (
        request.rated is not None and request.what not in _MEASURED,
        "rated",
        "Classes of a past day are for maps of risk and hot spots.",
    )
    yield (
        request.view is not None and request.format not in PRINTED,
        "view",
        "A view is chosen of a sheet: png or pdf.",
    )

"""``gisgov import devices``, ``exceptions``, ``service-points`` and ``care``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE, report_lines
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.session import load_settings, open_database
from gisgov.services.place_imports import PlacesImport, PlacesImportReport, import_places

_TOLD: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "devices": (
        """Import cameras and other devices: an alert names one, and so its place.

    FILE has a point per row, and the columns id, kind and perhaps title, state (online, offline, retired) and
    state_at (when that was heard; now, where FILE does not say). A device that is known takes over what FILE
    says, unless something later is known of it; one that FILE does not name stays.
    """,
        {
            "id": "the id",
            "kind": "the kind",
            "title": "the title",
            "state": "the state",
            "state_at": "when that was heard",
        },
    ),
    "exceptions": (
        """Import where somebody answers beyond their own area: parks, lamps along a road.

    Each row of FILE is a polygon, line or point (a geometry, WKT, or lon and lat) with a title that no other
    row has, how far around it that holds (reach_m), codes of items (none: all), and who answers: a layer and
    an area, a department, or both. A title that is known of the same --source takes over what FILE says; to
    end one, give it a valid_to.
    """,
        {
            "title": "the title",
            "reach_m": "how many metres around it",
            "categories": "codes or titles of items, between commas",
            "layer": "the layer of the area",
            "area": "the code of the area that answers",
            "department": "the department that answers, by code or title",
            "valid_from": "the first day",
            "valid_to": "the day after the last",
        },
    ),
    "service-points": (
        """Import service points: of the district, streets, communities and grids.

    FILE has a point per row, and the columns code, tier (as the policy of visits names them), title and
    perhaps valid_from and valid_to. A point that is known takes over what FILE says; one that FILE does not
    name stays.
    """,
        {
            "code": "the code",
            "tier": "the tier",
            "title": "the title",
            "valid_from": "the first day",
            "valid_to": "the day after the last",
        },
    ),
    "care": (
        """Import how many people of each care category live in buildings: counts, never persons.

    FILE has the columns building (the id outside, with building_source where several sources have it),
    category (as the policy of visits names them), count and as_of. A count that is older than the known one
    is rejected.
    """,
        {
            "building": "the id of the building",
            "building_source": "the source of that id",
            "category": "the care category",
            "count": "how many people",
            "as_of": "the day of the count",
        },
    ),
}


def _command(kind: str) -> click.Command:
    told, columns = _TOLD[kind]
    has_place = kind != "care"

    def run(
        file: Path,
        as_json: bool,
        *,
        crs: str | None = None,
        lon_field: str | None = None,
        lat_field: str | None = None,
        **given: Any,
    ) -> None:
        settings = load_settings()
        fields = {name: given.pop(f"{name}_field") for name in columns}
        asked = PlacesImport(
            path=file,
            crs=crs,
            lon_field=lon_field,
            lat_field=lat_field,
            fields={name: column for name, column in fields.items() if column is not None},
            rejects_path=given.pop("rejects"),
            timezone=ZoneInfo(settings.timezone),
            **given,
        )
        report = import_places(open_database(settings), kind, asked)
        emit(report, as_json=as_json, text=describe)
        finish(found=report.rejected > 0)

    run.__doc__ = told
    options = [
        click.argument("file", type=FILE),
        *(_PLACED if has_place else ()),
        click.option("--sheet", metavar="NAME", help="Layer or sheet of FILE, if it has several."),
        click.option("--source", metavar="WORDS", help="Where they come from; by default FILE."),
        *(
            click.option(f"--{name.replace('_', '-')}-field", metavar="NAME", help=f"Column of {what}.")
            for name, what in columns.items()
        ),
        click.option("--strict", is_flag=True, help="Import nothing if any row has a problem."),
        click.option("--rejects", type=FILE, metavar="PATH", help="Where to write rejected rows (.csv)."),
        click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing."),
        json_option(PlacesImportReport),
    ]
    function: Any = run
    for option in reversed(options):
        function = option(function)
    return click.command(kind)(function)


_PLACED: Final = (
    click.option(
        "--crs", metavar="CRS", help="What its coordinates are in; needed where FILE does not state it."
    ),
    click.option("--lon-field", metavar="NAME", help="Column of longitude or easting."),
    click.option("--lat-field", metavar="NAME", help="Column of latitude or northing."),
)


def describe(report: PlacesImportReport) -> str:
    """Return the report as text for people."""
    read_in = [] if report.crs is None else [f"Coordinates read as {report.crs}."]
    return report_lines(report, *read_in)


devices, exceptions, service_points, care = (_command(kind) for kind in _TOLD)

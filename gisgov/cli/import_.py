"""``gisgov import``: areas, assignments of blocks, events, buildings, staff and registers from files."""

from __future__ import annotations

import click

from gisgov.cli.import_areas import areas
from gisgov.cli.import_assignments import assignments
from gisgov.cli.import_calendar import calendar
from gisgov.cli.import_hazards import hazards
from gisgov.cli.import_places import care, devices, exceptions, service_points
from gisgov.cli.import_points import buildings, events
from gisgov.cli.import_registers import categories, departments
from gisgov.cli.import_staff import staff


@click.group("import")
def import_() -> None:
    """Import areas, assignments, events, buildings, staff or registers from a file.

    Exit status 1 when rows were rejected: they are listed, written to a file to be mended, and the others
    are imported.
    """


for _command in (
    *(areas, assignments, buildings, calendar, care, categories, departments),
    *(devices, events, exceptions, hazards, service_points, staff),
):
    import_.add_command(_command)

"""Forms that bring devices, routing exceptions, service points, care counts and hazards in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.import_requests import ImportForm
from api.parameters import TEXT

_Text = Annotated[str | None, Field(max_length=TEXT)]


class CareForm(ImportForm):
    """An import of care counts, in the words of the options of ``gisgov import care``."""

    sheet: _Text = Field(None, description="Sheet of a workbook, if it has several.")
    source: _Text = Field(None, description="Where they come from. Default: the file.")
    building_field: _Text = Field(None, description="Column of the id of the building.")
    building_source_field: _Text = Field(None, description="Column of the source of that id.")
    category_field: _Text = Field(None, description="Column of the care category.")
    count_field: _Text = Field(None, description="Column of how many people.")
    as_of_field: _Text = Field(None, description="Column of the day of the count.")


class HazardsForm(ImportForm):
    """An import of hazards, in the words of the options of ``gisgov import hazards``."""

    sheet: _Text = Field(None, description="Sheet of a workbook, if it has several.")
    source: _Text = Field(None, description="Who tells of them. Default: the file.")
    external_id_field: _Text = Field(None, description="Column of the id at the source.")
    building_field: _Text = Field(None, description="Column of the id of the building.")
    building_source_field: _Text = Field(None, description="Column of the source of that id.")
    kind_field: _Text = Field(None, description="Column of the kind.")
    found_on_field: _Text = Field(None, description="Column of the day on which it was found.")
    due_on_field: _Text = Field(None, description="Column of the last day to rectify it.")
    rectified_on_field: _Text = Field(None, description="Column of the day on which it was rectified.")
    checked_on_field: _Text = Field(None, description="Column of the day on which that was checked.")
    event_field: _Text = Field(None, description="Column of the event that told of it, by its id here.")
    description_field: _Text = Field(None, description="Column of the description.")


class PlacedForm(ImportForm):
    """What imports of things at places take."""

    crs: _Text = Field(None, description="System of the file, where it does not state it.")
    sheet: _Text = Field(None, description="Layer or sheet of the file, if it has several.")
    source: _Text = Field(None, description="Where they come from. Default: the file.")
    lon_field: _Text = Field(None, description="Column of the longitude or easting.")
    lat_field: _Text = Field(None, description="Column of the latitude or northing.")


class DevicesForm(PlacedForm):
    """An import of devices, in the words of the options of ``gisgov import devices``."""

    id_field: _Text = Field(None, description="Column of the id.")
    kind_field: _Text = Field(None, description="Column of the kind.")
    title_field: _Text = Field(None, description="Column of the title.")
    state_field: _Text = Field(None, description="Column of the state: online, offline, retired.")
    state_at_field: _Text = Field(None, description="Column of when that was heard.")


class ExceptionsForm(PlacedForm):
    """An import of exceptions, in the words of the options of ``gisgov import exceptions``."""

    title_field: _Text = Field(None, description="Column of the title.")
    reach_m_field: _Text = Field(None, description="Column of how many metres around it.")
    categories_field: _Text = Field(None, description="Column of the items.")
    layer_field: _Text = Field(None, description="Column of the layer of the area.")
    area_field: _Text = Field(None, description="Column of the code of the area that answers.")
    department_field: _Text = Field(None, description="Column of the department that answers.")
    valid_from_field: _Text = Field(None, description="Column of the first day.")
    valid_to_field: _Text = Field(None, description="Column of the day after the last.")


class ServicePointsForm(PlacedForm):
    """An import of service points, in the words of the options of ``gisgov import service-points``."""

    code_field: _Text = Field(None, description="Column of the code.")
    tier_field: _Text = Field(None, description="Column of the tier.")
    title_field: _Text = Field(None, description="Column of the title.")
    valid_from_field: _Text = Field(None, description="Column of the first day.")
    valid_to_field: _Text = Field(None, description="Column of the day after the last.")


PLACES = {
    "devices": DevicesForm,
    "exceptions": ExceptionsForm,
    "service-points": ServicePointsForm,
    "care": CareForm,
}
"""The form of each kind, by the name of `gisgov.services.place_imports.kinds.KINDS`."""

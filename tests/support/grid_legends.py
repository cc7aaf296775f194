"""Grids drawn by hand for maps, and what a view's legend says of them."""

from __future__ import annotations

import geopandas as gpd

from gisgov.testing import areas_from_grid
from maps.document import Document


def grids(picture: str) -> gpd.GeoDataFrame:
    codes, shapes = areas_from_grid(picture, cell_m=2**-7, origin=(114.0, 30.0))
    return gpd.GeoDataFrame({"code": codes, "name": codes}, geometry=shapes, crs=4326)


def legend(document: Document, view: str) -> dict[str, str]:
    """Return the first figure of each line of the legend that belongs to a view alone."""
    section = next(one for one in document.sections if one.views == (view,))
    return {key.name: key.figures[0] for key in section.keys}

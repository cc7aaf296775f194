"""Lines to cut along, as people give them: typed, or drawn in a file."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.files.vectors import read_vectors
from gisgov.geometry.crs import parse_crs, to_wgs84, to_wgs84_geometries
from gisgov.services.editing.operations import Line

_FIELD = "line"


def typed_line(text: str, crs: str | None = None) -> Line:
    """Return the line through places that were typed, as ``lon,lat lon,lat …`` or with ``;`` between them.

    Parameters
    ----------
    text : str
        The places.
    crs : str, optional
        What they are in; WGS 84 by default.

    Raises
    ------
    InputError
        That is no line.
    CrsError, CoordinateError
        The system is unknown, or a place lies outside of it.

    Examples
    --------
    >>> typed_line("114.05,22.54 114.06,22.54")
    ((114.05, 22.54), (114.06, 22.54))
    """
    try:
        places = [
            tuple(float(part) for part in place.split(",")) for place in re.split(r"[\s;]+", text.strip())
        ]
        x, y = np.array(places, dtype=np.float64).reshape(len(places), 2).T
    except ValueError as error:
        raise InputError(
            f"{text!r} is no line.",
            hint='Give two places or more: "114.05,22.54 114.06,22.54", or a file with one line.',
            field=_FIELD,
        ) from error
    if len(x) < 2:
        raise InputError("A line has two places or more.", field=_FIELD)
    lon, lat = (x, y) if crs is None else to_wgs84(x, y, parse_crs(crs))
    return tuple(zip(lon.tolist(), lat.tolist(), strict=True))


def line_of_file(path: Path, crs: str | None = None, *, layer: str | None = None) -> Line:
    """Return the one line of a file; several that join end to end are one.

    Parameters
    ----------
    path : pathlib.Path
        Any vector file.
    crs : str, optional
        What its coordinates are in; by default what the file states.
    layer : str, optional
        Its layer, where it has several.

    Raises
    ------
    FileError
        It cannot be read.
    CrsError
        Its system is unknown, or contradicts what was said.
    InputError
        It holds no line, or several.
    """
    refuse_without_crs(crs, path)
    table = read_vectors(path, layer=layer)
    system = choose_crs(crs, table.crs, name=path.name)
    drawn = table.frame.geometry.to_numpy()
    lines = drawn[np.isin(shapely.get_type_id(drawn), (1, 5))]  # lines and bundles of them
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.get_parts(lines))))
    if len(merged) != 1:
        raise InputError(
            f"{path.name} holds {len(merged) or 'no'} lines; to cut along takes one.",
            hint="Draw one line from border to border.",
            field=_FIELD,
        )
    placed = to_wgs84_geometries(shapely.force_2d(merged), system)[0]
    return tuple((float(lon), float(lat)) for lon, lat in shapely.get_coordinates(placed).tolist())

"""Which coordinate system a file's numbers are in: what was declared against what the file states."""

from __future__ import annotations

from pathlib import Path

from gisgov.errors import CrsError
from gisgov.files.formats import Format, identify
from gisgov.files.geojson_crs import states_crs
from gisgov.geometry.crs import BD09, GCJ02, CoordinateSystem, parse_crs

_CHOICES = "wgs84, cgcs2000, gcj02, bd09 or an EPSG code such as 4547"
# Their axes and numbers agree to centimetres, so files label one as the other without harm.
_ALIKE = frozenset({"EPSG:4326", "EPSG:4490"})


def choose_crs(
    declared: str | None, from_file: CoordinateSystem | None, *, name: str = "the file"
) -> CoordinateSystem:
    """Choose the coordinate system of a file's coordinates.

    Parameters
    ----------
    declared : str or None
        What the person said (``--crs``), in any spelling that `gisgov.geometry.crs.parse_crs` knows.
    from_file : CoordinateSystem or None
        What the file itself states; None when it states nothing.
    name : str
        The file's name, for messages.

    Returns
    -------
    CoordinateSystem
        The declared one, or the file's. GCJ-02 and BD-09 have no code that a file could state: declaring
        them overrules a file that says WGS84 or CGCS2000, which is how such files are labelled.

    Raises
    ------
    CrsError
        Neither is known, the declared one is unknown, or the two contradict each other.

    Examples
    --------
    >>> choose_crs("gcj02", parse_crs("EPSG:4326")).name
    'GCJ-02'
    >>> choose_crs("EPSG:4547", parse_crs("EPSG:4326"), name="grids.gpkg")
    Traceback (most recent call last):
        ...
    gisgov.errors.CrsError: grids.gpkg states EPSG:4326, but EPSG:4547 was declared. ...
    """
    if declared is None:
        if from_file is None:
            raise CrsError(
                f"{name} does not state its coordinate system.", hint=f"Say --crs: {_CHOICES}.", field="crs"
            )
        return from_file
    wanted = parse_crs(declared)
    if from_file is None or _agree(wanted, from_file) or _overrules(wanted, from_file):
        return wanted
    raise CrsError(
        f"{name} states {from_file.name}, but {wanted.name} was declared.",
        hint="Leave --crs out to take the file's word; --crs gcj02 or bd09 overrules a file labelled WGS84.",
        field="crs",
    )


def refuse_without_crs(declared: str | None, path: Path) -> None:
    """Refuse a file whose coordinate system will not be known, before any of its rows is read.

    A GeoJSON is read whole to be opened at all, which takes long where it is large; whether it states its
    system shows at its two ends.

    Parameters
    ----------
    declared : str or None
        As of `choose_crs`, which goes on to ask what a file that passes here states.
    path : pathlib.Path
        The file.

    Raises
    ------
    CrsError
        Nothing was declared and the file cannot or does not state its system, or what was declared is no
        coordinate system.
    FileError
        The file cannot be used (see `gisgov.files.formats.identify`).
    """
    kind = identify(path)
    is_silent = kind in (Format.TEXT_TABLE, Format.EXCEL) or (kind is Format.GEOJSON and not states_crs(path))
    if declared is not None or is_silent:
        choose_crs(declared, None, name=path.name)


def _agree(wanted: CoordinateSystem, stated: CoordinateSystem) -> bool:
    # one system has one name, however it was spelt: `parse_crs` sees to that
    return wanted.name == stated.name or {wanted.name, stated.name} <= _ALIKE


def _overrules(wanted: CoordinateSystem, stated: CoordinateSystem) -> bool:
    return wanted.name in (GCJ02.name, BD09.name) and stated.name in _ALIKE

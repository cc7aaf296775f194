"""What a check found of points that are to lie in exactly one area each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PointFault:
    """A point that does not lie in exactly one area.

    Attributes
    ----------
    number : int
        Its place in the report, counted on from the defects of the areas; the same in every output.
    kind : str
        ``orphan`` (in no area) or ``in-several-areas``.
    id : str
        What it is called; its row in a file that does not say.
    source : str or None
        Where its record came from: ids are unlike each other within a source. None for points of a file.
    reason : str
        ``outside``, ``no-coordinate`` or ``bad-coordinate`` for an orphan, ``overlap`` for a point in several
        areas.
    message : str
        The same in words.
    lon, lat : float or None
        Where it is in WGS84 degrees; None where that is not known.
    areas : tuple of str
        Codes of the areas that it lies in.
    nearest_area : str or None
        For ``outside``: code of the nearest area.
    distance_m : float or None
        For ``outside``: metres to it.
    """

    number: int
    kind: str
    id: str
    source: str | None
    reason: str
    message: str
    lon: float | None
    lat: float | None
    areas: tuple[str, ...]
    nearest_area: str | None
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class PointsReport:
    """How points lie in the areas of a partition.

    Attributes
    ----------
    subject : str
        What they are: ``buildings``, ``events`` or ``file NAME``.
    layer : str
        The areas: name of a layer, a plan or a file.
    areas : int
        How many areas there are.
    points : int
        How many points there are. ``inside + on_border + in_several + orphans`` is all.
    inside : int
        That lie within exactly one area.
    on_border : int
        That lie on a border and within none; of the areas beside it the one with the smallest code owns each.
    in_several : int
        That lie within an area, and within or on the border of another: areas overlap there.
    orphans : int
        That lie in no area, or have no usable coordinate.
    clean : bool
        Whether each point has exactly one area.
    faults : tuple of PointFault
        Those in several areas and the orphans, in their order.
    """

    subject: str
    layer: str
    areas: int
    points: int
    inside: int
    on_border: int
    in_several: int
    orphans: int
    clean: bool
    faults: tuple[PointFault, ...]

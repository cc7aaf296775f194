"""The answer of `gisgov.services.resolving`: who owns a place, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who stands in for the holder of a staff post.

    Attributes
    ----------
    holder : str
        Who it is.
    phone : str or None
        How they are reached; None where none is known, or it is not for whoever asks.
    """

    holder: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A staff post of an area on the day asked about: the role and who holds it.

    Attributes
    ----------
    role : str
        Such as 网格长.
    holder : str or None
        Who holds it; None where the holder is gone and a deputy acts.
    phone : str or None
        How the holder is reached; None where none is known, or it is not for whoever asks.
    deputies : tuple of Deputy
        Who stands in for the holder.
    """

    role: str
    holder: str | None
    phone: str | None = None
    deputies: tuple[Deputy, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedArea:
    """The area of one layer that owns the point.

    Attributes
    ----------
    layer, title_zh, title_en : str
        The layer and its titles.
    code, name : str
        The area's code and name.
    parent_codes : tuple of str
        Codes of the areas it lies in, one layer up.
    staff : tuple of Post
        Its posts of the day.
    plan : str
        Name of the plan that it belongs to.
    valid_from : date
        First day of the plan.
    valid_to : date or None
        First day that the plan is not in force any more; None where that is open.
    on_border : bool
        Whether the point lies on the area's border.
    border_m : float
        Distance to the area's own border in metres; 0 on it.
    candidates : tuple of str
        Codes of the other areas of the layer that the point belongs to as much.
    """

    layer: str
    title_zh: str
    title_en: str
    code: str
    name: str
    parent_codes: tuple[str, ...]
    staff: tuple[Post, ...]
    plan: str
    valid_from: date
    valid_to: date | None
    on_border: bool
    border_m: float
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """A layer in force whose areas do not cover the point, and the nearest of them, if it has any.

    Attributes
    ----------
    layer, title_zh, title_en : str
        The layer and its titles.
    nearest_code, nearest_name : str or None
        Its area nearest to the point; None for a layer without areas.
    distance_m : float or None
        From the point to that area, in metres.
    """

    layer: str
    title_zh: str
    title_en: str
    nearest_code: str | None
    nearest_name: str | None
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer for one coordinate on one day.

    Attributes
    ----------
    x, y : float
        The coordinate as given.
    crs : str
        Coordinate system that it was taken in.
    lon, lat : float
        The same place in WGS84 degrees.
    at : date
        The day asked about.
    chain : tuple of ResolvedArea
        The areas that own the place, from the top layer down.
    outside : tuple of Outside
        The layers whose areas do not cover the place.
    without_plan : tuple of str
        Names of the layers of which no plan is in force on the day.
    """

    x: float
    y: float
    crs: str
    lon: float
    lat: float
    at: date
    chain: tuple[ResolvedArea, ...]
    outside: tuple[Outside, ...]
    without_plan: tuple[str, ...]

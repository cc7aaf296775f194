"""What a page is made of, before it is drawn: layers, views, the parts of the panel."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, pi, radians, sin, sqrt
from typing import Literal

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.types import BBox, Geometries, Json
from maps.layers import Layer
from maps.packing import pack
from maps.plane import Plane
from maps.words import Words

Mark = Literal["square", "dot", "badge", "line", "dash"]


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the map: what is drawn, lowest first (see web/maps/painters.js)."""

    id: str
    title: str
    draws: tuple[Json, ...]
    lists: str | None = None
    """Layer that the list shows; None for the listing's own, none where it is empty."""


@dataclass(frozen=True, slots=True)
class Key:
    """One line of a legend.

    Attributes
    ----------
    name, figures : str, tuple of str
        What the colour means, and the counts set after it.
    colour, line : str
        Fill and outline of the mark; None leaves it out.
    mark : {"square", "dot", "badge", "line", "dash"}
        Shape of the mark.
    switch : tuple of (layer, column, code)
        With it the line is a box that shows and hides what it names.
    """

    name: str
    figures: tuple[str, ...] = ()
    colour: str | None = None
    line: str | None = None
    mark: Mark = "square"
    switch: tuple[str, str, int] | None = None
    under: str = ""
    """What is said small after the name."""


@dataclass(frozen=True, slots=True)
class Section:
    """A legend with its heading; ``views`` are those it belongs to, none for all."""

    title: str
    remark: str = ""
    keys: tuple[Key, ...] = ()
    total: Key | None = None
    bar: tuple[tuple[str, float], ...] = ()
    """Colours and shares (0..1) of a bar that shows the whole."""
    heat: tuple[str, ...] = ()
    """Colours of a continuous ramp; the page writes its figures."""
    lines: tuple[str, ...] = ()
    """Sentences, one below the other."""
    note: str = ""
    views: tuple[str, ...] = ()
    is_beside: bool = False
    """On a wide page it shares its row with the section after it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Head of a list's column."""

    key: str
    title: str
    is_figure: bool = True
    is_printed: bool = True
    """Whether paper, which has less room, shows it too."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The list beside the map: columns of a layer, sorted."""

    title: str
    layer: str
    """A view may list another, which then has the same columns."""
    headings: tuple[Heading, ...]
    sort: str
    down: bool = True
    note: str = ""
    """How to use it; paper leaves it out."""
    empty: str = ""
    colours: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For a column of codes: a colour for each."""
    under: dict[str, str] = field(default_factory=dict)
    """A column whose text is set small under another's."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check came to, said above everything else.

    Attributes
    ----------
    text : str
        The sentence.
    is_proved : bool
        Whether it is good news.
    figures : tuple of str
        What it rests on, one line each.
    """

    text: str
    is_proved: bool
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of several views side by side.

    Attributes
    ----------
    title, remark : str
        What it is.
    figures : tuple of str
        One for each view that is compared.
    best : tuple of bool
        Which are the best of them; none where all are.
    """

    title: str
    figures: tuple[str, ...]
    best: tuple[bool, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Views side by side, each with a small map, over figures of them.

    Attributes
    ----------
    view : str
        Id of the view, without drawings of its own, in which it stands instead of the map.
    compared : tuple of str
        Ids of the views compared.
    remarks : tuple of str
        What is said under the title of each.
    measures : tuple of Measure
        Their figures.
    note : str
        How to read it.
    """

    view: str
    compared: tuple[str, ...]
    remarks: tuple[str, ...]
    measures: tuple[Measure, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Slots:
    """What an office writes on a printed sheet; an empty text leaves a line to write it on.

    Attributes
    ----------
    review_number : str
        Number under which the map was reviewed (审图号).
    secrecy : str
        How secret it is (密级).
    """

    review_number: str = ""
    secrecy: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A page, ready to be composed."""

    kind: str
    title: str
    headline: str
    words: Words
    bounds: BBox
    layers: tuple[Layer, ...]
    views: tuple[View, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    listing: Listing | None = None
    has_names: bool = True
    closest: int = 18
    """Zoom that choosing a row does not pass."""
    max_zoom: int = 21
    """Zoom that the map does not pass; a pixel is 7 cm at 21 and 2 mm at 26."""
    verdict: Verdict | None = None
    is_wide: bool = False
    """The list is what the page is about: it gets more room."""
    comparison: Comparison | None = None
    slots: Slots | None = None
    """Printed on a sheet; None leaves them out."""
    tables: tuple[str, ...] = ()
    """Layers whose figures are written to a workbook; by default the one that is listed."""

    def data(self) -> Json:
        """Return what the page's script works on."""
        west, south, east, north = self.bounds
        has_heat = any(draw["as"] == "heat" for view in self.views for draw in view.draws)
        listing = self.listing and {
            "layer": self.listing.layer,
            "columns": [heading.key for heading in self.listing.headings],
            "sort": {"key": self.listing.sort, "down": self.listing.down},
            "colours": self.listing.colours,
            "under": self.listing.under,
        }
        return {
            "kind": self.kind,
            "language": self.words.html_language,
            "words": {
                **{key: self.words(key) for key in ("fit", "unnamed")},
                "rows-shown": self.words("rows-shown", shown="{shown}", total="{total}"),
            },
            "bounds": [west, south, east, north],
            "plane": Plane.of(self.bounds).data() if has_heat else None,
            "closest": self.closest,
            "layers": [pack(layer) for layer in self.layers],
            "views": [{"id": view.id, "draws": view.draws, "lists": view.lists} for view in self.views],
            "table": listing,
        }

    def view(self, name: str) -> View:
        """Return the view of an id that there is."""
        return next(view for view in self.views if view.id == name)

    def listed(self, view: View) -> Layer | None:
        """Return the layer whose list stands beside a view, None where there is none."""
        name = self.listing and (self.listing.layer if view.lists is None else view.lists)
        return next((layer for layer in self.layers if layer.id == name), None)


def local_plane(latitude: float) -> tuple[float, float]:
    """Metres to a degree of longitude and of latitude, on the WGS 84 ellipsoid.

    Good for a small picture of a district (off by less than 0.1 % ten kilometres away); nothing is measured
    with it.

    Parameters
    ----------
    latitude : float
        Degrees.

    Examples
    --------
    >>> east, north = local_plane(30.0)
    >>> round(east), round(north)
    (96486, 110852)
    """
    major, eccentricity2 = 6378137.0, 0.00669437999014
    w = sqrt(1 - eccentricity2 * sin(radians(latitude)) ** 2)
    across = pi / 180 * major / w * cos(radians(latitude))
    along = pi / 180 * major * (1 - eccentricity2) / w**3
    return across, along


def bounds_of(*groups: Geometries) -> BBox:
    """Return the box around all geometries of several arrays.

    Raises
    ------
    InputError
        There is nothing to draw.
    """
    boxes = [shapely.total_bounds(group) for group in groups if len(group)]
    if not boxes:
        raise InputError("There is nothing to draw: no row has a geometry.")
    west, south = np.min(boxes, axis=0)[:2].tolist()
    east, north = np.max(boxes, axis=0)[2:].tolist()
    return west, south, east, north

"""Map of a layer's areas: ground by parent, population, density or size; names, codes, staff."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gisgov.governance.titles import Language
from gisgov.types import Floats, Ints
from maps import areas, palette
from maps.assets import WebAssets
from maps.document import Document, Heading, Key, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.layers import Column, Layer
from maps.page import compose
from maps.steps import step_keys
from maps.words import Words

_MEASURES = (("population", 0), ("density", 0), ("area", 2))


def document(
    frame: gpd.GeoDataFrame,
    *,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw the areas of a layer as a document.

    Parameters
    ----------
    frame : GeoDataFrame
        One row per area, EPSG:4326: code, name; where known parent_code, parent_name, population (count),
        households (count), area_km2 (km²), staff (text), staff_count. Rows without geometry are left out.
    title : str, optional
        Heading; by default what the map is.
    language : {"zh", "en"}
        Language of everything but names.
    facts : MapFacts, optional
        Day, plan and measuring CRS to be stated.

    Returns
    -------
    Document
        To be composed into a page or drawn on paper.

    Raises
    ------
    InputError
        The frame is not in EPSG:4326, or has nothing to draw.
    """
    facts = facts or MapFacts()
    words = facts.words(language)
    frame = areas.drawable(frame, "areas")
    bounds = bounds_of(areas.geometries(frame))
    patch = parent_patches(frame)
    layer = areas.areas_layer(
        frame,
        words,
        [
            Column("patch", "", "code", patch, values=palette.PATCHES),
        ],
    )
    measured = [(name, digits) for name, digits in _MEASURES if layer.column(name)]
    ground = areas.Ground.of(frame, layer)
    views, sections = _first_view(frame, words, patch, ground)
    for name, digits in measured:
        view, section = _measure_view(name, digits, ground, frame, words)
        views.append(view)
        sections.append(section)
    return Document(
        kind="grids",
        title=title or facts.title(words, "grids-title"),
        headline=facts.headline(words, "plan"),
        words=words,
        bounds=bounds,
        layers=ground.layers,
        views=tuple(views),
        sections=tuple(sections),
        notes=tuple(facts.notes(words)),
        listing=_listing(frame, layer, words),
        closest=17,
    )


def draw(
    frame: gpd.GeoDataFrame,
    *,
    assets: WebAssets,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> str:
    """Draw the areas of a layer as one self-contained HTML file; the parameters are those of `document`."""
    return compose(document(frame, title=title, language=language, facts=facts), assets)


def parent_patches(frame: gpd.GeoDataFrame) -> Ints:
    """Give each area the number of a pale ground, so that neighbouring parents differ where colours suffice.

    Returns
    -------
    (n,) array of int
        Indices into `maps.palette.PATCHES`; areas of one parent have one; −1 where no parent is known.
    """
    parents = areas.texts(frame, "parent_code")
    names = sorted({parent for parent in parents if parent is not None})
    if len(names) < 2:
        return np.full(len(frame), -1 if not names else 0, dtype=np.int64)
    of_area = areas.codes_of(parents, names)
    shapes = areas.geometries(frame)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    neighbours: list[set[int]] = [set() for _ in names]
    for a, b in zip(of_area[one].tolist(), of_area[other].tolist(), strict=True):
        if a != b and a >= 0 and b >= 0:
            neighbours[a].add(b)
    patch = np.full(len(names), -1, dtype=np.int64)
    for parent in sorted(range(len(names)), key=lambda i: -len(neighbours[i])):
        taken = {int(patch[other]) for other in neighbours[parent]}
        free = [i for i in range(len(palette.PATCHES)) if i not in taken] or [parent % len(palette.PATCHES)]
        patch[parent] = min(free, key=lambda i: (int((patch == i).sum()), i))  # colours are used evenly
    return np.where(of_area >= 0, patch[of_area], -1)


def _first_view(
    frame: gpd.GeoDataFrame, words: Words, patch: Ints, ground: areas.Ground
) -> tuple[list[View], list[Section]]:
    patches = {
        "as": "fill",
        "layer": "grids",
        "column": "patch",
        "colours": [*palette.PATCHES, palette.GROUND],
        "line": palette.LINE,
        "width": 1,
    }
    view = View("areas", words("view-areas"), (patches, *ground.over()))
    population, km2 = areas.numbers(frame, "population"), areas.numbers(frame, "area_km2")
    keys = [Key(words("grid"), (words("grids-n", count=f"{len(frame):,}"),))]
    if np.isfinite(population).any():
        keys.append(Key(words("population"), (f"{np.nansum(population):,.0f} {words('people')}".strip(),)))
    if np.isfinite(km2).any():
        keys.append(Key(words("area"), (f"{np.nansum(km2):,.2f} km²",)))
    note = words("colour-of-parent", parent=words("parents")) if len(set(patch.tolist())) > 1 else ""
    return [view], [Section(words("total"), keys=tuple(keys), note=note)]


def _measure_view(
    name: str, digits: int, ground: areas.Ground, frame: gpd.GeoDataFrame, words: Words
) -> tuple[View, Section]:
    values = measure(frame, name)
    breaks = palette.round_breaks(values)
    column = ground.layers[0].column(name)
    section = Section(
        words(f"view-{name}"),
        remark=column.unit if column else "",
        keys=step_keys(values, breaks, digits, words),
        views=(name,),
    )
    return View(name, words(f"view-{name}"), (areas.steps(name, breaks), *ground.over())), section


def measure(frame: gpd.GeoDataFrame, name: str) -> Floats:
    """Return a measure of the areas: population, area (km²) or density (people per km²)."""
    population, km2 = areas.numbers(frame, "population"), areas.numbers(frame, "area_km2")
    return {"population": population, "area": km2, "density": areas.people_per_km2(population, km2)}[name]


def _listing(frame: gpd.GeoDataFrame, layer: Layer, words: Words) -> Listing:
    headings = [Heading("name", words("name"), is_figure=False)]
    for key, title in (("population", "population"), ("area", "area-km2"), ("staff_count", "staff-count")):
        if (
            layer.column(key)
            and np.isfinite(areas.numbers(frame, "area_km2" if key == "area" else key)).any()
        ):
            headings.append(Heading(key, words(title)))
    return Listing(words("grids"), "grids", tuple(headings), sort="code", down=False, under={"name": "code"})

"""Map of a re-division: its alternatives side by side, and each with its loads, figures and obstacles."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd

from gisgov.governance.titles import Language
from gisgov.types import Floats, Geometries
from maps import areas, palette
from maps.assets import WebAssets
from maps.comparing import comparison, measures
from maps.deviation import breaks_of, deviation_keys
from maps.divided import Alternative, Divided, per_cent, rule_text, sentence
from maps.document import Document, Key, Section, View, bounds_of
from maps.facts import MapFacts
from maps.former_borders import former_borders
from maps.layers import Column, Layer
from maps.page import compose
from maps.redivision_areas import divided_areas, known_columns, listing
from maps.words import Words

_MOST_OBSTACLES = 40
"""Sentences of one alternative; what is more is counted."""


def document(
    divided: Divided,
    frames: Sequence[gpd.GeoDataFrame],
    *,
    parents: gpd.GeoDataFrame | None = None,
    present: gpd.GeoDataFrame | None = None,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw a re-division as a document.

    Parameters
    ----------
    divided : Divided
        What is told of it.
    frames : sequence of GeoDataFrame
        The areas of each of its alternatives, EPSG:4326: code, name, population, households, area_km2, load,
        deviation (share of the parent's mean, NaN where that is zero), polsby_popper, parts; where known
        along_streets (0..1), parent_name, origin (a word of `gisgov.governance.lineage.AreaOrigin`), sources.
    parents : GeoDataFrame, optional
        The areas above, EPSG:4326: code, name.
    present : GeoDataFrame, optional
        The areas that there were, EPSG:4326, where a plan was started from. Their borders are drawn dashed
        where the new ones leave them.
    title, language, facts
        As for `maps.grids.draw`.

    Returns
    -------
    Document
        To be composed into a page or drawn on paper. With several alternatives its first view has them side
        by side.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, or there is nothing to draw.
    """
    facts = facts or MapFacts()
    words = facts.words(language)
    drawn = [areas.drawable(frame, "areas") for frame in frames]
    bounds = bounds_of(*(areas.geometries(frame) for frame in drawn))
    above = None if parents is None else _parents(areas.drawable(parents, "areas above"))
    columns = known_columns(drawn)
    lines = _line_keys(above is not None, present is not None, words)
    layers = [above] if above else []
    views, sections = [], []
    for told, frame in zip(divided.alternatives, drawn, strict=True):
        own = [divided_areas(f"areas-{told.number}", frame, columns, words)]
        if present is not None:
            own += _former(f"former-{told.number}", present, frame)
        layers += own
        views.append(_view(told, own, above, divided, words))
        sections += _sections(told, frame, divided, views[-1].id, lines, words)
    several = None
    if len(views) > 1:
        several = comparison(divided, drawn, views, words)
        views.insert(0, View(several.view, words("compare"), (), lists=""))
        sections = [
            _legend(None, divided, several.view, lines, words),
            _divided(divided, several.view, words),
            *sections,
        ]
    return Document(
        kind="redivision",
        title=title or facts.title(words, "redivision-title"),
        headline=_headline(divided, facts, words),
        words=words,
        bounds=bounds,
        layers=tuple(layers),
        views=tuple(views),
        sections=tuple(sections),
        notes=tuple(_notes(divided, facts, words)),
        listing=listing("areas-1", columns, words),
        closest=17,
        is_wide=True,
        comparison=several,
    )


def draw(
    divided: Divided,
    frames: Sequence[gpd.GeoDataFrame],
    *,
    assets: WebAssets,
    parents: gpd.GeoDataFrame | None = None,
    present: gpd.GeoDataFrame | None = None,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> str:
    """Draw a re-division as one self-contained HTML file; the parameters are those of `document`."""
    made = document(
        divided, frames, parents=parents, present=present, title=title, language=language, facts=facts
    )
    return compose(made, assets)


def _parents(frame: gpd.GeoDataFrame) -> Layer | None:
    """Return the layer of the areas above; None where one is the whole ground."""
    if len(frame) < 2:
        return None
    shapes = areas.geometries(frame)
    lon, lat = areas.label_places(shapes)
    names = [name or code for name, code in zip(areas.texts(frame, "name"), frame["code"], strict=True)]
    columns = (
        Column("label", "", "text", names),
        Column("label_lon", "", "number", lon, digits=6),
        Column("label_lat", "", "number", lat, digits=6),
    )
    return Layer("parents", shapes, columns, keep_order=True)


def _line_keys(has_parents: bool, has_former: bool, words: Words) -> list[Key]:
    keys = []
    if has_parents:
        keys.append(Key(words("parent-border"), line=palette.PARENT_LINE, mark="line"))
    if has_former:
        keys.append(Key(words("former-border"), line=palette.FORMER_LINE, mark="dash"))
    return keys


def _former(name: str, present: gpd.GeoDataFrame, frame: gpd.GeoDataFrame) -> list[Layer]:
    lines: Geometries = former_borders(
        areas.geometries(areas.drawable(present, "present areas")), areas.geometries(frame)
    )
    return [Layer(name, lines, ())] if len(lines) else []


def _view(told: Alternative, own: list[Layer], above: Layer | None, divided: Divided, words: Words) -> View:
    layer = own[0]
    ground = areas.Ground((layer, *([above] if above else [])), areas.close_zoom(layer.shapes))
    fill = {
        "as": "fill",
        "layer": layer.id,
        "column": "deviation",
        "breaks": list(breaks_of(divided.band, divided.limit)),
        "colours": [*palette.DEVIATION, palette.NO_MEAN],
        "line": palette.LINE,
        "width": 1,
    }
    former = [
        {"as": "lines", "layer": one.id, "line": palette.FORMER_LINE, "width": 1.6, "dash": [6, 4]}
        for one in own[1:]
    ]
    title = words("alternative", number=told.number)
    return View(f"alternative-{told.number}", title, (fill, *ground.over(), *former), lists=layer.id)


def _sections(
    told: Alternative,
    frame: gpd.GeoDataFrame,
    divided: Divided,
    view: str,
    lines: Sequence[Key],
    words: Words,
) -> list[Section]:
    figures = tuple(
        Key(measure.title, (measure.figures[0],), under=measure.remark)
        for measure in measures(divided, [told], [frame], words)
    )
    sentences = [sentence(one, words.language) for one in told.obstacles]
    left = len(sentences) - _MOST_OBSTACLES
    if left > 0:
        sentences = [*sentences[:_MOST_OBSTACLES], words("more-obstacles", count=f"{left:,}")]
    return [
        _legend(areas.numbers(frame, "deviation"), divided, view, lines, words),
        Section(words("figures"), remark=told.plan or "", keys=figures, views=(view,)),
        Section(
            words("obstacles"),
            remark=f"{len(told.obstacles):,}" if sentences else "",
            lines=tuple(sentences) or (words("no-obstacles"),),
            views=(view,),
        ),
    ]


def _legend(
    values: Floats | None, divided: Divided, view: str, lines: Sequence[Key], words: Words
) -> Section:
    """Return the legend of a view, with counts where it is of one alternative."""
    keys = deviation_keys(values, divided.band, divided.limit, words)
    return Section(
        words("deviation-legend"),
        remark=words("deviation-remark"),
        keys=(*keys, *lines),
        views=(view,),
        is_beside=values is not None,
    )


def _divided(divided: Divided, view: str, words: Words) -> Section:
    told = divided.two_balances
    return Section(
        words("divided"),
        keys=(
            Key(words("blocks"), (f"{divided.blocks:,}",)),
            Key(words("population"), (f"{divided.population:,}",)),
            Key(words("area"), (f"{divided.area_km2:,.2f} km²",)),
            Key(words("load-all"), (f"{divided.load:,.2f}",)),
            Key(words("areas-count"), (f"{divided.areas:,}",)),
        ),
        lines=(sentence(told, words.language),) if told else (),
        views=(view,),
    )


def _headline(divided: Divided, facts: MapFacts, words: Words) -> str:
    said = [
        words("day-above", day=divided.at.isoformat()),
        words("from-plan", name=divided.source) if divided.source else "",
        words("blocks-n", count=f"{divided.blocks:,}"),
        words("people-n", count=f"{divided.population:,}"),
        words("areas-made", count=f"{divided.areas:,}"),
        facts.subject or "",
    ]
    return words.gap.join(filter(None, said))


def _notes(divided: Divided, facts: MapFacts, words: Words) -> list[str]:
    return [
        *facts.notes(words),
        words("load-note", rule=rule_text(divided.rule, words)),
        words(
            "search-note",
            band=per_cent(divided.band),
            limit=per_cent(divided.limit),
            effort=words.known(divided.effort),
            seed=divided.seed,
        ),
    ]

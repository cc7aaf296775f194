"""Map of events: points by source and by level, their density, and how many fell in each grid."""

from __future__ import annotations

import math

import geopandas as gpd
import pandas as pd

from gisgov.governance.titles import Language
from gisgov.types import Json, Texts
from maps import areas, palette
from maps.assets import WebAssets
from maps.counts import events_by_grid
from maps.document import Document, Heading, Key, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.kinds import Kinds, kinds_of
from maps.layers import Column, Layer
from maps.page import compose
from maps.steps import step_keys
from maps.words import Words

BANDWIDTH_M = 300.0


def document(
    events: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    *,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
    bandwidth_m: float = BANDWIDTH_M,
) -> Document:
    """Draw events as a document.

    Parameters
    ----------
    events : GeoDataFrame
        One row per event, EPSG:4326 points: source, level, grid_code; where known external_id, category,
        state, occurred_at (with a time zone, or local), problem (why there is no geometry). ``source_title``
        and ``level_title`` stand in the legend in place of the stored words. Rows without geometry are
        counted by their problem, and events outside every grid are drawn and counted.
    grids : GeoDataFrame
        As for `maps.grids.draw`.
    title, language, facts, bandwidth_m
        As for `maps.risk.draw`.

    Returns
    -------
    Document
        To be composed into a page or drawn on paper.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, or there is nothing to draw.
    """
    facts = facts or MapFacts()
    words = facts.words(language)
    shown, grids = areas.drawable(events, "events"), areas.drawable(grids, "areas")
    by_grid = events_by_grid(shown, grids)
    per_km2 = by_grid["per_km2"].to_numpy()
    breaks = palette.round_breaks(per_km2)
    sources, levels = kinds_of(shown, "source", words), kinds_of(shown, "level", words)
    ground = areas.Ground.of(grids, _grid_layer(grids, by_grid, words))
    return Document(
        kind="events",
        title=title or facts.title(words, "events-title"),
        headline=facts.headline(words, "period", "plan"),
        words=words,
        bounds=bounds_of(areas.geometries(grids if len(grids) else shown)),
        layers=(*ground.layers, _event_layer(shown, grids, sources, levels, words)),
        views=_views(words, ground, sources, levels, breaks, bandwidth_m),
        sections=(
            _kind_section("source", sources, words),
            _kind_section("level", levels, words),
            Section(words("events-heat"), remark=words("events-per-km2"), heat=palette.HEAT, views=("heat",)),
            Section(
                words("events-of-grid"),
                remark=words("events-per-km2"),
                keys=step_keys(per_km2, breaks, 1, words),
                views=("grid",),
            ),
        ),
        notes=(
            *facts.notes(words),
            words("bandwidth-note", bandwidth=f"{bandwidth_m:g}"),
            *left_out(events, shown, words),
        ),
        listing=Listing(
            words("grid-ranking"),
            "grids",
            (
                Heading("name", words("grid"), is_figure=False),
                Heading("events", words("events-count")),
                Heading("per_km2", words("per-km2")),
            ),
            sort="events",
            under={"name": "code"},
        ),
    )


def draw(
    events: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    *,
    assets: WebAssets,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
    bandwidth_m: float = BANDWIDTH_M,
) -> str:
    """Draw events as one self-contained HTML file; the parameters are those of `document`."""
    return compose(
        document(events, grids, title=title, language=language, facts=facts, bandwidth_m=bandwidth_m), assets
    )


def dot_radius(count: int) -> float:
    """Return the radius of a dot in pixels where the whole district is in view: the more events, the smaller.

    Examples
    --------
    >>> dot_radius(500), dot_radius(32_000), dot_radius(1_000_000)
    (2.2, 1.1, 0.8)
    """
    return round(min(2.2, max(0.8, 2.2 * math.sqrt(8_000 / max(1, count)))), 2)


def left_out(events: pd.DataFrame, shown: pd.DataFrame, words: Words) -> list[str]:
    """Say how many events are not on the map, and why; how many lie outside every grid."""
    lines = []
    absent = events.loc[events.geometry.isna() | events.geometry.is_empty]
    if len(absent):
        reasons = pd.Series(areas.texts(absent, "problem")).fillna("no-geometry").value_counts()
        why = words.gap.join(
            f"{words.known(_reason(str(reason)))} {count:,}" for reason, count in reasons.items()
        )
        lines.append(words("unmapped-note", count=f"{len(absent):,}", why=why))
    outside = int((areas.texts(shown, "grid_code") == None).sum())  # noqa: E711  elementwise
    if outside:
        lines.append(words("outside-note", count=f"{outside:,}"))
    return lines


def _reason(reason: str) -> str:
    return "no-geometry" if reason == "no-coordinate" else reason


def _grid_layer(grids: gpd.GeoDataFrame, by_grid: pd.DataFrame, words: Words) -> Layer:
    more = [
        Column("events", words("events-count"), "number", by_grid["events"].to_numpy()),
        Column("per_km2", words("per-km2"), "number", by_grid["per_km2"].to_numpy(), digits=1),
    ]
    return areas.areas_layer(grids, words, more)


def _event_layer(
    events: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, sources: Kinds, levels: Kinds, words: Words
) -> Layer:
    grid_names = dict(zip(areas.texts(grids, "code"), areas.texts(grids, "name"), strict=True))
    columns = (
        Column("number", words("number"), "text", areas.texts(events, "external_id")),
        Column("category", words("category"), "text", areas.texts(events, "category")),
        Column("source", words("source"), "code", sources.codes, values=sources.titles),
        Column("level", words("level"), "code", levels.codes, values=levels.titles),
        Column("occurred", words("occurred"), "text", _times(events)),
        Column("state", words("state"), "text", areas.texts(events, "state")),
        Column(
            "grid",
            words("grid"),
            "text",
            [grid_names.get(code) or code for code in areas.texts(events, "grid_code")],
        ),
    )
    card = {
        "title": ["category"],
        "rows": ["number", "source", "level", "occurred", "state", "grid"],
        "colours": {"source": list(sources.colours), "level": list(levels.colours)},
    }
    return Layer("events", areas.geometries(events), columns, card=card)


def _times(events: pd.DataFrame) -> Texts:
    if "occurred_at" not in events:
        return areas.texts(events, "occurred_at")
    return areas.texts(
        pd.DataFrame({"at": pd.to_datetime(events["occurred_at"]).dt.strftime("%Y-%m-%d %H:%M")}), "at"
    )


def _views(
    words: Words,
    ground: areas.Ground,
    sources: Kinds,
    levels: Kinds,
    breaks: tuple[float, ...],
    bandwidth_m: float,
) -> tuple[View, ...]:
    def dots(column: str, kinds: Kinds) -> Json:
        return {
            "as": "dots",
            "layer": "events",
            "column": column,
            "colours": list(kinds.colours),
            "radius": [dot_radius(len(kinds.codes)), 5.5],
            "opacity": 0.85,
            "mixed": True,
        }

    heat = {"as": "heat", "layer": "events", "bandwidth_m": bandwidth_m, "colours": list(palette.HEAT)}
    close = {**dots("source", sources), "from": 15.5}
    under, over = ground.fill(palette.FAINT_LINE), ground.over()
    return (
        View("source", words("view-by-source"), (under, dots("source", sources), *over)),
        View("level", words("view-by-level"), (under, dots("level", levels), *over)),
        View("heat", words("view-events-heat"), (under, heat, ground.borders(), close, *over)),
        View("grid", words("view-events-grid"), (areas.steps("per_km2", breaks), close, *over)),
    )


def _kind_section(name: str, kinds: Kinds, words: Words) -> Section:
    total = max(1, int(kinds.counts.sum()))
    keys = [
        Key(
            title,
            (f"{count:,}", f"{count / total:.1%}"),
            colour=colour,
            mark="dot",
            switch=("events", name, code),
        )
        for code, (title, colour, count) in enumerate(
            zip(kinds.titles, kinds.colours, kinds.counts, strict=True)
        )
    ]
    return Section(words(name), keys=tuple(keys), total=Key(words("total"), (f"{kinds.counts.sum():,}", "")))

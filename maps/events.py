"""Map of events: points by source and by level, their density, and how many fell in each grid."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gisgov.governance.titles import Language
from gisgov.types import Floats, Ints, Json, Texts
from maps import areas, palette
from maps.assets import WebAssets
from maps.document import Document, Heading, Key, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.packing import Column, pack
from maps.page import compose
from maps.steps import step_keys
from maps.words import Words

BANDWIDTH_M = 300.0
_UNCLASSIFIED = "unclassified"


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
    """Draw events as a page of its own.

    Parameters
    ----------
    events : GeoDataFrame
        One row per event, EPSG:4326 points: source, level, grid_code; where known external_id, category,
        state, occurred_at (with a time zone, or local), problem (why there is no geometry). ``source_title``
        and ``level_title`` stand in the legend in place of the stored words. Rows without geometry are
        counted by their problem, and events outside every grid are drawn and counted.
    grids : GeoDataFrame
        As for `maps.grids.draw`.
    assets : WebAssets
        The built script and style.
    title, language, facts, bandwidth_m
        As for `maps.risk.draw`.

    Returns
    -------
    str
        HTML of one self-contained file.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, or there is nothing to draw.
    """
    words, facts = Words(language), facts or MapFacts()
    shown, grids = areas.drawable(events, "events"), areas.drawable(grids, "areas")
    by_grid = events_by_grid(shown, grids)
    per_km2 = by_grid["per_km2"].to_numpy()
    breaks = palette.round_breaks(per_km2)
    sources, levels = kinds_of(shown, "source", words), kinds_of(shown, "level", words)
    ground = areas.Ground.of(grids, _grid_layer(grids, by_grid, words))
    document = Document(
        kind="events",
        title=title or words("events-title"),
        headline=facts.headline(words, "period", "plan"),
        words=words,
        bounds=bounds_of(*(areas.geometries(frame) for frame in (grids, shown) if len(frame))),
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
    return compose(document, assets)


class Kinds:
    """The values of a column as a legend lists them.

    Attributes
    ----------
    titles, colours : tuple of str
        Parallel to the codes.
    codes : (n,) array of int
        Place of each event's value; missing values have a place of their own, the last.
    """

    def __init__(self, titles: tuple[str, ...], colours: tuple[str, ...], codes: Ints) -> None:
        self.titles = titles
        self.colours = colours
        self.codes = codes

    @property
    def counts(self) -> Ints:
        """Events of each kind, which add up to all."""
        return np.bincount(self.codes, minlength=len(self.titles)).astype(np.int64)


def kinds_of(events: pd.DataFrame, name: str, words: Words) -> Kinds:
    """Sort out the values of a column: sources with the most frequent first, levels in their own order.

    Parameters
    ----------
    events : DataFrame
        With the column ``name`` and perhaps ``{name}_title``.
    name : {"source", "level"}
        Which column.
    words : Words
        Language of the title of missing values.
    """
    values = areas.texts(events, name)
    titles = areas.texts(events, f"{name}_title")
    title_of = {value: title for value, title in zip(values, titles, strict=True) if value and title}
    counts = pd.Series([value for value in values if value]).value_counts()
    if name == "level":
        order = sorted(counts.index)
        colours = tuple(palette.LEVELS.get(value, palette.LEVELS["3"]) for value in order)
    else:
        order = sorted(counts.index, key=lambda value: (-int(counts[value]), value))
        colours = palette.category_colours(len(order))
    codes = areas.codes_of(values, order)
    shown = [title_of.get(value, value) for value in order]
    if (codes < 0).any():
        shown.append(words(_UNCLASSIFIED))
        colours = (*colours, "#a39d90")
        codes = np.where(codes < 0, len(order), codes)
    return Kinds(tuple(shown), colours, codes)


def events_by_grid(events: pd.DataFrame, grids: pd.DataFrame) -> pd.DataFrame:
    """Count the events of each grid.

    Parameters
    ----------
    events : DataFrame
        Column grid_code, missing outside every grid.
    grids : DataFrame
        Columns code and area_km2.

    Returns
    -------
    DataFrame
        Parallel to ``grids``: events (count) and per_km2 (NaN where the area is zero or not known).

    Examples
    --------
    >>> grids = pd.DataFrame({"code": ["A", "B"], "area_km2": [0.5, 2.0]})
    >>> events_by_grid(pd.DataFrame({"grid_code": ["A", "A", None]}), grids)
       events  per_km2
    0       2      4.0
    1       0      0.0
    """
    owners = areas.codes_of(areas.texts(events, "grid_code"), areas.texts(grids, "code").tolist())
    counts = np.bincount(owners[owners >= 0], minlength=len(grids))
    km2: Floats = areas.numbers(grids, "area_km2")
    return pd.DataFrame({"events": counts, "per_km2": areas.people_per_km2(counts.astype(np.float64), km2)})


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


def _grid_layer(grids: gpd.GeoDataFrame, by_grid: pd.DataFrame, words: Words) -> Json:
    more = [
        Column("events", words("events-count"), "number", by_grid["events"].to_numpy()),
        Column("per_km2", words("per-km2"), "number", by_grid["per_km2"].to_numpy(), digits=1),
    ]
    return areas.areas_layer(grids, words, more)


def _event_layer(
    events: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, sources: Kinds, levels: Kinds, words: Words
) -> Json:
    grid_names = dict(zip(areas.texts(grids, "code"), areas.texts(grids, "name"), strict=True))
    columns = [
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
    ]
    layer = pack("events", areas.geometries(events), columns, step=areas.STEP_DEG)
    card = {
        "title": ["category"],
        "rows": ["number", "source", "level", "occurred", "state", "grid"],
        "colours": {"source": list(sources.colours), "level": list(levels.colours)},
    }
    return {**layer, "card": card}


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
            "radius": [2.2, 5.5],
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

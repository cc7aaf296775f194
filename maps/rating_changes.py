"""Map of what became of the classes of buildings from one day to another."""

from __future__ import annotations

from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gisgov.governance.thematic import RatingChange
from gisgov.governance.titles import Language
from gisgov.types import BBox, Json
from maps import areas, palette
from maps.balance import Balance
from maps.buildings import class_title, footprint_shapes, told_reasons
from maps.class_changes import ORDER, Changes, change_matrix, change_section, changes_by_grid
from maps.counts import CLASSES
from maps.document import Document, Heading, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.layers import Column, Layer
from maps.plane import Plane
from maps.risk import MOST_BUILDINGS
from maps.squares import squares_of
from maps.words import Words

_CLOSE: Final = 15.5


def document(
    buildings: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    *,
    first: date,
    last: date,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
    most_buildings: int = MOST_BUILDINGS,
) -> Document:
    """Draw what became of classes as a document.

    Parameters
    ----------
    buildings : GeoDataFrame
        As for `maps.risk.document`, rated as at the end of the last day, and former_class: as at the end of
        the first. Missing is not rated; that and unclassified are no class.
    grids : GeoDataFrame
        As for `maps.grids.draw`.
    first, last : datetime.date
        The days.
    title, language, facts
        As for `maps.risk.document`.
    most_buildings : int
        More buildings than this are added up in squares; those that became better or worse are drawn by
        themselves too as one comes close.

    Returns
    -------
    Document
        Its list is of the buildings that became warning ones.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, or there is nothing to draw.
    """
    facts = facts or MapFacts()
    words = facts.words(language)
    shown, grids = areas.drawable(buildings, "buildings"), areas.drawable(grids, "areas")
    bounds = bounds_of(areas.geometries(grids if len(grids) else shown))
    changes = Changes.of(shown)
    table = changes_by_grid(shown, grids, changes)
    balance = Balance.of(table["balance"].to_numpy(dtype=np.float64))
    ground = areas.Ground.of(grids, _grid_layer(grids, table, balance, words))
    drawn, note, switched = _drawn(shown, grids, changes, bounds, words, most_buildings)
    far = [draw for layer_draws in drawn for draw in layer_draws[1]]
    notes = [*facts.notes(words), words("change-note"), words("no-class-note")]
    if len(shown) < len(buildings):
        notes.append(
            words("unmapped-note", count=f"{len(buildings) - len(shown):,}", why=words("no-geometry"))
        )
    days = {"first": first.isoformat(), "last": last.isoformat()}
    borders = [draw for draw in ground.over() if draw["as"] != "labels"]
    figures = {"as": "labels", "layer": "grids", "text": "balance_text", "size": 12, "weight": 600}
    return Document(
        kind="risk-change",
        title=title or facts.title(words, "risk-change-title"),
        headline=words.gap.join(
            filter(None, (words("changed-between", **days), facts.headline(words, "plan", "rules")))
        ),
        words=words,
        bounds=bounds,
        layers=(
            *ground.layers,
            *(layer for layer, _ in drawn),
            _became_layer(shown, grids, changes, words),
        ),
        views=(
            View(
                "buildings", words("view-buildings"), (ground.fill(palette.FAINT_LINE), *far, *ground.over())
            ),
            View("areas", words("view-balance"), (balance.draw(), *borders, figures)),
        ),
        sections=(
            change_section(changes, words, switched, note),
            change_matrix(changes, words, days),
            Section(
                words("balance-of-grid"),
                remark=words("balance-remark"),
                keys=balance.keys(words, none=words("no-building")),
                views=("areas",),
            ),
        ),
        notes=tuple(notes),
        listing=Listing(
            words("became-warning"),
            "became",
            (
                Heading("name", words("building"), is_figure=False),
                Heading("grid", words("grid"), is_figure=False),
                Heading("former", words("former-class"), is_figure=False),
                Heading("points", words("points")),
            ),
            sort="points",
            empty=words("none-became"),
        ),
        tables=("grids", "became"),
    )


def _grid_layer(grids: gpd.GeoDataFrame, table: pd.DataFrame, balance: Balance, words: Words) -> Layer:
    titles = [(kind.value, kind.titled(words.language)) for kind in reversed(ORDER)]
    titles += [("buildings", words("buildings"))]
    titles += [(name, words(name.replace("_", "-"))) for name in ("warning_before", "warning_after")]
    counts = [Column(name, title, "number", table[name].to_numpy()) for name, title in titles]
    return areas.areas_layer(grids, words, [*balance.columns(words("balance")), *counts])


def _drawn(
    buildings: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    changes: Changes,
    bounds: BBox,
    words: Words,
    most: int,
) -> tuple[list[tuple[Layer, list[Json]]], str, str]:
    """Return layers with their drawings, what the legend says of them, and which ones its boxes hide."""
    by_kind: Json = {
        "layer": "buildings",
        "column": "change",
        "colours": [palette.CHANGES[kind.value] for kind in ORDER],
        "as": "footprints",
        "lines": [palette.CHANGE_LINES[kind.value] for kind in ORDER],
        "lineFrom": 16.5,
        "width": 0.8,
        "least": [1.4, 1.4, 3.2, 2.6, 3.6],
        "radii": [[0.9, 4.0], [0.9, 4.0], [1.9, 5.5], [1.5, 5.0], [2.0, 5.5]],
    }
    if len(buildings) <= most:
        return [(_building_layer(buildings, grids, changes, words), [by_kind])], "", "buildings"
    titles = tuple(kind.titled(words.language) for kind in ORDER)
    inwards = (*range(len(ORDER) - 1, 0, -1), 0)
    squares = squares_of(
        footprint_shapes(buildings),
        changes.kinds,
        titles,
        Plane.of(bounds),
        words,
        column=("change", words("change-of-class")),
        inwards=inwards,
    )
    moved = np.isin(changes.kinds, [ORDER.index(RatingChange.WORSE), ORDER.index(RatingChange.BETTER)])
    moved[changes.became_warning] = True
    some = Changes(changes.before[moved], changes.after[moved], changes.kinds[moved])
    layer = _building_layer(buildings[moved].reset_index(drop=True), grids, some, words)
    added: Json = {
        "as": "fill",
        "layer": "squares",
        **{name: by_kind[name] for name in ("column", "colours", "lines")},
        "lineFrom": 14.5,
        "width": 0.5,
        "least": [0, 0, 2.0, 1.6, 2.4],
    }
    far = [{**added, "until": _CLOSE}, {**added, "from": _CLOSE, "opacity": 0.35}]
    note = words("squares-change-note", most=f"{most:,}", cell=f"{squares.side_m:g}")
    return [(squares.layer, far), (layer, [{**by_kind, "from": _CLOSE}])], note, "squares buildings"


def _building_layer(
    buildings: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, changes: Changes, words: Words
) -> Layer:
    columns = (
        Column(
            "change",
            words("change-of-class"),
            "code",
            changes.kinds,
            values=tuple(kind.titled(words.language) for kind in ORDER),
        ),
        *_columns(buildings, grids, changes, words),
    )
    card = {
        "title": ["name"],
        "rows": [column.key for column in columns if column.key != "name"],
        "colours": {"change": [palette.CHANGES[kind.value] for kind in ORDER]},
    }
    return Layer("buildings", footprint_shapes(buildings), columns, step=2e-6, card=card)


def _became_layer(
    buildings: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, changes: Changes, words: Words
) -> Layer:
    places = changes.became_warning
    some = Changes(changes.before[places], changes.after[places], changes.kinds[places])
    frame = buildings.iloc[places].reset_index(drop=True)
    columns = _columns(frame, grids, some, words)
    card = {"title": ["name"], "rows": [column.key for column in columns if column.key != "name"]}
    return Layer("became", footprint_shapes(frame), columns, step=2e-6, keep_order=True, card=card)


def _columns(
    buildings: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, changes: Changes, words: Words
) -> tuple[Column, ...]:
    names, ids = areas.texts(buildings, "name"), areas.texts(buildings, "external_id")
    grid_names = dict(zip(areas.texts(grids, "code"), areas.texts(grids, "name"), strict=True))
    classes = (*(class_title(name, words) for name in CLASSES), RatingChange.NONE.titled(words.language))
    return (
        Column("number", words("number"), "text", ids),
        Column("name", words("name"), "text", np.where(names == None, ids, names)),  # noqa: E711  elementwise
        Column("former", words("former-class"), "code", changes.before, values=classes),
        Column("class", words("building-class"), "code", changes.after, values=classes),
        Column("former_points", words("former-points"), "number", areas.numbers(buildings, "former_points")),
        Column("points", words("points"), "number", areas.numbers(buildings, "risk_points")),
        Column("reasons", words("reasons"), "text", told_reasons(buildings, words)),
        Column(
            "grid",
            words("grid"),
            "text",
            [grid_names.get(code) or code for code in areas.texts(buildings, "grid_code")],
        ),
    )

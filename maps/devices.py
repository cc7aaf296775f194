"""Map of devices: the share that is online by area, of all and of each kind, and each device by its state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gisgov.governance.devices import DeviceState
from gisgov.governance.titles import Language
from gisgov.types import Ints, Json
from maps import areas, palette
from maps.document import Document, Heading, Key, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.layers import Column, Layer
from maps.shares import share_fill, share_keys
from maps.words import Words

_STATES: Final = (DeviceState.ONLINE, DeviceState.RETIRED, DeviceState.OFFLINE)
"""In the order in which they are drawn: what is offline lies on top."""

_COLOURS: Final = palette.DEVICES
"""Pale, grey and dark: told apart without colours too."""

_MOST_KINDS: Final = 4
"""Kinds with a view of their own; the table has all."""


def document(
    devices: gpd.GeoDataFrame,
    counted: pd.DataFrame,
    grids: gpd.GeoDataFrame,
    *,
    kinds: Sequence[str],
    heard: tuple[str, str] | None = None,
    outside: int = 0,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw devices as a document.

    Parameters
    ----------
    devices : GeoDataFrame
        Points, EPSG:4326: external_id, title, kind_title, state (online, offline, retired), heard,
        grid_code.
    counted : DataFrame
        By area: code, online, offline, retired, online_share (0..1, NaN where none is in use), and for each
        kind by its place ``online_share_0`` and so on.
    grids : GeoDataFrame
        As for `maps.grids.draw`.
    kinds : sequence of str
        Titles of the kinds; where there are several, the first of them have a view each.
    heard : tuple of str, optional
        When they were last heard of: the one longest ago, and the latest.
    outside : int
        Devices that lie in no area.
    title, language, facts
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
    devices = areas.drawable(devices, "devices")
    grids = areas.drawable(grids, "areas").merge(counted, on="code", how="left")
    shown = tuple(kinds[:_MOST_KINDS]) if len(kinds) > 1 else ()
    codes = areas.codes_of(areas.texts(devices, "state"), [str(one) for one in _STATES])
    ground = areas.Ground.of(grids, areas.areas_layer(grids, words, _columns(grids, shown, words)))
    notes = [*facts.notes(words), words("online-note")]
    if heard is not None:
        notes.append(words("heard-note", first=heard[0], last=heard[1]))
    if outside:
        notes.append(words("devices-outside-note", count=f"{outside:,}"))
    return Document(
        kind="devices",
        title=title or facts.title(words, "devices-title"),
        headline=facts.headline(words, "plan"),
        words=words,
        bounds=bounds_of(areas.geometries(grids)),
        layers=(*ground.layers, _points(devices, grids, codes, words)),
        views=_views(words, ground, shown),
        sections=(
            _states(codes, words),
            *(
                Section(
                    heading,
                    keys=share_keys(areas.numbers(grids, column), words, none=words("no-device")),
                    views=(view,),
                )
                for view, column, heading in (
                    ("online", "online_share", words("online-share-of-grid")),
                    *(
                        (f"kind-{place}", f"online_share_{place}", words("online-share-of-kind", kind=kind))
                        for place, kind in enumerate(shown)
                    ),
                )
            ),
        ),
        notes=tuple(notes),
        tables=("grids", "devices"),
        listing=Listing(
            words("grid-ranking"),
            "grids",
            (
                Heading("name", words("grid"), is_figure=False),
                Heading("online", words("online-short")),
                Heading("offline", words("offline-short")),
                Heading("online_share", words("online-share-short")),
            ),
            sort="offline",
            under={"name": "code"},
        ),
    )


def _columns(grids: gpd.GeoDataFrame, kinds: Sequence[str], words: Words) -> list[Column]:
    counts = [
        Column(str(one), one.titled(words.language), "number", areas.numbers(grids, str(one)))
        for one in DeviceState
    ]
    names = [
        ("online_share", words("online-share")),
        *((f"online_share_{place}", words("online-of-kind", kind=kind)) for place, kind in enumerate(kinds)),
    ]
    shares = [
        Column(name, told, "number", areas.numbers(grids, name), digits=4, format="share")
        for name, told in names
    ]
    return [*counts, *shares]


def _points(devices: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, codes: Ints, words: Words) -> Layer:
    grid_names = dict(zip(areas.texts(grids, "code"), areas.texts(grids, "name"), strict=True))
    ids = areas.texts(devices, "external_id")
    columns = (
        Column("id", words("code"), "text", ids),
        Column("title", words("name"), "text", areas.texts(devices, "title")),
        Column("kind", words("device-kind"), "text", areas.texts(devices, "kind_title")),
        Column(
            "state",
            words("device-state"),
            "code",
            codes,
            values=tuple(one.titled(words.language) for one in _STATES),
        ),
        Column("heard", words("heard"), "text", areas.texts(devices, "heard")),
        Column(
            "grid",
            words("grid"),
            "text",
            [grid_names.get(code) or code for code in areas.texts(devices, "grid_code")],
        ),
    )
    card = {
        "title": ["id"],
        "rows": ["title", "kind", "state", "heard", "grid"],
        "colours": {"state": list(_COLOURS)},
    }
    return Layer("devices", areas.geometries(devices), columns, card=card)


def _views(words: Words, ground: areas.Ground, kinds: Sequence[str]) -> tuple[View, ...]:
    dots: Json = {
        "as": "dots",
        "layer": "devices",
        "column": "state",
        "colours": list(_COLOURS),
        "radius": [2.2, 6],
    }
    over = ground.over()
    return (
        View("online", words("view-online"), (share_fill("online_share"), {**dots, "from": 15}, *over)),
        View("states", words("view-states"), (ground.fill(), dots, *over)),
        *(
            View(
                f"kind-{place}",
                words("view-online-of-kind", kind=kind),
                (share_fill(f"online_share_{place}"), *over),
            )
            for place, kind in enumerate(kinds)
        ),
    )


def _states(codes: Ints, words: Words) -> Section:
    counts = dict(zip(_STATES, np.bincount(codes, minlength=len(_STATES)).tolist(), strict=True))
    colours = dict(zip(_STATES, _COLOURS, strict=True))
    in_use = counts[DeviceState.ONLINE] + counts[DeviceState.OFFLINE]
    share = {DeviceState.ONLINE: (f"{counts[DeviceState.ONLINE] / in_use:.1%}",)} if in_use else {}
    keys = tuple(
        Key(
            one.titled(words.language),
            (f"{counts[one]:,}", *share.get(one, ("",))),
            colour=colours[one],
            mark="dot",
            switch=("devices", "state", _STATES.index(one)),
        )
        for one in DeviceState
    )
    return Section(words("devices"), keys=keys, total=Key(words("total"), (f"{sum(counts.values()):,}", "")))

"""The areas of a re-division as a layer of a map, and their list."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from gisgov.governance.lineage import AreaOrigin
from gisgov.types import Texts
from maps import areas
from maps.document import Heading, Listing
from maps.layers import Column, Layer
from maps.words import Words

_HEADINGS = (
    *("population", "households", "area", "load", "deviation", "compactness", "streets", "parts", "origin"),
)
_PRINTED = ("population", "area", "load", "deviation")
_TITLES = {"population": "people-short", "area": "area-km2"}
_FROM = {"streets": "along_streets", "area": "area_km2", "compactness": "polsby_popper"}


def known_columns(frames: Sequence[pd.DataFrame]) -> tuple[str, ...]:
    """Return the columns to list: those that tell something in at least one alternative."""
    return tuple(key for key in _HEADINGS if any(_tells(frame, key) for frame in frames))


def _tells(frame: pd.DataFrame, key: str) -> bool:
    if key == "origin":
        return any(areas.texts(frame, "sources"))
    values = areas.numbers(frame, _FROM.get(key, key))
    known = values[np.isfinite(values)]
    if key == "parts":
        return bool((known > 1).any())
    return bool(known.any()) if key == "households" else len(known) > 0


def divided_areas(name: str, frame: gpd.GeoDataFrame, columns: Sequence[str], words: Words) -> Layer:
    """Make the layer of an alternative.

    Parameters
    ----------
    name : str
        Id of the layer.
    frame : GeoDataFrame
        Its areas.
    columns : sequence of str
        Those of `known_columns`.
    words : Words
        Language.
    """
    if "households" not in columns:
        frame = frame.drop(columns="households", errors="ignore")
    origins = areas.texts(frame, "origin")
    sources, main = _sources(areas.texts(frame, "sources"), words)
    more = {
        "load": Column("load", words("load"), "number", areas.numbers(frame, "load"), digits=2),
        # as many places as the figures have: classes of the page are those of the legend
        "deviation": Column(
            "deviation", words("deviation"), "number", areas.numbers(frame, "deviation"), digits=6,
            format="signed",
        ),
        "compactness": Column(
            "compactness", words("compactness"), "number", areas.numbers(frame, "polsby_popper"), digits=2
        ),
        "streets": Column(
            "streets", words("streets"), "number", areas.numbers(frame, "along_streets"), digits=3,
            format="share",
        ),
        "parts": Column("parts", words("parts"), "number", areas.numbers(frame, "parts")),
        "origin": Column(
            "origin", words("origin"), "code", areas.codes_of(origins, [one.value for one in AreaOrigin]),
            values=tuple(one.titled(words.language) for one in AreaOrigin),
        ),
    }  # fmt: skip
    told = [more[key] for key in columns if key in more]
    if "origin" in columns:
        told.append(Column("sources", words("from-areas"), "text", sources))
        told.append(Column("main", "", "text", main))
    layer = areas.areas_layer(frame, words, [one for one in told if one.title])
    hidden = tuple(one for one in told if not one.title)
    # a layer lists every column that another alternative has
    absent = tuple(
        Column(key, words(_TITLES.get(key, key)), "number", np.full(len(frame), np.nan))
        for key in columns
        if layer.column(key) is None
    )
    return Layer(name, layer.shapes, (*layer.columns, *hidden, *absent), keep_order=True, card=layer.card)


def _sources(texts: Texts, words: Words) -> tuple[list[str | None], list[str | None]]:
    """Return the former areas of each area, all of them and the first, with their shares in per cent."""
    every: list[str | None] = []
    first: list[str | None] = []
    for text in texts:
        pairs = [part.rpartition(" ") for part in (text or "").split("; ") if part]
        told = [f"{code} {float(share):.0%}" for code, _, share in pairs]
        every.append(words("between-codes").join(told) or None)
        first.append(f"{told[0]}{' …' if len(told) > 1 else ''}" if told else None)
    return every, first


def listing(layer: str, columns: Sequence[str], words: Words) -> Listing:
    """Make the list of areas."""
    headings = [Heading("name", words("name"), is_figure=False)]
    headings += [
        Heading(key, words(_TITLES.get(key, key)), is_figure=key != "origin", is_printed=key in _PRINTED)
        for key in columns
    ]
    under = {"name": "code", **({"origin": "main"} if "origin" in columns else {})}
    return Listing(words("grids"), layer, tuple(headings), sort="code", down=False, under=under)

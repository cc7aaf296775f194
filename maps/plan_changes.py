"""Map of two plans of a layer: borders that were, borders that are, and the ground that changes hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from gisgov.governance.lineage import AreaFate, AreaOrigin
from gisgov.governance.titles import Language, Titled
from gisgov.types import Floats, Texts
from maps import areas, palette
from maps.assets import WebAssets
from maps.document import Document, Heading, Key, Listing, Section
from maps.facts import MapFacts
from maps.former_borders import former_borders
from maps.layers import Column, Layer
from maps.numbered import STEP_DEG, Classes, number_column
from maps.numbered_document import numbered_document
from maps.page import compose
from maps.words import Words

_COLOURS: Final = {
    "moved": palette.CATEGORIES[1],
    "gained": palette.CATEGORIES[2],
    "given-up": palette.CATEGORIES[3],
    "recoded": palette.CATEGORIES[5],
}
_HANDS: Final = ("people", "blocks", "buildings", "open_events", "staff_posts")


def document(
    changes: gpd.GeoDataFrame,
    former: gpd.GeoDataFrame,
    present: gpd.GeoDataFrame,
    *,
    fates: Mapping[str, int],
    origins: Mapping[str, int],
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw what changes from one plan to another as a document.

    Parameters
    ----------
    changes : GeoDataFrame
        Ground that changes hands, EPSG:4326: from_code, from_name, to_code, to_name (None where one of the
        plans does not have it), is_recoded, ground_m2, people, blocks, staff_posts, and where they are told
        buildings and open_events; without geometry where hardly any ground goes with it.
    former, present : GeoDataFrame
        The areas of both plans, as `gisgov.services.thematic.plan_frame` has them.
    fates, origins : mapping of str to int
        How many areas of the first plan became what, and how many of the second come from where.
    title, language, facts
        As for `maps.grids.draw`; ``facts.subject`` names the plans.

    Returns
    -------
    Document
        To be composed into a page or drawn on paper; changes are numbered, the largest ground first.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, or there is nothing to draw.
    """
    facts = facts or MapFacts()
    words = facts.words(language)
    order = np.argsort(-areas.numbers(changes, "ground_m2"), kind="stable")
    given = changes.iloc[order].reset_index(drop=True)
    given["number"] = np.arange(1, len(given) + 1)
    given["kind"] = _kinds(given)
    drawn = areas.drawable(given, "changes")
    classes = Classes.of(
        areas.texts(drawn, "kind"), {kind: words(f"hands-{kind}") for kind in _COLOURS}, _COLOURS
    )
    layer = _layer(drawn, classes, words)
    ground = areas.drawable(present, "areas")
    lines = former_borders(areas.geometries(areas.drawable(former, "former areas")), areas.geometries(ground))
    sections = (
        classes.section(words("hands"), areas.numbers(drawn, "ground_m2"), "changes", "kind", words),
        _totals(given, words),
        _counts(words("became"), fates, AreaFate, words),
        _counts(words("came"), origins, AreaOrigin, words),
    )
    if len(lines):
        key = Key(words("border-before"), line=palette.FORMER_LINE, mark="dash")
        now = Key(words("border-after"), line=palette.LINE, mark="line")
        sections = (replace(sections[0], keys=(*sections[0].keys, now, key)), *sections[1:])
    made = numbered_document(
        "changes",
        layer,
        sections,
        draws=[
            *classes.draws("changes", "kind")[:1],
            *([_dashed()] if len(lines) else []),
            *classes.draws("changes", "kind")[1:],
        ],
        listing=_listing(classes, words),
        grids=ground,
        given=given,
        checks=(),
        title=title or facts.title(words, "changes-title"),
        facts=facts,
        words=words,
    )
    before = [Layer("former", lines, (), step=STEP_DEG)] if len(lines) else []
    return replace(made, layers=(*made.layers, *before), closest=17)


def draw(
    changes: gpd.GeoDataFrame,
    former: gpd.GeoDataFrame,
    present: gpd.GeoDataFrame,
    *,
    assets: WebAssets,
    fates: Mapping[str, int],
    origins: Mapping[str, int],
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> str:
    """Draw the changes as one self-contained HTML file; the parameters are those of `document`."""
    made = document(
        changes, former, present, fates=fates, origins=origins, title=title, language=language, facts=facts
    )
    return compose(made, assets)


def _told(changes: gpd.GeoDataFrame) -> list[str]:
    return [one for one in _HANDS if one in changes]


def _kinds(changes: gpd.GeoDataFrame) -> Texts:
    before, after = (areas.texts(changes, f"{side}_code") for side in ("from", "to"))
    kinds = [
        "recoded" if is_recoded else "gained" if old is None else "given-up" if new is None else "moved"
        for old, new, is_recoded in zip(before, after, changes["is_recoded"], strict=True)
    ]
    return np.array(kinds, dtype=object)


def _layer(drawn: gpd.GeoDataFrame, classes: Classes, words: Words) -> Layer:
    shapes = areas.geometries(drawn)
    parts, of = shapely.get_parts(shapes, return_index=True)
    largest = np.lexsort((shapely.area(parts), of))[np.cumsum(np.bincount(of, minlength=len(shapes))) - 1]
    lon, lat = areas.label_places(parts[largest])
    columns = (
        number_column(drawn, words),
        classes.column("kind", words("hands-kind")),
        Column("from", words("hands-from"), "text", _named(drawn, "from", words)),
        Column("from_code", words("code"), "text", areas.texts(drawn, "from_code")),
        Column("to", words("hands-to"), "text", _named(drawn, "to", words)),
        Column("to_code", words("code"), "text", areas.texts(drawn, "to_code")),
        Column("area", words("hands-ground"), "number", areas.numbers(drawn, "ground_m2")),
        *(Column(one, words(f"hands-{one}"), "number", areas.numbers(drawn, one)) for one in _told(drawn)),
        Column("lon", "", "number", lon, digits=8),
        Column("lat", "", "number", lat, digits=8),
    )
    card = {
        "title": ["number", "kind"],
        "rows": ["from", "from_code", "to", "to_code", "area", *_told(drawn)],
        "colours": {},
    }
    return Layer("changes", shapes, columns, step=STEP_DEG, keep_order=True, card=card)


def _named(changes: gpd.GeoDataFrame, side: str, words: Words) -> list[str]:
    codes, names = (areas.texts(changes, f"{side}_{what}") for what in ("code", "name"))
    return [
        words("hands-none") if code is None else name or code for code, name in zip(codes, names, strict=True)
    ]


def _listing(classes: Classes, words: Words) -> Listing:
    return Listing(
        words("hands-list"),
        "changes",
        (
            Heading("number", words("number")),
            Heading("from", words("hands-from"), is_figure=False),
            Heading("to", words("hands-to"), is_figure=False),
            Heading("area", words("hands-ground")),
            Heading("people", words("hands-people")),
        ),
        sort="number",
        down=False,
        empty="" if classes.names else words("hands-nothing"),
        colours={"kind": classes.colours},
        under={"to": "kind"},
    )


def _dashed() -> dict[str, object]:
    return {"as": "lines", "layer": "former", "line": palette.FORMER_LINE, "width": 1.6, "dash": [6, 4]}


def _totals(changes: gpd.GeoDataFrame, words: Words) -> Section:
    ground = areas.numbers(changes, "ground_m2")
    keys = [Key(words("hands-ground"), (f"{float(np.nansum(ground)):,.0f}",))]
    keys += [Key(words(f"hands-{one}"), (_sum(areas.numbers(changes, one)),)) for one in _told(changes)]
    return Section(words("hands-totals"), keys=tuple(keys))


def _sum(values: Floats) -> str:
    return f"{int(np.nansum(values)):,}"


def _counts(title: str, counts: Mapping[str, int], titles: type[Titled], words: Words) -> Section:
    keys = [
        Key(one.titled(words.language), (f"{counts[one.value]:,}",))
        for one in titles
        if counts.get(one.value)
    ]
    return Section(title, keys=tuple(keys), is_beside=titles is AreaFate)

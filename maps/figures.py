"""The figures of a map without its picture: areas, legends and notes, for spreadsheets and programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np

from gisgov.files.sheet_output import SheetOut, workbook_bytes
from gisgov.files.table_output import table_bytes
from gisgov.types import Json
from maps.cells import order_by
from maps.document import Document, Key
from maps.layers import Column, Layer

FiguresForm = Literal["xlsx", "csv", "json"]
_FIRST: Final = ("code", "name")
_HIDDEN: Final = ("label", "label_lon", "label_lat")


def figures_file(document: Document, form: str) -> bytes:
    """Return the figures of a map as the bytes of a file.

    Parameters
    ----------
    document : Document
        The map.
    form : {"xlsx", "csv", "json"}
        ``xlsx``: a sheet for each layer of `Document.tables`, one of the legends and one of the notes;
        ``csv``: the first of these layers alone; ``json``: all of it.

    Returns
    -------
    bytes
        Shares are numbers from 0 to 1, missing values are empty. Rows stand as the map lists them.
    """
    return _FORMS[form](document)


def frames_of(document: Document) -> dict[str, gpd.GeoDataFrame]:
    """Return the figures of a map with their ground, for programs that draw themselves.

    Returns
    -------
    dict of GeoDataFrame
        By the id of the layer: the columns that a workbook has, called by their keys, and the geometry in
        EPSG:4326. Rows stand as the map lists them.
    """
    frames = {}
    for layer in tables_of(document):
        columns, order = _columns(layer), _order(document, layer)
        values = {one.key: [_value(one, place) for place in order] for one in columns}
        frames[layer.id] = gpd.GeoDataFrame(values, geometry=layer.shapes[order], crs="EPSG:4326")
    return frames


def tables_of(document: Document) -> tuple[Layer, ...]:
    """Return the layers whose figures are written."""
    listed = document.listing.layer if document.listing else document.layers[0].id
    names = document.tables or (listed,)
    return tuple(layer for name in names for layer in document.layers if layer.id == name)


def _columns(layer: Layer) -> list[Column]:
    """Columns that have a heading, those that say what a row is first."""
    shown = [one for one in layer.columns if one.title and one.key not in _HIDDEN]
    return sorted(shown, key=lambda one: _FIRST.index(one.key) if one.key in _FIRST else len(_FIRST))


def _value(column: Column, place: int) -> object:
    value: Any = column.data[place]
    if column.kind == "code":
        return column.values[int(value)] if int(value) >= 0 else None
    if column.kind == "text":
        return None if value is None else str(value)
    number = float(value)
    if not np.isfinite(number):
        return None
    rounded = round(number, column.digits)
    return int(rounded) if column.digits == 0 else rounded


def _order(document: Document, layer: Layer) -> list[int]:
    listing = document.listing
    sort = layer.column(listing.sort) if listing else None
    if listing is None or sort is None:
        return list(range(len(layer.shapes)))
    return [int(place) for place in order_by(sort, down=listing.down)]


def _rows(document: Document, layer: Layer) -> Iterator[list[object]]:
    columns = _columns(layer)
    for place in _order(document, layer):
        yield [_value(column, place) for column in columns]


def _keys(keys: tuple[Key, ...]) -> Iterator[list[object]]:
    for key in keys:
        yield ["", key.name, *(figure or None for figure in key.figures)]


def _legend(document: Document) -> list[list[object]]:
    """Lines of all legends: the heading of one, then what it names with its figures."""
    lines: list[list[object]] = []
    for section in document.sections:
        lines.append([" ".join(filter(None, (section.title, section.remark)))])
        lines += _keys(section.keys)
        if section.total:
            lines += _keys((section.total,))
        lines += [["", text] for text in (*section.lines, section.note) if text]
    width = max((len(line) for line in lines), default=0)
    return [[*line, *([None] * (width - len(line)))] for line in lines]


def _xlsx(document: Document) -> bytes:
    words = document.words
    legend = _legend(document)
    sheets = [
        SheetOut(
            words.known(f"table-{layer.id}"),
            [column.title for column in _columns(layer)],
            _rows(document, layer),
        )
        for layer in tables_of(document)
    ]
    head = [words("legend"), *([""] * (len(legend[0]) - 1 if legend else 0))]
    sheets.append(SheetOut(words("legend"), head, legend))
    about = [[line] for line in (document.headline, *document.notes)]
    sheets.append(SheetOut(words("notes"), [document.title], about))
    return workbook_bytes(sheets)


def _csv(document: Document) -> bytes:
    layer = tables_of(document)[0]
    return table_bytes([column.title for column in _columns(layer)], _rows(document, layer))


def _json(document: Document) -> bytes:
    tables: Json = {
        layer.id: [
            {column.key: _value(column, place) for column in _columns(layer)}
            for place in _order(document, layer)
        ]
        for layer in tables_of(document)
    }
    legend = [
        {
            "title": section.title,
            "remark": section.remark,
            "rows": [{"name": key.name, "figures": list(key.figures)} for key in section.keys],
            "lines": list(section.lines),
            "note": section.note,
        }
        for section in document.sections
    ]
    told: Json = {
        "kind": document.kind,
        "title": document.title,
        "headline": document.headline,
        "legend": legend,
        "notes": list(document.notes),
        "tables": tables,
    }
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False).encode()


_FORMS: Final[dict[str, Callable[[Document], bytes]]] = {"xlsx": _xlsx, "csv": _csv, "json": _json}

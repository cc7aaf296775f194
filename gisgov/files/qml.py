"""Styles as QGIS writes them (QML), for polygons and for points.

Properties are written as ``prop`` elements, which every QGIS since 2.0 reads; the ``Option`` maps that newer
ones write are unknown to QGIS 3.16 and before.
"""

from __future__ import annotations

from typing import Literal
from xml.etree import ElementTree

from gisgov.files.styles import Category, Style

Shape = Literal["polygon", "point"]

_INK = "34,33,30,255"
_POINT_MM = 3.2
_BADGE_MM = 2.0


def qml(style: Style, shape: Shape) -> str:
    """Write a style for QGIS.

    Parameters
    ----------
    style : Style
        What is told apart, and how.
    shape : {"polygon", "point"}
        What the layer holds: polygons are filled and outlined, points are circles.

    Returns
    -------
    str
        An XML document.

    Examples
    --------
    >>> text = qml(Style("roads", "", column="kind", categories=(Category("a", "A", "#102030"),)), "polygon")
    >>> '<renderer-v2 type="categorizedSymbol" attr="kind"' in text, 'v="16,32,48,128"' in text
    (True, True)
    """
    root = ElementTree.Element(
        "qgis",
        version="3.22.0",
        styleCategories="Symbology|Labeling",
        labelsEnabled=str(int(style.label is not None)),
    )
    _renderer(root, style, shape)
    if style.label is not None:
        _labels(root, style, style.label)
    ElementTree.SubElement(root, "layerGeometryType").text = "2" if shape == "polygon" else "0"
    ElementTree.indent(root)
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{_text(root)}"


def _renderer(root: ElementTree.Element, style: Style, shape: Shape) -> None:
    common = {"forceraster": "0", "symbollevels": "0", "enableorderby": "0"}
    if style.column is None:
        renderer = ElementTree.SubElement(root, "renderer-v2", {"type": "singleSymbol", **common})
        _symbol(ElementTree.SubElement(renderer, "symbols"), "0", style, style.other, shape)
        return
    renderer = ElementTree.SubElement(
        root, "renderer-v2", {"type": "categorizedSymbol", "attr": style.column, **common}
    )
    categories = ElementTree.SubElement(renderer, "categories")
    symbols = ElementTree.SubElement(renderer, "symbols")
    others = Category("", "其他 Other", style.other)  # an empty value stands for all that are not listed
    for place, category in enumerate((*style.categories, others)):
        ElementTree.SubElement(
            categories,
            "category",
            {"value": category.value, "symbol": str(place), "label": category.title, "render": "true"},
        )
        _symbol(symbols, str(place), style, category.colour, shape)


def _symbol(symbols: ElementTree.Element, name: str, style: Style, colour: str, shape: Shape) -> None:
    if shape == "point":
        _marker(symbols, name, colour, _POINT_MM)
        return
    symbol = _new_symbol(symbols, "fill", name)
    _layer(
        symbol,
        "SimpleFill",
        color=_rgba(colour, style.opacity),
        style="solid",
        outline_color=_rgba(colour),
        outline_style="solid",
        outline_width=f"{style.outline_mm:g}",
        outline_width_unit="MM",
        joinstyle="round",
    )
    if style.has_badges:
        badge = _layer(symbol, "CentroidFill", point_on_surface="1", point_on_all_parts="0")
        _marker(badge, f"@{name}@1", colour, _BADGE_MM)


def _marker(parent: ElementTree.Element, name: str, colour: str, size_mm: float) -> None:
    _layer(
        _new_symbol(parent, "marker", name),
        "SimpleMarker",
        name="circle",
        color=_rgba(colour),
        outline_color=_INK,
        outline_style="solid",
        outline_width="0.2",
        outline_width_unit="MM",
        size=f"{size_mm:g}",
        size_unit="MM",
    )


def _new_symbol(parent: ElementTree.Element, kind: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(
        parent, "symbol", {"type": kind, "name": name, "alpha": "1", "clip_to_extent": "1"}
    )


def _layer(symbol: ElementTree.Element, kind: str, **properties: str) -> ElementTree.Element:
    layer = ElementTree.SubElement(
        symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"}
    )
    for key, value in properties.items():
        ElementTree.SubElement(layer, "prop", k=key, v=value)
    return layer


def _labels(root: ElementTree.Element, style: Style, column: str) -> None:
    labeling = ElementTree.SubElement(root, "labeling", type="simple")
    settings = ElementTree.SubElement(labeling, "settings")
    text = ElementTree.SubElement(
        settings,
        "text-style",
        {
            "fieldName": column,
            "isExpression": "0",
            "fontSize": "9",
            "fontSizeUnit": "Point",
            "fontWeight": "75" if style.has_badges else "50",
            "textColor": _INK,
            "textOpacity": "1",
        },
    )
    ElementTree.SubElement(
        text,
        "text-buffer",
        {
            "bufferDraw": "1",
            "bufferSize": "0.8",
            "bufferSizeUnits": "MM",
            "bufferColor": "255,255,255,255",
            "bufferOpacity": "0.85",
        },
    )
    placement = {"placement": "1", "centroidInside": "1", "centroidWhole": "1", "quadOffset": "4"}
    if style.has_badges:  # and labels of other layers make room
        beside = {"quadOffset": "2", "xOffset": "0.8", "yOffset": "-0.8", "offsetUnits": "MM"}
        placement |= {**beside, "priority": "10"}
    ElementTree.SubElement(settings, "placement", placement)
    ElementTree.SubElement(settings, "rendering", {"fitInPolygonOnly": "0", "obstacle": "0"})


def _rgba(colour: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _text(root: ElementTree.Element) -> str:
    return ElementTree.tostring(root, encoding="unicode") + "\n"

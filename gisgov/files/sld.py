"""Styles as Styled Layer Descriptors (OGC SLD 1.0.0), for programs that do not read QGIS's own format."""

from __future__ import annotations

from xml.etree import ElementTree

from gisgov.files.qml import Shape
from gisgov.files.styles import Style

_PIXELS_PER_MM = 1 / 0.28
"""An SLD's pixel is 0.28 mm (OGC 02-070, 6.4)."""


def sld(style: Style, layer: str, shape: Shape) -> str:
    """Write a style as SLD: a rule for each category, one for all else.

    Parameters
    ----------
    style : Style
        What is told apart, and how; labels are left out.
    layer : str
        Name of the layer.
    shape : {"polygon", "point"}
        What the layer holds.

    Returns
    -------
    str
        An XML document.
    """
    root = ElementTree.Element(
        "StyledLayerDescriptor",
        {
            "version": "1.0.0",
            "xmlns": "http://www.opengis.net/sld",
            "xmlns:ogc": "http://www.opengis.net/ogc",
        },
    )
    named = ElementTree.SubElement(root, "NamedLayer")
    ElementTree.SubElement(named, "Name").text = layer
    user = ElementTree.SubElement(named, "UserStyle")
    ElementTree.SubElement(user, "Name").text = style.name
    rules = ElementTree.SubElement(user, "FeatureTypeStyle")
    for category in style.categories:
        rule = ElementTree.SubElement(rules, "Rule")
        ElementTree.SubElement(rule, "Title").text = category.title
        test = ElementTree.SubElement(ElementTree.SubElement(rule, "ogc:Filter"), "ogc:PropertyIsEqualTo")
        ElementTree.SubElement(test, "ogc:PropertyName").text = style.column
        ElementTree.SubElement(test, "ogc:Literal").text = category.value
        _symbolizer(rule, style, category.colour, shape)
    other = ElementTree.SubElement(rules, "Rule")
    if style.categories:
        ElementTree.SubElement(other, "ElseFilter")
    _symbolizer(other, style, style.other, shape)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _symbolizer(rule: ElementTree.Element, style: Style, colour: str, shape: Shape) -> None:
    if shape == "point":
        graphic = ElementTree.SubElement(ElementTree.SubElement(rule, "PointSymbolizer"), "Graphic")
        mark = ElementTree.SubElement(graphic, "Mark")
        ElementTree.SubElement(mark, "WellKnownName").text = "circle"
        _parameters(ElementTree.SubElement(mark, "Fill"), fill=colour)
        ElementTree.SubElement(graphic, "Size").text = "12"
        return
    symbolizer = ElementTree.SubElement(rule, "PolygonSymbolizer")
    _parameters(ElementTree.SubElement(symbolizer, "Fill"), fill=colour, fill_opacity=f"{style.opacity:g}")
    width = f"{style.outline_mm * _PIXELS_PER_MM:.2g}"
    _parameters(ElementTree.SubElement(symbolizer, "Stroke"), stroke=colour, stroke_width=width)


def _parameters(element: ElementTree.Element, **values: str) -> None:
    for name, value in values.items():
        ElementTree.SubElement(element, "CssParameter", name=name.replace("_", "-")).text = value

"""Answers of GeoReport v2 as JSON and as XML: lists of flat rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias
from xml.etree import ElementTree

from starlette.responses import Response

Form: TypeAlias = Literal["json", "xml"]
Row: TypeAlias = Mapping[str, Any]
MEDIA: Final[Mapping[str, str]] = {"json": "application/json", "xml": "text/xml; charset=utf-8"}


def listed(root: str, item: str, rows: Sequence[Row], form: Form, *, status: int = 200) -> Response:
    """Return rows as an answer.

    Parameters
    ----------
    root, item : str
        Names of the elements in XML: of all rows, and of one.
    rows : sequence of mapping
        The rows; None is null in JSON and an empty element in XML.
    form : str
        ``json`` or ``xml``.
    status : int
        Of HTTP.
    """
    return Response(written(root, item, rows, form), status, media_type=MEDIA[form])


def written(root: str, item: str, rows: Sequence[Row], form: str) -> bytes:
    """Return rows as they are sent; see `listed`.

    Examples
    --------
    >>> written("errors", "error", [{"code": 404, "description": None}], "json")
    b'[{"code": 404, "description": null}]'
    >>> written("errors", "error", [{"code": 404, "description": None}], "xml").partition(b"?>")[2].strip()
    b'<errors><error><code>404</code><description /></error></errors>'
    """
    if form == "json":
        return json.dumps(list(rows), ensure_ascii=False).encode()
    top = ElementTree.Element(root)
    for row in rows:
        _put(ElementTree.SubElement(top, item), row)
    document: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return document


def _put(element: ElementTree.Element, row: Row) -> None:
    for name, value in row.items():
        inner = ElementTree.SubElement(element, name)
        if isinstance(value, list):  # rows of their own, named by their element
            for one in value:
                ((singular, told),) = one.items()
                _put(ElementTree.SubElement(inner, singular), told)
        elif isinstance(value, bool):
            inner.text = "true" if value else "false"
        elif value is not None:
            inner.text = _allowed(str(value))


def _allowed(text: str) -> str:
    """Leave out the control characters that XML has no way to write."""
    return "".join(one for one in text if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff"))

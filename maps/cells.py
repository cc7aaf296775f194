"""Values as people read them: the same texts as web/maps/cells.js writes."""

from __future__ import annotations

from typing import Any

import numpy as np

from gisgov.types import Ints
from maps.layers import Column


def cell(column: Column, place: int) -> str:
    """Return the text of a feature in a column without its unit; empty when the value is missing.

    Examples
    --------
    >>> share = Column("share", "Share", "number", [0.0552], digits=4, format="share")
    >>> cell(share, 0)
    '5.5%'
    """
    value: Any = column.data[place]
    if column.kind == "code":
        return column.values[int(value)] if value >= 0 else ""
    if column.kind == "text":
        return "" if value is None else str(value)
    number = float(value)
    if not np.isfinite(number):
        return ""
    if column.format == "share":
        return f"{number:.1%}"
    if column.format == "signed":
        return signed_share(number)
    return f"{number:.{column.digits}f}" if column.format == "plain" else f"{number:,.{column.digits}f}"


def signed_share(value: float) -> str:
    """Return a share in per cent with its sign, none at zero.

    Examples
    --------
    >>> signed_share(0.0312), signed_share(-0.0001)
    ('+3.1%', '0.0%')
    """
    text = f"{abs(value):.1%}"
    return text if text == "0.0%" else f"{'+' if value > 0 else chr(0x2212)}{text}"


def order_by(column: Column, *, down: bool) -> Ints:
    """Return the places of features in the order of a column, missing values last.

    Examples
    --------
    >>> order_by(Column("n", "", "number", [2.0, np.nan, 5.0]), down=True).tolist()
    [2, 0, 1]
    """
    if column.kind == "number":
        values = np.asarray(column.data, dtype=np.float64)
        return np.argsort(-values if down else values, kind="stable").astype(np.int64)
    texts = [cell(column, place) for place in range(len(column.data))]
    known = sorted(
        (place for place, text in enumerate(texts) if text), key=lambda place: texts[place], reverse=down
    )
    missing = [place for place, text in enumerate(texts) if not text]
    return np.array([*known, *missing], dtype=np.int64)

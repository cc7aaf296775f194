"""What a Shapefile or KML cannot hold of a plan: found before it is written, and said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from gisgov.errors import InputError
from gisgov.services.exchange import fields
from gisgov.services.exchange.fields import NotHeld

_BYTES: Final = 254  # of a text in a .dbf
_TOLD: Final = 5
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def fit_shapefile(frame: pd.DataFrame, encoding: str) -> tuple[NotHeld, ...]:
    """Cut a frame, in place, to what a Shapefile holds, and return what that was.

    Raises
    ------
    InputError
        A code is too long, or the encoding lacks a letter: a file with other codes or names would be wrong.
    """
    _refuse_letters(frame, encoding)
    codes = frame[fields.CODE]
    too_long = [code for code in codes if len(code.encode(encoding)) > _BYTES]
    if too_long:
        raise InputError(
            f"Code {too_long[0][:20]}… is longer than the {_BYTES} bytes that a Shapefile holds.",
            hint="Write a GeoPackage.",
        )
    found = []
    for field, sentence in (
        (fields.NAME, f"A Shapefile holds {_BYTES} bytes of a name; the rest is cut off."),
        (fields.PARENTS, f"A Shapefile holds {_BYTES} bytes; longer lists of areas above are left out."),
        (fields.ATTRIBUTES, f"A Shapefile holds {_BYTES} bytes; longer attributes are left out."),
    ):
        long = [text is not None and len(text.encode(encoding)) > _BYTES for text in frame[field]]
        if any(long):
            found.append(_not_held(field, codes[long].tolist(), sentence))
            fitting = [
                text if not is_long else _cut(text, encoding) if field == fields.NAME else None
                for text, is_long in zip(frame[field], long, strict=True)
            ]
            frame[field] = pd.Series(fitting, dtype=object)
    return tuple(found)


def refuse_control_letters(frame: pd.DataFrame) -> None:
    """Refuse texts that XML, and so KML, has no way to write.

    Raises
    ------
    InputError
        There is one.
    """
    for field in (fields.CODE, fields.NAME):
        bad = [text for text in frame[field] if _NOT_IN_XML.search(text)]
        if bad:
            raise InputError(f"KML cannot hold the {field} {bad[0]!r}.", hint="Write a GeoPackage.")


def _refuse_letters(frame: pd.DataFrame, encoding: str) -> None:
    for field in (fields.CODE, fields.NAME, fields.PARENTS, fields.ATTRIBUTES):
        for code, text in zip(frame[fields.CODE], frame[field], strict=True):
            try:
                (text or "").encode(encoding)
            except UnicodeEncodeError as error:
                raise InputError(
                    f"{encoding.upper()} has no letter {text[error.start]!r}, which is in the {field} of"
                    f" {code}.",
                    hint="Write UTF-8, or GB18030, which has all letters.",
                    field="encoding",
                ) from None


def _cut(text: str, encoding: str) -> str:
    return text.encode(encoding)[:_BYTES].decode(encoding, errors="ignore")


def _not_held(field: str, codes: Sequence[str], sentence: str) -> NotHeld:
    return NotHeld(field, len(codes), tuple(codes[:_TOLD]), sentence)

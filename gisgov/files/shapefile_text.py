"""In which encoding a Shapefile's names are written.

The format has two places to say so (a ``.cpg`` beside it, a language byte in the ``.dbf``); files from
Chinese desktops often have neither, or one that is wrong. So the bytes themselves are asked.
"""

from __future__ import annotations

import struct
from pathlib import Path

_SAMPLE_BYTES = 4_000_000
_ALIASES = {"936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "65001": "utf-8"}
_ONE_BYTE = ("iso", "8859", "125", "cp125", "ansi", "latin", "windows-125")
_FALLBACK = "cp1252"


def detect_encoding(dbf: Path) -> str:
    """Tell the encoding of a ``.dbf`` file's text.

    Parameters
    ----------
    dbf : pathlib.Path
        The attribute table of a Shapefile; its ``.cpg``, if any, lies beside it.

    Returns
    -------
    str
        The declared encoding if the text decodes in it; else UTF-8 if it decodes, else GB18030 if it decodes,
        else CP1252. A last letter cut in half by the field's width is no objection. A label of a one-byte
        encoding fits any bytes: it is believed only when the text does not read as everyday Chinese.
    """
    values = _text_values(dbf)
    declared = _declared(dbf)
    likely = ["utf-8", "gb18030"]
    if declared is not None and not declared.startswith(_ONE_BYTE):
        likely.insert(0, declared)
    elif declared is not None and not _reads_as_chinese(values):
        likely.remove("gb18030")
    return next((name for name in likely if all(_decodes(value, name) for value in values)), _FALLBACK)


def _declared(dbf: Path) -> str | None:
    for cpg in (dbf.with_suffix(".cpg"), dbf.with_suffix(".CPG")):
        if cpg.is_file():
            name = cpg.read_text("ascii", errors="ignore").strip().lower()
            name = _ALIASES.get(name, name)
            return name if name.startswith(_ONE_BYTE) or _exists(name) else None
    return None


def _reads_as_chinese(values: list[bytes]) -> bool:
    """Whether most values decode in GB2312, whose second bytes Latin text seldom has."""
    return sum(_decodes(value, "gb2312") for value in values) > 0.8 * len(values)


def _exists(encoding: str) -> bool:
    try:
        "".encode(encoding)
    except LookupError:
        return False
    return True


def _decodes(value: bytes, encoding: str) -> bool:
    for cut in range(4):
        try:
            value[: len(value) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _text_values(dbf: Path) -> list[bytes]:
    """Return the names of the fields and the non-ASCII values of the text fields in the first megabytes."""
    with dbf.open("rb") as file:
        data = file.read(_SAMPLE_BYTES)
    if len(data) < 32:
        return []
    header_length, record_length = struct.unpack("<HH", data[8:12])
    values: list[bytes] = []
    spans: list[tuple[int, int]] = []
    offset = 1
    for start in range(32, min(header_length - 1, len(data) - 31), 32):
        name, kind, width = (
            data[start : start + 11].split(b"\x00")[0],
            data[start + 11 : start + 12],
            data[start + 16],
        )
        values.append(name)
        if kind == b"C":
            spans.append((offset, offset + width))
        offset += width
    for start in range(header_length, len(data) - record_length + 1, max(record_length, 1)):
        record = data[start : start + record_length]
        values += [record[a:b].rstrip(b" \x00") for a, b in spans]
    return [value for value in set(values) if not value.isascii()]

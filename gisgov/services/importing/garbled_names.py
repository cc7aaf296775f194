"""Names that were read in the wrong encoding (mojibake, 乱码), told from their letters alone."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from gisgov.types import Texts

_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_REPLACED: Final = re.compile("\ufffd|锟斤拷|烫烫|屯屯")
_QUESTION_RUN: Final = re.compile(r"[?？]{2,}")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_WITH_SPACES: Final = re.compile(rb"[\xe0-\xef][\x80-\xbf ][\x80-\xbf ]")
_LEAST_HIGH_BYTES: Final = 4


def garbled_reason(name: str) -> str | None:
    """Say why a name looks as if it was read in the wrong encoding; None when it does not.

    Parameters
    ----------
    name : str
        A name as a file had it.

    Returns
    -------
    str or None
        The sign of it, and the name meant where the letters still tell.

    Notes
    -----
    Signs: letters of Unicode's private areas and U+FFFD, control letters, a run of question marks or one
    beside Chinese, what 0xFD bytes and untouched memory read as in GBK (锟斤拷, 烫烫), and text that turns
    into Chinese when the wrong reading is undone: GBK or UTF-8 read as Latin-1, UTF-8 read as GBK.

    Examples
    --------
    >>> garbled_reason("仕林社区第一网??")
    "has a run of '?'"
    >>> garbled_reason("Î÷ºþÇø")
    "is GBK read as Latin-1: '西湖区' was meant"
    >>> garbled_reason("Zürich") is None
    True
    """
    if found := _PRIVATE.search(name):
        return f"has the private-use character U+{ord(found.group()):04X}"
    if found := _REPLACED.search(name):
        return f"has {found.group()!r} in place of letters that were lost"
    if found := _CONTROL.search(name):
        return f"has the control character U+{ord(found.group()):04X}"
    if _QUESTION_RUN.search(name):
        return "has a run of '?'"
    if "?" in name and _HAN.search(name):
        return "has '?' among Chinese letters"
    for reading, meant in (
        ("GBK read as Latin-1", _undone(name, "latin-1", "gb2312")),
        ("UTF-8 read as Latin-1", _undone(name, "latin-1", "utf-8") or _undone(name, "cp1252", "utf-8")),
        ("UTF-8 read as GBK", _undone(name, "gb18030", "utf-8")),
    ):
        if meant is not None:
            return f"is {reading}: {meant!r} was meant"
    return None


def garbled_reasons(names: Texts) -> Texts:
    """Answer `garbled_reason` for each name; None for names that are missing."""
    reasons = np.full(len(names), None, dtype=object)
    for i, name in enumerate(names):
        is_plain = name is None or (name.isascii() and name.isprintable() and "?" not in name)
        if not is_plain:
            reasons[i] = garbled_reason(name)
    return reasons


def _undone(name: str, wrong: str, right: str) -> str | None:
    """Return what a name reads in its right encoding if that is plainly Chinese, else None."""
    try:
        raw = name.encode(wrong)
        high = sum(byte >= 0x80 for byte in raw)
        if wrong != "gb18030":
            # Latin-1 shows the byte 0xA0 as a space, and many a program then makes it a plain one
            raw = _WITH_SPACES.sub(lambda letter: letter.group().replace(b" ", b"\xa0"), raw)
        # the last letter may have lost a byte on the way
        meant = raw.decode(right) if right != "utf-8" else _decoded_but_for_the_end(raw)
    except UnicodeError:
        return None
    if meant is None or meant == name:
        return None
    plain = [letter for letter in meant if not letter.isascii()]
    is_chinese = bool(plain) and all(_HAN.match(letter) or letter in "（）·、—【】" for letter in plain)
    return meant if is_chinese and high >= _LEAST_HIGH_BYTES else None


def _decoded_but_for_the_end(raw: bytes) -> str | None:
    for cut in range(3):
        try:
            return raw[: len(raw) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return None

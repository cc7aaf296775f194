"""Names that were read in the wrong encoding."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.services.importing.garbled_names import garbled_reason, garbled_reasons


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("花园社区第?\ue436\ue24b?", "has the private-use character U+E436"),
        ("\U00100000", "has the private-use character U+100000"),
        ("仕林社区第一网??", "has a run of '?'"),
        ("仕林社区第一网？？", "has a run of '?'"),
        ("第?网格", "has '?' among Chinese letters"),
        ("第一网\ufffd", "has '\ufffd' in place of letters that were lost"),
        ("锟斤拷锟斤拷", "has '锟斤拷' in place of letters that were lost"),
        ("烫烫烫烫", "has '烫烫' in place of letters that were lost"),
        ("第一\x1b网格", "has the control character U+001B"),
        ("西湖\x85", "has the control character U+0085"),
        (
            "西湖区翠苑街道".encode("gb2312").decode("latin-1"),
            "is GBK read as Latin-1: '西湖区翠苑街道' was meant",
        ),
        ("西湖区".encode().decode("gb18030", errors="ignore"), "is UTF-8 read as GBK: '西湖' was meant"),
        ("网（东）".encode().decode("cp1252"), "is UTF-8 read as Latin-1: '网（东）' was meant"),
    ],
)
def test_the_signs(name: str, reason: str | None) -> None:
    assert garbled_reason(name) == reason


def test_utf8_read_as_latin1() -> None:
    # its third bytes fall on control characters of Latin-1, which are a sign by themselves
    assert garbled_reason("一".encode().decode("latin-1")) == "has the control character U+0080"
    told = garbled_reason("京口".encode().decode("cp1252", errors="replace"))
    assert told is None or "京" in told or "lost" in told
    assert garbled_reason("西湖".encode().decode("cp1252")) == "is UTF-8 read as Latin-1: '西湖' was meant"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ç¬¬ä¸€ç½‘æ ¼", "第一网格"),
        ("ç¬¬ä¸€ ç½‘æ ¼", "第一 网格"),
        ("ç½‘æ\xa0¼ A", "网格 A"),
    ],
)
def test_a_byte_that_became_a_plain_space(name: str, meant: str) -> None:
    assert garbled_reason(name) == f"is UTF-8 read as Latin-1: {meant!r} was meant"


@pytest.mark.parametrize(
    "name",
    [
        "第一网格", "水岸星城社区", "北山", "05 BROOKLYN", "Zürich", "Cañón", "Genève", "São Paulo", "Ærø",
        "联通大厦", "谩骂", "Where?", "Größe (m²)", "Ñuñoa", "東京都", "강남구", "Москва", "", "A·B—C、D",
        "Café à  la crème brûlée", "île  é  à",
    ],
)  # fmt: skip
def test_names_of_the_world_are_sound(name: str) -> None:
    assert garbled_reason(name) is None


def test_columns_skip_what_is_missing() -> None:
    names = np.array(["a", None, "a??", "第?格", "西湖"], dtype=object)
    assert garbled_reasons(names).tolist() == [
        None, None, "has a run of '?'", "has '?' among Chinese letters", None,
    ]  # fmt: skip


def test_ascii_control_characters_count() -> None:
    names = np.array(["a\x00b", "tab\tis fine"], dtype=object)
    assert garbled_reasons(names).tolist() == ["has the control character U+0000", None]

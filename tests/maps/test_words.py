from string import Formatter

import pytest

from maps.words import WORDS, Words


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_the_same(key: str) -> None:
    zh, en = WORDS[key]
    fields = [
        {name for _, name, _, _ in Formatter().parse(text) if name}
        for text in (zh, en.replace("{Area}", "{area}"))
    ]
    assert zh
    assert fields[0] == fields[1]
    assert en or key == "people"  # "1,234 人" is "1,234" in English


def test_a_value_without_a_word_is_itself() -> None:
    assert Words("en").known("outside") == "Outside scope"
    assert Words("en").known("somewhere") == "somewhere"


def test_pages_name_their_language() -> None:
    assert (Words("zh").html_language, Words("en").html_language) == ("zh-CN", "en")


def test_areas_are_called_as_in_their_layer() -> None:
    assert Words("en", area="Sub-grid")("grid-ranking") == "Sub-grid ranking"
    assert Words("en", area="Sub-grid")("view-share") == "Share by sub-grid"
    assert Words("zh")("view-share") == "网格占比"

"""docs/glossary.md says every word of the code, and no other."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import gisgov.governance
from gisgov.governance.layers import Layer, Targets
from gisgov.governance.plans import Plan
from gisgov.governance.risk import Factor
from gisgov.governance.titles import Titled
from gisgov.paths import root

PAGE = (root() / "docs" / "glossary.md").read_text(encoding="utf-8")


def word_lists() -> dict[str, type[Titled]]:
    for module in pkgutil.walk_packages(gisgov.governance.__path__, "gisgov.governance."):
        importlib.import_module(module.name)
    return {
        words.__name__: words for words in Titled.__subclasses__() if words.__module__.startswith("gisgov.")
    }


def sections() -> dict[str, str]:
    """Text below each third-level heading, by the first word of the heading."""
    parts = re.split(r"^### (\w+).*$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """Cells of the table rows of a text, without heading and rule."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_word_list_has_a_section() -> None:
    assert sections().keys() == word_lists().keys()


@pytest.mark.parametrize("name", sorted(word_lists()))
def test_a_section_lists_the_members_with_their_titles(name: str) -> None:
    listed = [(cells[0].strip("`"), cells[1], cells[2]) for cells in rows(sections()[name])]
    assert listed == [(word.value, word.title_zh, word.title_en) for word in word_lists()[name]]
    assert all(cells[3].endswith(".") for cells in rows(sections()[name]))


def test_words_have_chinese_and_a_meaning_and_stand_once() -> None:
    words = rows(PAGE.split("## Word lists")[0])
    assert len({cells[0] for cells in words}) == len({cells[1] for cells in words}) == len(words)
    assert all(re.search(r"[\u4e00-\u9fff]", cells[1]) and cells[2].endswith(".") for cells in words)


@pytest.mark.parametrize("thing", [Layer, Plan, Factor])
def test_classes_are_called_by_their_word(thing: type) -> None:
    assert thing.__name__ in {cells[0] for cells in rows(PAGE)}


def test_the_load_of_an_average_area_is_one_as_the_glossary_says() -> None:
    assert "an average area has 1" in PAGE
    assert Targets(0.5, 5000, 0.5, 0.5).load(500_000, 5000) == 1

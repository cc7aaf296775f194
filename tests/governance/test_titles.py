"""Words with titles: stored as plain text, read back from what people write."""

from __future__ import annotations

import importlib
import json
import pickle
import pkgutil

import pytest
from pydantic import TypeAdapter

import gisgov.governance
from gisgov.governance.layers import LayerKind
from gisgov.governance.plans import PlanStatus
from gisgov.governance.titles import Titled


def every_word_list() -> list[type[Titled]]:
    for module in pkgutil.walk_packages(gisgov.governance.__path__, "gisgov.governance."):
        importlib.import_module(module.name)
    return sorted(Titled.__subclasses__(), key=lambda words: words.__name__)


def test_a_member_is_its_word() -> None:
    assert LayerKind("partition") is LayerKind.PARTITION
    assert {"partition": 1}[LayerKind.PARTITION] == 1
    assert f"{PlanStatus.DRAFT}" == "draft"
    assert json.dumps(PlanStatus.DRAFT) == '"draft"'


def test_titles_in_both_languages() -> None:
    assert PlanStatus.PUBLISHED.titled("zh") == "已发布"
    assert PlanStatus.PUBLISHED.titled("en") == "Published"


def test_it_survives_pickle_and_pydantic() -> None:
    assert pickle.loads(pickle.dumps(LayerKind.OVERLAY)) is LayerKind.OVERLAY  # noqa: S301 - our own bytes
    adapter = TypeAdapter(LayerKind)
    assert adapter.validate_json(adapter.dump_json(LayerKind.OVERLAY)) is LayerKind.OVERLAY


@pytest.mark.parametrize("text", ["overlay", " Overlay ", "OVERLAY", "叠加网层"])
def test_reading_what_people_write(text: str) -> None:
    assert LayerKind.read(text) is LayerKind.OVERLAY


def test_reading_an_unknown_word() -> None:
    assert LayerKind.read("overlays") is None


@pytest.mark.parametrize("words", every_word_list())
def test_no_two_members_share_a_word_or_a_title(words: type[Titled]) -> None:
    for texts in (
        [m.value for m in words],
        [m.title_zh for m in words],
        [m.title_en.casefold() for m in words],
    ):
        assert len(set(texts)) == len(texts)
        assert all(text == text.strip() != "" for text in texts)
    assert all(
        words.read(text) is member for member in words for text in (member, member.title_zh, member.title_en)
    )

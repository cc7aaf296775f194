"""Reading a document key by key: what is wrong is named with its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gisgov.errors import ProfileError
from gisgov.governance.fields import Fields, describe, listed
from gisgov.governance.layers import LayerKind

DOCUMENT: dict[str, Any] = {
    "name": " a ",
    "blank": "  ",
    "code": 330106,
    "half": 0.5,
    "yes": True,
    "nothing": None,
    "words": ["x", " y "],
    "odd_words": ["x", 7],
    "kind": "overlay",
    "inner": {"deep": 1},
    "inners": [{"a": "1"}, "not a mapping"],
    "infinite": float("inf"),
    "endless": 10**400,
}


@pytest.fixture
def fields() -> Fields:
    return Fields(DOCUMENT, "d.yaml")


def test_values_that_are_there(fields: Fields) -> None:
    assert fields.text("name") == "a"
    assert fields.optional_text("nothing") is None
    assert fields.texts("words") == ("x", "y")
    assert fields.texts("absent") == ()
    assert fields.integer("code", least=0) == 330106
    assert fields.integer("absent", least=0, default=3) == 3
    assert fields.number("half", least=0) == 0.5
    assert fields.number("absent", least=0, default=1.5) == 1.5
    assert fields.optional_number("absent") is None
    assert fields.optional_number("code") == 330106.0
    assert fields.flag("yes", default=False) is True
    assert fields.flag("absent", default=False) is False
    assert fields.choice("kind", LayerKind) is LayerKind.OVERLAY
    assert fields.inner("inner").integer("deep", least=1) == 1
    assert fields.inners("absent") == []
    assert fields.names()[:2] == ("name", "blank")
    assert fields.has("nothing") is False


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda f: f.text("absent"), "d.yaml: absent is missing. "),
        (lambda f: f.text("blank"), "d.yaml: blank is blank. "),
        (lambda f: f.text("code"), "d.yaml: code must be a text, not 330106. Put it in quotation marks."),
        (
            lambda f: f.texts("odd_words"),
            "d.yaml: odd_words[1] must be a text, not 7. Put it in quotation marks.",
        ),
        (lambda f: f.texts("name"), "d.yaml: name must be a list, not the text ' a '. "),
        (lambda f: f.integer("absent", least=0), "d.yaml: absent is missing. "),
        (lambda f: f.integer("half", least=0), "d.yaml: half must be a whole number, not 0.5. "),
        (lambda f: f.integer("yes", least=0), "d.yaml: yes must be a whole number, not true. "),
        (lambda f: f.integer("code", least=1, most=9), "d.yaml: code must be from 1 to 9, not 330106. "),
        (lambda f: f.integer("code", least=999999), "d.yaml: code must be 999999 or more, not 330106. "),
        (lambda f: f.number("absent", least=0), "d.yaml: absent is missing. "),
        (lambda f: f.number("name", least=0), "d.yaml: name must be a number, not the text ' a '. "),
        (lambda f: f.number("yes", least=0), "d.yaml: yes must be a number, not true. "),
        (lambda f: f.number("infinite", least=0), "d.yaml: infinite must be a number, not inf. "),
        (lambda f: f.number("endless", least=0), f"d.yaml: endless must be a number, not 1{'0' * 36}.... "),
        (lambda f: f.number("half", least=1), "d.yaml: half must be 1 or more, not 0.5. "),
        (lambda f: f.flag("code", default=True), "d.yaml: code must be true or false, not 330106. "),
        (lambda f: f.choice("name", LayerKind), "d.yaml: name is 'a'; allowed are partition and overlay. "),
        (lambda f: f.value("nothing"), "d.yaml: nothing is missing. "),
        (lambda f: f.inner("words"), "d.yaml: words must be a mapping of keys to values, not a list. "),
        (lambda f: f.inners("inners"), "d.yaml: inners[1] must be a mapping of keys to values, not the text"),
        (lambda f: f.inner("inner").text("deep"), "d.yaml: inner.deep must be a text, not 1. "),
    ],
)
def test_faults_are_named_with_their_path(
    fields: Fields, ask: Callable[[Fields], object], message: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        ask(fields)
    assert f"{caught.value} ".startswith(message)


def test_the_path_is_also_the_field(fields: Fields) -> None:
    with pytest.raises(ProfileError) as caught:
        fields.inner("inner").text("deep")
    assert caught.value.field == "inner.deep"


def test_a_document_that_is_no_mapping() -> None:
    with pytest.raises(
        ProfileError, match=r"^d\.yaml must be a mapping of keys to values, not nothing\.$"
    ) as caught:
        Fields(None, "d.yaml")
    assert caught.value.field is None


def test_keys_nobody_asked_for() -> None:
    fields = Fields({"name": "a", "nmae": "b"}, "d.yaml")
    fields.text("name")
    fields.flag("example", default=True)
    with pytest.raises(ProfileError, match=r"nmae is not known here; allowed are example and name\."):
        fields.done()


def test_all_keys_asked_for() -> None:
    fields = Fields({"name": "a"}, "d.yaml")
    fields.text("name")
    fields.done()


def test_names_must_be_texts() -> None:
    with pytest.raises(ProfileError, match="has the key 1, which is not a text"):
        Fields({1: "a"}, "d.yaml").names()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "true"),
        (False, "false"),
        ({}, "a mapping"),
        ([], "a list"),
        (1.5, "1.5"),
        ("x" * 50, "the text 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."),
    ],
)
def test_describe(value: object, words: str) -> None:
    assert describe(value) == words


def test_listed() -> None:
    assert listed([]) == "nothing"
    assert listed(["a"]) == "a"
    assert listed(("a", "b", "c")) == "a, b and c"

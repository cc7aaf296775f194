"""The generated parts of the documents are what the code generates now."""

from __future__ import annotations

import pytest

from gisgov.cli.main import gisgov
from gisgov.cli.output import answers
from gisgov.paths import root
from scripts import write_docs
from scripts.write_docs import PARTS, attribute_meanings, rewritten


@pytest.mark.parametrize("name", PARTS)
def test_a_document_is_as_the_code_is(name: str) -> None:
    held = (root() / name).read_text(encoding="utf-8")

    assert rewritten(held, PARTS[name]) == held, f"{name} is behind the code: run `make docs`"


def test_every_setting_says_what_it_means() -> None:
    for line in write_docs.settings().splitlines()[2:]:
        assert line.count("|") == 5
        assert "None" not in line


def test_every_answer_says_what_its_fields_mean() -> None:
    bare: list[str] = []
    kind = ""
    for line in write_docs.json_reference().partition("## Types")[2].splitlines():
        if line.startswith("### "):
            kind = line.removeprefix("### ")
        if line.startswith("| `") and line.endswith("|  |"):
            bare.append(f"{kind}.{line.split('`')[1]}")

    assert bare == [], "fields without a meaning in the Attributes section of their class"


def test_every_schema_can_be_printed() -> None:
    for answer in answers(gisgov):
        assert answer.json_schema(), answer.command


def test_a_part_is_written_between_its_marks() -> None:
    document = "before\n<!-- generated: list -->\nold\n<!-- end of list -->\nafter\n"

    made = rewritten(document, {"list": lambda: "new\nlines"})

    assert made == "before\n<!-- generated: list -->\nnew\nlines\n<!-- end of list -->\nafter\n"
    assert rewritten(made, {"list": lambda: "new\nlines"}) == made


def test_a_document_without_a_place_for_a_part() -> None:
    with pytest.raises(ValueError, match="no place for 'list'"):
        rewritten("<!-- generated: list -->\nnever ends", {"list": lambda: ""})


def test_meanings_are_read_from_a_docstring() -> None:
    document = """A thing.

    More about it.

    Attributes
    ----------
    lon, lat : float
        Where it is,
        in degrees.
    name : str
        What it is called.

    Notes
    -----
    code : str
        Not an attribute.
    """

    assert attribute_meanings(document) == {
        "lon": "Where it is, in degrees.",
        "lat": "Where it is, in degrees.",
        "name": "What it is called.",
    }
    assert attribute_meanings("A thing.") == {}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "date"}, "string (date)"),
        ({"$ref": "#/$defs/LayerInfo"}, "[LayerInfo](#layerinfo)"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer or null"),
        ({"enum": ["a", "b"]}, "`a`, `b`"),
        ({"const": "a"}, "`a`"),
        ({"type": "array", "items": {"type": "number"}}, "array of number"),
        ({"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}]}, "[number, string]"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "object of integer"),
        ({"type": "object", "additionalProperties": True}, "object"),
        ({}, "any"),
    ],
)
def test_types_are_said_in_words(schema: dict[str, object], words: str) -> None:
    assert write_docs._type(schema) == words

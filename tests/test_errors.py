from __future__ import annotations

import inspect
import re

import pytest

from gisgov import errors
from gisgov.errors import GisgovError

_CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, GisgovError)]


def test_an_error_says_what_and_what_to_do() -> None:
    error = GisgovError("The file is empty.", hint="Choose another.", field="path")

    assert str(error) == "The file is empty. Choose another."
    assert (error.message, error.hint, error.field) == ("The file is empty.", "Choose another.", "path")
    assert str(GisgovError("The file is empty.")) == "The file is empty."


def test_slugs_are_stable_names_of_one_class_each() -> None:
    slugs = [kind.slug for kind in _CLASSES]

    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in slugs)


@pytest.mark.parametrize("kind", _CLASSES)
def test_the_tree_at_the_top_of_the_file_is_the_tree(kind: type[GisgovError]) -> None:
    drawn = re.findall(
        r"^    ([│ ]*)(?:[├└]── )?(\w+)(?: |$)", inspect.getdoc(errors) or "", flags=re.MULTILINE
    )
    depth = {name: len(bars) // 4 + (name != "GisgovError") for bars, name in drawn}

    assert depth[kind.__name__] == len(kind.__mro__) - len(GisgovError.__mro__)

"""Every field of every import has words in both languages on the page that its form is made on."""

from __future__ import annotations

import re

import pytest

from api.app import create_app
from gisgov.config import Settings
from gisgov.paths import root
from gisgov.services.importing.row_problems import ProblemKind

FIELDS = "multipart/form-data"


@pytest.fixture(scope="module")
def forms() -> dict[str, dict[str, dict[str, object]]]:
    """Fields of the imports, as the service describes them."""
    paths = create_app(Settings()).openapi()["paths"]
    return {
        path.removeprefix("/v1/imports/"): routes["post"]["requestBody"]["content"][FIELDS]["schema"][
            "properties"
        ]
        for path, routes in paths.items()
        if path.startswith("/v1/imports/")
    }


@pytest.fixture(scope="module", params=["zh", "en"])
def words(request: pytest.FixtureRequest) -> set[str]:
    """Keys of the page's words of one language."""
    text = (root() / "web" / "pages" / "admin" / "words" / "imports.ts").read_text(encoding="utf-8")
    begins = {"zh": text.index("zh: {"), "en": text.index("en: {")}
    part = text[begins["zh"] : begins["en"]] if request.param == "zh" else text[begins["en"] :]
    return set(re.findall(r'^    "?([\w-]+)"?: "', part, re.MULTILINE))


def test_imports_and_their_fields_have_words(
    forms: dict[str, dict[str, dict[str, object]]], words: set[str]
) -> None:
    assert len(forms) > 10
    for what, fields in forms.items():
        assert {f"import_{what}", f"importHint_{what}"} <= words
        named = {f"in_{name}" for name in fields if name != "dry_run"}
        assert named <= words, what
        for name, field in fields.items():
            choices = field.get("enum", [])
            assert isinstance(choices, list)
            assert {f"in_{name}_{choice}" for choice in choices} <= words, what


def test_reasons_of_rejected_rows_have_words(words: set[str]) -> None:
    assert {f"why_{kind}" for kind in ProblemKind} <= words

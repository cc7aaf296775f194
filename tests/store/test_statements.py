"""The house rules of ``sql/*.sql``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gisgov.store
from gisgov.store.statements import statement

FILES = sorted((Path(gisgov.store.__file__).parent / "sql").glob("*.sql"))
WORDS = (
    "select|from|where|join|with|insert|update|delete|order by|group by|union|values|as|on|and|or|not|null"
    "|case|when|then|else|end|limit|returning|using|lateral|distinct|exists|in"
)
KEYWORDS = re.compile(rf"(?<![\w.\"'$:])({WORDS})(?![\w\"'.])")


def test_words_of_a_file_are_filled_in_and_parameters_left() -> None:
    text = str(statement("forget_joined", subject="building"))
    assert "building_area WHERE building_id = ANY (CAST(:ids AS BIGINT[]))" in text


def test_a_word_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError, match="subject"):
        statement("forget_joined")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_statement_says_what_it_asks_and_writes_keywords_upper(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("-- ")
    code = "\n".join(line.partition("--")[0] for line in lines)
    assert KEYWORDS.findall(code) == []
    assert max(len(line) for line in lines) <= 120

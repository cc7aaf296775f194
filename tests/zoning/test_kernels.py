"""The kernels of the search: compiled and as written they answer alike."""

from __future__ import annotations

import search_answers
from uncompiled import answers_as_written


def test_compiled_kernels_answer_as_they_are_written() -> None:
    """The process without a compiler is also what shows which lines of the kernels are reached."""
    written = answers_as_written(search_answers.__file__)
    assert written == search_answers.answers()

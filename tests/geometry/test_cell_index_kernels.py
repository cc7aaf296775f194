"""The kernels of the cell index: compiled and as written they answer alike."""

from __future__ import annotations

import json

import cell_answers
from uncompiled import answers_as_written


def test_compiled_kernels_answer_as_they_are_written() -> None:
    """The process without a compiler is also what shows which lines of the kernels are reached."""
    written = answers_as_written(cell_answers.__file__)
    assert written == json.loads(json.dumps(cell_answers.answers()))

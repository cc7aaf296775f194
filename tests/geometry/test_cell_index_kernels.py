"""The kernels of the cell index: compiled and as written they answer alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import cell_answers


def test_compiled_kernels_answer_as_they_are_written() -> None:
    """The process without a compiler is also what shows which lines of the kernels are reached."""
    written = subprocess.run(
        [sys.executable, "-W", "ignore::RuntimeWarning", cell_answers.__file__],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(written.stdout) == json.loads(json.dumps(cell_answers.answers()))

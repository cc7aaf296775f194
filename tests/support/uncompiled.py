"""Programs run without the compiler: what kernels answer as they are written, and which lines that takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import coverage

from gisgov.paths import root


def answers_as_written(program: str) -> Any:
    """Return what a program writes (JSON) whose kernels are not compiled.

    Its lines are measured where those of the test are: elsewhere that would make processes slower.
    """
    measured = coverage.Coverage.current() is not None
    through = ["-m", "coverage", "run", "--rcfile=pyproject.toml", "--parallel-mode"] if measured else []
    written = subprocess.run(
        # sums and hashes are modulo 2⁶⁴
        [sys.executable, "-W", "ignore::RuntimeWarning", *through, program],
        cwd=root(),
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(written.stdout)

"""Compiled and as written, the kernels make the same tiles."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import tile_shapes


def test_compiled_kernels_write_the_same_tiles() -> None:
    """The process without a compiler is also what shows which lines of the kernels are reached."""
    written = subprocess.run(
        [sys.executable, tile_shapes.__file__],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(written.stdout) == tile_shapes.answers()

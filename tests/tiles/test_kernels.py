"""Compiled and as written, the kernels make the same tiles."""

from __future__ import annotations

import tile_shapes
from uncompiled import answers_as_written


def test_compiled_kernels_write_the_same_tiles() -> None:
    """The process without a compiler is also what shows which lines of the kernels are reached."""
    written = answers_as_written(tile_shapes.__file__)
    assert written == tile_shapes.answers()

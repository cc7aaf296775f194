"""The layers in a file, and failures in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisgov.errors import FileError, InputError
from gisgov.files.gdal_layers import choose_layer, plain_failures

FILE = Path("a.gpkg")


def test_the_only_layer_needs_no_name() -> None:
    assert choose_layer(FILE, ("grid",), None) == "grid"
    assert choose_layer(FILE, ("town", "grid"), "grid") == "grid"


def test_several_layers_need_one() -> None:
    with pytest.raises(
        InputError, match=r"a\.gpkg holds 2 layers: town, grid\. Choose one with --file-layer"
    ):
        choose_layer(FILE, ("town", "grid"), None)
    with pytest.raises(InputError, match=r"a\.gpkg has no layer 'street'\. Its layers: town, grid"):
        choose_layer(FILE, ("town", "grid"), "street")
    with pytest.raises(FileError, match="holds no vector layer"):
        choose_layer(FILE, (), "grid")


def test_many_words_become_one_line() -> None:
    def fail(error: Exception) -> None:
        with plain_failures(FILE):
            raise error

    with pytest.raises(
        FileError, match=r"a\.gpkg cannot be read; it may be damaged or truncated: one two\. Export"
    ):
        fail(OSError("one\n  two."))
    with pytest.raises(FileError, match=r"The text of a\.gpkg is not UTF-8"):
        fail(UnicodeDecodeError("utf-8", b"\xce", 0, 1, "x"))
    with pytest.raises(ZeroDivisionError):
        fail(ZeroDivisionError())

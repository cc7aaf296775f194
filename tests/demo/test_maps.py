from __future__ import annotations

from pathlib import Path

import pytest

from gisgov.demo.maps import _write
from gisgov.errors import FileError


def test_a_map_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "out").touch()
    with pytest.raises(FileError, match="risk"):
        _write(tmp_path / "out" / "risk.html", b"")

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gisgov import paths


def test_a_checkout_is_its_own_root() -> None:
    assert not paths.is_bundled()
    assert (paths.root() / "pyproject.toml").is_file()
    assert paths.web_assets() == paths.root() / "maps" / "static"


def test_an_installed_package_carries_its_rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path)
    (tmp_path / "_bundled").mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path])

    assert paths.is_bundled()
    assert paths.root() == tmp_path / "_bundled"
    paths.add_rooms()
    paths.add_rooms()
    assert sys.path.count(str(tmp_path / "_bundled")) == 1

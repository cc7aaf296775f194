"""Fixtures that every room's tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of the public data set; tests that ask for it carry the marker ``realdata``."""
    folder = Path(os.environ.get("GISGOV_REALDATA", _ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the public data set is not here: set GISGOV_REALDATA to its folder")
    return folder

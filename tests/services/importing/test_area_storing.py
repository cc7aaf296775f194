"""From waiting rows to the areas of a plan; the rules of taken names are tested with the import."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gisgov.services.importing.area_storing import sha256_of


def test_a_digest_is_of_all_that_belongs_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").write_bytes(b"x")
    (tmp_path / "a.dbf").write_bytes(b"y")
    assert sha256_of(tmp_path / "a.gpkg") == hashlib.sha256(b"x").hexdigest()
    (tmp_path / "a.shp").write_bytes(b"x")
    assert sha256_of(tmp_path / "a.shp") == hashlib.sha256(b"xy").hexdigest()
    (tmp_path / "a.prj").write_bytes(b"z")
    assert sha256_of(tmp_path / "a.shp") == hashlib.sha256(b"xyz").hexdigest()

"""What is compiled before a service listens."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisgov.cli import preparing
from gisgov.services.tiles import warming


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was told and done."""
    done: list[str] = []
    monkeypatch.setattr(preparing, "notice", done.append)
    monkeypatch.setattr(warming, "warm", lambda: done.append("compiled"))
    return done


def test_it_is_done_once_after_an_installation(
    compiled: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "new" / "folder"))
    for _ in range(2):
        preparing.prepare_tiles()
    assert compiled == ["Preparing the map tiles, once after an installation (about 20 s) …", "compiled"]
    monkeypatch.setattr(preparing, "version", lambda _: "of another compiler")
    preparing.prepare_tiles()
    assert compiled[2:] == compiled[:2]


def test_where_nothing_can_be_kept_every_start_compiles(
    compiled: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    for _ in range(2):
        preparing.prepare_tiles()
    assert compiled.count("compiled") == 2


def test_the_mark_lies_where_the_compiler_keeps_what_it_did(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr("os.access", lambda *_: True)
    assert preparing._mark().parent.parts[-3:] == ("gisgov", "tiles", "__pycache__")
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert preparing._mark().parent == tmp_path / ".cache" / "numba"

"""``gisgov redivide --out FILE.html``: its alternatives as a page and on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lattices import SCOPE, WEST, lattice, settle

from gisgov import paths
from gisgov.store.database import Database

FRESH = ("redivide", "--layer", "subgrid", "--scope", SCOPE, "--at", "2026-03-01")


@pytest.fixture(autouse=True)
def cells(database: Database, plant: Callable[..., None]) -> None:
    """Two communities of 10 × 10 blocks of 500 people each: 19 targets of work."""
    settle(database, plant, lattice(20, 10))


def test_alternatives_are_drawn_on_a_page(cli: Callable[..., Any], tmp_path: Path) -> None:
    page = tmp_path / "try.html"
    ran = cli(*FRESH, "--plan", "try", "--alternatives", "3", "--keep", "none", "--out", page)
    assert ran.status == 0, ran.stderr
    assert f"{page} written" in ran.stderr
    text = page.read_text(encoding="utf-8")
    assert "<h1>子网格重新划分</h1>" in text
    assert text.count('data-opens="alternative-') == 3
    assert "基础地块 200 个 · 100,000 人 · 子网格 19 个" in text
    ran = cli(*FRESH, "--plan", "try", "--keep", "none", "--out", page, "--language", "en")
    text = page.read_text(encoding="utf-8")
    assert "<h1>Re-division into sub-grids</h1>" in text
    assert 'data-opens="' not in text


def test_a_change_shows_what_it_leaves(cli: Callable[..., Any], tmp_path: Path) -> None:
    cli(*FRESH, "--plan", "p", "--total", "10")
    page, sheet = tmp_path / "more.html", tmp_path / "more.pdf"
    ran = cli(
        *("redivide", "--from", "p", "--plan", "q", "--one-more", WEST, "--keep", "none"),
        *("--out", page, "--out", sheet, "--language", "en"),
    )
    assert ran.status == 0, ran.stderr
    assert "Present borders, where they change" in page.read_text(encoding="utf-8")
    assert sheet.read_bytes().startswith(b"%PDF")


def test_pages_without_web_assets_are_refused_before_the_work(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("gisgov.cli.redivide_pages.web_assets", lambda: tmp_path)
    ran = cli(*FRESH, "--plan", "p", "--out", tmp_path / "p.html")
    assert ran.status == 2
    assert "Run `make web`." in ran.stderr
    assert paths.web_assets() != tmp_path
    assert cli("plan", "list", "--layer", "subgrid", "--json").json() == []


def test_a_page_in_no_folder_is_an_error_of_one_line(cli: Callable[..., Any], tmp_path: Path) -> None:
    ran = cli(*FRESH, "--plan", "p", "--out", tmp_path / "none" / "p.png", "--language", "en")
    assert ran.status == 2
    assert len(ran.stderr.strip().splitlines()) == 1

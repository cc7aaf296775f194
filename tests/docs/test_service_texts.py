"""The pages have the Chinese of everything that goes wrong in a service."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from error_texts import error_texts, row_texts

from gisgov.paths import root

ROOMS = ("services", "governance", "geometry", "files", "store", "zoning", "tiles", "work")
"""Whose errors come to a page; those of commands do not."""

IMPORTS = (
    *("importing", "place_imports", "registers", "exchange", "hazards", "limits", "staffing"),
    "block_building",
)
"""What reads rows, and files, where it says what is wrong with them."""

CATALOGUE = root() / "web" / "shared" / "service-texts.zh.json"
PLACE = re.compile(r"\{(\d)\}")


@cache
def said() -> dict[str, str]:
    folders = [
        *(root() / "gisgov" / room for room in ROOMS),
        root() / "api",
        root() / "maps",
        root() / "fixtures",
    ]
    rows = [root() / "gisgov" / "files", *(root() / "gisgov" / "services" / one for one in IMPORTS)]
    return row_texts(_files(rows)) | error_texts(_files(folders))


def _files(folders: Iterable[Path]) -> list[Path]:
    return [file for folder in folders for file in sorted(folder.rglob("*.py"))]


@cache
def catalogue() -> dict[str, str]:
    read: dict[str, str] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return read


def test_all_that_is_said_has_its_chinese() -> None:
    missing = {text: place for text, place in said().items() if text not in catalogue()}
    assert not missing, f"web/shared/service-texts.zh.json lacks {missing}"


def test_the_catalogue_has_nothing_that_nobody_says() -> None:
    left_over = set(catalogue()) - set(said())
    assert not left_over, f"web/shared/service-texts.zh.json has what nobody says: {left_over}"


def test_what_is_filled_in_has_a_place_in_chinese() -> None:
    for english, chinese in catalogue().items():
        places = {int(place) for place in PLACE.findall(chinese)}
        assert max(places, default=0) <= english.count("{}"), english
        assert re.search(r"[\u4e00-\u9fff]", chinese), english
        assert "{}" not in chinese, english

import base64
import hashlib
import json
import re
from dataclasses import replace
from types import SimpleNamespace

import geopandas as gpd
import pytest

from gisgov.errors import GisgovError
from maps import grids
from maps.assets import WebAssets
from maps.fetched import fetched_urls

_NASTY = (
    "<script>window.broken = 1</script>",
    "</script><script>window.broken = 1</script>",
    "<!--gisgov:panel--><!--gisgov:policy-->",
    "{{ 7 * 7 }}{% raw %}",
    "<img src=x onerror=window.broken=1>",
    '"><b>\u2028\u2029&amp;',
)


@pytest.fixture(scope="module")
def nasty(district: SimpleNamespace) -> gpd.GeoDataFrame:
    frame = district.grids.copy()
    frame.loc[: len(_NASTY) - 1, "name"] = _NASTY
    frame.loc[: len(_NASTY) - 1, "staff"] = _NASTY
    frame.loc[: len(_NASTY) - 1, "parent_name"] = _NASTY
    return frame


def _data(page: str) -> dict:
    return json.loads(re.search(r'id="gisgov-data">(.*?)</script>', page, re.DOTALL)[1])


def test_nothing_would_be_fetched(district: SimpleNamespace, assets: WebAssets) -> None:
    page = grids.draw(district.grids, assets=assets)
    assert fetched_urls(page) == ()
    for library in ("jquery", "bootstrap", "cdn", "awesome"):
        assert library not in page.lower().replace("2010-2023", "")


def test_only_scripts_and_styles_of_the_page_may_run(district: SimpleNamespace, assets: WebAssets) -> None:
    page = grids.draw(district.grids, assets=assets)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    for kind in ("script", "style"):
        texts = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        assert texts
        for text in texts:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
    # the policy stands before anything it rules
    assert page.index("Content-Security-Policy") < page.index("<script")
    assert page.index("Content-Security-Policy") < page.index("<style")


def test_names_are_not_instructions(nasty: gpd.GeoDataFrame, assets: WebAssets) -> None:
    page = grids.draw(nasty, assets=assets, title=_NASTY[0] + _NASTY[3] + _NASTY[2])
    assert "window.broken" not in re.sub(r"&lt;script&gt;window\.broken = 1&lt;/script&gt;", "", page)
    assert "{{ 7 * 7 }}{% raw %}" in page  # in the title, as it was given
    assert page.count("<aside") == 1
    assert page.count("<h1>&lt;script&gt;") == 1
    assert page.count("<title>&lt;script&gt;") == 1


def test_data_cannot_end_their_element(nasty: gpd.GeoDataFrame, assets: WebAssets) -> None:
    page = grids.draw(nasty, assets=assets)
    data = re.search(r'id="gisgov-data">(.*?)</script>', page, re.DOTALL)[1]
    assert not set("<>&\u2028\u2029") & set(data)
    assert _data(page)["kind"] == "grids"


def test_the_same_frame_gives_the_same_page(district: SimpleNamespace, assets: WebAssets) -> None:
    assert grids.draw(district.grids, assets=assets) == grids.draw(district.grids, assets=assets)


def test_the_page_names_its_language(district: SimpleNamespace, assets: WebAssets) -> None:
    assert '<html lang="zh-CN">' in grids.draw(district.grids, assets=assets)
    assert '<html lang="en">' in grids.draw(district.grids, assets=assets, language="en")


def test_leaflet_keeps_its_licence_and_loses_its_name(district: SimpleNamespace, assets: WebAssets) -> None:
    page = grids.draw(district.grids, assets=assets)
    assert "Redistribution and use in source and binary forms" in page
    assert '"attributionControl": false' in page


@pytest.mark.parametrize(
    "foreign",
    [
        {"map_js": "fetch('/api')"},
        {"map_js": "x = 'https://tiles.example/{z}'"},
        {"map_css": "@import 'https://fonts.example/a.css';"},
        {"leaflet_css": "@import url(https://fonts.example/a.css);"},
    ],
)
def test_assets_that_would_fetch_are_refused(
    foreign: dict[str, str], district: SimpleNamespace, assets: WebAssets
) -> None:
    with pytest.raises(GisgovError, match="would fetch"):
        grids.draw(district.grids, assets=replace(assets, **foreign))

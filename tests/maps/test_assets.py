from pathlib import Path

import pytest

from gisgov.errors import AssetsMissing
from maps.assets import WebAssets


def test_the_built_assets_are_read(assets: WebAssets) -> None:
    assert "Leaflet 1.9.4" in assets.leaflet_js
    assert "BSD 2-Clause License" in assets.leaflet_licence
    assert "gisgov" in assets.map_js
    assert ".card" in assets.map_css


def test_a_missing_asset_is_named_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match=r"leaflet/leaflet\.js .* Run `make web`\."):
        WebAssets.read(tmp_path)

"""Whether a GeoJSON file says which coordinate system it is in."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisgov.files.geojson_crs import states_crs

CRS = '"crs": {"type": "name", "properties": {"name": "EPSG:4547"}}'
FEATURE = '{"type": "Feature", "properties": {"crs": {"a": 1}}, "geometry": null}'


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (f'{{"type": "FeatureCollection", {CRS}, "features": [{FEATURE}]}}', True),
        (f'{{"type": "FeatureCollection", "features": [{FEATURE}], {CRS}}}', True),
        (f'{{"type": "FeatureCollection", "features": [{FEATURE}]}}', False),
        (f'{{"type": "FeatureCollection", "features": [{FEATURE}{f", {FEATURE}" * 2000}], {CRS}}}', True),
        (f'{{"type": "FeatureCollection", "features": [{FEATURE}{f", {FEATURE}" * 2000}]}}', False),
        (f'{{"type": "Feature", {CRS}, "properties": {{}}, "geometry": null}}', True),
        ('{"type": "Feature", "properties": {}, "geometry": null}', False),
    ],
)
def test_only_a_member_of_the_collection_counts(tmp_path: Path, text: str, stated: bool) -> None:
    (tmp_path / "a.geojson").write_text(text, encoding="utf-8")
    assert states_crs(tmp_path / "a.geojson") is stated

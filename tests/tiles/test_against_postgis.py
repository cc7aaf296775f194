"""Tiles are those of PostGIS' ST_AsMVT, feature by feature.

Both round each vertex to a unit, so outlines are compared by the ground in only one of them: less than a
unit's width along the outline. PostGIS leaves out what is smaller than a unit; here it is a square of one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import psycopg
import pytest
import shapely
from tile_shapes import TILES, decoded, features, shapes, tile_at

from gisgov.tiles import Rules, TileSet

_TILE = """
SELECT ST_AsMVT(shown, 'things', 4096, 'geom', 'id') FROM (
  SELECT id, class, score, people, lit,
         ST_AsMVTGeom(geom, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4096, 64, true) AS geom
  FROM thing WHERE geom && ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 64.0 / 4096)
) AS shown WHERE geom IS NOT NULL
"""


@pytest.fixture(scope="module")
def connection(module_database_url: str) -> Iterator[psycopg.Connection]:
    url = module_database_url.replace("+psycopg", "")
    given, inputs = features(), shapes()
    inputs[-1] = shapely.Point(180, 85.0511287798)  # Web Mercator of PostGIS ends in an error at the pole
    inputs[43] = shapely.box(-60, -80, 170, 85.0511287798)
    score = [None if np.isnan(each) else each for each in given.columns["score"].tolist()]
    columns = [
        given.columns["class"].tolist(),
        score,
        given.columns["people"].tolist(),
        given.columns["lit"].tolist(),
    ]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE thing (id bigint, class text, score float8, people bigint, lit bool, geom geometry)"
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO thing VALUES (%s, %s, %s, %s, %s, ST_Transform(ST_GeomFromWKB(%s, 4326), 3857))",
                list(zip(given.ids.tolist(), *columns, shapely.to_wkb(inputs), strict=True)),
            )
        yield connection


@pytest.mark.parametrize("place", [*TILES, (1, 1, 0), tile_at(22, 120.0, 30.0), tile_at(20, 120.004, 30.004)])
def test_features_are_the_ones_of_postgis(
    connection: psycopg.Connection, place: tuple[int, int, int]
) -> None:
    ours = decoded(TileSet.build(features(), Rules("things", max_bytes=None)).tile(*place))
    row = connection.execute(_TILE, dict(zip("zxy", place, strict=True))).fetchone()
    assert row is not None
    theirs = decoded(bytes(row[0]))
    assert theirs
    assert theirs.keys() <= ours.keys()
    for i, (attributes, shape) in theirs.items():
        assert ours[i][0] == attributes
        assert ours[i][1].geom_type.removeprefix("Multi") == shape.geom_type.removeprefix("Multi")
        if "Point" in shape.geom_type:
            assert shapely.hausdorff_distance(ours[i][1], shape) <= 1
            continue
        mine = ours[i][1]
        assert mine.is_valid
        assert mine.symmetric_difference(shapely.make_valid(shape)).area <= 1.0 * shape.length + 2.0
    for i in ours.keys() - theirs.keys():
        assert ours[i][1].area <= 1.0


def test_features_without_a_value_have_no_such_key() -> None:
    rows = decoded(TileSet.build(features(), Rules("things", max_bytes=None)).tile(*TILES[2]))
    for name in ("class", "people", "score"):
        assert any(name not in attributes for attributes, _ in rows.values())
    assert all("lit" in attributes for attributes, _ in rows.values())

"""Tiles of a million buildings: encoded from memory against PostGIS' ST_AsMVT, the same features in both.

The peer has the buildings in Web Mercator already, in the order of a curve, under a spatial index, all in
memory. Both are asked for whole tiles (`Rules.max_bytes` is off: a tile that would exceed half a megabyte is
drawn as cells otherwise, which the peer has nothing like). Every compared tile is decoded and its features
are looked at one by one before its time counts.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import mapbox_vector_tile
import numpy as np
import psycopg
import shapely

from benchmarks.bars import QUICK, Bar, Goal, note, seconds, show, timed_in_turns
from benchmarks.database import private_database
from gisgov.tiles import CodedTexts, Features, Rules, TileSet, features_of
from gisgov.types import Floats, Geometries, Ints

BUILDINGS = 50_000 if QUICK else 1_000_000
WEST, SOUTH, SIDE = 120.0, 30.2, 0.2 if not QUICK else 0.045
ZOOMS = (12, 13, 14, 15, 16)
TILES = {12: 2, 13: 4, 14: 8, 15: 16, 16: 24}
RECOLOURED = 10_000
CLASSES = ("alert", "general", "safe")
MAX_UNITS = 1.5
"""How far apart the two outlines of one building may be: each rounds every vertex to a unit."""

MAX_BIT = 3.0
"""… but for bits of so many square units in a corner of the margin, which one of them may round away."""

Tile: TypeAlias = tuple[int, int, int]

_TILE = """
SELECT ST_AsMVT(shown, 'buildings', 4096, 'geom', 'id') FROM (
  SELECT id, class, score,
         ST_AsMVTGeom(geom, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4096, 64, true) AS geom
  FROM bench_building
  WHERE geom && ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 64.0 / 4096)
) AS shown WHERE geom IS NOT NULL
"""


def buildings_of(count: int, *, seed: int) -> Geometries:
    """Draw L-shaped houses of 8 to 30 m, turned anyhow, over a district; six vertices and the first again."""
    rng = np.random.default_rng(seed)
    outline = np.array([(0, 0), (1, 0), (1, 0.4), (0.5, 0.4), (0.5, 1), (0, 1)], dtype=float)
    angle, size = rng.uniform(0, 2 * np.pi, (count, 1)), rng.uniform(8, 30, (count, 1))
    x = size * (outline[:, 0] * np.cos(angle) - outline[:, 1] * np.sin(angle))
    y = size * (outline[:, 0] * np.sin(angle) + outline[:, 1] * np.cos(angle))
    middle = rng.uniform((WEST, SOUTH), (WEST + SIDE, SOUTH + SIDE), (count, 2))
    lon = np.round(middle[:, :1] + x / 96_000, 7)
    lat = np.round(middle[:, 1:] + y / 111_000, 7)
    lonlat = np.stack((lon, lat), axis=2)
    return shapely.polygons(np.concatenate((lonlat, lonlat[:, :1]), axis=1))


def plant(
    connection: psycopg.Connection, polygons: Geometries, ids: Ints, classes: Ints, score: Floats
) -> None:
    """Store the buildings as the peer wants them."""
    connection.execute(
        "CREATE TABLE bench_building (id bigint, class text, score float8, geom geometry(Polygon, 3857))"
    )
    connection.execute("CREATE TEMPORARY TABLE given (id bigint, class text, score float8, wkb bytea)")
    with connection.cursor().copy("COPY given FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(("int8", "text", "float8", "bytea"))
        for row in zip(ids.tolist(), classes.tolist(), score.tolist(), shapely.to_wkb(polygons), strict=True):
            copy.write_row((row[0], CLASSES[row[1]], row[2], row[3]))
    connection.execute(
        "INSERT INTO bench_building SELECT id, class, score, "
        "ST_Transform(ST_GeomFromWKB(wkb, 4326), 3857) AS geom FROM given ORDER BY geom"
    )
    connection.execute("CREATE INDEX ON bench_building USING gist (geom)")
    connection.execute("VACUUM ANALYZE bench_building")


def tiles_at(zoom: int, count: int, *, seed: int) -> list[Tile]:
    """Draw tiles that lie in the district or reach into it."""
    rng = np.random.default_rng(seed)
    lon = rng.uniform(WEST, WEST + SIDE, count)
    lat = np.radians(rng.uniform(SOUTH, SOUTH + SIDE, count))
    x = np.floor((lon / 360 + 0.5) * 2**zoom)
    y = np.floor((0.5 - np.arctanh(np.sin(lat)) / (2 * np.pi)) * 2**zoom)
    return sorted({(zoom, int(a), int(b)) for a, b in zip(x, y, strict=True)})


def decoded(tile: bytes) -> dict[int, tuple[dict[str, Any], shapely.Geometry]]:
    """Return the features of a tile by their ids."""
    layers = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True}) if tile else {}
    features = layers["buildings"]["features"] if layers else []
    return {each["id"]: (each["properties"], shapely.geometry.shape(each["geometry"])) for each in features}


def compare(ours: bytes, theirs: bytes) -> tuple[int, int]:
    """Hold one tile against the peer's; return how many features are compared, and how many it left out.

    The peer leaves out what is smaller than a unit; ours draws a square of one unit for it.
    """
    here, there = decoded(ours), decoded(theirs)
    assert there.keys() <= here.keys(), "every feature of the peer's tile is in ours"
    both = sorted(there)
    mine = np.array([here[i][1] for i in both], dtype=object)
    other = np.array([there[i][1] for i in both], dtype=object)
    assert [here[i][0] for i in both] == [there[i][0] for i in both], "the same attributes"
    apart = shapely.hausdorff_distance(mine, other) > MAX_UNITS
    between = shapely.area(shapely.symmetric_difference(mine[apart], other[apart]))
    assert (between <= MAX_BIT).all(), f"{between.max()} square units lie in one of two outlines only"
    only = [here[i][1] for i in here.keys() - there.keys()]
    assert all(shape.area <= 1.5 for shape in only), "what the peer leaves out is not larger than a unit"
    return len(both), len(only)


def run_zoom(zoom: int, tiles: TileSet, ask: Callable[[Tile], bytes]) -> tuple[float, float]:
    """Compare and time tiles of one zoom; return seconds per tile of ours and the peer's."""
    asked = tiles_at(zoom, TILES[zoom], seed=zoom)
    counted = np.array([compare(tiles.tile(*each), ask(each)) for each in asked]).sum(axis=0)
    (ours_s, _), (peer_s, _) = timed_in_turns(
        lambda: [tiles.tile(*each) for each in asked], lambda: [ask(each) for each in asked]
    )
    ours_s, peer_s = ours_s / len(asked), peer_s / len(asked)
    note(f"z{zoom}: {len(asked)} tiles, {counted[0]} features alike, {counted[1]} smaller than a unit")
    show(Bar(f"tile-z{zoom}-{BUILDINGS}-buildings", ours_s, "ST_AsMVT", peer_s, need=25.0))
    return ours_s, peer_s


def run_recolouring(tiles: TileSet, ids: Ints) -> None:
    """Give buildings another class; the next tile has to show it."""
    changed = np.random.default_rng(9).choice(ids, RECOLOURED, replace=False)
    tiles.expect_changes()  # as the service does of what it reads (`gisgov.services.tiles.sources`)
    spent = []
    place = tiles_at(14, 1, seed=14)[0]
    for name in (*CLASSES, *CLASSES):
        begin = time.perf_counter()
        tiles.change(changed, {"class": CodedTexts(np.zeros(RECOLOURED, dtype=np.int64), (name,))})
        tile = tiles.tile(*place)
        spent.append(time.perf_counter() - begin)
        inside = [each[0]["class"] for i, each in decoded(tile).items() if i in set(changed.tolist())]
        assert inside
        assert set(inside) == {name}, "the tile shows the new class"
    show(Goal(f"recolour-{RECOLOURED}-then-a-tile", max(spent) * 1000, "<=", 50.0, "unit=ms"))


def run_limits(features: Features) -> None:
    """Ask for the tiles as they are served: none beyond half a megabyte, every building counted once."""
    rules = Rules("buildings", worst="class", classes=CLASSES)
    served_s, served = timed_in_turns(lambda: TileSet.build(features, rules), runs=1)[0]
    note(f"as served: feature by feature from z{served.now.features_from} on, built in {seconds(served_s)}")
    lon, lat = WEST + SIDE / 2, np.radians(SOUTH + SIDE / 2)
    for zoom in range(17):
        x = int((lon / 360 + 0.5) * 2**zoom)
        y = int((0.5 - np.arctanh(np.sin(lat)) / (2 * np.pi)) * 2**zoom)
        spent, tile = timed_in_turns(lambda z=zoom, x=x, y=y: served.tile(z, x, y))[0]
        assert len(tile) <= 500_000
        note(f"as served: z{zoom} {len(tile)} bytes in {seconds(spent)}")


def compile_kernels(few: Features) -> None:
    """Do with a few features what is measured, as a service does before it listens."""
    tiles = TileSet.build(few, Rules("warm"))
    tiles.change(few.ids, few.columns)
    tiles.tile(0, 0, 0)


def main() -> None:
    """Compare the answers, then the times."""
    polygons = buildings_of(BUILDINGS, seed=1)
    rng = np.random.default_rng(2)
    ids: Ints = np.arange(BUILDINGS, dtype=np.int64)
    classes, score = rng.integers(0, 3, BUILDINGS), np.round(rng.uniform(0, 100, BUILDINGS), 1)
    features = features_of(polygons, ids, {"class": CodedTexts(classes, CLASSES), "score": score})
    compile_kernels(features_of(polygons[:10], ids[:10], {"n": ids[:10]}))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    build_s, tiles = timed_in_turns(
        lambda: TileSet.build(features, Rules("buildings", max_bytes=None)), runs=1
    )[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    held = sum(each.nbytes for each in tiles.to_arrays().values())
    show(Goal("tile-set-build", build_s, "<=", 5.0, "unit=s"))
    show(Goal("tile-set-size", held / 1e6 / BUILDINGS * 1e6, "<=", 200.0, "unit=MB-per-million"))
    note(f"while building, {peak / 1000:.0f} MB more than before")
    with (
        private_database() as database,
        psycopg.connect(
            database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
            autocommit=True,
        ) as connection,
    ):
        plant(connection, polygons, ids, classes, score)
        connection.prepare_threshold = 0

        def ask(tile: Tile) -> bytes:
            row = connection.execute(_TILE, dict(zip("zxy", tile, strict=True))).fetchone()
            assert row is not None
            return bytes(row[0])

        times: Sequence[tuple[float, float]] = [run_zoom(zoom, tiles, ask) for zoom in ZOOMS]
    ours_s, peer_s = (float(np.exp(np.mean(np.log(each)))) for each in zip(*times, strict=True))
    show(Bar(f"tile-z12-z16-{BUILDINGS}-buildings", ours_s, "ST_AsMVT", peer_s, need=25.0))
    run_recolouring(tiles, ids)
    run_limits(features)


if __name__ == "__main__":
    main()

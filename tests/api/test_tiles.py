"""Tiles over HTTP: what the database has, of what whoever asks may see, never older than the question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
import sqlalchemy as sa
from tile_district import (
    HOME,
    ZONE,
    address,
    ask,
    changing,
    features,
    join,
    put_plan,
    seen,
    settle,
    tile_at,
)

from gisgov.store.database import Database

TYPE = "application/vnd.mapbox-vector-tile"


@pytest.fixture(scope="module")
def database_of_tiles(module_database_url: str) -> Iterator[Database]:
    """The district, in a database that the tests of this module share and leave as they found it."""
    database = Database(module_database_url)
    settle(database)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def service(open_client: Any, database_of_tiles: Database, module_database_url: str) -> Iterator[Any]:
    """A service on it, asked as an administrator."""
    with open_client(module_database_url) as client:
        yield client


@pytest.fixture
def change(database_of_tiles: Database) -> Any:
    """Change something: ``change(sql)``; the ids that it returns."""
    return changing(database_of_tiles)


def rows(change: Any, columns: str, table: str, where: str = "true") -> dict[int, dict[str, Any]]:
    found = change(
        f"SELECT jsonb_strip_nulls(to_jsonb(one)) FROM (SELECT id, {columns} FROM {table} WHERE {where}) one"
    )
    return {row.pop("id"): row for row in found}


@pytest.mark.parametrize(
    ("layer", "columns", "table"),
    [
        ("buildings", "risk_class, risk_points, floors, built_year, use", "building"),
        (
            "events",
            "state, level, category, source, CAST(extract(EPOCH FROM occurred_at) AS INTEGER) AS occurred_at",
            "event",
        ),
        ("blocks", "code, land_use, population, households, area_m2", "block"),
        (
            "grid",
            """code, name, array_to_string(parent_codes, ',') AS parent_codes, (SELECT name FROM plan
            WHERE plan.id = plan_id) AS plan, area_m2, population, households""",
            "area",
        ),
    ],
)
def test_tiles_hold_what_the_database_holds(
    service: Any, change: Any, layer: str, columns: str, table: str
) -> None:
    where = "plan_id = 2" if layer == "grid" else "geom IS NOT NULL"
    assert seen(service, layer) == rows(change, columns, table, where)
    answer = ask(service, layer)
    assert answer.headers["Content-Type"] == TYPE
    assert "张三" not in answer.content.decode("latin-1")


def test_shapes_are_where_they_are_for_gdal(service: Any, change: Any, tmp_path: Path) -> None:
    for layer, table in (("grid", "area"), ("buildings", "building")):
        place = tile_at(114.015, 22.505, 14)
        file = tmp_path / layer / "/".join(map(str, place[:2])) / f"{place[2]}.mvt"
        file.parent.mkdir(parents=True)
        file.write_bytes(ask(service, layer, place).content)
        frame = pyogrio.read_dataframe(f"MVT:{file}", layer=layer, use_arrow=False)
        assert frame.crs.to_epsg() == 3857
        degrees = frame.to_crs(4326)
        stored = change(f"SELECT id || ' ' || ST_AsText(geom) FROM {table}")
        known = {int(words.partition(" ")[0]): shapely.from_wkt(words.partition(" ")[2]) for words in stored}
        assert len(degrees)
        for number, shape in zip(degrees["mvt_id"], degrees.geometry, strict=True):
            # a unit of a tile of zoom 14 is 0.6 m; areas are cut at the edge of the tile
            assert known[number].buffer(1.2e-5).covers(shape)


def test_all_there_is_is_listed_with_its_description(service: Any) -> None:
    told = {one["name"]: one for one in service.get("/v1/tiles").json()}
    assert [*told] == ["blocks", "buildings", "events", "street", "grid", "areas:events", "areas:网/格"]
    assert told["grid"]["title_zh"] == "网格"
    for name, one in told.items():
        described = service.get(one["tilejson"]).json()
        assert described["name"] == name
        (inside,) = described["vector_layers"]
        (template,) = described["tiles"]
        tile = service.get(template.format(z=HOME[0], x=HOME[1], y=HOME[2]))
        assert tile.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        used = {key for properties in features(tile.content).values() for key in properties}
        assert used <= inside["fields"].keys()
        west, south, east, north = described["bounds"]
        assert (round(west), round(east), round(south, 1), round(north, 1)) == (114, 114, 22.5, 22.5)
    assert service.get(told["areas:网/格"]["tilejson"]).json()["vector_layers"][0]["id"] == "网/格"
    assert [one["code"] for one in seen(service, "areas:网/格").values()] == ["W"]
    assert [one["code"] for one in seen(service, "areas:events").values()] == ["E"]


def test_the_description_is_tilejson(service: Any) -> None:
    told = service.get("/v1/tiles/grid.json?at=2026-03-01").json()
    assert told["tilejson"] == "3.0.0"
    assert (told["minzoom"], told["maxzoom"], told["scheme"]) == (0, 18, "xyz")
    assert (told["at"], told["plans"]) == ("2026-03-01", ["grids"])
    assert re.fullmatch(
        r"http://localhost/v1/tiles/grid/\{z\}/\{x\}/\{y\}\.mvt\?v=[0-9a-f]{18}&at=2026-03-01",
        told["tiles"][0],
    )
    assert service.get("/v1/tiles/grid.json?at=2020-01-01").json()["plans"] == []
    assert ask(service, "grid", query="?at=2020-01-01").status_code == 204


def test_what_did_not_change_is_not_sent_again(service: Any) -> None:
    first = ask(service, "buildings", Accept_Encoding="gzip")
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Vary"] == "Accept-Encoding, Authorization, Cookie"
    again = ask(service, "buildings", If_None_Match=f'"other", {first.headers["ETag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    plain = ask(service, "buildings", Accept_Encoding="identity")
    assert "Content-Encoding" not in plain.headers
    assert plain.content == first.content
    assert int(first.headers["Content-Length"]) < len(plain.content) == int(plain.headers["Content-Length"])
    head = service.head(address("buildings"), headers={"Accept-Encoding": "gzip"})
    assert head.content == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Content-Encoding", "Cache-Control"):
        assert head.headers[name] == first.headers[name]


def test_past_the_application_answers_are_the_same(service: Any) -> None:
    for query, headers in (("", {}), ("?v=0", {"Accept-Encoding": "gzip"}), ("", {"If-None-Match": "*"})):
        hot = service.get(address("buildings") + query, headers=headers)
        twice = [*headers.items(), ("X-Twice", "1"), ("X-Twice", "2")]  # unusual, so left to the application
        slow = service.get(address("buildings") + query, headers=twice)
        assert hot.status_code == slow.status_code
        assert hot.content == slow.content
        of_request = {"x-request-id"}
        assert {k: v for k, v in hot.headers.items() if k not in of_request} == {
            k: v for k, v in slow.headers.items() if k not in of_request
        }


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"Authorization": "Bearer ggk_aaaaaaaaaaaa_wrong"}, 401),
        ("GET", {"Authorization": "Basic YTpi"}, 401),
        ("GET", {"Host": "evil.example"}, 421),
        ("POST", {}, 405),
        ("OPTIONS", {}, 204),
    ],
)
def test_what_is_unusual_is_left_to_the_application(
    service: Any, method: str, headers: dict[str, str], status: int
) -> None:
    assert service.request(method, address("grid"), headers=headers).status_code == status


def test_every_change_is_seen_at_once_and_old_versions_are_not_kept(service: Any, change: Any) -> None:
    template = service.get("/v1/tiles/buildings.json").json()["tiles"][0]
    old = template.format(z=HOME[0], x=HOME[1], y=HOME[2])
    before = seen(service, "buildings")
    one, other = sorted(before)[:2]

    def now() -> dict[int, Any]:
        answer = service.get(old)
        assert answer.headers["Cache-Control"] == "private, no-cache", "a version that is over"
        return features(answer.content)

    change("UPDATE building SET floors = 40, use = '学校' WHERE id = :id", id=one)
    assert now() == {**before, one: {"floors": 40, "use": "学校"}}
    change("UPDATE building SET geom = ST_Translate(geom, 5, 0), floors = 41 WHERE id = :id", id=other)
    assert now() == {one: {"floors": 40, "use": "学校"}, **{k: v for k, v in before.items() if k > other}}
    change("UPDATE building SET geom = NULL, problem = 'no-coordinate' WHERE id = :id", id=one)
    assert one not in now()
    (new,) = change(
        "INSERT INTO building (external_id, source, geom, crs) VALUES ('new', 's',"
        " ST_SetSRID(ST_MakePoint(114.02, 22.505), 4326), 'x') RETURNING id"
    )
    assert now()[new] == {}
    change("DELETE FROM building WHERE id = :id", id=new)
    change(
        "UPDATE building SET geom = ST_SetSRID(ST_MakePoint(114.005, 22.505), 4326), problem = NULL,"
        " floors = :f, use = :u WHERE id = :id",
        id=one,
        f=before[one].get("floors"),
        u=before[one].get("use"),
    )
    change(
        "UPDATE building SET geom = ST_Translate(geom, -5, 0), floors = :f WHERE id = :id",
        id=other,
        f=before[other].get("floors"),
    )
    assert now() == before


def test_what_is_rolled_back_was_never_there_and_a_truncation_is_seen(
    service: Any, database_of_tiles: Database
) -> None:
    before = ask(service, "events")
    with database_of_tiles.engine.connect() as connection:
        connection.execute(sa.text("UPDATE event SET state = 'closed'"))
        assert ask(service, "events").content == before.content
        connection.rollback()
        assert ask(service, "events").headers["ETag"] == before.headers["ETag"]
        connection.execute(sa.text("CREATE TEMP TABLE kept ON COMMIT PRESERVE ROWS AS TABLE event"))
        connection.execute(sa.text("TRUNCATE event CASCADE"))
        connection.commit()
        assert ask(service, "events").status_code == 204
        connection.execute(sa.text("INSERT INTO event OVERRIDING SYSTEM VALUE TABLE kept"))
        join(connection)
        connection.commit()
    assert features(ask(service, "events").content) == features(before.content)


def test_plans_come_into_force_on_their_day(service: Any, database_of_tiles: Database) -> None:
    today = datetime.now(ZONE).date()
    before = seen(service, "areas:网/格")
    etag = ask(service, "areas:网/格").headers["ETag"]
    with database_of_tiles.begin() as connection:
        put_plan(connection, 4, "tomorrow's", {"N": (1, 2, [])}, day=today + timedelta(days=1), scope="n")
    # beside the other scope: from tomorrow on both are in force
    assert seen(service, "areas:网/格") == before
    assert ask(service, "areas:网/格").headers["ETag"] == etag
    tomorrow = seen(service, "areas:网/格", query=f"?at={today + timedelta(days=1)}")
    assert {one["code"] for one in tomorrow.values()} == {"W", "N"}
    with database_of_tiles.begin() as connection:
        put_plan(
            connection, 4, "today's", {"D": (2, 3, [])}, day=today, until=today + timedelta(days=1), scope="d"
        )
    assert {one["code"] for one in seen(service, "areas:网/格").values()} == {"W", "D"}
    assert ask(service, "areas:网/格").headers["ETag"] != etag


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/v1/tiles/grid/23/0/0.mvt", 422, "z"),
        ("/v1/tiles/grid/-1/0/0.mvt", 422, "z"),
        ("/v1/tiles/grid/1/2/0.mvt", 422, "x"),
        ("/v1/tiles/grid/1/0/-1.mvt", 422, "y"),
        ("/v1/tiles/grid/1/0/one.mvt", 422, "y"),
        ("/v1/tiles/none/1/0/0.mvt", 404, "layer"),
        ("/v1/tiles/none.json", 404, "layer"),
    ],
)
def test_what_there_is_not_is_told(service: Any, path: str, status: int, field: str) -> None:
    answer = service.get(path)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["pointer"] == f"/path/{field}"


def test_the_whole_world_and_the_smallest_tile(service: Any, change: Any) -> None:
    ids = change(
        """INSERT INTO building (external_id, source, geom, crs) SELECT 'edge' || x, 'edge',
        ST_SetSRID(ST_MakePoint(x, 0.001), 4326), 'x'
        FROM unnest(ARRAY[-180, -179.99999, 179.99999, 180]) AS x RETURNING id"""
    )
    place = tile_at(114.015, 22.505, 22)
    assert [one["floors"] for one in features(ask(service, "buildings", place).content).values()] == [1]
    whole = features(ask(service, "buildings", (0, 0, 0)).content)
    assert len(whole) == 8 or sum(one.get("stands_for", 1) for one in whole.values()) == 8
    west = features(ask(service, "buildings", (14, 0, 8191)).content)
    east = features(ask(service, "buildings", (14, 16383, 8191)).content)
    assert {*ids[:2]} <= {*west} <= {*ids}
    assert {*ids[2:]} <= {*east} <= {*ids}
    change("DELETE FROM building WHERE source = 'edge'")
    assert ask(service, "buildings", (14, 0, 8191)).status_code == 204

"""Features opened by a real client: GDAL's driver, through geopandas, from a service that runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import geopandas
import pyogrio
import pytest
import shapely
import sqlalchemy as sa
from feature_layers import EAST, settle_features
from running_services import Running, running
from signed_in import bearer

from gisgov.store.database import Database
from gisgov.store.features.reading import only_read

GRID = "/ogc/collections/grid/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@dataclass(frozen=True)
class Ground:
    """A service, whoever asks it, and the database it stands on."""

    service: Running
    key: str
    database: Database

    def ask(self, path: str, **headers: str) -> Any:
        """Ask something with the key, and return its JSON."""
        answer = self.service.ask(quote(path, safe="/?&=%,:;+*'()<>."), Authorization=self.key, **headers)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def refusal(self, path: str, status: int = 400) -> Any:
        """Ask what is refused, and return the problem."""
        answer = self.service.ask(quote(path, safe="/?&=%,:;+*'()<>."), Authorization=self.key)
        assert answer.status == status, answer.body
        assert answer.headers["content-type"] == "application/problem+json"
        return json.loads(answer.body)

    def codes(self, query: str) -> list[str]:
        """Return the codes of the features that a query gives."""
        found = self.ask(f"{GRID}?limit=5000&{query}")
        codes = [feature["properties"]["code"] for feature in found["features"]]
        assert found["numberMatched"] == found["numberReturned"] == len(codes)
        return codes

    def open(self, layer: str = "grid", url: str = "", **options: Any) -> Any:
        """Open a layer as QGIS does, by GDAL."""
        return geopandas.read_file(f"OAPIF:{self.service.base}/ogc{url}", layer=layer, **options)


@pytest.fixture(scope="module")
def ground(module_database_url: str) -> Iterator[Ground]:
    database = Database(module_database_url)
    settle_features(database)
    key = bearer(database)["Authorization"]
    # this driver sets headers of its own, in whose place GDAL_HTTP_HEADERS is not sent
    shown = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": key.partition(" ")[2]}
    pyogrio.set_gdal_config_options(shown)
    with running(module_database_url, serve_worker="false", timezone="Asia/Shanghai") as service:
        yield Ground(service, key, database)
    pyogrio.set_gdal_config_options(dict.fromkeys(shown))
    database.dispose()


def stored(ground: Ground, plan: str = "2026") -> dict[str, Any]:
    query = (
        "SELECT code, area.name, population, ST_AsBinary(geom) AS geom FROM area"
        " JOIN plan ON plan.id = plan_id WHERE plan.name = :plan ORDER BY code"
    )
    with ground.database.begin() as connection:
        return {row["code"]: row for row in connection.execute(sa.text(query), {"plan": plan}).mappings()}


def test_gdal_reads_what_is_stored(ground: Ground) -> None:
    assert pyogrio.list_layers(f"OAPIF:{ground.service.base}/ogc")[:, 0].tolist() == [
        "grid",
        "街道/乡",
        "empty",
    ]
    read = ground.open(PAGE_SIZE="50").set_index("code").sort_index()
    kept = stored(ground)
    assert read.crs == "OGC:CRS84"
    assert read.index.tolist() == [*kept]
    assert read["name"].tolist() == [row["name"] for row in kept.values()]
    assert read["population"].dropna().tolist() == [row["population"] for row in kept.values()][1:]
    shapes = shapely.from_wkb([bytes(row["geom"]) for row in kept.values()])
    assert shapely.equals_exact(read.geometry.to_numpy(), shapes, 1e-7).all()
    assert read["valid_from"].astype(str).unique().tolist() == ["2026-01-01"]
    (street,) = ground.open("街道/乡").itertuples()
    assert street.code == "街 1"


def test_gdal_asks_for_a_box_a_filter_and_a_day(ground: Ground) -> None:
    boxed = ground.open(bbox=(114.001, 22.501, 114.002, 22.502))
    assert boxed["code"].tolist() == ["N0000"]
    filtered = ground.open(where="code = 'N0101' OR population > 1420")
    assert filtered["code"].tolist() == ["N0101", "N1111"]
    then = ground.open(url="?datetime=2025-06-01", PAGE_SIZE="2")
    assert sorted(then["code"]) == [*stored(ground, "2025")]


@pytest.mark.parametrize("code", [4490, 4547, 4526])
def test_gdal_and_gisgov_agree_on_axes(ground: Ground, code: int) -> None:
    read = ground.open(CRS=f"EPSG:{code}")
    expected = ground.open().to_crs(code)
    assert read.crs.to_epsg() == code
    tolerance = 1e-7 if read.crs.is_geographic else 1e-3
    assert shapely.equals_exact(read.geometry.to_numpy(), expected.geometry.to_numpy(), tolerance).all()
    # the sides of one area, a little inside it, as its client has them
    west, south, east, north = read[read["code"] == "N0304"].total_bounds
    inset = (east - west) * 0.1
    box = (west + inset, south + inset, east - inset, north - inset)
    assert ground.open(CRS=f"EPSG:{code}", bbox=box)["code"].tolist() == ["N0304"]


@pytest.mark.parametrize(
    ("said", "letters"),
    [
        ("", "N"),
        ("datetime=2025-12-31", "F"),
        ("datetime=2025-12-31T16:00:00Z", "N"),  # midnight in Shenzhen
        ("datetime=2025-06-01/2026-01-01", "FN"),
        ("datetime=../2025-12-31", "F"),
        ("datetime=2098-12-31/", "NL"),
        ("datetime=../..", "FNL"),
        ("datetime=2024-12-31", ""),
        ("datetime=../..&plan=draft", ""),
    ],
)
def test_a_time_chooses_plans(ground: Ground, said: str, letters: str) -> None:
    assert {code[0] for code in ground.codes(said)} == set(letters)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("bbox=114.001,22.501,114.002,22.502", ["N0000"]),
        ("bbox=114.001,22.501,0,114.002,22.502,9", ["N0000"]),
        ("bbox=22.501,114.001,22.502,114.002&bbox-crs=EPSG:4490", ["N0000"]),
        ("bbox=2489300,500100,2489400,500200&bbox-crs=EPSG:4547", ["N0000"]),
        ("bbox=179,-1,-179,1", []),
        ("code=N0102", ["N0102"]),
        ("filter=population BETWEEN 20 AND 30", ["N0002", "N0003"]),
        ("filter=name = '社区''N0101'", ["N0101"]),
        ("filter=population IS NULL", ["N0000"]),
        ("filter=S_INTERSECTS(geom, POINT(22.501 114.001))&filter-crs=EPSG:4326", ["N0000"]),
        ("filter=A_CONTAINS(parent_codes, ('P2')) AND population < 20", ["N0001"]),
        ("filter=valid_from > '2026-01-01' OR code LIKE 'N_000'&filter-lang=cql2-text", ["N0000"]),
        ("filter=code = ''' OR 1=1 --'", []),
    ],
)
def test_questions_are_answered(ground: Ground, said: str, codes: list[str]) -> None:
    assert [code for code in ground.codes(said) if code != "N1000"] == codes


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ("bbox=1,2,3", "/query/bbox"),
        ("bbox=a,b,c,d", "/query/bbox"),
        ("bbox=114,23,115,22", "/query/bbox"),
        ("bbox=0,0,1,1&bbox-crs=EPSG:1", "/query/bbox-crs"),
        ("crs=EPSG:32650", "/query/crs"),
        ("datetime=yesterday", "/query/datetime"),
        ("datetime=2026-01-02/2026-01-01", "/query/datetime"),
        ("datetime=a/b/c", "/query/datetime"),
        ("filter=secret = 1", "/query/filter"),
        ("filter=1 / (population - population) > 0", "/query/filter"),
        ("filter-lang=sql", "/query/filter-lang"),
        ("limit=0", "/query/limit"),
        ("f=html", "/query/f"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(ground: Ground, said: str, pointer: str) -> None:
    problem = ground.refusal(f"{GRID}?{said}")
    assert [one["pointer"] for one in problem["errors"]] == [pointer]


def test_pages_lead_on_and_keep_the_question(ground: Ground) -> None:
    page = ground.ask(f"{GRID}?limit=50&filter=population > 0")
    codes: list[str] = []
    while True:
        codes += [one["properties"]["code"] for one in page["features"]]
        links = {one["rel"]: one["href"] for one in page["links"]}
        assert ("prev" in links) == (len(codes) > 50)
        if "next" not in links:
            break
        path = links["next"].removeprefix("http://localhost")
        page = json.loads(ground.service.ask(path, Authorization=ground.key).body)
    assert codes == [*stored(ground)][1:]
    assert ground.ask(f"{GRID}?limit=100000")["numberReturned"] == EAST**2


def test_a_collection_tells_its_time_place_and_systems(ground: Ground) -> None:
    grid = ground.ask("/ogc/collections/grid?datetime=2026-03-01")
    assert grid["title"] == "基础网格 · Grid"
    assert grid["extent"]["spatial"]["bbox"] == [[114, 22.5, 114.1, 22.6]]
    assert grid["extent"]["temporal"]["interval"] == [["2025-01-01T00:00:00+08:00", None]]
    assert grid["storageCrs"] == grid["crs"][0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    assert len(grid["crs"]) == 46
    assert all("datetime=2026-03-01" in one["href"] for one in grid["links"])
    street = ground.ask("/ogc/collections")["collections"][1]
    assert street["title"] == "街道"
    assert street["links"][0]["href"].endswith("/ogc/collections/%E8%A1%97%E9%81%93%2F%E4%B9%A1")
    assert ground.ask("/ogc/collections/empty/items")["features"] == []
    assert ground.ask("/ogc/collections/grid/queryables")["properties"]["valid_to"]["format"] == "date"
    limit = ground.ask("/ogc/api")["components"]["parameters"]["limit"]["schema"]
    assert (limit["maximum"], limit["default"]) == (5000, 1000)


def test_one_feature_is_found_whenever_it_was_in_force(ground: Ground) -> None:
    former = ground.ask(f"{GRID}?datetime=2025-06-01&crs=EPSG:4326")["features"][0]
    answer = ground.service.ask(f"{GRID}/{former['id']}?crs={EPSG}4326", Authorization=ground.key)
    assert answer.headers["content-crs"] == f"<{EPSG}4326>"
    found = json.loads(answer.body)
    assert (found["geometry"], found["properties"]) == (former["geometry"], former["properties"])
    assert found["geometry"]["coordinates"][0][0][0][0] == pytest.approx(22.5, abs=0.1)  # latitude first
    with ground.database.begin() as connection:
        query = sa.text("SELECT area.id FROM area JOIN plan ON plan.id = plan_id WHERE plan.name = :name")
        hidden = [connection.scalar(query, {"name": name}) for name in ("draft", "undone", "街道 1")]
    for item in [*hidden, "x", "9" * 30]:
        assert ground.refusal(f"{GRID}/{item}", 404)["type"] == "/problems/not-found"
    assert ground.refusal("/ogc/collections/nothing/items", 404)["errors"][0]["pointer"] == "/path/collection"


def test_a_layer_is_a_collection_as_soon_as_it_is_there(ground: Ground) -> None:
    with ground.database.begin() as connection:
        columns = "name, title_zh, title_en, kind, position"
        values = "'new', '新', 'New', 'overlay', 9"
        connection.execute(sa.text(f"INSERT INTO layer ({columns}) VALUES ({values})"))
    assert ground.ask("/ogc/collections")["collections"][-1]["id"] == "new"


def test_the_role_sees_what_is_published_and_no_more(ground: Ground) -> None:
    with ground.database.begin() as connection:
        only_read(connection, limit_s=1, timezone="Asia/Shanghai")
        plans = connection.scalars(sa.text("SELECT DISTINCT plan FROM ogc.area"))
        assert set(plans) == {"2025", "2026", "2099", "街道 1"}
        for table in ("area", "plan", "account", "staff_post"):
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), connection.begin_nested():
                connection.execute(sa.text(f"SELECT FROM public.{table}"))
        with pytest.raises(sa.exc.DBAPIError, match="read-only"), connection.begin_nested():
            connection.execute(sa.text("CREATE TABLE one (two INT)"))


def test_connections_that_were_cut_are_made_anew(ground: Ground) -> None:
    assert ground.codes("code=N0000") == ["N0000"]
    with ground.database.begin() as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(sa.text(f"{cut} AND pid <> pg_backend_pid()"))
    assert ground.codes("code=N0000") == ["N0000"]


def test_nobody_is_let_in_without_a_right(ground: Ground) -> None:
    for path in ("/ogc", "/ogc/collections", GRID):
        assert ground.service.ask(path).status == 401

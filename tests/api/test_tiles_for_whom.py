"""Tiles over HTTP for those who see a part of what there is, and for those who ask too often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from signed_in import bearer
from tile_district import HOME, address, ask, changing, seen, settle

from gisgov.governance.access import Grant, Role
from gisgov.services.accounts import revoke_key
from gisgov.store.database import Database

IN_S = Grant(Role.VIEWER, "street", "S")


@pytest.fixture(scope="module")
def district(module_database_url: str) -> Iterator[Database]:
    """The district, in a database that the tests of this module share and leave as they found it."""
    database = Database(module_database_url)
    settle(database)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def service(open_client: Any, district: Database, module_database_url: str) -> Iterator[Any]:
    """A service on it, asked as an administrator."""
    with open_client(module_database_url) as client:
        yield client


def test_others_see_what_lies_in_their_territory(service: Any, district: Database) -> None:
    viewer = bearer(district, "viewer-of-s", IN_S)
    change = changing(district)
    everything = seen(service, "buildings")
    own = sorted(everything)[:2]
    assert sorted(seen(service, "buildings", viewer)) == own
    assert sorted(seen(service, "events", viewer)) == sorted(seen(service, "events"))[:2]
    assert seen(service, "grid", viewer) == seen(service, "grid")
    for layer, status in (("blocks", 403), ("buildings", 200)):
        assert ask(service, layer, **viewer).status_code == status
    described = service.get("/v1/tiles/buildings.json", headers=viewer).json()
    assert described["bounds"][2] < 114.02, "nothing is told of where the others lie"
    assert described["tiles"] != service.get("/v1/tiles/buildings.json").json()["tiles"]
    assert [one["name"] for one in service.get("/v1/tiles", headers=viewer).json()][:2] == [
        "buildings",
        "events",
    ]

    third = sorted(everything)[2]
    change("UPDATE building_area SET area_code = 'S' WHERE building_id = :id AND layer_id = 1", id=third)
    assert sorted(seen(service, "buildings", viewer)) == [*own, third]
    change("UPDATE building_area SET area_code = 'T' WHERE building_id = :id AND layer_id = 1", id=third)
    assert sorted(seen(service, "buildings", viewer)) == own
    change("UPDATE account_role SET area_code = 'T' WHERE area_code = 'S'")
    assert sorted(seen(service, "buildings", viewer)) == sorted(everything)[2:]
    change("UPDATE account_role SET area_code = 'S' WHERE area_code = 'T'")


def test_keys_count_for_what_they_are_for_and_no_longer(service: Any, district: Database) -> None:
    narrow = bearer(district, "narrow", Grant(Role.MANAGER), scopes=frozenset({"areas.read"}))
    assert ask(service, "grid", **narrow).status_code == 200
    refused = ask(service, "buildings", **narrow)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-allowed")
    key = narrow["Authorization"].split("_")[1]
    revoke_key(district, key)
    assert ask(service, "grid", **narrow).status_code == 401


def test_everybody_sees_areas_where_they_are_public(
    open_client: Any, database: Database, database_url: str
) -> None:
    settle(database)
    with open_client(database_url, headers={}, public_areas=True) as nobody:
        (template,) = nobody.get("/v1/tiles/grid.json").json()["tiles"]
        tile = nobody.get(template.format(z=HOME[0], x=HOME[1], y=HOME[2]))
        assert tile.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert tile.headers["Vary"] == "Accept-Encoding"
        assert nobody.get(address("buildings")).status_code == 401
        assert {one["kind"] for one in nobody.get("/v1/tiles").json()} == {"areas"}


def test_what_cannot_be_given_counts_once(open_client: Any, database_url: str) -> None:
    with open_client(database_url, requests_per_minute=3) as client:
        statuses = [client.get("/v1/tiles/none/1/0/0.mvt").status_code for _ in range(4)]
    assert statuses == [404, 404, 404, 429]

"""Use cases in the hands of accounts: they reach what lies in the territory, and follow-ups reach on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from fixtures.shipped import code_schemes, profile
from gisgov.errors import NotAllowed, NotFoundError, PlanPublished
from gisgov.governance.access import Actor, ActorKind, Errand, Grant, Role, operator
from gisgov.services.layers import show_layer
from gisgov.services.loading import load_profile
from gisgov.services.plans import delete_draft, list_plans
from gisgov.services.publishing import publish_plan, retire_plan
from gisgov.store.database import Database
from gisgov.store.tables import account, account_role, event, event_area, layer, plan
from gisgov.testing import areas_from_grid

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGIN = date(2026, 3, 1)

Plant = Callable[..., None]


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


@pytest.fixture
def ground(database: Database, plant: Plant) -> Database:
    """Two streets in force, a draft of the grids of each, and an event in the street S."""
    plant("street", drawn("SSTT"))
    draft: dict[str, Any] = {"parent": "street", "valid_from": None}
    plant("grid", drawn("12.."), plan="s", scope="S", parents={"1": ["S"], "2": ["S"]}, **draft)
    plant("grid", drawn("..34"), plan="t", scope="T", parents={"3": ["T"], "4": ["T"]}, **draft)
    plant("grid", drawn("1234"), plan="all", **draft)
    with database.begin() as connection:
        connection.execute(
            event.insert().values(
                external_id="e1", source="hotline", crs="wgs84", state="new", occurred_at=BEGIN,
                geom="SRID=4326;POINT(114.005 22.505)",
            )
        )  # fmt: skip
    return database


def holding(database: Database, role: Role, where: str | None = None, code: str | None = None) -> Database:
    """Return the database in the hands of somebody who holds one role."""
    with database.begin() as connection:
        row = {"name": f"{role}-{code or 'all'}".lower(), "kind": "person"}
        made = connection.scalar(account.insert().values(**row).returning(account.c.id))
        layer_id = connection.scalar(sa.select(layer.c.id).where(layer.c.name == where))
        connection.execute(
            account_role.insert().values(account_id=made, role=role, layer_id=layer_id, area_code=code)
        )
    actor = Actor(f"{role}-{code}", ActorKind.PERSON, made, (Grant(role, where, code),))
    return database.acting(actor, Errand("test", "127.0.0.1", "r1", limit_s=20))


def test_a_planner_publishes_in_his_street_and_its_events_find_their_grid(ground: Database) -> None:
    planner = holding(ground, Role.PLANNER, "street", "S")
    done = publish_plan(planner, "s", valid_from=BEGIN, accept_defects="drawn so", timezone=SHANGHAI)
    assert done.plan.status == "published"
    # a planner sees no event and is told of none, and yet it was given its area
    assert done.events is None
    with planner.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(event)) == 0
    with ground.begin() as connection:
        owners = connection.scalars(sa.select(event_area.c.area_code).order_by(event_area.c.layer_id))
        assert "1" in owners.all()
    assert retire_plan(planner, "s", valid_to=date(2027, 1, 1), timezone=SHANGHAI).status == "retired"


@pytest.mark.parametrize(
    ("codes", "parents", "words"),
    [
        ({"3": "3"}, {"3": ["S"]}, "in area 3 of the plan, by its code or its parents"),
        ({"9": "9"}, {"9": ["S", "T"]}, "in area 9 of the plan, by its code or its parents"),
    ],
)
def test_he_does_not_widen_his_street_by_what_he_publishes(
    ground: Database, plant: Plant, codes: dict[str, str], parents: dict[str, list[str]], words: str
) -> None:
    publish_plan(ground, "t", valid_from=BEGIN, accept_defects="drawn so", timezone=SHANGHAI)
    picture = "".join(codes) * 2 + ".."
    plant("grid", drawn(picture), parent="street", plan="forged", scope="S", valid_from=None, parents=parents)
    planner = holding(ground, Role.PLANNER, "street", "S")
    with pytest.raises(NotAllowed, match=words):
        publish_plan(planner, "forged", valid_from=BEGIN, accept_defects="so", timezone=SHANGHAI)
    administrator = holding(ground, Role.PLANNER)
    publish_plan(administrator, "forged", valid_from=BEGIN, accept_defects="so", timezone=SHANGHAI)


def test_he_sees_no_draft_of_other_ground(ground: Database) -> None:
    planner = holding(ground, Role.PLANNER, "street", "S")
    assert {one.name for one in list_plans(planner)} == {"s", "street-2026"}
    assert show_layer(planner, "grid", at=BEGIN).drafts == ("s",)
    for name in ("t", "all"):
        with pytest.raises(NotFoundError):
            publish_plan(planner, name, valid_from=BEGIN, timezone=SHANGHAI)
        with pytest.raises(NotFoundError):
            delete_draft(planner, name)


def test_what_is_in_force_elsewhere_is_seen_and_refused(ground: Database) -> None:
    publish_plan(ground, "t", valid_from=BEGIN, accept_defects="drawn so", timezone=SHANGHAI)
    planner = holding(ground, Role.PLANNER, "street", "S")
    with pytest.raises(NotAllowed) as caught:
        retire_plan(planner, "t", valid_to=date(2027, 1, 1), timezone=SHANGHAI)
    words = "planner-S does not hold plans.publish in T. Its roles: planner in street S."
    assert str(caught.value) == words
    with pytest.raises(NotAllowed, match="for the whole ground"):
        retire_plan(planner, "street-2026", valid_to=date(2027, 1, 1), timezone=SHANGHAI)


def test_a_role_everywhere_reaches_everything(ground: Database) -> None:
    planner = holding(ground, Role.PLANNER)
    assert len(list_plans(planner)) == 4
    assert delete_draft(planner, "all").name == "all"
    publish_plan(planner, "t", valid_from=BEGIN, accept_defects="drawn so", timezone=SHANGHAI)
    with pytest.raises(PlanPublished):
        delete_draft(planner, "t")


@pytest.mark.parametrize("role", [Role.PLANNER, Role.ADMINISTRATOR])
def test_layers_are_not_set_up_from_a_street(ground: Database, role: Role) -> None:
    for where in (("street", "S"), ()) if role is Role.PLANNER else (("street", "S"),):
        with pytest.raises(NotAllowed):
            load_profile(holding(ground, role, *where), profile("sub-grids"), schemes=code_schemes())


def test_layers_are_set_up_by_an_administrator_of_the_whole(database: Database) -> None:
    administrator = holding(database, Role.ADMINISTRATOR)
    assert load_profile(administrator, profile("sub-grids"), schemes=code_schemes()).layers


def test_an_operator_is_the_service_itself_and_known_by_name(ground: Database) -> None:
    with ground.acting(operator("root"), Errand("gisgov plan list", "cli")).begin() as connection:
        assert connection.scalar(sa.text("SELECT current_setting('gisgov.actor')")) == "root"
        assert connection.scalar(sa.select(sa.func.count()).select_from(plan)) == 4


def test_settings_end_with_the_transaction(ground: Database) -> None:
    ground.engine.dispose()
    planner = holding(ground, Role.PLANNER, "street", "S")
    ask = sa.text("SELECT current_user <> session_user, current_setting('gisgov.account', true)")
    with planner.begin() as connection:
        assert connection.scalar(sa.text("SELECT current_setting('statement_timeout')")) == "20s"
        assert connection.execute(ask).one()[0]
    with ground.begin() as connection:
        assert connection.execute(ask).one() == (False, "")

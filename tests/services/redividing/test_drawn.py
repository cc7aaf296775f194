"""What maps draw of a re-division: areas, those above them, those that there were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from lattices import DAY, EAST, SCOPE, WEST, ZONE

from fixtures import shipped
from gisgov.services.redividing import HowMany, Kept, Proposal, RedivisionReport, RedivisionRequest
from gisgov.services.redividing import propose_redivision as propose
from gisgov.services.redividing.drawn import drawn_redivision
from gisgov.store.database import Database

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture
def proposed(database: Database) -> Callable[..., Proposal]:
    def made(**asked: Any) -> Proposal:
        ground = {} if "source" in asked else {"layer": "subgrid", "scope": SCOPE}
        request = RedivisionRequest("q", at=DAY, **{"how_many": HowMany(total=10), **ground, **asked})
        return propose(database, request, policy=shipped.redivision_policy(), today=DAY, timezone=ZONE)

    return made


def test_a_first_division_has_parents_and_nothing_present(proposed: Callable[..., Proposal]) -> None:
    drawn = drawn_redivision(proposed(alternatives=2, how_many=HowMany()))
    assert drawn.present is None
    assert drawn.parents is not None
    assert drawn.parents["name"].tolist() == ["西社区", "东社区"]
    assert len(drawn.areas) == 2
    for frame in drawn.areas:
        names = dict(zip(frame["parent_codes"], frame["parent_name"], strict=True))
        assert names == {WEST: "西社区", EAST: "东社区"}


def test_present_areas_have_the_edges_of_the_new_ones(
    run: Callable[..., RedivisionReport], proposed: Callable[..., Proposal]
) -> None:
    run("p", how_many=HowMany(total=10))
    drawn = drawn_redivision(proposed(source="p", how_many=HowMany(one_more=WEST)))
    assert drawn.parents is not None
    assert drawn.parents["code"].tolist() == [WEST]  # the others are not divided
    assert drawn.present is not None
    assert len(drawn.present) == 5
    vertices = [
        set(map(tuple, shapely.get_coordinates(frame.geometry.to_numpy())))
        for frame in (drawn.present, drawn.areas[0])
    ]
    assert len(vertices[0] & vertices[1]) > 0.5 * len(vertices[1])
    whole = [shapely.union_all(frame.geometry.to_numpy()) for frame in (drawn.present, drawn.areas[0])]
    assert shapely.equals(*whole)


def test_only_what_is_divided_is_drawn(
    run: Callable[..., RedivisionReport], proposed: Callable[..., Proposal]
) -> None:
    run("p", how_many=HowMany(total=10))
    drawn = drawn_redivision(proposed(source="p", kept=Kept(parents=(EAST,))))
    assert drawn.present is not None
    assert np.unique([code[:12] for code in drawn.present["code"]]).tolist() == [EAST]
    assert drawn.areas[0]["parent_name"].unique().tolist() == ["东社区"]


def test_areas_that_span_are_named_after_all_their_parents(
    database: Database, proposed: Callable[..., Proposal]
) -> None:
    with database.begin() as connection:
        connection.execute(
            sa.text("UPDATE layer SET nesting = 'spanning', code_scheme = NULL WHERE name = 'subgrid'")
        )
    drawn = drawn_redivision(proposed(how_many=HowMany(total=3)))
    assert {"西社区 东社区", "东社区 西社区"} & set(drawn.areas[0]["parent_name"])
    assert drawn.parents is not None


def test_a_layer_without_one_above_has_no_parents_to_draw(
    database: Database, proposed: Callable[..., Proposal]
) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE layer SET code_scheme = NULL WHERE name = 'district'"))
    how_many = HowMany(total=3, weights=("population=1:5000",))
    drawn = drawn_redivision(proposed(layer="district", how_many=how_many))
    assert drawn.parents is None
    assert drawn.areas[0]["parent_name"].isna().all()

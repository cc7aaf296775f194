"""Plans through time, over HTTP: comparison, lineage, retired codes, statistics."""

from __future__ import annotations

from typing import Any

import pytest
from two_plans import put_two_plans

from gisgov.store.database import Database


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """Return the problem that an answer tells of."""
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    problem: dict[str, Any] = response.json()
    return problem


@pytest.fixture
def asked(database: Database, client: Any) -> Any:
    """Client of a service that knows the two plans."""
    put_two_plans(database)
    return client


def test_history_is_asked(asked: Any) -> None:
    told = asked.get("/v1/plans/winter/comparison?with=spring").json()
    assert [(one["from_code"], one["to_code"], one["hands"]["people"]) for one in told["changes"]] == [
        ("B", "A", 3),
        ("B", "C", 4),
    ]
    assert (told["total"]["people"], told["fates"]["reshaped"], told["origins"]["kept"]) == (7, 2, 0)
    drawn = asked.get("/v1/plans/winter/comparison?with=spring&format=geojson")
    assert drawn.headers["Content-Type"] == "application/geo+json"
    assert [one["properties"]["people"] for one in drawn.json()["features"]] == [3, 4]
    assert drawn.json()["features"][1]["geometry"]["type"] == "MultiPolygon"
    problem = problem_of(asked.get("/v1/plans/winter/comparison"), 422)
    assert problem["errors"][0]["pointer"] == "/query/with"

    lineage = asked.get("/v1/areas/C/lineage?layer=grid&at=2026-04-01").json()
    assert [(one["former_code"], one["origin"]) for one in lineage["before"]] == [("B", "reshaped")]
    assert problem_of(asked.get("/v1/areas/X/lineage"), 404)["type"] == "/problems/not-found"

    figures = asked.get("/v1/layers/grid/statistics?at=2026-02-01&on=2026-04-01&whole=true").json()
    assert [(one["code"], one["figures"]["population"]) for one in figures["areas"]] == [("A", 6), ("C", 4)]
    assert (figures["total"]["population"], set(figures["remainder"].values())) == (10, {0.0})


def test_an_old_code_is_answered_with_what_replaced_it(asked: Any) -> None:
    for more in ("", "/children", "/parents", "/neighbours"):
        assert asked.get(f"/v1/areas/B{more}?at=2026-02-01").status_code == 200
        problem = problem_of(asked.get(f"/v1/areas/B{more}?at=2026-03-01"), 410)
        assert problem["type"] == "/problems/area-retired"
        assert [(one["code"], one["plan"], one["people_share"]) for one in problem["replaced_by"]] == [
            ("A", "spring", pytest.approx(3 / 7)),
            ("C", "spring", pytest.approx(4 / 7)),
        ]
    assert problem_of(asked.get("/v1/areas/C?at=2026-02-01"), 404)["type"] == "/problems/not-found"


def test_every_question_answers_for_a_day(asked: Any) -> None:
    """What is asked with ``at`` is answered by the plan of that day, wherever it is asked."""
    place = "/v1/resolve?lon=114.0035&lat=22.5005&at="
    found = {}
    for day in ("2026-02-28", "2026-03-01"):
        areas = asked.get(f"/v1/layers/grid/areas?at={day}").json()["features"]
        found[day] = (
            asked.get(place + day).json()["chain"][0]["code"],
            [one["properties"]["code"] for one in areas],
            [one["name"] for one in asked.get(f"/v1/plans?at={day}").json()],
            [one["name"] for one in asked.get(f"/v1/layers/grid?at={day}").json()["in_force"]],
            [one["properties"]["plan"] for one in asked.get(f"/v1/areas?q=A&at={day}").json()["features"]],
            asked.get(f"/v1/layers/grid/statistics?at={day}").json()["plans"],
            asked.get(f"/v1/layers/grid/vacancies?at={day}").status_code,
            asked.get(f"/v1/layers/grid/staff?at={day}").status_code,
        )
    assert found == {
        "2026-02-28": ("B", ["A", "B"], *[["winter"]] * 4, 409, 200),
        "2026-03-01": ("C", ["A", "C"], *[["spring"]] * 4, 409, 200),
    }

"""``gisgov plan``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gisgov.store.database import Database
from gisgov.testing import areas_from_grid


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


@pytest.fixture
def drafts(plant: Callable[..., None]) -> None:
    """Two drafts of one layer, the second with a gap."""
    plant("grid", drawn("AAB\nACB"), plan="sound", valid_from=None)
    plant("grid", drawn("AAA\nA.A\nAAA"), plan="holed", valid_from=None)


@pytest.mark.usefixtures("drafts")
def test_the_life_of_a_plan(cli: Callable[..., Any], database: Database) -> None:
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO event (external_id, source, state, occurred_at, geom, crs) VALUES"
                " ('1', 's', 'open', '2026-03-01 12:00+08', ST_Point(114.005, 22.505, 4326), 'x')"
            )
        )
    listed = cli("plan", "list")
    assert [line.split() for line in listed.stdout.splitlines()][1:] == [
        ["grid", "holed", "all", "draft", "-", "-", "1"],
        ["grid", "sound", "all", "draft", "-", "-", "3"],
    ]
    refused = cli("plan", "publish", "holed", "--from", "2026-01-01")
    assert (refused.status, refused.stdout) == (1, "")
    assert "Plan 'holed' has 1 gap. `gisgov check holed` shows them" in refused.stderr
    done = cli("plan", "publish", "sound", "--from", "2026-01-01", "--decision", "Order 7", "--author", "我")
    assert done.status == 0
    assert "Plan sound (3 areas) is in force from 2026-01-01 to open end." in done.stdout
    assert "Coverage: nothing is proved: there is no scope that the areas are to cover." in done.stdout
    assert "1 events found their area (0 on a border), 0 lie in none." in done.stdout
    assert cli("plan", "publish", "sound", "--from", "2027-01-01").status == 2
    accepted = cli(
        "plan",
        "publish",
        "holed",
        "--from",
        "2026-06-01",
        "--to",
        "2027-01-01",
        "--accept-defects",
        "inherited",
    )
    assert "Accepted with 1 gap: inherited" in accepted.stdout
    assert "Plan sound ends on that day." in accepted.stdout
    shown = cli("plan", "show", "holed").stdout
    assert "from 2026-06-01 to 2027-01-01" in shown
    assert "1 gap: inherited" in shown
    retired = cli("plan", "retire", "holed", "--to", "2026-09-01")
    assert retired.stdout == "Plan holed is in force until 2026-09-01.\n"
    at = cli("plan", "list", "--layer", "grid", "--at", "2026-02-01", "--json").json()
    assert [(one["name"], one["status"], one["valid_to"]) for one in at] == [
        ("sound", "retired", "2026-06-01")
    ]
    assert cli("plan", "show", "sound", "--json").json()["plan"]["decision"] == "Order 7"


def test_drafts_are_deleted(cli: Callable[..., Any], plant: Callable[..., None]) -> None:
    assert cli("plan", "list").stdout == "There are no such plans.\n"
    plant("grid", drawn("AB"), plan="p", valid_from=None)
    plant("grid", drawn("AB"), plan="published")
    assert cli("plan", "delete", "p").stdout == "Draft p with 2 areas is deleted.\n"
    refused = cli("plan", "delete", "published")
    assert (refused.status, "cannot be deleted" in refused.stderr) == (2, True)


def test_answers_as_json(cli: Callable[..., Any], plant: Callable[..., None]) -> None:
    plant("grid", drawn("AB"), plan="p", valid_from=None)
    plant("school", drawn("X."), plan="s", valid_from=None, kind="overlay")
    plant("grid", drawn("AB"), plan="q", valid_from=None)
    done = cli("plan", "publish", "p", "--from", "2026-01-01", "--json").json()
    assert (done["plan"]["valid_from"], done["events"]["joined"]) == ("2026-01-01", 0)
    assert cli("plan", "publish", "s", "--from", "2026-01-01", "--json").json()["events"] is None
    assert cli("plan", "retire", "p", "--to", "2026-02-01", "--json").json()["status"] == "retired"
    assert cli("plan", "delete", "q", "--json").json()["areas"] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "none"), "No plan is called 'none'."),
        (("list", "--layer", "none"), "No layer is called 'none'."),
        (("list", "--at", "yesterday"), "yesterday"),
        (("publish", "none"), "--from"),
        (("publish", "none", "--from", "2026-01-01"), "No plan is called 'none'."),
        (("retire", "none", "--to", "2026-01-01"), "No plan is called 'none'."),
        (("delete", "none"), "No plan is called 'none'."),
    ],
)
def test_what_cannot_be_done_is_one_line(
    cli: Callable[..., Any], arguments: tuple[str, ...], words: str
) -> None:
    failed = cli("plan", *arguments)
    assert (failed.status, failed.stdout) == (2, "")
    assert words in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_a_plan_with_everything_is_shown(cli: Callable[..., Any], database: Database, plant: Any) -> None:
    plant("grid", drawn("AB"), plan="p", valid_from=None, scope="330106")
    with database.begin() as connection:
        source = {"source": '{"files": [{"file": "g.gpkg"}, {"file": "h.gpkg"}]}'}
        connection.execute(
            sa.text("UPDATE plan SET author = '规划科', source = CAST(:source AS JSONB)"), source
        )
        connection.execute(sa.text("UPDATE area SET population = 1500, households = 2"))
    cli("plan", "publish", "p", "--from", "2026-01-01")
    shown = cli("plan", "show", "p").stdout
    for words in (
        "330106",
        "规划科",
        "source      files file g.gpkg | file h.gpkg",
        "population  3,000",
        "households  4",
        "sha256",
        "published",
    ):
        assert words in shown


def test_what_was_proved_of_a_plan_is_shown(cli: Callable[..., Any], plant: Callable[..., None]) -> None:
    plant("street", drawn("SS"))
    plant("grid", drawn("AB"), parent="street", parents={"A": ["S"], "B": ["S"]}, plan="p", valid_from=None)
    assert "coverage" not in cli("plan", "show", "p").stdout
    done = cli("plan", "publish", "p", "--from", "2026-01-01")
    proof = "proved: every one of 14 directed edges cancels, so the areas cover the scope exactly once"
    assert f"Coverage: {proof}." in done.stdout
    shown = cli("plan", "show", "p").stdout
    assert f"coverage    {proof} (0000000000000000-0000000000000000 over 14 edges)" in shown
    stored = cli("plan", "show", "p", "--json").json()["certificate"]
    assert (stored["certified"], stored["scope"]) == (True, "all of layer street on 2026-01-01")


def test_notices_of_a_plan_are_shown(cli: Callable[..., Any], plant: Callable[..., None]) -> None:
    plant("street", drawn("SS"))
    bare = shapely.box(114, 22.5, 114.02, 22.51)  # without the corners that S has half-way
    plant("grid", {"A": bare}, parent="street", parents={"A": ["S"]}, plan="p", valid_from=None)
    assert cli("plan", "publish", "p", "--from", "2026-01-01").status == 0
    (line,) = [one for one in cli("plan", "show", "p").stdout.splitlines() if one.startswith("coverage")]
    assert "not proved: of 10 directed edges those along 2 vertex mismatches do not cancel" in line


@pytest.mark.usefixtures("drafts")
def test_a_long_list_of_sources_is_cut_and_says_so(cli: Callable[..., Any], database: Database) -> None:
    with database.begin() as connection:
        files = ", ".join(f'{{"file": "g{number}.gpkg"}}' for number in range(1, 12))
        source = {"source": f'{{"files": [{files}]}}'}
        connection.execute(sa.text("UPDATE plan SET source = CAST(:source AS JSONB)"), source)
    shown = cli("plan", "show", "sound").stdout
    assert "file g8.gpkg | and 3 more: --json has them all" in shown
    assert "g9.gpkg" not in shown


def test_a_decision_from_its_preview_to_its_withdrawal(cli: Callable[..., Any], plant: Any) -> None:
    plant("grid", drawn("AABB"), plan="now", staff={"B": [("网格长", "王")]})
    plant("sub", drawn("1122"), parent="grid", parents={"1": ["A"], "2": ["B"]})
    plant("grid", drawn("ADDD"), plan="next", valid_from=None)
    told = cli("plan", "preview", "next", "--from", "2199-01-01")
    assert told.status == 0
    for words in (
        "Plan now ends on that day.",
        "Codes given: D.",
        "Codes that end: B.",
        "Posts without an area:",
        "Areas of layers below that no longer fit:",
        "Work in a year, before and after:",
    ):
        assert words in told.stdout
    refused = cli("plan", "preview", "next", "--from", "2025-01-01")
    assert refused.status == 1
    assert "REFUSED: Plan 'now' of layer 'grid' is in force" in refused.stdout
    done = cli("plan", "publish", "next", "--from", "2199-01-01", "--decided", "2198-12-01")
    assert "Open events go to its areas on 2199-01-01." in done.stdout
    shown = cli("plan", "show", "next").stdout
    assert "2198-12-01" in shown
    taken = cli("plan", "withdraw", "next", "--reason", "异议", "--as", "again")
    assert "Plan again (2 areas) is in force from 2199-01-01 to open end." in taken.stdout
    assert "It corrects next: 异议" in taken.stdout
    assert "Plan next ends on that day, and so never begins." in taken.stdout
    assert "never: taken back before it began on 2199-01-01" in cli("plan", "show", "next").stdout
    assert "based on" in cli("plan", "show", "again").stdout
    assert "took effect" in cli("plan", "take-effect").stdout  # those that were planted
    assert cli("plan", "take-effect").stdout == "The day of no plan has come.\n"
    assert cli("plan", "take-effect", "--json").json() == []

"""Risk rules: proposed, listed, shown, compared, and put in force with a rating of everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import loop_ground
import pytest
import sqlalchemy as sa
from risk_ground import COUNTING, RULES, TODAY, ZONE, adopt, put, rows

from gisgov.errors import ConflictError, GisgovError, InputError, NotAllowed, NotFoundError
from gisgov.governance.risk import RulePart, format_rules
from gisgov.services.rating import (
    compare_versions,
    find_rules,
    list_rules,
    preview_rules,
    propose_rules,
    put_in_force,
    rate_buildings,
    rules_in_force,
    show_rules,
)
from gisgov.store import ratings
from gisgov.store.database import Database


def test_rules_are_kept_under_their_version(database: Database) -> None:
    with pytest.raises(NotFoundError, match="No risk rules are in force"):
        show_rules(database)
    proposed = propose_rules(database, RULES)
    assert (proposed.is_new, proposed.rules.state, proposed.rules.adopted_at) == (True, "proposed", None)
    assert proposed.rules.proposed_by
    assert not propose_rules(database, RULES).is_new
    with pytest.raises(ConflictError, match="Other risk rules are on record as version '1'"):
        propose_rules(database, replace(RULES, warning_points=99))
    with pytest.raises(NotFoundError, match=r"version '9' are on record\. There are 1\."):
        show_rules(database, "9")
    with database.begin() as connection:
        assert rules_in_force(connection) is None
        assert find_rules(connection, "1") == RULES
    assert show_rules(database, "1").definition == format_rules(RULES)


def test_rules_in_force_say_who_decided_when_and_why(database: Database) -> None:
    put(database, "old", built_year=1950)
    adopt(database)
    propose_rules(database, replace(RULES, version="0"))
    propose_rules(database, replace(RULES, version="2"))
    done = put_in_force(database, "2", reason=" 局务会议 ", today=TODAY, timezone=ZONE)
    assert (done.former, done.rating.written) == ("1", 1)
    assert (done.rules.reason, done.rules.state, done.rules.buildings) == ("局务会议", "in-force", 1)
    assert done.rules.adopted_by == done.rules.proposed_by
    listed = [(one.version, one.state, one.buildings) for one in list_rules(database)]
    assert listed == [("2", "in-force", 1), ("1", "former", 0), ("0", "proposed", 0)]
    # once more: they stay what they are, and everything is rated again
    again = put_in_force(database, "2", reason="other words", today=TODAY, timezone=ZONE)
    assert (again.former, again.rules.reason, again.rules.adopted_at) == (
        None,
        "局务会议",
        done.rules.adopted_at,
    )
    # back to those before
    assert put_in_force(database, "1", reason="so", today=TODAY, timezone=ZONE).former == "2"
    assert [one.version for one in list_rules(database)] == ["1", "2", "0"]


def test_rules_and_ratings_come_into_force_together(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, "old", built_year=1950)
    adopt(database)
    propose_rules(database, replace(RULES, version="2", warning_points=11))

    def broken(*_: object) -> int:
        raise InputError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(ratings, "write_ratings", broken)
        with pytest.raises(InputError, match="disk"):
            put_in_force(database, "2", reason="so", today=TODAY, timezone=ZONE)
    assert rows(database)["old"][3] == "1"
    assert show_rules(database).rules.version == "1"


def test_rules_are_put_in_force_for_a_reason(database: Database) -> None:
    propose_rules(database, RULES)
    with pytest.raises(InputError, match="Rules are put in force for a reason"):
        put_in_force(database, "1", reason="  ", today=TODAY, timezone=ZONE)
    with pytest.raises(NotFoundError, match="version '7'"):
        put_in_force(database, "7", reason="x", today=TODAY, timezone=ZONE)


def test_two_versions_are_compared(database: Database) -> None:
    propose_rules(database, RULES)
    propose_rules(database, replace(RULES, version="2", warning_points=30))
    found = compare_versions(database, "1", "2")
    assert [(one.part, one.name, one.before, one.after) for one in found.differences] == [
        (RulePart.THRESHOLD, "warning", "20", "30")
    ]
    assert compare_versions(database, "2", "2").differences == ()
    with pytest.raises(NotFoundError, match="version '3'"):
        compare_versions(database, "1", "3")


def test_rules_that_ratings_rest_on_stay(database: Database) -> None:
    put(database, "old", built_year=1950)
    adopt(database)
    adopt(database, COUNTING)
    for change in (
        "DELETE FROM risk_rules WHERE version = '1'",
        "UPDATE risk_rules SET definition = '{}' WHERE version = '1'",
        "INSERT INTO risk_rating SELECT id, now(), 'safe', 0, '{}', 'none', '{}' FROM building",
        "INSERT INTO risk_rating VALUES (0, now(), 'safe', 0, '{}', '1', '{}')",
    ):
        with pytest.raises(GisgovError), database.begin() as connection:
            connection.execute(sa.text(change))
    propose_rules(database, replace(RULES, version="2"))
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM risk_rules WHERE version = '2'"))  # nothing rests on it


def test_rules_are_for_those_who_rate_everywhere(database: Database) -> None:
    loop_ground.settle(database)
    hands = loop_ground.people(database)
    given = {"today": date(2026, 6, 1), "timezone": ZONE}
    propose_rules(hands["manager"], RULES)
    with pytest.raises(NotAllowed):
        propose_rules(hands["dispatcher-s"], RULES)
    with pytest.raises(NotAllowed):
        put_in_force(hands["viewer"], "1", reason="x", **given)
    with pytest.raises(NotAllowed):
        preview_rules(hands["officer-a"], "1", **given)
    with pytest.raises(NotAllowed):
        rate_buildings(hands["officer-a"], **given)
    assert put_in_force(hands["manager"], "1", reason="x", **given).rules.adopted_by == "manager"
    assert list_rules(hands["viewer"])[0].proposed_by == "manager"

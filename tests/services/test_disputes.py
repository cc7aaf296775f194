"""The grade of an event: written down with what it rests on, by those who may deal with it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from gisgov.errors import EventUnknown, InputError, NotAllowed
from gisgov.governance.access import Actor, ActorKind, Errand, Grant, Role
from gisgov.services.disputes import grade_dispute, grade_event
from gisgov.services.loop import event_history
from gisgov.services.policies import adopt_policy, list_policies
from gisgov.store.database import Database

TODAY = date(2026, 3, 2)


def an_event(database: Database) -> int:
    with database.begin() as connection:
        return int(
            connection.scalar(
                sa.text(
                    "INSERT INTO event (source, external_id, state, occurred_at, crs, problem) VALUES "
                    "('hotline', 'E1', 'reported', now(), 'EPSG:4326', 'no-coordinate') RETURNING id"
                )
            )
        )


def test_a_grade_is_written_with_its_facts_and_rules(database: Database) -> None:
    event = an_event(database)
    graded = grade_event(
        database, event, {"people": 12, "urgency": "tense", "amount_yuan": None}, today=TODAY
    )
    assert (graded.dispute_grade, graded.step_number, graded.state) == ("major", 1, "reported")
    (step,) = event_history(database, event)
    assert step.action == "note"
    assert step.details == {
        "dispute": "major",
        "row": "tense-group",
        "rules": "example-1",
        "facts": {"people": 12, "urgency": "tense"},
    }
    assert step.reason == "重大 (Major): people>=10, urgency=tense"
    with pytest.raises(InputError, match="'weather' is no fact"):
        grade_event(database, event, {"weather": "rain"}, today=TODAY)
    with pytest.raises(EventUnknown):
        grade_event(database, event + 1, {}, today=TODAY)


def test_who_may_not_deal_with_an_event_grades_it_no_more_than_who_does_not_see_it(
    database: Database,
) -> None:
    event = an_event(database)
    with database.begin() as connection:
        account = connection.scalar(
            sa.text("INSERT INTO account (name, kind) VALUES ('lin', 'person') RETURNING id")
        )
        connection.execute(
            sa.text("INSERT INTO account_role (account_id, role) VALUES (:id, 'viewer')"), {"id": account}
        )
    viewer = Actor("lin", ActorKind.PERSON, account, (Grant(Role.VIEWER),))
    with pytest.raises(NotAllowed, match=r"lin does not hold events\.handle"):
        grade_event(database.acting(viewer, Errand()), event, {"people": 1}, today=TODAY)
    assert grade_dispute(database.acting(viewer, Errand()), {"people": 1}).grade == "minor"


def test_an_adopted_table_counts_from_then_on(database: Database) -> None:
    (shipped,) = list_policies(database, "dispute-grades")
    assert (shipped.version, shipped.adopted_at, shipped.is_example) == ("example-1", None, True)
    last = shipped.definition["rows"][-1]
    adopt_policy(database, "dispute-grades", {**shipped.definition, "version": "2", "rows": [last]})
    graded = grade_dispute(database, {"people": 500})
    assert (graded.grade, graded.rules_version, graded.because) == ("minor", "2", ())

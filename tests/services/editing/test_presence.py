"""Who is at work in a draft hears of the others, for a minute."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from gisgov.errors import PlanPublished
from gisgov.governance.access import Actor, ActorKind, Errand
from gisgov.services.editing.presence import Company, tell_presence
from gisgov.store.database import Database
from gisgov.store.plans import find_plan


def told(database: Database, name: str, doing: str | None = None) -> Company:
    """Tell the presence of somebody who may do everything."""
    return tell_presence(database.acting(Actor(name, ActorKind.OPERATOR), Errand()), "draft", doing)


def aged(database: Database, name: str, seconds: int) -> None:
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE draft_presence SET seen = seen - make_interval(secs => :s) WHERE account = :name"
            ),
            {"s": seconds, "name": name},
        )


def accounts(database: Database) -> set[str]:
    with database.begin() as connection:
        return {*connection.scalars(sa.text("SELECT account FROM draft_presence"))}


def test_others_are_heard_of_for_a_minute(draft: str, database: Database) -> None:
    assert told(database, "li", "split A").others == ()
    assert [(one.account, one.doing) for one in told(database, "wang").others] == [("li", "split A")]
    told(database, "li")
    assert [(one.account, one.doing) for one in told(database, "wang").others] == [("li", None)]
    aged(database, "li", 61)
    assert told(database, "wang").others == ()
    assert accounts(database) == {"li", "wang"}
    aged(database, "li", 600)
    told(database, "wang")
    assert accounts(database) == {"wang"}
    aged(database, "wang", 700)
    assert [one.account for one in told(database, "li").others] == []
    assert [one.account for one in told(database, "wang").others] == ["li"]


def test_an_operation_at_work_keeps_nobody_from_telling(draft: str, database: Database) -> None:
    with ThreadPoolExecutor(1) as pool, database.begin() as connection:
        find_plan(connection, draft, for_change=True)
        assert pool.submit(told, database, "li").result(timeout=10).others == ()


def test_nobody_is_at_work_in_what_is_published_or_gone(draft: str, database: Database) -> None:
    told(database, "li")
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM plan"))
    assert accounts(database) == set()


def test_a_published_plan_is_refused(draft: str, database: Database) -> None:
    published = "UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now()"
    with database.begin() as connection:
        connection.execute(sa.text(published))
    with pytest.raises(PlanPublished):
        told(database, "li")

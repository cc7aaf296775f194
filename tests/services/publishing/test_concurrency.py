"""Planners who publish at the same time."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

from gisgov.errors import (
    GisgovError,
)
from gisgov.services.plans import list_plans
from gisgov.store.database import Database

BEGIN = date(2026, 1, 1)


def test_two_who_publish_at_once_do_so_one_after_the_other(
    database: Database, draft: Any, publish: Any
) -> None:
    draft("grid", "AA", plan="a")
    draft("grid", "AA", plan="b")
    told: list[str] = []
    together = threading.Barrier(2)

    def one(name: str, valid_from: date) -> None:
        together.wait()
        try:
            publish(name, valid_from=valid_from)
            told.append(name)
        except GisgovError as error:
            told.append(type(error).__name__)

    threads = [
        threading.Thread(target=one, args=("a", BEGIN)),
        threading.Thread(target=one, args=("b", BEGIN)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) in (["ValidityOverlap", "a"], ["ValidityOverlap", "b"])
    assert sorted(one.status for one in list_plans(database)) == ["draft", "published"]

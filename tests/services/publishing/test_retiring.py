"""Plans that are ended without another to follow them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from published_grids import ZONE, put_points

from gisgov.errors import (
    ConflictError,
    InputError,
    PlanPublished,
)
from gisgov.services.publishing import retire_plan
from gisgov.store.database import Database

BEGIN = date(2026, 1, 1)


def test_a_plan_is_retired(database: Database, draft: Any, publish: Any) -> None:
    put_points(database, (114.005, 22.505))
    draft("grid", "AA")
    publish(valid_from=date(2020, 1, 1))
    with pytest.raises(InputError, match="2020-01-01 does not end it"):
        retire_plan(database, "p", valid_to=date(2020, 1, 1), timezone=ZONE)
    done = retire_plan(database, "p", valid_to=date(2021, 1, 1), timezone=ZONE)
    assert (done.status, done.valid_to) == ("retired", date(2021, 1, 1))
    with database.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM building_area")) == 0
    with pytest.raises(PlanPublished, match="retired already, from 2021-01-01 on"):
        retire_plan(database, "p", valid_to=date(2020, 6, 1), timezone=ZONE)


def test_only_what_is_in_force_is_retired_and_only_earlier(
    database: Database, draft: Any, publish: Any
) -> None:
    draft("grid", "AA")
    with pytest.raises(ConflictError, match="draft and was never in force"):
        retire_plan(database, "p", valid_to=BEGIN, timezone=ZONE)
    publish(valid_to=date(2026, 6, 1))
    with pytest.raises(InputError, match="to 2026-06-01; 2026-07-01 does not end it"):
        retire_plan(database, "p", valid_to=date(2026, 7, 1), timezone=ZONE)
    assert retire_plan(database, "p", valid_to=date(2026, 5, 1), timezone=ZONE).valid_to == date(2026, 5, 1)

"""Several planners in one draft at once, at random: no update is lost, and it is a coverage all the time.

EDITS=1000 does so many operations instead of few; SEED=… others.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from dataclasses import dataclass, field
from random import Random

import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from draft_models import Model, State
from editing_drafts import TODAY, ZONE, state_of
from plans_of_blocks import CELL, SOUTH, WEST, drawn, put_cells, put_layer, put_plan

from gisgov.errors import ConflictError, DraftChanged, InputError
from gisgov.geometry.dissolve import dissolve
from gisgov.services.checking import check_plan
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.operations import (
    Assign,
    Lock,
    Merge,
    NewArea,
    Operation,
    Redo,
    Restore,
    Split,
    Undo,
    Unlock,
)
from gisgov.services.editing.showing import show_draft
from gisgov.store import drafts, drafts_log
from gisgov.store.database import Database
from gisgov.store.geometry_columns import multipolygons
from gisgov.store.plans import find_plan

EDITS, SEED = int(os.environ.get("EDITS", "60")), int(os.environ.get("SEED", "1"))
PLANNERS = 3
PICTURE = "AABBCC AABBCC AABBCC DDEEFF DDEEFF DDEEFF"
SIDE = 6


@dataclass
class Attempt:
    """Something that a planner tried, and what came of it: a revision, or the name of an error."""

    seen: int
    operation: Operation
    outcome: int | str


@dataclass
class Planner:
    """Looks at the draft, thinks of an operation, and asks for it if nobody else was faster."""

    database: Database
    random: Random
    count: int
    attempts: list[Attempt] = field(default_factory=list)
    problem: BaseException | None = None

    def work(self) -> None:
        try:
            for _ in range(self.count):
                self.attempts.append(self._attempt())
        except BaseException as error:
            self.problem = error

    def _attempt(self) -> Attempt:
        with self.database.begin() as connection:
            plan_id = find_plan(connection, "draft").id
            seen = drafts.draft_row(connection, plan_id).revision
            found = drafts.all_blocks(connection, plan_id)
            areas = drafts.areas_by_code(connection, plan_id)
        if self.random.random() < 0.1 and seen:  # some look away for a while
            seen -= 1
        blocks = dict(zip(found.blocks.codes.tolist(), found.area.tolist(), strict=True))
        operation = self._operation(blocks, sorted(areas), seen)
        try:
            done = edit_draft(self.database, "draft", operation, seen=seen, today=TODAY, timezone=ZONE)
        except (DraftChanged, ConflictError, InputError) as error:
            return Attempt(seen, operation, type(error).__name__)
        return Attempt(seen, operation, done.revision)

    def _operation(self, blocks: dict[str, str | None], areas: list[str], seen: int) -> Operation:
        random = self.random
        some = tuple(random.sample(sorted(blocks), random.randint(1, 6)))
        one = random.choice(areas)
        line = self._line()
        return random.choices(
            (
                Assign(some, random.choice([*areas, None])),
                NewArea(some, code=f"N{random.randrange(10**6)}", name="新"),
                Merge((one, random.choice(areas), one), into=one),
                Lock((one,)),
                Unlock((one,)),
                Split(one, line=line),
                Restore(revision=random.randint(0, seen)),
                Undo(),
                Redo(),
            ),
            weights=(8, 2, 2, 1, 2, 3, 1, 5, 3),
        )[0]

    def _line(self) -> tuple[tuple[float, float], ...]:
        """Draw a line all across the district."""
        at = [self.random.uniform(0, SIDE) for _ in range(2)]
        ends = [(at[0], -1.0), (at[1], SIDE + 1.0)]
        if self.random.random() < 0.5:
            ends = [(y, x) for x, y in ends]
        return tuple((WEST + x * CELL, SOUTH + y * CELL) for x, y in ends)


@pytest.fixture
def district(database: Database) -> Database:
    put_cells(database, " ".join(["123456"] * SIDE), scope="")
    put_plan(database, "draft", put_layer(database), drawn(PICTURE))
    with database.begin() as connection:
        whole = "SELECT ST_Multi(ST_Union(geom)) FROM block WHERE cut_from IS NULL"
        connection.execute(sa.text(f"UPDATE plan SET scope_geom = ({whole})"))
    show_draft(database, "draft", today=TODAY, timezone=ZONE)
    return database


def test_planners_lose_no_update_and_the_draft_stays_a_coverage(district: Database) -> None:
    start = state_of(district)
    model = Model([_state(district)], _ids(district))
    planners = [
        Planner(district, Random(SEED * 100 + i), EDITS // PLANNERS)  # noqa: S311 - no secret
        for i in range(PLANNERS)
    ]
    threads = [threading.Thread(target=planner.work) for planner in planners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for planner in planners:
        if planner.problem is not None:
            raise planner.problem
    attempts = [one for planner in planners for one in planner.attempts]
    _replay(district, model)
    _refused_rightly(model, attempts)
    _is_coverage(district)
    outcomes = Counter("done" if isinstance(one.outcome, int) else one.outcome for one in attempts)
    print(f"{len(attempts)} operations tried by {PLANNERS} planners: {dict(outcomes)}")  # noqa: T201 - shown by pytest -s
    assert outcomes["done"] > len(attempts) // 5
    assert outcomes["DraftChanged"]
    _whole_again(district)
    while _undone(district):
        pass
    assert state_of(district) == start


def _replay(database: Database, model: Model) -> None:
    """Do what the log says in the model, and hold each state against what the log says became of it."""
    with database.begin() as connection:
        plan_id = find_plan(connection, "draft").id
        log = drafts_log.entries(connection, plan_id)[::-1]
        moves = {one.id: drafts_log.moves_of(connection, one.id) for one in log}
    assert [one.revision for one in log] == list(range(1, len(log) + 1))
    model.ids = _ids(database)
    for entry in log:
        before = model.states[-1]
        model.add(entry.parameters, {one.block_id: (one.is_in, one.to_code) for one in moves[entry.id]})
        after = {**before.places}
        for move in moves[entry.id]:
            assert (move.block_id in before.places, before.places.get(move.block_id)) == (
                move.was_in,
                move.from_code,
            )
            after.pop(move.block_id, None)
            if move.is_in:
                after[move.block_id] = move.to_code
        assert after == model.states[-1].places, entry
    assert _state(database) == model.states[-1]


def _refused_rightly(model: Model, attempts: list[Attempt]) -> None:
    """Every success came right after what its planner saw; blocks left or entered no locked area."""
    done = [one.outcome for one in attempts if isinstance(one.outcome, int)]
    assert sorted(done) == list(range(1, len(model.states)))
    for one in attempts:
        if isinstance(one.outcome, int):
            assert one.outcome == one.seen + 1
        if isinstance(one.operation, Assign) and one.outcome != "DraftChanged":
            blocks = [model.ids[code] for code in one.operation.blocks]
            state = model.states[one.seen]
            refused = all(block in state.places for block in blocks) and state.touches_locked(
                blocks, one.operation.area
            )
            assert refused == (one.outcome == "ConflictError") or one.outcome == "NotFoundError"


def _is_coverage(database: Database) -> None:
    """Blocks make up the ground, areas are their blocks to the bit, people are all there."""
    with database.begin() as connection:
        plan_id = find_plan(connection, "draft").id
        found = drafts.all_blocks(connection, plan_id)
        codes, grounds = drafts.grounds_by_code(connection, plan_id)
        areas = drafts.areas_by_code(connection, plan_id)
    placed = np.array([code is not None for code in found.area])
    made = dissolve(found.blocks.geometries[placed], found.area[placed].astype(str))
    assert shapely.equals_identical(multipolygons(made), grounds).all()
    assert found.blocks.population.sum() == 21 * SIDE
    for code in codes:
        assert areas[code].population == found.blocks.population[found.area == code].sum()
    whole = shapely.box(WEST, SOUTH, round(WEST + SIDE * CELL, 7), round(SOUTH + SIDE * CELL, 7))
    assert shapely.equals(shapely.coverage_union_all(found.blocks.geometries), whole)


def _whole_again(database: Database) -> None:
    """With no block left over, the check finds nothing, and proves it."""
    with database.begin() as connection:
        plan_id = find_plan(connection, "draft").id
        loose = drafts.unassigned_blocks(connection, plan_id).blocks.codes.tolist()
        areas = drafts.areas_by_code(connection, plan_id)
    for operation in (
        Unlock(tuple(areas)),
        *((Assign(tuple(loose), next(iter(areas))),) if loose else ()),
    ):
        edit_draft(database, "draft", operation, seen=None, today=TODAY, timezone=ZONE)
    report = check_plan(database, "draft", today=TODAY)
    found = {kind for kind, count in report.counts.items() if count}
    assert found <= {"several-parts"}  # blocks are given away at random
    assert report.certified


def _undone(database: Database) -> bool:
    try:
        edit_draft(database, "draft", Undo(), seen=None, today=TODAY, timezone=ZONE)
    except ConflictError:
        return False
    return True


def _state(database: Database) -> State:
    with database.begin() as connection:
        plan_id = find_plan(connection, "draft").id
        areas = drafts.areas_by_code(connection, plan_id)
        locked = frozenset(code for code, area in areas.items() if area.locked)
        return State(drafts.areas_of_all_blocks(connection, plan_id), locked)


def _ids(database: Database) -> dict[str, int]:
    with database.begin() as connection:
        return {row[0]: row[1] for row in connection.execute(sa.text("SELECT code, id FROM block"))}

"""The story of a plan: branched, changed, rebased over another's, previewed, published, asked by date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely

from fixtures.shipped import redivision_policy
from gisgov.errors import InputError, RebaseConflict
from gisgov.geometry.adjacency import shared_borders
from gisgov.services.comparing.comparing import compare_plans
from gisgov.services.editing.branching import branch_plan
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.operations import (
    Assign,
    Lock,
    Merge,
    MoveBorder,
    Operation,
    Rebase,
    Redivide,
    Redo,
    Split,
    Undo,
)
from gisgov.services.editing.reports import AreaFigures, EditReport
from gisgov.services.editing.showing import show_draft
from gisgov.services.lineage import lineage_of
from gisgov.services.publishing import PlanPublication, preview_plan, publish_plan
from gisgov.services.resolving import resolve
from gisgov.services.statistics import layer_statistics
from gisgov.store.areas import AreaTable, areas_of_plan
from gisgov.store.blocks import assignments_of_plan
from gisgov.store.database import Database
from gisgov.store.plans import find_plan

ZONE = ZoneInfo("Asia/Shanghai")
_BULGE = 3e-4  # degrees: about 30 m


@dataclass(frozen=True)
class Told:
    """What the story came to, for a test to hold against its ground."""

    split: str
    pieces: tuple[str, ...]
    merged: tuple[str, str]
    border: tuple[str, str]
    locked: str
    community: str


class Story:
    """A planner and a colleague at work on the plan of a layer.

    Parameters
    ----------
    database : Database
        Where it is.
    layer, plan : str
        The plan in force of a layer.
    today : datetime.date
        A day on which it is in force.
    accept : str, optional
        Why plans are published as they are, where the ground came with defects.
    """

    def __init__(
        self, database: Database, *, layer: str, plan: str, today: date, accept: str | None = None
    ) -> None:
        self.database, self.layer, self.plan, self.today, self.accept = database, layer, plan, today, accept
        self.soon, self.next_month = today + timedelta(days=1), today + timedelta(days=30)

    def tell(self) -> Told:
        """Go through it from branch to statistics."""
        self.branch("mine")
        self.branch("theirs")
        grids = {one.code: one for one in self.grids("mine")}
        used: set[str] = set()
        border = self.moves_a_border(grids, used)
        big = max((one for one in self.free(grids, used)), key=lambda one: one.load)
        pieces = self.splits(big)
        used.add(big.code)
        merged = self.merges(grids, used)
        community, locked = self.redivides_with_one_locked(used)
        self.rebases_over_a_publication(grids, used, merged)
        self.publishes_as_previewed()
        self.answers_by_date(big, pieces, merged)
        return Told(big.code, pieces, merged, border, locked, community)

    def branch(self, name: str) -> None:
        made = branch_plan(self.database, self.plan, name, today=self.today, timezone=ZONE)
        assert (made.based_on, made.plan.status) == (self.plan, "draft")

    def edit(self, operation: Operation, draft: str = "mine") -> EditReport:
        return edit_draft(
            self.database,
            draft,
            operation,
            seen=None,
            today=self.today,
            timezone=ZONE,
            policy=redivision_policy(),
        )

    def grids(self, draft: str) -> tuple[AreaFigures, ...]:
        return show_draft(self.database, draft, today=self.today, timezone=ZONE).areas

    def areas(self, plan: str) -> AreaTable:
        with self.database.begin() as connection:
            return areas_of_plan(connection, find_plan(connection, plan).id)

    def assigned(self, plan: str) -> dict[str, str]:
        with self.database.begin() as connection:
            return assignments_of_plan(connection, find_plan(connection, plan).id)

    def free(self, grids: dict[str, AreaFigures], used: set[str]) -> Iterator[AreaFigures]:
        """Yield grids in one piece of several blocks that nothing in the story has touched yet."""
        for one in grids.values():
            if one.parts == 1 and one.blocks > 2 and len(one.parent_codes) == 1 and one.code not in used:
                yield one

    def neighbours(self, grids: dict[str, AreaFigures]) -> Iterator[tuple[str, str]]:
        """Yield pairs of grids of one community that share a border."""
        areas = self.areas("mine")
        borders = shared_borders(areas.geometries)
        for a, b in zip(areas.codes[borders.a], areas.codes[borders.b], strict=True):
            one, other = grids.get(a), grids.get(b)
            if one and other and one.parent_codes == other.parent_codes and len(one.parent_codes) == 1:
                yield a, b

    def moves_a_border(self, grids: dict[str, AreaFigures], used: set[str]) -> tuple[str, str]:
        ground = dict(zip(self.areas("mine").codes, self.areas("mine").geometries, strict=True))
        free = {one.code for one in self.free(grids, used)}
        for a, b in self.neighbours(grids):
            if not {a, b} <= free:
                continue
            line = _bulge(ground[a], ground[b])
            if line is None:
                continue
            with suppress(InputError):  # it leaves both, say: another pair will do
                moved = self.edit(MoveBorder((a, b), line))
                assert moved.cut_blocks > 0
                assert {a, b} <= {one.code for one in moved.areas}
                used |= {a, b}
                return a, b
        raise AssertionError("no two grids have a border that can be moved")

    def splits(self, big: AreaFigures) -> tuple[str, ...]:
        done = self.edit(Split(big.code, parts=2))
        assert sum(one.population for one in done.areas) == big.population
        assert len(done.areas) == 2
        assert big.code in {one.code for one in done.areas}
        return tuple(one.code for one in done.areas)

    def merges(self, grids: dict[str, AreaFigures], used: set[str]) -> tuple[str, str]:
        free = {one.code: one.load for one in self.free(grids, used)}
        pairs = [pair for pair in self.neighbours(grids) if free.keys() >= set(pair)]
        small = min(pairs, key=lambda pair: (free[pair[0]] + free[pair[1]], pair))
        before = self.areas("mine")
        done = self.edit(Merge(small, into=small[0]))
        assert done.ended == (small[1],)
        # undone it is what it was, to the bit, and done again it is merged
        self.edit(Undo())
        _same(self.areas("mine"), before)
        assert self.edit(Redo()).ended == (small[1],)
        used |= set(small)
        return small

    def redivides_with_one_locked(self, used: set[str]) -> tuple[str, str]:
        grids = {one.code: one for one in self.grids("mine")}
        families: dict[str, list[AreaFigures]] = {}
        for one in grids.values():
            if len(one.parent_codes) == 1:
                families.setdefault(one.parent_codes[0], []).append(one)
        ready = (
            code
            for code, family in sorted(families.items())
            if 3 <= len(family) <= 12
            and not {one.code for one in family} & used
            and all(one.blocks > 2 and one.parts == 1 for one in family)
        )
        community = next(ready)
        family = families[community]
        locked, *others = sorted(one.code for one in family)
        self.edit(Lock((locked,)))
        before = self.areas("mine")
        done = self.edit(Redivide(parents=(community,)))
        assert locked not in {one.code for one in done.areas}
        now = [one for one in self.grids("mine") if one.parent_codes == (community,)]
        assert len(now) == len(family)
        assert sum(one.population for one in now) == sum(one.population for one in family)
        _same(self.areas("mine").chosen(_at(self.areas("mine"), locked)), before.chosen(_at(before, locked)))
        used |= {locked, *others, *(one.code for one in now)}
        return community, locked

    def rebases_over_a_publication(
        self, grids: dict[str, AreaFigures], used: set[str], merged: tuple[str, str]
    ) -> None:
        """A colleague merges two others, takes a block of the grid that we merged away, and is first."""
        free = {one.code for one in self.free(grids, used)}
        theirs = next(pair for pair in self.neighbours(grids) if set(pair) <= free)
        self.edit(Merge(theirs, into=theirs[0]), draft="theirs")
        block = min(block for block, code in self.assigned("theirs").items() if code == merged[1])
        self.edit(Assign((block,), theirs[0]), draft="theirs")
        self.publish("theirs", self.soon, accept="a block far from its grid, for the conflict")
        with pytest.raises(RebaseConflict) as refused:
            self.edit(Rebase())
        assert [one["code"] for one in refused.value.conflicts] == [block]
        done = self.edit(Rebase(on_conflict="ours"))
        assert theirs[1] in done.ended, "what they merged is merged"
        assert self.assigned("mine")[block] == merged[0], "and what we merged too"

    def publish(self, draft: str, day: date, *, accept: str | None) -> PlanPublication:
        return publish_plan(
            self.database,
            draft,
            valid_from=day,
            decided_on=self.today,
            accept_defects=accept,
            timezone=ZONE,
            today=self.today,
        )

    def publishes_as_previewed(self) -> None:
        shown = preview_plan(
            self.database,
            "mine",
            effective=self.next_month,
            accept_defects=self.accept,
            timezone=ZONE,
            today=self.today,
        )
        assert shown.refusals == ()
        done = self.publish("mine", self.next_month, accept=self.accept)
        assert shown.effect == done.effect
        assert (done.plan.valid_from, done.plan.decided_on) == (self.next_month, self.today)
        assert done.replaced == "theirs"
        assert not done.effect.took_effect

    def answers_by_date(self, big: AreaFigures, pieces: tuple[str, ...], merged: tuple[str, str]) -> None:
        (new,) = set(pieces) - {big.code}
        areas = self.areas("mine")
        place = shapely.point_on_surface(areas.geometries[_at(areas, new)[0]])
        for day, code in ((self.today, big.code), (self.next_month, new)):
            answer = resolve(self.database, place.x, place.y, at=day, layer=self.layer, timezone=ZONE)
            assert [one.code for one in answer.chain] == [code]
        found = lineage_of(self.database, new, layer=self.layer, at=self.next_month)
        assert [(one.former_code, one.origin) for one in found.before if one.generation == 1] == [
            (big.code, "split")
        ]
        ended = lineage_of(self.database, merged[1], layer=self.layer, at=self.next_month)
        assert not ended.is_in_force
        assert [one.code for one in ended.replaced_by] == [merged[0]]
        compared = compare_plans(self.database, self.plan, "mine")
        assert sum(one.hands.people for one in compared.changes) == compared.total.people
        for of, onto in ((self.today, self.next_month), (self.next_month, self.today)):
            told = layer_statistics(self.database, self.layer, at=of, on=onto, timezone=ZONE)
            assert set(told.remainder.values()) == {0}
            for name in ("area_km2", "population"):
                parts = [getattr(one.figures, name) for one in told.areas]
                parts.append(getattr(told.in_no_area, name))
                whole = getattr(told.total, name)  # None where no area of the plan says
                assert sum(one for one in parts if one is not None) == pytest.approx(whole or 0)
            assert len(told.areas) == len(self.areas({self.today: self.plan, self.next_month: "mine"}[onto]))


def _at(areas: AreaTable, code: str) -> np.ndarray:
    return np.flatnonzero(areas.codes == code)


def _same(areas: AreaTable, before: AreaTable) -> None:
    """Hold areas against what they were, to the bit."""
    assert areas.codes.tolist() == before.codes.tolist()
    assert shapely.equals_identical(areas.geometries, before.geometries).all()


def _bulge(one: shapely.Geometry, other: shapely.Geometry) -> tuple[tuple[float, float], ...] | None:
    """Return a line beside the middle of the border of two areas, with its ends on it."""
    border = shapely.line_merge(shapely.intersection(one, other))
    if border.geom_type != "LineString" or border.length < 10 * _BULGE:
        return None
    ends = [border.interpolate(share, normalized=True) for share in (0.4, 0.6)]
    middle = border.interpolate(0.5, normalized=True)
    for dx, dy in ((_BULGE, _BULGE), (-_BULGE, _BULGE), (_BULGE, -_BULGE), (-_BULGE, -_BULGE)):
        off = shapely.Point(middle.x + dx, middle.y + dy)
        if one.contains(shapely.LineString([(middle.x + dx / 9, middle.y + dy / 9), off])):
            return tuple((p.x, p.y) for p in (ends[0], off, ends[1]))
    return None

"""Use case: say what rules would change before they are put in force. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from gisgov.governance.risk import RiskClass, RiskRules, compare_rules
from gisgov.services.access import require_everywhere
from gisgov.services.drawn_layers import layer_to_draw
from gisgov.services.rating.explaining import rules_of, said_reasons
from gisgov.services.rating.gathering import Rated, Tally, all_ids, rate_part
from gisgov.services.rating.preview_reports import AreaPreview, BuildingPreview, ClassGiven, RatingPreview
from gisgov.services.rating.reports import counts_of_classes
from gisgov.services.rating.rules import find_rules, rules_in_force
from gisgov.store import ratings, risk, risk_facts
from gisgov.store.database import Database
from gisgov.store.indexed_plans import begin_snapshot
from gisgov.types import Ints, Progress, silent

SHOWN: Final = 20
"""How many buildings a preview names unless told otherwise."""

_RANK: Final = {"": 0, "unclassified": 0, "safe": 0, "general": 1, "warning": 2}
_WARNING: Final = RiskClass.WARNING.value


def preview_rules(
    database: Database,
    rules: RiskRules | str,
    *,
    today: date,
    timezone: ZoneInfo,
    layer: str | None = None,
    shown: int = SHOWN,
    progress: Progress = silent,
) -> RatingPreview:
    """Rate all buildings by rules, and say what would change; the transaction can write nothing.

    Parameters
    ----------
    database : Database
        Where the buildings are.
    rules : RiskRules or str
        Rules that need not be on record, or the version of some that are.
    today, timezone
        See `gisgov.services.rating.rate_buildings`.
    layer : str, optional
        Name of the layer to count by; by default the lowest partition with a plan in force.
    shown : int
        How many of the buildings that would change are named.
    progress : Progress
        Told of the buildings done.

    Raises
    ------
    NotFoundError
        There is no such version, or no such layer in force.
    NotAllowed
        Whoever asks may not rate.
    """
    with database.begin() as connection:
        require_everywhere(connection, "risk.rate")
    # by the service itself, as ratings are; all of one moment, whatever is rated or brought in meanwhile
    with database.own.begin() as connection:
        begin_snapshot(connection)
        asked = find_rules(connection, rules) if isinstance(rules, str) else rules
        ground = _Ground.of(connection, layer, today)
        former = rules_in_force(connection)
        tally, moves = Tally(asked), _Moves(shown)
        parts = -(-risk.count_buildings(connection) // risk_facts.BATCH)
        for ids in progress(all_ids(connection), label="preview ratings", total=parts):
            rated = rate_part(connection, asked, ids, today=today, timezone=timezone)
            tally.add(connection, rated)
            moves.add(rated)
            ground.add(connection, rated)
        return RatingPreview(
            version=asked.version,
            is_example=asked.is_example,
            in_force=None if former is None else former.version,
            today=today,
            layer=ground.layer,
            buildings=tally.after.total(),
            before=counts_of_classes(_merged(tally.before)),
            after=counts_of_classes(tally.after),
            changed=moves.count,
            changes=tally.changes(),
            areas=ground.areas(),
            first=moves.told(connection, asked, ground),
            unknown=tally.unknown(),
            problems=tally.problems(),
            differences=() if former is None else compare_rules(former, asked),
        )


def _merged(before: Counter[str]) -> Counter[str]:
    """Count those never rated among the unclassified."""
    return Counter({RiskClass.UNCLASSIFIED.value: before[""]}) + before


def _changed(rated: Rated) -> Ints:
    return np.flatnonzero(rated.classes != rated.ratings.classes)


@dataclass(frozen=True, slots=True)
class _Move:
    building_id: int
    after: str
    points: int
    reasons: tuple[str, ...]


class _Moves:
    """The buildings that rise most, of all that change."""

    def __init__(self, shown: int) -> None:
        self.count = 0
        self._shown = shown
        self._kept: list[tuple[int, int, _Move]] = []

    def add(self, rated: Rated) -> None:
        """Keep the first of some buildings that change."""
        changed = _changed(rated)
        self.count += len(changed)
        given = rated.ratings
        rises = [_RANK[given.classes[i]] - _RANK[rated.classes[i]] for i in changed]
        first = sorted(zip(rises, changed.tolist(), strict=True), key=lambda one: (-one[0], one[1]))
        for rise, i in first[: self._shown]:
            building_id = int(rated.ids[i])
            move = _Move(building_id, given.classes[i], int(given.points[i]), given.reasons[i])
            self._kept.append((-rise, building_id, move))
        self._kept = sorted(self._kept, key=lambda one: one[:2])[: self._shown]

    def told(
        self, connection: sa.Connection, rules: RiskRules, ground: _Ground
    ) -> tuple[BuildingPreview, ...]:
        """Say of each what it is and what it would be."""
        moves = [move for _, _, move in self._kept]
        ids = [move.building_id for move in moves]
        now = ratings.buildings_now(connection, ids)
        former = rules_of(connection, {one.rules_version for one in now.values() if one.rules_version})
        codes = ground.owners(connection, ids)
        return tuple(
            BuildingPreview(
                id=move.building_id,
                source=now[move.building_id].source,
                external_id=now[move.building_id].external_id,
                area=codes.get(move.building_id),
                before=_given_now(now[move.building_id], former),
                after=ClassGiven(move.after, move.points, said_reasons(rules, move.reasons)),
            )
            for move in moves
        )


def _given_now(one: ratings.BuildingNow, rules: Mapping[str, RiskRules]) -> ClassGiven:
    if one.rules_version is None:
        return ClassGiven(None, None, ())
    return ClassGiven(
        one.risk_class, one.risk_points, said_reasons(rules[one.rules_version], one.risk_reasons)
    )


class _Ground:
    """What changes in each area of a layer."""

    def __init__(self, layer_id: int | None, layer: str | None, day: date) -> None:
        self.layer = layer
        self._layer_id, self._day = layer_id, day
        self._names: dict[str | None, str | None] = {}
        self._warnings: Counter[str | None] = Counter()
        self._changed: Counter[str | None] = Counter()
        self._more: Counter[str | None] = Counter()
        self._fewer: Counter[str | None] = Counter()

    @classmethod
    def of(cls, connection: sa.Connection, layer: str | None, day: date) -> _Ground:
        """Count the warnings of the areas in force on a day; of none where no layer is named or in force."""
        if layer is None and not risk.has_partition(connection, day):
            return cls(None, None, day)
        found = layer_to_draw(connection, layer, day)
        ground = cls(found.id, found.name, day)
        for row in risk.risk_of_areas(connection, found.id, day):
            ground._names[row.code] = row.name
            ground._warnings[row.code] += row.buildings if row.risk_class == _WARNING else 0
        return ground

    def owners(self, connection: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
        """Return the codes of the areas that own buildings."""
        if self._layer_id is None:
            return {}
        return risk.owners_of(connection, self._layer_id, self._day, [*ids])

    def add(self, connection: sa.Connection, rated: Rated) -> None:
        """Count some buildings."""
        changed = _changed(rated)
        if self._layer_id is None or not len(changed):
            return
        codes = self.owners(connection, rated.ids[changed].tolist())
        for building_id, before, after in zip(
            rated.ids[changed].tolist(), rated.classes[changed], rated.ratings.classes[changed], strict=True
        ):
            code = codes.get(building_id)
            self._changed[code] += 1
            self._more[code] += after == _WARNING
            self._fewer[code] += before == _WARNING

    def areas(self) -> tuple[AreaPreview, ...]:
        """Return the areas in which something changes."""
        told = [
            AreaPreview(
                code=code,
                name=self._names.get(code),
                changed=changed,
                warnings_before=self._warnings[code],
                warnings_after=self._warnings[code] + self._more[code] - self._fewer[code],
                more=self._more[code],
                fewer=self._fewer[code],
            )
            for code, changed in self._changed.items()
        ]
        return tuple(sorted(told, key=_by_balance))


def _by_balance(area: AreaPreview) -> tuple[int, int, bool, str]:
    return -abs(area.more - area.fewer), -area.changed, area.code is None, area.code or ""

"""What is told of events and buildings: no figure to whoever may not see them in the scope of the plan.

Anybody who drafts could draw a border around a house, and see by the sums what happened there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from gisgov.services.access import holds
from gisgov.services.joining import LayerJoin
from gisgov.services.publishing.reports import PlanPublication, PublicationEffect, Rerouting
from gisgov.services.publishing.workload import AreaWorkload, Work


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether whoever asks may see events and buildings."""

    events: bool
    buildings: bool

    @classmethod
    def of(cls, connection: sa.Connection, scope_code: str) -> Seen:
        """Return what whoever acts may see in a scope."""
        return cls(*(holds(connection, right, scope_code) for right in ("events.read", "buildings.read")))

    def rerouting(self, told: Rerouting | None) -> Rerouting | None:
        """Return events that change hands, if they may be seen."""
        return told if self.events else None

    def of_buildings(self, told: LayerJoin | None) -> LayerJoin | None:
        """Return what became of buildings, if they may be seen."""
        return told if self.buildings else None

    def effect(self, told: PublicationEffect) -> PublicationEffect:
        """Return an effect without what may not be seen."""
        return replace(
            told,
            rerouted=self.rerouting(told.rerouted),
            events=told.events if self.events else None,
            buildings=self.of_buildings(told.buildings),
        )

    def publication(self, done: PlanPublication) -> PlanPublication:
        """Return what publishing did likewise."""
        return replace(
            done,
            events=done.events if self.events else None,
            buildings=self.of_buildings(done.buildings),
            effect=self.effect(done.effect),
        )

    def workload(self, told: tuple[AreaWorkload, ...]) -> tuple[AreaWorkload, ...]:
        """Return the work of areas likewise."""
        return tuple(replace(one, before=self._work(one.before), after=self._work(one.after)) for one in told)

    def _work(self, work: Work | None) -> Work | None:
        if work is None:
            return None
        return replace(
            work,
            events_per_year=work.events_per_year if self.events else None,
            visits_per_year=work.visits_per_year if self.buildings else None,
        )
